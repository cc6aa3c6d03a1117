#!/usr/bin/env bats

load helper

CASES=$ROOT/tests/data/openai

# rewrite CHAT: what a template of a row gets.
rewrite() {
	printf '{"source":"{%% for m in messages %%}{{ x }}{%% endfor %%}","openai":"server","chat":%s}\n' \
		"$1" | "$TRX_UNIT/render"
}

# message MESSAGE: the same for a row of one message.
message() {
	rewrite "{\"messages\":[$1]}"
}

# A case is a request, and ends with the answer: the text, or that it fails.
@test "template: rows and templates are read as vLLM reads them" {
	"$TRX_UNIT/render" <"$CASES/cases.jsonl" |
		sed 's/^{"error":.*/{"error"/' >ours
	sed -e 's/.*,"out":/{"out":/' -e 's/.*,"error":.*/{"error"/' \
		"$CASES/cases.jsonl" >expected
	[ "$(wc -l <ours)" -gt 150 ]
	diff expected ours
}

@test "template: collected templates are seen as vLLM sees them" {
	need_shared templates/golden.jsonl
	cut -d ' ' -f 1 "$CASES/templates.txt" | while read -r name; do
		printf '{"file":"%s/templates/%s","openai":"study"}\n' "$SHARED" "$name"
	done | "$TRX_UNIT/render" >answers
	paste -d ' ' <(cut -d ' ' -f 1 "$CASES/templates.txt") answers |
		sed 's/{"out":"\(.*\)"}$/\1/' >ours
	[ "$(wc -l <ours)" -gt 300 ]
	cut -d ' ' -f 1 ours | grep -Fwf - "$CASES/templates.txt" >expected
	diff expected ours
}

@test "template: what vLLM would not take, or trx cannot do, is refused by name" {
	run -0 message '{"role":"user","content":[{"type":"image_url","image_url":{"url":"u"}}]}'
	[ "$output" = '{"error":"message 0: images, audio, video and embeddings are not supported"}' ]
	run -0 message '{"role":"user","content":null}'
	[ "$output" = '{"error":"message 0: it is none of the messages that vLLM accepts"}' ]
	run -0 message '{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}'
	[ "$output" = '{"error":"message 0: item 0 of tool_calls is not as vLLM wants it"}' ]
	run -0 message '{"role":"assistant","tool_calls":[{"id":"i","type":"custom","custom":{"name":"f","input":"x"}}]}'
	[ "$output" = '{"error":"message 0: tool call 0: a tool call is not of the type function"}' ]
	run -0 message '{"role":"user","task":"t","content":[{"type":"file"}]}'
	[[ $output == *"message 0: "*"the type 'file', which vLLM does not know"* ]]
	run -0 message '{"role":"assistant","tool_calls":[{"id":"i","type":"function","function":{"name":"f","arguments":"{\"a\":NaN}"}}]}'
	[[ $output == *"message 0: tool call 0: arguments of a tool call that trx cannot hold: "* ]]
	run -0 rewrite '{"messages":[],"tools":[{"type":"function"}]}'
	[ "$output" = '{"error":"tool 0: it is no tool that vLLM accepts"}' ]
	run -0 rewrite '{"messages":[],"kwargs":{"tools":[]}}'
	[ "$output" = '{"error":"chat_template_kwargs: tools is not supported there"}' ]
}
