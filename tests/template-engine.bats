#!/usr/bin/env bats

load helper

# same KIND ARGUMENTS...: the engine and Jinja2 agree on these requests.
same() {
	local strict=$1
	shift
	need_python
	"$PYTHON" "$ROOT/tests/oracle/template_cases.py" "$@" >requests
	"$TRX_UNIT/render" <requests >ours
	"$PYTHON" "$ROOT/tests/oracle/render.py" <requests >theirs
	# shellcheck disable=SC2086
	"$PYTHON" "$ROOT/tests/oracle/template_cases.py" compare ours theirs \
		$strict
}

# render SOURCE [VARS]: the answer to one request.
render() {
	printf '{"source":"%s","vars":%s}\n' "$1" "${2:-{\}}" |
		"$TRX_UNIT/render"
}

@test "template: the required templates render 1,000 real chats as Jinja2 does" {
	need_shared chats
	same all chats "$SHARED" 1000
}

@test "template: the cases of the language are equal or refused" {
	same "" cases "$ROOT"/tests/data/template/*.jsonl
}

@test "template: every collected template over every context is equal or refused" {
	need_shared templates/golden.jsonl
	same "" golden "$SHARED"
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
	[ "$output" = '{"error":"template:2: random() of several items is not supported: the text would be another one each time"}' ]
	run -0 render '{{ x.to_bytes(3) }}'
	[ "$output" = "{\"error\":\"template:1: the method 'to_bytes' is not supported yet\"}" ]
	run -0 render '{{ lipsum() }}'
	[[ $output == *"template:1: lipsum()"*"not supported"* ]]
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

@test "template: a chat template asking for the date says so when it is run" {
	run -0 render "{{ 1 if strftime_now is defined }}"
	[ "$output" = '{"out":"1"}' ]
	run -0 render "{{ strftime_now('%Y') }}"
	[[ $output == *"today's date"* ]]
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
