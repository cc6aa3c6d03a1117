load helper

need_tokenizers() {
	need_python
	[ -e "$ROOT/.venv/tokenizers" ] || skip_or_fail "no .venv/tokenizers: scripts/venv makes it"
	export PYTHONPATH=$ROOT/.venv/tokenizers
}

oracle() {
	local script=$1
	shift
	"$PYTHON" "$ROOT/tests/oracle/$script.py" "$@"
}

# same: the ids and ends of model.json for texts.jsonl are the reference's.
same() {
	"$TRX_UNIT/model" model.json <texts.jsonl >ours
	oracle model model.json <texts.jsonl >theirs
	[ "$(wc -l <theirs)" -eq "$(wc -l <texts.jsonl)" ]
	cmp ours theirs
}

@test "models: a vocabulary finds its strings and no others" {
	run -0 "$TRX_UNIT/vocab"
}

@test "models: scores are the doubles that the reference reads, rounded wrong where it does" {
	need_tokenizers
	oracle model_scores 1 20000 >model.json
	"$TRX_UNIT/model" -s model.json >ours
	oracle model -s model.json >theirs
	[ "$(wc -l <theirs)" -eq 20000 ]
	cmp ours theirs
}

@test "models: scores that are out of range are refused" {
	for score in 1e309 -1e400 2e308 1e99999999999 "$(printf '1%0400d' 0)" "$(printf '1%0400d' 0).5"; do
		echo '{"model": {"type": "Unigram", "unk_id": 0, "vocab": [["a", '"$score"']]}}' >model.json
		run -1 --separate-stderr "$TRX_UNIT/model" model.json </dev/null
		one_line "model.vocab: the score of entry 0 is out of range"
	done
}

@test "models: random small models give the reference's ids and ends" {
	need_tokenizers
	for seed in 1 2 3 4 5; do
		for kind in unigram wordpiece; do
			oracle model_cases "$seed" "$kind"
			same
		done
	done
}

@test "models: trained models give the reference's ids and ends" {
	need_tokenizers
	for kind in unigram wordpiece; do
		jq -r '(.messages[]?.content), .context // empty' "$DATA"/chats/*.jsonl | sed '/^$/d' |
			oracle model_train "$kind"
		same
		oracle tokenizer_cases 1 1500 '[UNK]' '##s' '<unk>' >texts.jsonl
		same
	done
}

@test "models: a long piece takes linear time" {
	echo '{"model": {"type": "Unigram", "unk_id": 0, "byte_fallback": true,
		"vocab": [["<unk>", 0], ["a", -1], ["aaaaaaaaaaaaaaaa", -2.5]]}}' >model.json
	for letter in a b; do
		head -c 10000000 /dev/zero | tr '\0' "$letter" | sed 's/.*/{"text":"&"}/' >texts.jsonl
		timeout 20 "$TRX_UNIT/model" model.json <texts.jsonl >ids
		[ "$(jq '.ends[-1]' ids)" -eq 10000000 ]
	done
}

@test "models: what the reference does not load is refused by name" {
	need_tokenizers
	local n=0 change pattern kind
	while read -r kind change pattern; do
		if [ "$kind" = unigram ]; then
			echo '{"model": {"type": "Unigram", "unk_id": 0, "byte_fallback": false, "vocab": [["u", -1], ["a", -2.5]]}}'
		else
			echo '{"model": {"type": "WordPiece", "unk_token": "u", "continuing_subword_prefix": "##",
				"max_input_chars_per_word": 100, "vocab": {"u": 0, "a": 1}}}'
		fi | jq "$change" >model.json
		n=$((n + 1))
		[ "$(oracle model -l model.json)" = no ]
		run -1 --separate-stderr "$TRX_UNIT/model" model.json </dev/null
		one_line "^model: model.$pattern"
	done <<-'END'
		unigram .model.unk_id=2 unk_id
		unigram .model.unk_id="u" unk_id
		unigram .model.unk_id=-1 unk_id
		unigram .model.unk_id=0.5 unk_id
		unigram .model.byte_fallback=null byte_fallback
		unigram .model.byte_fallback=1 byte_fallback
		unigram del(.model.vocab) vocab
		unigram .model.vocab={} vocab
		unigram .model.vocab[1]=["a"] vocab
		unigram .model.vocab[1]=["a",1,2] vocab
		unigram .model.vocab[1]=[1,"a"] vocab
		unigram .model.vocab[1][1]=null vocab
		unigram .model.vocab=[] unk_id
		wordpiece del(.model.unk_token) unk_token
		wordpiece .model.unk_token=null unk_token
		wordpiece del(.model.continuing_subword_prefix) continuing_subword_prefix
		wordpiece .model.continuing_subword_prefix=null continuing_subword_prefix
		wordpiece del(.model.max_input_chars_per_word) max_input_chars_per_word
		wordpiece .model.max_input_chars_per_word=-1 max_input_chars_per_word
		wordpiece .model.max_input_chars_per_word=1.5 max_input_chars_per_word
		wordpiece del(.model.vocab) vocab
		wordpiece .model.vocab=[] vocab
		wordpiece .model.vocab.a="b" vocab
		wordpiece .model.vocab.a=-1 vocab
		wordpiece .model.vocab.a=4294967296 vocab
	END
	[ "$n" -eq 25 ]
}

