load helper

# same MODEL [TOKEN...]: the ids of all shipped texts and of adversarial ones are
# those of transformers' slow LlamaTokenizer.
same() {
	local model=$1
	shift
	{
		jq -c '(.messages[]?.content), .context // empty, .continuation // empty | {text: .}' "$DATA"/chats/*.jsonl
		"$PYTHON" "$ROOT/tests/oracle/tokenizer_cases.py" 1 1500 "$@"
	} >texts
	"$TRX_UNIT/encode" "$model" <texts | jq -c '{ids}' >ours
	"$PYTHON" "$ROOT/tests/oracle/encode.py" "$model" <texts >theirs 2>log
	[ "$(wc -l <theirs)" -eq "$(wc -l <texts)" ]
	cmp ours theirs
}

# train NAME TYPE ARGUMENTS...: a small model in the folder NAME, of the shipped texts.
train() {
	local name=$1 type=$2
	shift 2
	command -v spm_train >/dev/null || skip_or_fail "no spm_train"
	mkdir "$name"
	jq -r '(.messages[]?.content), .context // empty' "$DATA"/chats/*.jsonl | sed '/^$/d' >train.txt
	spm_train --input=train.txt --model_prefix="$name/tokenizer" --model_type="$type" --vocab_size=1500 \
		--num_threads=1 --minloglevel=2 "$@" 2>spm.log
}

@test "tokenizer: the shipped model's ids are the reference's" {
	need_python
	same "$MODEL/tokenizer.model" '<|im_start|>' '<|im_end|>'
}

@test "tokenizer: a real model's ids are the reference's, legacy or not" {
	need_python
	mkdir real
	cp "$(find "$ROOT/.venv" -path "*mistral_common/data/mistral_instruct_tokenizer_240323.model.v3")" real/tokenizer.model
	same real/tokenizer.model '[INST]' '[/INST]'
	echo '{"legacy": false, "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}' >real/tokenizer_config.json
	same real/tokenizer.model '[INST]' '[/INST]'
}

@test "tokenizer: added tokens with their flags are cut out as the reference does" {
	need_python
	train added bpe --byte_fallback=true
	cat >added/tokenizer_config.json <<-'END'
		{"legacy": false, "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "added_tokens_decoder": {
		"1500": {"content": "<|a|>", "lstrip": true, "rstrip": false, "normalized": false, "single_word": false, "special": true},
		"1501": {"content": "<|a|>b", "lstrip": false, "rstrip": true, "normalized": false, "single_word": false, "special": true},
		"1502": {"content": "word", "lstrip": false, "rstrip": false, "normalized": true, "single_word": true, "special": false}}}
	END
	same added/tokenizer.model '<|a|>' '<|a|>b' word ' word ' swords
}

@test "tokenizer: normalization, user-defined symbols, white space at the end of words" {
	need_python
	train nfkc bpe --normalization_rule_name=nfkc --user_defined_symbols='<sep>,日本'
	same nfkc/tokenizer.model '<sep>'
	train suffix bpe --treat_whitespace_as_suffix=true --byte_fallback=true
	same suffix/tokenizer.model
}

@test "tokenizer: the ends are where the tokens' bytes end" {
	"$TRX_UNIT/encode" "$MODEL/tokenizer.model" >out <<-'END'
		{"text":"one two"}
		{"text":"é日😀"}
		{"text":""}
	END
	jq -e '.ends == (.ends | sort)' out
	[ "$(jq -c '.ends[-1] // 0' out | tr '\n' ' ')" = "7 9 0 " ]
	jq -se '.[0] | (.ids | length) == (.ends | length)' out
}

@test "tokenizer: what it cannot reproduce is refused by name" {
	cp -r "$MODEL" m
	chmod -R u+w m
	refused() {
		jq "$1" "$MODEL/tokenizer_config.json" >m/tokenizer_config.json
		run -1 --separate-stderr bash -c 'trx-encode -m m/tokenizer.model </dev/null >out'
		one_line "$2"
	}
	refused '.sp_model_kwargs = {enable_sampling: true}' sp_model_kwargs
	refused '.do_lower_case = true' do_lower_case
	refused '.split_special_tokens = true' split_special_tokens
	refused '.tokenizer_class = "T5Tokenizer"' tokenizer_class
	cp "$MODEL/tokenizer_config.json" m
	head -c 5000 "$MODEL/tokenizer.model" >m/tokenizer.model
	run -1 --separate-stderr bash -c 'trx-encode -m m/tokenizer.model </dev/null >out'
	one_line "m/tokenizer.model"
	train words word --hard_vocab_limit=false
	run -1 --separate-stderr bash -c 'trx-encode -m words </dev/null >out'
	one_line "words/tokenizer.model: .*model_type"
}
