load helper

# small: two segments of other headers, a few records each.
small() {
	printf '{"id":"a","context":"x","continuation":"yy","reason":"r"}\n{"context":"","continuation":"zz"}\n{"context":"q","continuation":"z"}\n' >one.jsonl
	printf '{"id":"b","messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"yo"}]}\n' >two.jsonl
	trx-template one.jsonl 2>/dev/null
	trx-template -m "$MODEL" two.jsonl 2>/dev/null
}

@test "stream: every prefix, flipped bit, and dropped, doubled or swapped frame is seen, in text" {
	small >small.trx
	run -0 "$TRX_UNIT/damage" small.trx
	[[ $output == *"damaged streams, all seen" ]]
}

@test "stream: and in tokens and packed rows" {
	small >text.trx
	{
		trx-encode -m "$MODEL/tokenizer.model" text.trx 2>/dev/null
		trx-template one.jsonl 2>/dev/null | trx-encode -m "$MODEL/tokenizer.model" 2>/dev/null |
			trx-pack -n 100 2>/dev/null
	} >small.trx
	run -0 "$TRX_UNIT/damage" small.trx
	[[ $output == *"damaged streams, all seen" ]]
}

@test "stream: what came before damage has been written, and the stream says that it is not whole" {
	chats 90
	tokens >tokens.trx
	# Where each record ends: the 80th is torn.
	python3 - <<-'END'
		import struct
		data = open("tokens.trx", "rb").read()
		at = 0
		for _ in range(80):
		    at += 32 + (struct.unpack_from("<I", data, at + 12)[0] + 7) // 8 * 8
		open("torn.trx", "wb").write(data[:at + 40])
	END
	for filter in 'trx-truncate -n 5000' 'trx-cat'; do
		run -1 --separate-stderr bash -c "$filter torn.trx >out"
		one_line "torn.trx: segment 1, record 80: the stream is cut short"
		run -1 --separate-stderr bash -c 'trx-cat --json out >rows'
		one_line "record 80: the stream is cut short|failed: torn.trx"
		[ "$(wc -l <rows)" -eq 79 ]
	done
}

@test "stream: two writers on one pipe are seen, and the message says so" {
	small >one.trx
	head -c 150 one.trx >mixed.trx
	"$TRX_UNIT/frame" 5 >other.trx
	size=$(($(od -An -tu4 -j12 -N4 one.trx) + 32))
	size=$(((size + 7) / 8 * 8))
	{
		head -c "$size" one.trx
		cat other.trx
	} >mixed.trx
	run -1 --separate-stderr trx-cat --verify mixed.trx
	one_line "two writers on one pipe"
}

@test "stream: SIGUSR1 prints one line, also while a filter waits, and the run goes on" {
	chats 5
	mkfifo in
	trx-template -m "$MODEL" <in >out 2>err 3>&- &
	pid=$!
	exec 4>in
	cat chats.jsonl >&4
	# Its handler is there early, but not before main.
	for _ in $(seq 100); do
		((0x$(sed -n 's/^SigCgt:\s*//p' "/proc/$pid/status") & 0x200)) && break
		sleep 0.05
	done
	for _ in $(seq 50); do
		kill -USR1 "$pid"
		sleep 0.05
		grep -q ' in, ' err && break
	done
	grep -qE '^trx-template: [0-9]+ in, [0-9]+ out, [0-9]+ rejected$' err
	exec 4>&-
	wait "$pid"
	trx-cat --verify out
}

@test "stream: the CRC in hardware equals the one by table" {
	run -0 "$TRX_UNIT/crc32c"
	[[ $output == *"lengths, both equal"* ]]
}

@test "stream: what a filter does not know is copied, dropped or refused, as its flags say" {
	run -0 "$TRX_UNIT/sections"
	[[ $output == "unknown sections: as they should" ]]
}
