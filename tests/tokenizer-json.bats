load helper

# The reference for tokenizer.json stands beside the venv's own packages.
oracle() {
	local name=$1
	shift
	PYTHONPATH=$ROOT/.venv/tokenizers "$PYTHON" "$ROOT/tests/oracle/$name.py" "$TRX_UNIT/encode" "$@"
}

@test "tokenizer.json: the ids of real models are the reference's on random texts" {
	need_python
	need_shared models
	for model in "$SHARED"/models/*; do
		oracle tokenizer_json "$model" random 1 1500
	done
}

@test "tokenizer.json: the ids of real models are the reference's on chats" {
	need_python
	need_shared models
	need_shared chats/oasst_chat.jsonl.zst
	zstd -dcq "$SHARED/chats/oasst_chat.jsonl.zst" 2>/dev/null | sed -n '1,100p;100q' >rows.jsonl
	for model in "$SHARED"/models/*; do
		oracle tokenizer_json "$model" chats rows.jsonl
	done
}

@test "tokenizer.json: a changed file is read as the reference reads it, or refused" {
	need_python
	need_shared models
	oracle tokenizer_mutate kept 1 300 "$SHARED"/models/*
}

@test "tokenizer.json: scanners cut as the general pre-tokenizer does, with vectors and without" {
	"$TRX_UNIT/scanner" "$DATA/tokenizer/scanners.jsonl" 1 5000
	TRX_SCALAR=1 "$TRX_UNIT/scanner" "$DATA/tokenizer/scanners.jsonl" 2 1000
}

# Ids that the reference gives, whatever the file says: "X" gets the number of
# the vocabulary's strings, which is an id of one of them here.
@test "tokenizer.json: where ids have holes, an added token may take another one's" {
	mkdir holes
	cat >holes/tokenizer.json <<-'END'
		{"version":"1.0","added_tokens":[
		{"id":4,"content":"abc","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},
		{"id":9,"content":"X","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},
		{"id":8,"content":"Y","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}],
		"model":{"type":"BPE","vocab":{"a":0,"b":1,"c":2,"abc":4},"merges":[]}}
	END
	run -0 --separate-stderr "$TRX_UNIT/encode" holes <<<'{"text":"abcXYa"}'
	[ "$(jq -c .ids <<<"$output")" = '[0,1,2,4,5,0]' ]
}
