#!/usr/bin/env bats
# trx-template --check: what a chat template does that matters for training.

load helper

# model SOURCE [EOS]: a folder with that template, whose tokens are ChatML's.
model() {
	mkdir -p model
	printf '%s' "$1" >model/chat_template.jinja
	printf '{"eos_token":"%s","added_tokens_decoder":{"1":{"content":"<|im_end|>","special":true}}}' \
		"${2:-<|im_end|>}" >model/tokenizer_config.json
}

# verdicts: the lines of the report that are not good, their keys and verdicts.
verdicts() {
	trx-template -m model --check | sed -n 's/^\(note\|bad\)  *\([a-z_]*\):.*/\2 \1/p'
}

# finding KEY: a finding as JSON.
finding() {
	trx-template -m model --check --json | jq -c ".templates[0].$1"
}

CHATML="{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + (m.content or '') + '<|im_end|>\n' }}{% endfor %}"
PROMPT="{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"

@test "trx-template --check: the shipped model" {
	run -0 --separate-stderr trx-template -m "$MODEL" --check
	[ -z "$stderr" ]
	diff - <(echo "$output") <<-'END'
		template default
		good  plain: a plain chat renders
		good  history_prefix: earlier turns stay as they are when others follow
		good  prompt_prefix: a chat with its answer begins with the prompt
		good  after_assistant: behind the assistant's text stands "<|im_end|>\n"
		bad   stop_token: no special token ends the assistant's text: a model does not learn to stop
		note  bos_printed: the text does not begin with bos_token, "<s>"
		good  system_text: nothing is put in where no system message is given
		good  default_generation_prompt: add_generation_prompt adds "<|im_start|>assistant\n"
		good  asks_date: no date is asked for
		note  generation_tags: no {% generation %} marks what the assistant says
		note  tools: tools are ignored
		note  tool_call_object: arguments that are an object are not printed
		note  tool_call_string: arguments that are a string are not printed
		note  null_content: the template fails on a content that is null
		good  null_keys: other members that are null change nothing
	END
	run -0 trx-template -m "$MODEL" --check --json
	diff - <(echo "$output") <<-'END'
		{"templates":[{"name":"default","plain":true,"error":null,"history_prefix":true,"prompt_prefix":true,"after_assistant":"<|im_end|>\n","stop_token":null,"stop_is_eos":null,"bos_printed":false,"system_text":null,"default_generation_prompt":"<|im_start|>assistant\n","generation_prompt_appends":true,"asks_date":false,"generation_tags":false,"tools":"ignored","tool_call_object":"dropped","tool_call_string":"dropped","null_content":"error","null_keys":"same"}]}
	END
}

