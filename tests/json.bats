load helper

@test "json: 20,000 damaged lines are taken or rejected as Python's json, read strictly, does" {
	python3 "$ROOT/tests/oracle/json_cases.py" make 1 20000 >lines.jsonl
	trx-template --rejects rejects lines.jsonl >out 2>/dev/null
	run -0 python3 "$ROOT/tests/oracle/json_cases.py" check lines.jsonl rejects
	[[ $output == *"as Python has it" ]]
}

@test "json: the deepest that may be, and one more" {
	nest() { printf '{"context":"a","continuation":"b","d":%s%s}\n' "$(printf '[%.0s' $(seq "$1"))" "$(printf ']%.0s' $(seq "$1"))"; }
	nest 499 | trx-template >out 2>/dev/null
	run -1 --separate-stderr bash -c 'trx-template >out' < <(nest 500)
	one_line "too_deep: nested deeper than 500 levels"
}

@test "json: what trx-cat prints is what went in" {
	cat "$DATA"/chats/*.jsonl | jq -c 'select(.context)' >rows.jsonl
	trx-template rows.jsonl 2>/dev/null | trx-cat --json >out
	diff <(jq -cS 'del(.id)' rows.jsonl) <(jq -cS 'del(.id)' out)
}
