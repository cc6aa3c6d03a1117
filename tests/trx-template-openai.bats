#!/usr/bin/env bats
# trx-template --openai: rows as vLLM's server reads them.

load helper

# A template that prints every message as JSON, and what else it is given.
SHOW="{% for m in messages %}{{ m|tojson }}
{% endfor %}{% if tools %}{{ tools|tojson }}{% endif %}{{ x }}{% if add_generation_prompt %}>{% endif %}"

# row MESSAGES [MORE]: a row of the messages before an answer, with members.
row() {
	printf '{"id":"r","messages":[%s,{"role":"assistant","content":"yes"}]%s}\n' "$1" "${2:+,$2}"
}

# context TEMPLATE ROW: the context that a row gets.
context() {
	printf '%s' "$1" >t.jinja
	trx-template -t t.jinja --openai <<<"$2" | trx-cat --json | jq -r .context
}

@test "trx-template --openai: content in parts is one string, or stays where the template loops over it" {
	parts='{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}'
	run -0 --separate-stderr context "$SHOW" "$(row "$parts")"
	[ "$output" = '{"role": "user", "content": "a\nb"}
>' ]
	run -0 --separate-stderr context "{% for m in messages %}{% for p in m.content %}[{{ p.text }}]{% endfor %}{% endfor %}" "$(row "$parts")"
	[ "$output" = "[a][b]" ]
}

@test "trx-template --openai: arguments become objects, reasoning both names, unknown members go" {
	call='{"role":"user","content":"q","mood":1},{"role":"assistant","content":null,"reasoning":"hm","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{\"a\": 1}"}}]},{"role":"tool","tool_call_id":"1","content":"7"}'
	run -0 --separate-stderr context "$SHOW" "$(row "$call")"
	[ "$(sed -n 1p <<<"$output")" = '{"role": "user", "content": "q"}' ]
	sed -n 2p <<<"$output" | jq -e '.tool_calls[0].function.arguments == {"a": 1} and .reasoning == "hm" and .reasoning_content == "hm" and .content == ""'
	# Without the option the row reaches the template as it is.
	[ "$(trx-template -t t.jinja <<<"$(row "$call")" | trx-cat --json | jq -r .context | sed -n 1p)" = '{"role": "user", "content": "q", "mood": 1}' ]
}

@test "trx-template --openai: developer is system for templates that do not know it" {
	developer='{"role":"developer","content":"be brief"},{"role":"user","content":"q"}'
	run -0 --separate-stderr context "$SHOW" "$(row "$developer")"
	[[ $output == '{"role": "system", "content": "be brief"}'* ]]
	run -0 --separate-stderr context "$SHOW{{ '' if 'developer' }}" "$(row "$developer")"
	[[ $output == '{"role": "developer", "content": "be brief", '* ]]
}

@test "trx-template --openai: the template gets the arguments that it asks for" {
	user='{"role":"user","content":"q"}'
	run -0 --separate-stderr context "$SHOW" "$(row "$user" '"chat_template_kwargs":{"x":"X","add_generation_prompt":false}')"
	[[ $output == *$'\nX>' ]]
}

@test "trx-template --openai: what the server refuses is rejected, by name" {
	printf '%s' "$SHOW" >t.jinja
	{
		row '{"role":"user","content":"q"}'
		row '{"role":"user","content":null}'
		row '{"role":"user","content":[{"type":"image_url","image_url":{"url":"u"}}]}'
		row '{"role":"user","content":"q"}' '"chat_template_kwargs":{"tokenize":true}'
	} >rows
	trx-template -t t.jinja --openai --rejects bad rows >out.trx 2>summary
	grep -q "4 in, 1 out, 3 rejected (template_error 3); rendered 1" summary
	run -0 jq -r '.reason + " " + .message' bad
	diff - <(echo "$output") <<-'END'
		template_error message 0: it is none of the messages that vLLM accepts
		template_error message 0: images, audio, video and embeddings are not supported
		template_error chat_template_kwargs: tokenize is not supported there
	END
}

@test "trx-template --openai: every turn's context is what the server would be asked" {
	printf '%s' "$SHOW" >t.jinja
	talk='{"id":"t","messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},{"role":"assistant","content":"1"},{"role":"user","content":"c"},{"role":"assistant","content":"2"}]}'
	trx-template -t t.jinja --openai --each-turn <<<"$talk" >out.trx
	run -0 jq -r '.id + .context' <(trx-cat --json out.trx)
	diff - <(echo "$output") <<-'END'
		t#1{"role": "user", "content": "a\nb"}
		>
		t#3{"role": "user", "content": "a\nb"}
		{"role": "assistant", "content": "1"}
		{"role": "user", "content": "c"}
		>
	END
	trx-cat --header out.trx | jq -e '[.. | objects | select(.openai == true)] | length == 1'
}
