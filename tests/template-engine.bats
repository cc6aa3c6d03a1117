#!/usr/bin/env bats

load helper

# cases ARGUMENTS...: what tests/oracle/template_cases.py does.
cases() {
	"$PYTHON" "$ROOT/tests/oracle/template_cases.py" "$@"
}

# as_recorded FILE...: the engine gives what Jinja2 gave for these cases.
as_recorded() {
	cases cases "$@" | "$TRX_UNIT/render" >ours
	cases verify ours "$@"
}

# render SOURCE [VARS]: the answer to one request.
render() {
	printf '{"source":"%s","vars":%s}\n' "$1" "${2:-{\}}" |
		"$TRX_UNIT/render"
}

@test "template: the required templates render 9,000 real chats as Jinja2 does" {
	need_python
	need_shared chats
	cases chats "$SHARED" 1000 >requests
	"$TRX_UNIT/render" <requests >ours
	"$PYTHON" "$ROOT/tests/oracle/render.py" <requests >theirs
	run -0 cases compare ours theirs all
	[[ $output =~ ^([0-9]+)\ equal,\ ([0-9]+)\ fail ]]
	[ $((BASH_REMATCH[1] + BASH_REMATCH[2])) -eq 9000 ]
	[ "${BASH_REMATCH[1]}" -gt 8000 ]
}

@test "template: the 1,141 cases of the language are what Jinja2 gave" {
	need_python
	run -0 as_recorded "$DATA/template/spec.jsonl"
	[ "$output" = "1141 as they should be, 0 wrong" ]
}

@test "template: the cases that were found since are what Jinja2 gave" {
	need_python
	for file in "$DATA"/template/*.jsonl; do
		[[ $file != */spec.jsonl ]] || continue
		run -0 as_recorded "$file"
		[[ $output != "0 as"* ]]
	done
}

@test "template: what depends on an address is refused by name" {
	need_python
	grep '"unportable"' "$DATA/template/spec.jsonl" >spec.jsonl
	cp "$DATA/template/spec_context.json" .
	run -0 as_recorded spec.jsonl
	[ "$output" = "4 as they should be, 0 wrong" ]
}

@test "template: 5,032 renders of real templates are what Jinja2 gave" {
	need_python
	need_shared templates/golden.jsonl
	cases golden "$SHARED" quirks >requests
	[ "$(wc -l <requests)" -eq 5032 ]
	"$TRX_UNIT/render" <requests >ours
	cases golden-answers "$SHARED" >theirs
	run -0 cases compare ours theirs all
	# With the spans of generation blocks that transformers records.
	[ "$output" = "4170 equal, 862 fail in both, 0 refused, 0 wrong; 127 with spans" ]
	# Which, in these, are where the text of the blocks really is.
	cases golden "$SHARED" bytes | "$TRX_UNIT/render" >bytes
	run -0 cases spans bytes ours
	[ "$output" = "113 spans the same, 0 texts with others" ]
}

@test "template: 394 outputs of transformers" {
	need_python
	need_shared templates/transformers_vectors.json
	cases vectors "$SHARED" models | "$TRX_UNIT/render" >ours
	cases vectors-answers "$SHARED" >theirs
	run -0 cases compare ours theirs all
	[ "$output" = "394 equal, 0 fail in both, 0 refused, 0 wrong" ]
}

@test "template: spans of generation blocks are true where those of transformers are not" {
	for kind in bytes transformers; do
		jq -c --arg kind "$kind" '.[] | {source, vars: {m: "é", l: [1, 2]},
			gen: (if $kind == "bytes" then "bytes" else "quirks" end)}' \
			"$DATA/generation_spans.json" | "$TRX_UNIT/render" >ours
		jq -c --arg kind "$kind" '.[] | {out, gen: .[$kind]}' \
			"$DATA/generation_spans.json" | diff - ours
	done
}

# fuzz ARGUMENTS: no random template renders other than in Jinja2.
fuzz() {
	need_python
	"$PYTHON" "$ROOT/tests/oracle/template_fuzz.py" "$@"
}

@test "template: random templates are equal or refused" {
	fuzz 1 4000
}

@test "template: real templates, changed at random, are equal or refused" {
	need_shared templates
	fuzz -d "$SHARED/templates" 1 4000
}

@test "template: what the engine does not know is refused by name and line" {
	run -0 render 'a\n{{ [1, 2]|random }}'
	[ "$output" = '{"error":"template:2: trx does not support random() of several items: the text would be another one each time"}' ]
	run -0 render "{{ 'x'.encode('utf-16') }}"
	[ "$output" = "{\"error\":\"template:1: trx does not support the encoding 'utf-16'\"}" ]
	run -0 render '{{ lipsum() }}'
	[[ $output == *"template:1: trx does not support lipsum()"* ]]
	run -0 render '{% for y in l recursive %}{% include x without context %}{% endfor %}'
	[ "$output" = '{"error":"template:1: trx does not support include without context in a function"}' ]
}