@test "trx-template --check: a good template of ChatML, with tools" {
	model "{% if tools %}{{ tools|tojson }}{% endif %}
{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' }}{% if m.role == 'assistant' %}
{% generation %}{{ (m.content or '') }}{% for c in m.tool_calls or [] %}
{% set f = c.function %}{{ '<call>' + (f.arguments if f.arguments is string else f.arguments|tojson) + '</call>' }}
{% endfor %}{{ '<|im_end|>' }}{% endgeneration %}
{{ '\n' }}{% else %}{{ m.content + '<|im_end|>\n' }}{% endif %}{% endfor %}$PROMPT"
	run -0 verdicts
	[ -z "$output" ]
	run -0 trx-template -m model --check
	[ "$(grep -c '^good  ' <<<"$output")" -eq 15 ]
	[[ $output == *$'\ngood  stop_token: the assistant\'s text ends with eos_token, "<|im_end|>"\n'* ]]
	[[ $output == *$'\ngood  bos_printed: the model names no bos_token\n'* ]]
}

@test "trx-template --check: a stop token that is not eos_token" {
	model "$CHATML$PROMPT" "<|endoftext|>"
	run -0 trx-template -m model --check
	[[ $output == *$'\nnote  stop_token: not eos_token, but where generation must stop as well, is "<|im_end|>"\n'* ]]
	# What only tokenizer.json marks as special counts as well.
	echo '{"eos_token":"</s>"}' >model/tokenizer_config.json
	[ "$(finding stop_token)" = null ]
	echo '{"added_tokens":[{"content":"<|im_end|>","special":true}]}' >model/tokenizer.json
	[ "$(finding stop_token)" = '"<|im_end|>"' ]
	[ "$(finding stop_is_eos)" = false ]
}

@test "trx-template --check: nothing behind the last turn" {
	model "{% for m in messages %}{{ ('\n' if m.role == 'user' and not loop.first else '') + m.role + ': ' + m.content }}{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}"
	run -0 trx-template -m model --check
	[[ $output == *$'\nbad   after_assistant: nothing stands behind the assistant\'s text\nbad   stop_token: no special token '* ]]
	[ "$(finding after_assistant)" = '""' ]
	[ "$(finding history_prefix)" = true ]
}

@test "trx-template --check: earlier turns are cut, and the prompt is not what is answered" {
	model "{% for m in messages %}{{ m.role + ': ' + (m.content if loop.last or m.role == 'user' else m.content[:3]) + '<|im_end|>' }}{% endfor %}{% if add_generation_prompt %}assistant: <think>{% endif %}"
	run -0 verdicts
	[ "$output" = 'history_prefix note
prompt_prefix bad
generation_tags note
tools note
tool_call_object note
tool_call_string note
null_content note' ]
	[ "$(finding after_assistant)" = '"<|im_end|>"' ]
	[ "$(finding default_generation_prompt)" = '"assistant: <think>"' ]
	# The assistant's text is not there at all.
	model "{% for m in messages %}{{ m.content|upper if m.role == 'assistant' else m.content }}{% endfor %}"
	run -0 trx-template -m model --check
	[[ $output == *$'\nbad   after_assistant: the assistant\'s text is not there: '* ]]
	[ "$(finding after_assistant)" = null ]
	[[ $output == *$'\nnote  default_generation_prompt: add_generation_prompt adds nothing\n'* ]]
}

@test "trx-template --check: nulls that are printed" {
	model "{% for m in messages %}{{ m.content }}{% if m.name is defined %}{{ m.name }}{% endif %}<|im_end|>{% endfor %}"
	run -0 verdicts
	[ "$(grep bad <<<"$output")" = 'null_content bad
null_keys bad' ]
	[ "$(finding null_content)" = '"None"' ]
	[ "$(finding null_keys)" = '"changes"' ]
}

@test "trx-template --check: text that is put in, the date, arguments quoted twice" {
	model "{{ bos_token }}{% if messages[0].role != 'system' %}<|sys|>{{ 'You are é. ' * 20 }}<|im_end|>{% endif %}
{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{% for c in m.tool_calls %}{{ c.function.arguments|tojson }}{% endfor %}<|im_end|>
{% endfor %}{{ strftime_now('%Y') if false }}"
	echo '{"bos_token":"<s>","eos_token":"<|im_end|>"}' >model/tokenizer_config.json
	run -0 trx-template -m model --check
	[[ $output == *$'\ngood  bos_printed: the text begins with bos_token (encode it without another): "<s>"\n'* ]]
	[[ $output == *$'\nnote  system_text: before the first turn only, though no system message is given, stands "<|sys|>You are é. You are é. '*'You are é"... (237 characters)'$'\n'* ]]
	[[ $output == *$'\nbad   asks_date: '* ]]
	[[ $output == *$'\ngood  tool_call_object: '* ]]
	[[ $output == *$'\nbad   tool_call_string: '* ]]
	[ "$(finding 'system_text|length')" = 237 ]
	# Characters are compared, not bytes: the last byte of both is the same.
	model "{{ 'é' if messages|length == 1 else '' }}{% for m in messages %}{{ '©' if messages|length == 3 and loop.index == 3 else '' }}{{ m.content }}{% endfor %}"
	[ "$(finding system_text)" = '"é"' ]
}

@test "trx-template --check: a template that refuses a plain chat" {
	model "{% if messages|length > 2 %}{{ raise_exception('only one, é' + 'é' * 400) }}{% endif %}{{ messages[0].content }}"
	run -0 trx-template -m model --check
	[[ $output == *$'template default\nbad   plain: a plain chat fails: chat template:1: only one, éé'*$'\ngood  bos_printed'* ]]
	[[ $output == *$'\nnote  system_text: not known, '* ]]
	trx-template -m model --check --json | iconv -f UTF-8 -t UTF-8 |
		jq -ce '.templates[0] | .plain == false and (.error | startswith("chat template:1: only one, ")) and
			([.history_prefix, .prompt_prefix, .after_assistant, .stop_token, .stop_is_eos, .system_text] | all(. == null)) and
			.generation_prompt_appends and .default_generation_prompt == "" and .null_keys == "same"'
}

@test "trx-template --check: default and tool_use are checked each by itself" {
	jq -n --arg d "$CHATML$PROMPT" --arg t "{{ tools|tojson }}$CHATML" \
		'{eos_token: "<|im_end|>", chat_template: [{name: "default", template: $d}, {name: "tool_use", template: $t}, {name: "rag", template: "{% nonsense %}"}]}' >config
	mkdir model
	cp config model/tokenizer_config.json
	run -0 trx-template -m model --check
	[ "$(grep -n '^template ' <<<"$output")" = '1:template default
18:template tool_use' ]
	trx-template -m model --check --json |
		jq -ce '[.templates[] | [.name, .tools]] == [["default", "ignored"], ["tool_use", "printed"]]'
	trx-template -m model -t tool_use --check --json | jq -ce '[.templates[] | [.name, .tools]] == [["default", "printed"]]'
	jq '.chat_template |= .[1:2]' config >model/tokenizer_config.json
	trx-template -m model --check --json | jq -ce '[.templates[].name] == ["tool_use"]'
}

@test "trx-template --check: usage, and templates that cannot be loaded" {
	run -2 --separate-stderr trx-template -m "$MODEL" --json
	one_line "--json is for --check"
	run -2 --separate-stderr trx-template --check
	one_line "--check needs -m or -t"
	run -2 --separate-stderr trx-template -m "$MODEL" --check rows.jsonl
	one_line "--check reads no rows"
	run -1 --separate-stderr trx-template -m nowhere --check
	one_line "nowhere"
	echo '{% nonsense %}' >t.jinja
	run -1 --separate-stderr trx-template -t t.jinja --check --json
	one_line "t.jinja:1: "
	[ -z "$output" ]
	model "$CHATML"
	echo '{' >model/tokenizer.json
	run -1 --separate-stderr trx-template -m model --check
	[ -z "$output" ]
	run -3 bash -c '"$@" >/dev/full' - trx-template -m "$MODEL" --check
}

@test "trx-template --check: every collected template has the findings that Jinja2 gives" {
	need_shared templates/golden.jsonl
	need_python
	"$PYTHON" "$ROOT/tests/oracle/check.py" models "$SHARED" models
	"$PYTHON" "$ROOT/tests/oracle/check.py" check models/* >theirs
	for folder in models/*; do
		trx-template -m "$folder" --now 2026-08-22T13:05:09 --check --json
	done >ours
	"$PYTHON" "$ROOT/tests/oracle/check.py" compare ours theirs
	run -0 jq -sc '[.[].templates[]] | [length, ([.[] | select(.asks_date)] | length)],
		(map(select(.plain)) | [length, (map(select(.history_prefix | not)) | length),
		(map(select(.prompt_prefix | not)) | length), (map(select(.after_assistant == "")) | length)])' ours
	[ "$output" = '[335,23]
[315,44,53,33]' ]
}
