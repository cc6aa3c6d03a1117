load helper

# example CONTEXT CONTINUATION: a stream of one raw example.
example() {
	jq -cn --arg c "$1" --arg d "$2" '{id: "x", context: $c, continuation: $d}' | trx-template 2>/dev/null
}

# encode ARGUMENTS...: the example on standard input, as JSON.
encode() {
	trx-encode -m "$MODEL/tokenizer.model" "$@" 2>/dev/null | trx-cat --json
}

@test "trx-encode: --help, --version, usage errors" {
	check_usage trx-encode
	run -2 --separate-stderr trx-encode
	one_line "-m MODEL is needed"
	run -2 --separate-stderr trx-encode -m x --special-tokens maybe
	one_line "auto|always|never, not 'maybe'"
}

@test "trx-encode: context and continuation are tokenized apart" {
	joint=$(example "" "in the water" | encode --special-tokens never | jq -c .input_ids)
	apart=$(example "in th" "e water" | encode --special-tokens never)
	[ "$(jq -c .input_ids <<<"$apart")" != "$joint" ]
	jq -e '.total_len == (.input_ids | length) and .context_len < .total_len and .id == "x"' <<<"$apart"
	[ "$(jq .context_len <<<"$apart")" -eq "$(example "in th" "x" | encode --special-tokens never | jq .context_len)" ]
}

@test "trx-encode: --special-tokens auto, always and never, on raw and rendered contexts" {
	plain=$(example "Hello" "b" | encode --special-tokens never | jq -c .input_ids)
	[ "$(example "Hello" "b" | encode | jq -c .input_ids)" = "$(jq -c '[1] + .' <<<"$plain")" ]
	[ "$(example "Hello" "b" | encode --special-tokens always | jq -c .input_ids)" = "$(jq -c '[1] + .' <<<"$plain")" ]
	# A raw context that begins with BOS gets no second one, unless always.
	[ "$(example "<s>Hello" "b" | encode | jq -c '.input_ids[0:2]')" != "[1,1]" ]
	[ "$(example "<s>Hello" "b" | encode --special-tokens always | jq -c '.input_ids[0:2]')" = "[1,1]" ]
	example "<s>Hello" "b" | trx-encode -m "$MODEL/tokenizer.model" --special-tokens always 2>err | trx-cat --ledger |
		jq -e '.ledger[1].counts.double_bos == 1'
	grep -q 'double_bos 1' err
	# A rendered one gets none, unless always.
	echo '{"id":"r","messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]}' >row.jsonl
	trx-template -m "$MODEL" row.jsonl >row.trx
	[ "$(encode <row.trx | jq -c .input_ids)" = "$(encode --special-tokens never <row.trx | jq -c .input_ids)" ]
	[ "$(encode --special-tokens always <row.trx | jq '.input_ids[0]')" -eq 1 ]
	# An empty context has just its BOS.
	[ "$(example "" "ab cd ef" | encode | jq .context_len)" -eq 1 ]
	[ "$(example "" "ab cd ef" | encode --special-tokens never | jq .context_len)" -eq 0 ]
}

@test "trx-encode: the header names the tokenizer, its special ids and the options" {
	example a b | trx-encode -m "$MODEL/tokenizer.model" 2>/dev/null | trx-cat --header >h
	jq -e '.kind == "tokens" and .compat.vocab_size == 2000 and (.compat.tokenizer_sha256 | length) == 64
		and .special.bos == 1 and .special.eos == 2 and .stages[1].options.special_tokens == "auto"' h
}

@test "trx-encode: one trained token with nothing before it is the reject nothing_trained" {
	run -1 --separate-stderr bash -c 'trx-encode -m "$0" --special-tokens never >out' "$MODEL/tokenizer.model" < <(example "" "a")
	one_line "record 1, id x: nothing_trained: "
	example "" "a" | encode | jq -e '.total_len == 2'
}