@test "template: raise_exception gives its message with the line" {
	run -0 render 'a\n{% if true %}\n{{ raise_exception(\"no: such\") }}{% endif %}'
	[ "$output" = '{"error":"template:3: no: such"}' ]
}

@test "template: a hostile template is stopped" {
	run -0 render '{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}'
	[ "$output" = '{"error":"template:1: the template takes too many steps"}' ]
	run -0 render '{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}'
	[ "$output" = '{"error":"template:1: macros call each other too deeply"}' ]
	run -0 render "{{ 'x' * 9999999999 }}"
	[ "$output" = '{"error":"template:1: the template takes too much memory"}' ]
	run -0 render "$(printf '{{ %.0s((((((((((((((((((((((((((((((((((((((((' 1 2 3 4 5 6)"
	[[ $output == *'"error":"template:1: '* ]]
	source=$(printf '{{ %s1 }}' "$(printf -- '- %.0s' $(seq 5000))")
	run -0 render "$source"
	[[ $output == *'nest too deeply"}' ]]
	source=$(printf '{{ 1%s }}' "$(printf -- '+1%.0s' $(seq 5000))")
	run -0 render "$source"
	[[ $output == *'an expression is too long"}' ]]
}

# chat DIR CHAT: the answer for a conversation and a model folder.
chat() {
	printf '{"model":"%s","chat":%s}\n' "$1" "$2" | "$TRX_UNIT/render"
}

HI='"messages":[{"role":"user","content":"hi"}]'
TOOLS='"tools":[{"name":"f"}]'

@test "chat: a template string with special tokens of every shape" {
	mkdir model
	cat >model/tokenizer_config.json <<-'EOF'
	{"bos_token": {"content": "<s>", "lstrip": false}, "eos_token": "</s>",
	 "pad_token": null, "image_token": "<img>", "add_bos_token": true,
	 "extra_special_tokens": {"boi": "<boi>"}, "model_max_length": 1e30,
	 "chat_template": "{{ bos_token }}{{ eos_token }}{{ image_token }}{{ boi }}{{ pad_token is defined }}{{ add_bos_token is defined }}{{ tools }}{{ documents }}{{ add_generation_prompt }}{{ x }}{{ messages|length }}"}
	EOF
	run -0 chat model "{$HI}"
	[ "$output" = '{"out":"<s></s><img><boi>FalseFalseNoneNoneFalse1"}' ]
	run -0 chat model/tokenizer_config.json \
		"{$HI,$TOOLS,\"kwargs\":{\"x\":1.0,\"bos_token\":\"B\",\"messages\":[]}}"
	[ "$output" = "{\"out\":\"B</s><img><boi>FalseFalse[{'name': 'f'}]NoneFalse1.01\"}" ]
}

@test "chat: tool_use serves rows with tools, default the others" {
	mkdir model
	echo '{"chat_template":[{"name":"default","template":"D"},{"name":"tool_use","template":"T"},{"name":"rag","template":"{% include %}"}]}' \
		>model/tokenizer_config.json
	run -0 chat model "{$HI}"
	[ "$output" = '{"out":"D"}' ]
	run -0 chat model "{$HI,\"tools\":null}"
	[ "$output" = '{"out":"D"}' ]
	run -0 chat model "{$HI,\"tools\":[]}"
	[ "$output" = '{"out":"T"}' ]
}

@test "chat: template files replace the setting whole" {
	mkdir -p model/additional_chat_templates
	echo '{"chat_template":[{"name":"default","template":"D"},{"name":"tool_use","template":"T"}]}' \
		>model/tokenizer_config.json
	printf 'file\r\n{{ 1 }}\r\n' >model/chat_template.jinja
	run -0 chat model "{$HI,$TOOLS}"
	[ "$output" = '{"out":"file\n1"}' ]
	printf 'more' >model/additional_chat_templates/tool_use.jinja
	run -0 chat model "{$HI,$TOOLS}"
	[ "$output" = '{"out":"more"}' ]
}

@test "chat: what cannot be a conversation is refused" {
	mkdir model
	echo '{"chat_template":"D"}' >model/tokenizer_config.json
	run -0 chat model '{"messages":[]}'
	[ "$output" = '{"error":"the conversation is empty"}' ]
	run -0 chat model "{$HI,\"n\":0}"
	[ "$output" = '{"error":"the conversation is empty"}' ]
	run -0 chat model '{"messages":"hi"}'
	[ "$output" = '{"error":"messages is no list"}' ]
	run -0 chat model "{$HI,\"tools\":[\"f\"]}"
	[ "$output" = '{"error":"item 0 of tools is no object"}' ]
	run -0 chat model "{$HI,\"documents\":{}}"
	[ "$output" = '{"error":"documents is no list"}' ]
	echo '{}' >model/tokenizer_config.json
	run -0 chat model "{$HI}"
	[ "$output" = '{"error":"model: no chat template"}' ]
	run -0 chat nowhere "{$HI}"
	[ "$output" = '{"error":"nowhere: No such file or directory"}' ]
}
