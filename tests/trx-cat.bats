load helper

@test "trx-cat: --help, --version, usage errors" {
	check_usage trx-cat
	run -2 --separate-stderr trx-cat --verify --json
	one_line "exclude each other"
	run -1 --separate-stderr trx-cat --verify nowhere
	one_line "nowhere: No such file or directory"
}

@test "trx-cat: joins streams as cat does, and copies them byte for byte" {
	chats 12
	text >a.trx
	tokens >b.trx
	cat a.trx b.trx >both.trx
	trx-cat a.trx b.trx | cmp - both.trx
	trx-cat <both.trx | cmp - both.trx
	trx-cat - b.trx <a.trx | cmp - both.trx
	zstd -q a.trx
	trx-cat a.trx.zst b.trx | cmp - both.trx
	{
		zstd -qc a.trx
		zstd -qc b.trx
	} | trx-cat | cmp - both.trx
	run -0 --separate-stderr trx-cat --verify both.trx
	one_line "2 segments, 24 rows, 24 examples, [0-9]+ tokens: all good"
}

@test "trx-cat: --json prints an example of text, of tokens, and a packed row" {
	printf '{"id":"a","context":"x\\n\\"é","continuation":"y","reason":"why","memories":["m"],"k":1.0}\n{"id":"b","context":"p","continuation":"q"}\n' >chats.jsonl
	text | trx-cat --json | sed -n 1p >out
	echo '{"id":"a","context":"x\n\"é","continuation":"y","reason":"why","memories":["m"],"k":1.0}' | diff out -
	tokens | trx-cat --json | sed -n 1p | jq -e 'keys_unsorted == ["id","reason","memories","k","context_len","total_len","input_ids"]'
	rows | trx-cat --json | jq -e 'keys_unsorted == ["input_ids","mask","examples"]
		and (.examples | map(keys_unsorted)) == [["id","reason","memories","k","context_len","total_len"],["id","context_len","total_len"]]
		and (.examples | map(.total_len) | add) == (.input_ids | length)'
}

@test "trx-cat: --header and --ledger print one canonical line a segment" {
	chats 3
	{
		text
		rows
	} >two.trx
	trx-cat --header two.trx >h
	trx-cat --ledger two.trx >l
	[ "$(wc -l <h)" -eq 2 ] && [ "$(wc -l <l)" -eq 2 ]
	jq -cS . h | cmp - h
	jq -cS . l | cmp - l
	jq -se '.[1] | .kind == "tokens" and (.stages | map(.name)) == ["trx-template","trx-encode","trx-truncate","trx-pack"]' h
	jq -se '.[1].ledger | map(.in == .out + ([.rejected[]] | add // 0)) | all' l
}

@test "trx-cat: shards of a run are one segment, one shard by itself is a piece" {
	chats 100
	cut_tokens >cut.trx
	trx-pack -n 4096 cut.trx 2>/dev/null >rows.trx
	trx-pack -n 4096 -o 's-%06d.tar.zst' --shard-size 30000 cut.trx 2>/dev/null
	n=$(find . -name 's-*.zst' | wc -l)
	[ "$n" -gt 2 ]
	trx-cat s-*.zst >whole.trx
	[ "$(trx-cat --ledger whole.trx)" = "$(trx-cat --ledger rows.trx)" ]
	[ "$(trx-cat --header whole.trx)" = "$(trx-cat --header rows.trx)" ]
	trx-cat --ledger s-000001.tar.zst | jq -e '.ledger[0].name == "shard" and .source.shard == 1 and (.source.tar_sha256 | length) == 64'
	trx-cat s-000001.tar.zst | trx-cat --verify
	run -1 --separate-stderr bash -c 'trx-cat --verify s-000000.tar.zst s-000002.tar.zst'
	one_line "shard 1 of the run begun before it is missing"
	mv "s-$(printf %06d $((n - 1))).tar.zst" last
	run -1 --separate-stderr bash -c 'trx-cat --verify s-*.tar.zst'
	one_line "shard $((n - 1)) of the run begun before it is missing"
	trx-cat --verify s-000000.tar.zst
	# A run that is shorter than one of that name before it leaves shards over.
	head -n 10 chats.jsonl >short.jsonl
	mv short.jsonl chats.jsonl
	cut_tokens | trx-pack -n 4096 -o 's-%06d.tar.zst' 2>/dev/null
	run -1 --separate-stderr bash -c 'trx-cat --verify s-*.tar.zst'
	one_line "s-000001.tar.zst: a shard of no run given here"
	trx-cat s-000001.tar.zst rows.trx last >mix.trx
	run -0 --separate-stderr trx-cat --verify mix.trx
	one_line "^trx-cat: 3 segments"
}

@test "trx-cat: --verify sees 100 flipped bits and 100 cuts of a shard, and names the shard" {
	chats 30
	cut_tokens | trx-pack -n 4096 -o 's-%06d.tar.zst' 2>/dev/null
	cut_tokens | trx-pack -n 4096 -o 's-%06d.tar' --no-compress 2>/dev/null
	for good in s-000000.tar.zst s-000000.tar; do
		trx-cat --verify "$good"
		size=$(stat -c %s "$good")
		RANDOM=7
		for _ in $(seq 100); do
			at=$(((RANDOM * 32768 + RANDOM) % size))
			cp "$good" "bad-$good"
			byte=$(od -An -tu1 -j "$at" -N 1 "$good")
			# shellcheck disable=SC2059 # the format is the byte
			printf "\\$(printf %o $((byte ^ 1 << RANDOM % 8)))" |
				dd of="bad-$good" bs=1 seek="$at" conv=notrunc status=none
			run -1 --separate-stderr trx-cat --verify "bad-$good"
			one_line "bad-$good"
			head -c "$at" "$good" >"cut-$good"
			run -1 --separate-stderr trx-cat --verify "cut-$good"
			one_line "cut-$good"
		done
	done
}

@test "trx-cat: what is no stream is told by name" {
	echo '{"context":"a"}' >rows.jsonl
	run -1 --separate-stderr trx-cat --verify rows.jsonl
	one_line "rows.jsonl: JSONL, not a stream"
	echo 'some text that is long enough to be a frame head, surely' >text
	run -1 --separate-stderr trx-cat --verify text
	one_line "text: .*not a trx stream"
	run -1 --separate-stderr bash -c 'trx-cat </dev/null >out'
	one_line "<stdin>: empty"
}

@test "trx-cat: binary is not written to a terminal, nor read from one" {
	chats 2
	text >text.trx
	run -0 script -qec 'trx-cat text.trx; echo "status $?"' /dev/null
	[[ $output == *"not written to a terminal"*"status 2"* ]]
	[[ $output != *TRXrec* ]]
	run -0 script -qec 'trx-cat --json; echo "status $?"' /dev/null
	[[ $output == *"not read from a terminal"*"status 2"* ]]
	run -0 script -qec 'trx-cat --header text.trx; echo "status $?"' /dev/null
	[[ $output == *'"format":1'*"status 0"* ]]
}

@test "trx-cat: torn input, oversized lengths, a full disk, a reader that is gone" {
	chats 50
	tokens >tokens.trx
	check_torn tokens.trx trx-cat
	check_torn tokens.trx trx-cat --verify
	check_oversized trx-cat
	check_full tokens.trx trx-cat
	check_full tokens.trx trx-cat --json
	for _ in $(seq 20); do cat tokens.trx; done >many.trx
	check_closed_reader many.trx trx-cat
	check_closed_reader many.trx trx-cat --json
}