@test "trx-encode: an empty stream, and one of no records" {
	run -1 --separate-stderr bash -c 'trx-encode -m "$0" </dev/null >out' "$MODEL/tokenizer.model"
	one_line "<stdin>: empty"
	trx-template --allow-empty </dev/null 2>/dev/null | trx-encode -m "$MODEL/tokenizer.model" 2>/dev/null | trx-cat --verify
}

@test "trx-encode: torn input, oversized lengths, a full disk, a reader that is gone" {
	chats 50
	text >text.trx
	check_torn text.trx trx-encode -m "$MODEL/tokenizer.model"
	check_oversized trx-encode -m "$MODEL/tokenizer.model"
	check_full text.trx trx-encode -m "$MODEL/tokenizer.model"
	for _ in 1 2 3 4 5 6; do cat text.trx; done >many.trx
	check_closed_reader many.trx trx-encode -m "$MODEL/tokenizer.model"
}

@test "trx-encode: rejects go to the file, the same for any number of threads" {
	{
		example "" "a"
		chats 40
		text
		example "" "b"
	} >mixed.trx
	trx-encode -m "$MODEL/tokenizer.model" --special-tokens never --rejects r mixed.trx >out 2>err
	trx-encode -m "$MODEL/tokenizer.model" --special-tokens never --rejects r2 -j 2 mixed.trx >out2
	cmp r r2
	cmp out out2
	[ "$(jq -c '[.stage, .reason, .id, .row.continuation]' r)" = '["trx-encode","nothing_trained","x","a"]
["trx-encode","nothing_trained","x","b"]' ]
	trx-cat --verify out
	grep -q ' 42 in, 40 out, 2 rejected (nothing_trained 2)' err
}

@test "trx-encode: what it cannot do is refused by name, and those downstream are told" {
	run -1 --separate-stderr bash -c 'trx-encode -m nowhere </dev/null >out'
	one_line "nowhere"
	run -1 --separate-stderr trx-cat --verify out
	one_line "trx-encode failed: nowhere"
	echo 'no model' >bad.model
	run -1 --separate-stderr bash -c 'trx-encode -m bad.model </dev/null >out'
	one_line "bad.model"
	chats 5
	tokens >tokens.trx
	run -1 --separate-stderr bash -c 'trx-encode -m "$0" tokens.trx >out' "$MODEL/tokenizer.model"
	one_line "tokens.trx: it holds tokens already"
}

@test "trx-encode: every shipped row decodes to itself" {
	need_python
	cat "$DATA"/chats/*.jsonl >chats.jsonl
	text >text.trx
	trx-cat --json text.trx >text.jsonl
	trx-encode -m "$MODEL/tokenizer.model" --special-tokens never text.trx 2>/dev/null | trx-cat --json >ids.jsonl
	[ "$(wc -l <text.jsonl)" -eq "$(wc -l <chats.jsonl)" ]
	"$PYTHON" - "$MODEL/tokenizer.model" <<-'END'
		import json, sys
		import sentencepiece
		sp = sentencepiece.SentencePieceProcessor(model_file=sys.argv[1])
		special = {"<s>": 1, "</s>": 2}
		def decode(ids):
		    # Special tokens are their own text; SentencePiece prints nothing for them.
		    out, run = "", []
		    for i in ids + [None]:
		        if i is None or sp.is_control(i):
		            out += sp.decode(run) if run else ""
		            run = []
		            out += "" if i is None else sp.id_to_piece(i)
		        else:
		            run.append(i)
		    return out
		n = 0
		for text, row in zip(open("text.jsonl"), open("ids.jsonl")):
		    text, row = json.loads(text), json.loads(row)
		    ids, k = row["input_ids"], row["context_len"]
		    assert text["id"] == row["id"]
		    assert decode(ids[:k]) == text["context"], text["id"]
		    assert decode(ids[k:]) == text["continuation"], text["id"]
		    n += 1
		print(n, "rows")
	END
}
