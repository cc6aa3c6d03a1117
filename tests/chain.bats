load helper

# The chain beside its reference in Python (tests/oracle/chain.py).

# model NAME TEMPLATE: the folder `model`, with a real SentencePiece model, which
# a package of .venv carries, and a real chat template.
model() {
	mkdir -p model
	cp "$(find "$ROOT/.venv" -path "*mistral_common/data/$1")" model/tokenizer.model
	jq -n --rawfile t "$SHARED/templates/$2" \
		'{chat_template: $t, bos_token: "<s>", eos_token: "</s>", unk_token: "<unk>"}' >model/tokenizer_config.json
}

# same MODEL-FOLDER ROWS REFERENCE-OPTIONS ENCODE-OPTIONS TRUNCATE-OPTIONS
same() {
	local model rows=$2 reference=$3 encode=$4 truncate=$5
	model=$(realpath "$1")
	# shellcheck disable=SC2086 # options are words
	"$PYTHON" "$ROOT/tests/oracle/chain.py" --model "$model/tokenizer.model" $reference "$rows" >theirs 2>log
	# shellcheck disable=SC2086
	trx-template -m "$model" "$rows" 2>/dev/null |
		trx-encode -m "$model/tokenizer.model" $encode 2>/dev/null |
		if [ -n "$truncate" ]; then trx-truncate $truncate --rejects rejects 2>/dev/null; else cat; fi |
		trx-cat --json | jq -c '{id, context_len, total_len, input_ids}' >ours
	[ -s theirs ]
	cmp ours theirs
}

# rows N: the first N of the real chats, as rows.jsonl.
rows() {
	zstd -dcq "$SHARED/chats/oasst_chat.jsonl.zst" 2>/dev/null | sed -n "1,$1p;$1q" >rows.jsonl
	[ "$(wc -l <rows.jsonl)" -eq "$1" ]
}

@test "chain: 1,000 real rows with a real model, at auto, always and never, equal the reference" {
	need_python
	need_shared chats
	rows 1000
	# This template prints BOS: `always` doubles it.
	model tokenizer.model.v1 chujiezheng/llama-2-chat.jinja
	for mode in auto always never; do
		same model rows.jsonl "--special-tokens $mode" "--special-tokens $mode" ""
		[ "$(wc -l <ours)" -eq 1000 ]
	done
	model mistral_instruct_tokenizer_241114.model.v7 axolotl/chatml.jinja
	same model rows.jsonl "--special-tokens always" "--special-tokens always" ""
	[ "$(wc -l <ours)" -eq 1000 ]
}

@test "chain: and truncated, the too long ones rejected or kept" {
	need_python
	need_shared chats
	rows 1000
	model mistral_instruct_tokenizer_240323.model.v3 axolotl/chatml.jinja
	for mode in auto always never; do
		same model rows.jsonl "--special-tokens $mode --max 300" "--special-tokens $mode" "-n 300"
		[ "$(($(wc -l <ours) + $(wc -l <rejects)))" -eq 1000 ]
		[ "$(wc -l <rejects)" -gt 10 ]
	done
	same model rows.jsonl "--special-tokens never --max 300 --too-long keep" "--special-tokens never" "-n 300 --too-long keep"
	[ "$(wc -l <ours)" -eq 1000 ]
}

@test "chain: the shipped rows with the shipped model equal the reference" {
	need_python
	cat "$DATA"/chats/*.jsonl >all.jsonl
	for mode in auto always never; do
		same "$MODEL" all.jsonl "--special-tokens $mode" "--special-tokens $mode" ""
		[ "$(wc -l <ours)" -eq "$(wc -l <all.jsonl)" ]
		same "$MODEL" all.jsonl "--special-tokens $mode --max 400" "--special-tokens $mode" "-n 400"
	done
}

@test "chain: -j1 and -j2 give the same bytes, in every stage" {
	cat "$DATA"/chats/*.jsonl >all.jsonl
	trx-template -m "$MODEL" all.jsonl >t1
	trx-template -m "$MODEL" -j 2 all.jsonl >t2
	trx-template -m "$MODEL" -j 7 all.jsonl >t7
	cmp t1 t2 && cmp t1 t7
	trx-encode -m "$MODEL/tokenizer.model" t1 >e1
	trx-encode -m "$MODEL/tokenizer.model" -j 2 t1 >e2
	cmp e1 e2
}

@test "chain: the locale, the time zone and the folder change nothing" {
	cat "$DATA"/chats/*.jsonl >chats.jsonl
	cut_tokens | trx-pack -n 4096 -o 's-%06d.tar.zst' 2>/dev/null
	mkdir -p elsewhere/deep
	cp chats.jsonl elsewhere/deep
	(
		cd elsewhere/deep
		export LC_ALL=tr_TR.UTF-8 LANG=de_DE TZ=Asia/Tokyo
		umask 077
		cut_tokens | trx-pack -n 4096 -o 's-%06d.tar.zst' 2>/dev/null
	)
	cmp s-000000.tar.zst elsewhere/deep/s-000000.tar.zst
	trx-template -m "$MODEL" "$PWD/elsewhere/deep/chats.jsonl" 2>/dev/null | cmp - <(text)
}
