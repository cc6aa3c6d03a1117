load helper

# json: standard input as JSON; lengths: its context_len and total_len.
lengths() { trx-cat --json | jq -c '[.id, .context_len, .total_len]'; }

@test "trx-truncate: --help, --version, usage errors" {
	check_usage trx-truncate
	run -2 --separate-stderr trx-truncate
	one_line "-n MAX is needed"
	run -2 trx-truncate -n 0
	run -2 trx-truncate -n 3G
	run -2 --separate-stderr trx-truncate -n 5 --too-long trim
	one_line "reject|keep, not 'trim'"
}

@test "trx-truncate: the excess is cut from the left of the context, the continuation stays whole" {
	chats 60
	tokens >tokens.trx
	trx-cat --json tokens.trx >before
	trx-truncate -n 64 --too-long keep tokens.trx 2>err | trx-cat --json >after
	jq -sce --slurpfile b before 'to_entries | map(
		.value as $a | $b[.key] as $b | ($b.total_len - $b.context_len) as $cont
		| ([$b.total_len - 64, 0] | max) as $excess | ([$excess, $b.context_len] | min) as $cut
		| $a.input_ids == $b.input_ids[$cut:] and $a.context_len == $b.context_len - $cut
		  and $a.total_len - $a.context_len == $cont) | all' after
	grep -q 'cut_examples' err
}

@test "trx-truncate: a continuation that is too long is rejected, or kept whole" {
	chats 60
	tokens >tokens.trx
	n=$(trx-cat --json tokens.trx | jq -s 'map(.total_len - .context_len) | sort | .[length / 2 | floor]')
	run -1 --separate-stderr bash -c 'trx-truncate -n "$0" tokens.trx >out' "$n"
	one_line "record [0-9]+, id .*: too_long: "
	trx-truncate -n "$n" --rejects r tokens.trx >out 2>/dev/null
	[ "$(trx-cat --json out | jq -s --argjson n "$n" 'map(.total_len <= $n) | all')" = true ]
	[ "$(($(wc -l <r) + $(trx-cat --json out | wc -l)))" -eq 60 ]
	jq -se 'map(.stage == "trx-truncate" and .reason == "too_long" and .row.total_len > 0) | all' r
	trx-truncate -n "$n" --too-long keep tokens.trx 2>err | trx-cat --json |
		jq -se --argjson n "$n" 'map(select(.total_len > $n)) | length > 0 and (map(.context_len == 0) | all)'
	grep -q 'kept_too_long' err
}

@test "trx-truncate: at, one under and one over the length" {
	printf '{"id":"x","context":"one two three four","continuation":" five six"}\n' >chats.jsonl
	tokens >t.trx
	read -r context total < <(trx-cat --json t.trx | jq -r '"\(.context_len) \(.total_len)"')
	cont=$((total - context))
	[ "$(trx-truncate -n "$total" t.trx | lengths)" = "[\"x\",$context,$total]" ]
	[ "$(trx-truncate -n $((total + 1)) t.trx | lengths)" = "[\"x\",$context,$total]" ]
	[ "$(trx-truncate -n $((total - 1)) t.trx | lengths)" = "[\"x\",$((context - 1)),$((total - 1))]" ]
	[ "$(trx-truncate -n "$cont" t.trx | lengths)" = "[\"x\",0,$cont]" ]
	run -1 bash -c 'trx-truncate -n "$0" t.trx >out' $((cont - 1))
}

@test "trx-truncate: the ledger counts what was cut" {
	chats 60
	tokens | trx-truncate -n 100 --rejects r 2>/dev/null | trx-cat --ledger >ledger
	jq -e '.ledger[2] | .name == "trx-truncate" and .in == 60 and .in == .out + (.rejected.too_long // 0)
		and .counts.cut_tokens > 0' ledger
}

@test "trx-truncate: empty input, text instead of tokens, packed rows" {
	run -1 --separate-stderr bash -c 'trx-truncate -n 5 </dev/null >out'
	one_line "<stdin>: empty"
	chats 5
	text >text.trx
	run -1 --separate-stderr bash -c 'trx-truncate -n 50 text.trx >out'
	one_line "it is text, not tokens"
	rows >rows.trx
	run -1 --separate-stderr bash -c 'trx-truncate -n 50 rows.trx >out'
	one_line "it is a packed row"
}

@test "trx-truncate: torn input, oversized lengths, a full disk, a reader that is gone" {
	chats 50
	tokens >tokens.trx
	check_torn tokens.trx trx-truncate -n 500
	check_oversized trx-truncate -n 500
	check_full tokens.trx trx-truncate -n 4000
	for _ in $(seq 20); do cat tokens.trx; done >many.trx
	check_closed_reader many.trx trx-truncate -n 4000
}
