#!/usr/bin/env bats
# What of a conversation is to be learned, and what follows it.

load helper

# A model of ChatML, whose template prints tool calls and reasoning as well.
model() {
	mkdir -p chatml
	cat >chatml/chat_template.jinja <<-'END'
	{%- for m in messages %}
	{{- '<|im_start|>' + m.role + '\n' }}
	{%- if m.reasoning_content %}{{ '<think>' + m.reasoning_content + '</think>' }}{% endif %}
	{{- m.content or '' }}
	{%- for c in m.tool_calls or [] %}{{ '<call>' + c.function|tojson + '</call>' }}{% endfor %}
	{{- '<|im_end|>\n' }}
	{%- endfor %}
	{%- if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}
	END
	echo '{"eos_token":"<|endoftext|>","added_tokens_decoder":{"1":{"content":"<|im_start|>","special":true},"2":{"content":"<|im_end|>","special":true},"3":{"content":"<call>","special":false}}}' \
		>chatml/tokenizer_config.json
}

talk='{"id":"t","messages":[{"role":"user","content":"q"},{"role":"assistant","content":" a "},{"role":"user","content":"r"},{"role":"assistant","content":"b"}]}'

# learned ARGUMENTS...: of each example the parts that are to be learned.
learned() {
	trx-template "$@" | trx-cat --json | jq -c '[.id, .continuation]'
}

# trained ARGUMENTS...: of each whole text the runs that are to be learned.
trained() {
	trx-template "$@" | trx-cat --json | jq -c '[.id, .trained]'
}

@test "trx-template: --end says what follows the text to be learned" {
	model
	echo "$talk" >in.jsonl
	run -0 --separate-stderr learned -m chatml in.jsonl
	[ "$output" = '["t","b"]' ]
	[[ $stderr == *"; rendered 1; without_stop_token 1" ]]
	run -0 --separate-stderr learned -m chatml --end turn in.jsonl
	[ "$output" = '["t","b<|im_end|>"]' ]
	[[ $stderr == *"; rendered 1" ]]
	run -0 --separate-stderr learned -m chatml --end eos in.jsonl
	[ "$output" = '["t","b<|endoftext|>"]' ]
	[[ $stderr == *"; rendered 1" ]]
}

@test "trx-template: --end needs a stop token that the model has" {
	model
	echo '{}' >chatml/tokenizer_config.json
	echo "$talk" >in.jsonl
	run -1 --separate-stderr trx-template -m chatml --end turn in.jsonl
	one_line 'no special token'
	run -1 --separate-stderr trx-template -m chatml --end eos in.jsonl
	one_line 'names no EOS token'
	run -2 --separate-stderr trx-template --end eos in.jsonl
	one_line 'needs a model'
	# What only tokenizer.json knows counts as well.
	echo '{"added_tokens":[{"content":"<|im_end|>","special":true}]}' >chatml/tokenizer.json
	run -0 learned -m chatml --end turn in.jsonl
	[[ $output == *'["t","b<|im_end|>"]'* ]]
}

@test "trx-template: a message with tool calls or reasoning is what the template prints" {
	model
	cat >in.jsonl <<-'END'
	{"id":"c","messages":[{"role":"user","content":"q"},{"role":"assistant","content":null,"tool_calls":[{"function":{"name":"f","arguments":{"x":1}}}]}]}
	{"id":"r","messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a","reasoning_content":"why"}]}
	END
	run -0 --separate-stderr learned -m chatml in.jsonl
	[ "${lines[0]}" = '["c","<call>{\"name\": \"f\", \"arguments\": {\"x\": 1}}</call><|im_end|>\n"]' ]
	[ "${lines[1]}" = '["r","<think>why</think>a<|im_end|>\n"]' ]
	run -0 --separate-stderr learned -m chatml --end turn in.jsonl
	[ "${lines[1]}" = '["r","<think>why</think>a<|im_end|>"]' ]
	run -0 --separate-stderr learned -m chatml --end eos in.jsonl
	[ "${lines[1]}" = '["r","<think>why</think>a<|endoftext|>"]' ]
}

@test "trx-template: what the template does not print is no training target" {
	model
	cat >in.jsonl <<-'END'
	{"id":"x","messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a","function_call":{"name":"f"}}]}
	END
	run -1 --separate-stderr trx-template -m chatml in.jsonl
	one_line 'turn_changed.*does not print "tool_calls" of message 1'
	# A prompt that the whole does not begin with.
	sed -i 's/assistant\\n/assistant:\\n/' chatml/chat_template.jinja
	sed -i 's/"function_call":{"name":"f"}/"reasoning_content":"w"/' in.jsonl
	run -1 --separate-stderr trx-template -m chatml in.jsonl
	one_line 'not_prefix'
}

