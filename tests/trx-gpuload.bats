load helper

@test "trx-gpuload: --help, --version, usage errors" {
	check_usage trx-gpuload
	run -2 --separate-stderr trx-gpuload -d tpu /dev/null
	one_line "tpu"
}

@test "trx-gpuload: rows, tokens and bytes of streams and shards, verified in host memory" {
	chats 50
	cut_tokens >cut.trx
	trx-pack -n 4096 cut.trx >rows.trx 2>/dev/null
	trx-pack -n 4096 -o 's-%06d.tar.zst' --shard-size 30000 cut.trx 2>/dev/null
	read -r rows tokens < <(trx-cat --json rows.trx | jq -s '"\(length) \(map(.input_ids | length) | add)"' -r)
	# ids 4 bytes, mask 1, segments 12, and two counts of 8 bytes a row.
	bytes=$((tokens * 5 + 50 * 12 + rows * 16))
	expected="host: $rows rows, $tokens tokens, 50 segments, $bytes bytes, verified"
	[ "$(trx-gpuload -d host --verify rows.trx)" = "$expected" ]
	[ "$(trx-gpuload -d host --verify s-*.tar.zst)" = "$expected" ]
	[ "$(trx-gpuload -d host <rows.trx)" = "${expected%, verified}" ]
}

@test "trx-gpuload: without a driver the default is the host, and says so; a device asked for is an error" {
	[ ! -e /dev/nvidiactl ] || skip "there is a driver"
	chats 5
	rows >rows.trx
	run -0 --separate-stderr trx-gpuload rows.trx
	[[ $output == "host: "* ]]
	one_line "host memory"
	run -3 --separate-stderr trx-gpuload -d cuda:0 rows.trx
	one_line "cuda:0"
}

@test "trx-gpuload: into a GPU, read back and compared" {
	[ -e /dev/nvidiactl ] || skip_or_fail "no GPU"
	chats 50
	rows >rows.trx
	run -0 trx-gpuload -d cuda:0 --verify rows.trx
	[[ $output == "cuda:0: "*verified* ]]
}

@test "trx-gpuload: text, segments of other models and rejected streams do not go in" {
	chats 5
	text >text.trx
	run -1 --separate-stderr trx-gpuload -d host text.trx
	one_line "it is text, not tokens"
	run -1 --separate-stderr bash -c 'trx-template nowhere.jsonl 2>/dev/null | trx-encode -m "$0" 2>/dev/null | trx-gpuload -d host' "$MODEL/tokenizer.model"
	one_line "trx-template failed: nowhere.jsonl: No such file"
}

@test "trx-gpuload: empty and torn input, oversized lengths, a full disk" {
	chats 20
	rows >rows.trx
	check_torn rows.trx trx-gpuload -d host
	check_oversized trx-gpuload -d host
	check_full rows.trx trx-gpuload -d host
}