@test "models: what is not reproduced is refused by name" {
	refused() {
		echo '{"model": {"type": "WordPiece", "unk_token": "u", "continuing_subword_prefix": "##",
			"max_input_chars_per_word": 100, "vocab": {"u": 0, "a": 1}}}' | jq "$1" >model.json
		run -1 --separate-stderr "$TRX_UNIT/model" model.json </dev/null
		one_line "$2"
	}
	refused '.model.unk_token = "b"' 'model.unk_token: not in the vocabulary'
	refused '.model.vocab.b = 1' 'model.vocab: the id 1 has two strings'
	refused '.model.vocab.b = 16777215' 'model.vocab: the id 16777215 is too large'
}

@test "post-processors: the ids around a text are the reference's" {
	need_tokenizers
	oracle postprocessor cases 1 3000 >specs
	"$TRX_UNIT/postprocessor" <specs >ours
	oracle postprocessor <specs >theirs 2>log
	[ "$(wc -l <theirs)" -eq 3000 ]
	# Both refuse, or both have the ids; but for what only the reference does.
	paste ours theirs | awk -F '\t' '$1 ~ /refused/ && $2 ~ /refused/ {next} $1 != $2' >differ
	run -1 grep -v '^{"refused":"post_processor: a Sequence that goes on behind a TemplateProcessing"}' differ
	[ "$(grep -c prefix ours)" -gt 1000 ]
}

@test "post-processors: a template without A, with A twice or with B is refused" {
	sed 's/PIECE/"id":"A","type_id":0/g' >specs <<-'END'
		{"single":[],"pair":[],"special_tokens":{}}
		{"single":[{"Sequence":{PIECE}},{"Sequence":{PIECE}}],"pair":[],"special_tokens":{}}
		{"single":[{"Sequence":{PIECE}},{"Sequence":{"id":"B","type_id":0}}],"pair":[],"special_tokens":{}}
		{"single":[{"SpecialToken":{PIECE}},{"Sequence":{PIECE}}],"pair":[],"special_tokens":{}}
		{"single":[{"Sequence":{PIECE}}],"pair":[],"special_tokens":{}}
		null
	END
	"$TRX_UNIT/postprocessor" <specs >ours
	[ "$(grep -c 'refused.*does not hold the text A once' ours)" -eq 3 ]
	[ "$(grep -c 'refused.*not among its special_tokens' ours)" -eq 1 ]
	[ "$(tail -n 2 ours | sort -u)" = '{"prefix":[],"suffix":[]}' ]
}

@test "settings: the named tokens and what ends a turn" {
	says() {
		run -0 "$TRX_UNIT/settings" ./ a b c d
		[ "$output" = "$1" ]
	}
	says "bos -1 eos -1 pad -1 unk -1 eot"
	echo '{"bos_token": "c", "eos_token": {"__type": "AddedToken", "content": "d", "lstrip": false}, "pad_token": null,
		"unk_token": "e", "add_bos_token": true, "tokenizer_class": "Any", "auto_map": {"AutoTokenizer": ["x", null]},
		"do_lower_case": true, "extra_special_tokens": {"x": "y"}}' >tokenizer_config.json
	says "bos 2 eos 3 pad -1 unk -1 eot"
	echo '{"bos_token": "a", "pad_token": {"content": "b"}, "eos_token": null}' >special_tokens_map.json
	says "bos 0 eos -1 pad 1 unk -1 eot"
	jq '. + {added_tokens_decoder: {}}' tokenizer_config.json >new && mv new tokenizer_config.json
	echo '{"eos_token_id": [7, 3, 9]}' >generation_config.json
	says "bos 2 eos 3 pad -1 unk -1 eot 7 9"
	echo '{"eos_token_id": 3}' >generation_config.json
	says "bos 2 eos 3 pad -1 unk -1 eot"
	for bad in '"3"' -1 1.5 '[null]' 4294967296; do
		echo '{"eos_token_id": '"$bad"'}' >generation_config.json
		run -1 --separate-stderr "$TRX_UNIT/settings" ./
		one_line "^settings: ./generation_config.json: eos_token_id: not an id"
	done
	echo '[]' >generation_config.json
	run -1 --separate-stderr "$TRX_UNIT/settings" ./
	one_line "generation_config.json: not an object"
}

@test "settings: what is not asked for is passed over, a file that is cut short is refused" {
	mkdir m
	cat >m/tokenizer_config.json <<-'END'
		{"x": {"eos_token": "no", "y": ["}]\\\"", {"z": "{["}]}, "bos_token": "<s>", "a": [[], {}, "]"],
		"added_tokens_decoder": {"0": {"content": "</s>"}}, "eos_token": {"content": "</s>", "n": [1]}, "b": -1.5e3}
	END
	run -0 "$TRX_UNIT/settings" m/ "<s>" "</s>" no
	[ "$output" = "bos 0 eos 1 pad -1 unk -1 eot" ]
	for n in $(seq 1 $(($(wc -c <m/tokenizer_config.json) - 2))); do
		mkdir -p cut
		head -c "$n" m/tokenizer_config.json >cut/tokenizer_config.json
		run -1 --separate-stderr "$TRX_UNIT/settings" cut/ "<s>" "</s>"
		one_line "tokenizer_config.json"
	done
}