@test "trx-template: --each-turn makes an example of every assistant's message" {
	model
	echo "$talk" >in.jsonl
	echo '{"context":"x","continuation":"y"}' >>in.jsonl
	run -0 --separate-stderr learned -m chatml --each-turn in.jsonl
	[ "$output" = '["t#1"," a "]
["t#3","b"]
["in.jsonl:2","y"]' ]
	[[ $stderr == "trx-template: 2 in, 1 made of them, 3 out, 0 rejected; "* ]]
	trx-template -m chatml --each-turn in.jsonl | trx-cat --json |
		jq -r .context | tail -n 4 >context
	diff - context <<-'END'
	r<|im_end|>
	<|im_start|>assistant

	x
	END
}

@test "trx-template: a turn that --each-turn rejects can be fed in again" {
	model
	echo '{"k":1,"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"},{"role":"user","content":"r"},{"role":"assistant","content":""},{"role":"user","content":"s"}]}' >in.jsonl
	run -0 learned -m chatml --each-turn --rejects r in.jsonl
	[[ $output == *'["in.jsonl:1#1","a"]'* ]]
	[ "$(jq -c '[.reason,.id,.row.id,.row.k,(.row.messages|length)]' r)" = '["nothing_trained","in.jsonl:1#3","in.jsonl:1#3",1,4]' ]
	jq -c '.row|.messages[3].content="mended"' r >mended.jsonl
	run -0 --separate-stderr learned -m chatml mended.jsonl
	[ "$output" = '["in.jsonl:1#3","mended"]' ]
	run -2 --separate-stderr trx-template -m chatml --each-turn --train assistant in.jsonl
	one_line 'exclude each other'
}

@test "trx-template: --train assistant learns every turn of one whole text" {
	model
	echo "$talk" >in.jsonl
	run -0 --separate-stderr trained -m chatml --train assistant in.jsonl
	[ "$output" = '["t",[" a ","b"]]' ]
	[[ $stderr == *"; rendered 1; without_stop_token 1" ]]
	run -0 --separate-stderr trained -m chatml --train assistant --end turn in.jsonl
	[ "$output" = '["t",[" a <|im_end|>","b<|im_end|>"]]' ]
	# The stop token that is learned is the one that was printed: none is added.
	[ "$(trx-template -m chatml --train assistant --end turn in.jsonl | trx-cat --json | jq -r .text | md5sum)" = \
		"$(trx-template -m chatml --train assistant in.jsonl | trx-cat --json | jq -r .text | md5sum)" ]
	# Tool calls are what the template prints for the message.
	echo '{"id":"c","messages":[{"role":"user","content":"q"},{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f"}}]},{"role":"tool","content":"r"},{"role":"assistant","content":"b"}]}' >in.jsonl
	run -0 --separate-stderr trained -m chatml --train assistant --end turn in.jsonl
	[ "$output" = '["c",["<call>{\"name\": \"f\"}</call><|im_end|>","b<|im_end|>"]]' ]
}

@test "trx-template: --train assistant follows a text through whatever moves it whole" {
	model
	echo "$talk" >in.jsonl
	for body in '{% set x = m.content %}{{ x }}' '{{ "<" ~ m.content ~ ">" }}' \
		'{% macro f(x) %}[{{ x }}]{% endmacro %}{{ f(m.content) }}' \
		'{% set x %}{{ m.content }}{% endset %}{{ x + "" }}' \
		'{% filter trim %}({{ m.content }}){% endfilter %}' \
		'{{ [m.role, m.content]|join(":") }}' '{{ ":".join([m.role, m.content]) }}' \
		'{{ m.content|replace("zz", "y") }}' '{{ m.content[:1] }}{{ m.content[1:] }}' \
		'{{ m["content"].split("zz")[0] }}'; do
		echo "{% for m in messages %}$body{% endfor %}" >t.jinja
		run -0 trained -t t.jinja --train assistant in.jsonl
		[[ $output == *'["t",[" a ","b"]]'* ]] || { echo "$body: $output"; false; }
	done
}

@test "trx-template: --train assistant refuses a turn that the template changed" {
	model
	echo "$talk" >in.jsonl
	for body in '{{ m.content|trim }}' '{{ m.content|upper }}' \
		'{{ m.content if loop.last or m.role == "user" }}' \
		'{{ m.content }}{{ m.content }}' '{{ m.content|replace("a", "c") }}' \
		'{% for c in m.content|list|reverse %}{{ c }}{% endfor %}' '{{ m.content|tojson }}'; do
		echo "{% for m in messages %}$body{% endfor %}" >t.jinja
		run -1 --separate-stderr trx-template -t t.jinja --train assistant in.jsonl
		one_line 'turn_changed.*does not print the text of message 1' || { echo "$body"; false; }
	done
	echo '{% for m in messages|reverse %}{{ m.content }}{% endfor %}' >t.jinja
	run -1 --separate-stderr trx-template -t t.jinja --train assistant in.jsonl
	one_line 'turn_changed.*another order'
}

@test "trx-template: --train assistant takes a template's own generation blocks" {
	model
	echo "$talk" >in.jsonl
	echo '{% for m in messages %}<{{ m.role }}>{% if m.role == "assistant" %}{% generation %}{{ m.content|trim }}!{% endgeneration %}{% else %}{{ m.content }}{% endif %}{% endfor %}' >t.jinja
	run -0 --separate-stderr trained -t t.jinja --train assistant in.jsonl
	[ "$output" = '["t",["a!","b!"]]' ]
	echo '{% generation %}{% endgeneration %}x' >t.jinja
	run -1 --separate-stderr trx-template -t t.jinja --train assistant in.jsonl
	one_line nothing_trained
}

@test "trx-template: rows that name their text to be learned stay as they are" {
	model
	cat >in.jsonl <<-'END'
	{"id":"a","context":"x","continuation":"y"}
	{"id":"b","messages":[{"role":"user","content":"q"}],"decision_idx":1,"better_response":"z"}
	END
	for how in --each-turn '--train assistant'; do
		# shellcheck disable=SC2086
		run -0 --separate-stderr learned -m chatml $how in.jsonl
		[ "$output" = '["a","y"]
["b","z"]' ]
	done
}

@test "trx-template: --continue-final-message goes on inside the last message" {
	model
	echo '{"id":"b","messages":[{"role":"user","content":"q"},{"role":"assistant","content":"The answer "}],"decision_idx":2,"better_response":"is 3"}' >in.jsonl
	run -0 --separate-stderr trx-cat --json <(trx-template -m chatml --continue-final-message in.jsonl 2>/dev/null)
	[ "$(jq -r .context <<<"$output")" = $'<|im_start|>user\nq<|im_end|>\n<|im_start|>assistant\nThe answer ' ]
}
