load helper

@test "trx-template: --help, --version, usage errors" {
	check_usage trx-template
	run -2 --separate-stderr trx-template --max-rejects 5 /dev/null
	one_line "--max-rejects is for --rejects"
	run -2 --separate-stderr trx-template --rejects r --max-rejects five /dev/null
	one_line "not 'five'"
	run -2 trx-template -j two /dev/null
}

@test "trx-template: rows of text pass as they are, without a model" {
	printf '%s\n' '{"id":"a","context":" x\n","continuation":"y ","reason":"r","memories":["m"],"n":1.50}' \
		'   ' '{"context":"","continuation":"z"}' >rows.jsonl
	trx-template rows.jsonl | trx-cat --json >out
	printf '%s\n' '{"id":"a","context":" x\n","continuation":"y ","reason":"r","memories":["m"],"n":1.50}' \
		'{"id":"rows.jsonl:3","context":"","continuation":"z"}' | diff - out
}

@test "trx-template: messages are rendered up to the decision, with the generation prompt" {
	echo '{"id":"b","messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"no"}],"decision_idx":1,"better_response":"yes"}' >rows.jsonl
	echo '{"id":"c","messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"yes"}]}' >>rows.jsonl
	echo '{"id":"d","messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"yes","tool_calls":[],"reasoning":null}]}' >>rows.jsonl
	echo '{{ messages|length }}{{ messages[0].content }}{% if add_generation_prompt %}>{% endif %}' >t.jinja
	trx-template -t t.jinja rows.jsonl | trx-cat --json >out
	printf '%s\n' '{"id":"b","context":"1Hi>","continuation":"yes"}' \
		'{"id":"c","context":"1Hi>","continuation":"yes"}' '{"id":"d","context":"1Hi>","continuation":"yes"}' | diff - out
}

@test "trx-template: metadata is carried byte for byte, less white space between tokens" {
	printf '{"context":"c","continuation":"d", "k" : [ 12345678901234567890 , 1e400,1.0 ] ,"\\u00e9":"\\u00e9 \\/é","o":{"a b":null, "z":{}},"tools":[1],"input_ids":[1],"total_len":9}\n' |
		trx-template | trx-cat --json >out
	printf '%s\n' '{"id":"<stdin>:1","context":"c","continuation":"d","k":[12345678901234567890,1e400,1.0],"\u00e9":"\u00e9 \/é","o":{"a b":null,"z":{}}}' | diff - out
}

@test "trx-template: an empty input is an error unless it is allowed" {
	run -1 --separate-stderr bash -c 'trx-template </dev/null >out'
	one_line "<stdin>: no rows"
	trx-template --allow-empty </dev/null >out
	trx-cat --verify out
}

@test "trx-template: an input that was cut short is seen by --expect-rows and --expect-sha256" {
	chats 10
	sum=$(sha256sum <chats.jsonl | cut -d' ' -f1)
	trx-template -m "$MODEL" --expect-rows 10 --expect-sha256 "$sum" chats.jsonl >out
	head -n 9 chats.jsonl >short.jsonl
	run -1 --separate-stderr bash -c 'trx-template -m "$0" --expect-rows 10 short.jsonl >out' "$MODEL"
	one_line "9 rows, not the 10 expected"
	run -1 --separate-stderr bash -c 'trx-template -m "$0" --expect-sha256 "$1" short.jsonl >out' "$MODEL" "$sum"
	one_line "SHA-256"
	run -1 trx-cat --verify out
}

@test "trx-template: a line that ends early is rejected, with its line and reason" {
	printf '{"context":"a","continuation":"b"}\n{"context":"a","contin' >torn.jsonl
	run -1 --separate-stderr bash -c 'trx-template torn.jsonl >out'
	one_line "torn.jsonl: line 2: not_json: "
	run -1 --separate-stderr trx-cat --json out
	[[ $output == *'"continuation":"b"'* ]]
	one_line "trx-template failed: torn.jsonl: line 2: not_json"
}

@test "trx-template: a line over the limit is the reject too_large, and costs no memory" {
	{
		echo '{"context":"a","continuation":"b"}'
		head -c 70000000 /dev/zero | tr '\0' x
		echo
		echo '{"context":"c","continuation":"d"}'
	} >long.jsonl
	trx-template --rejects r long.jsonl 2>/dev/null | trx-cat --json | wc -l | grep -qx 2
	jq -e '.reason == "too_large" and .line == 2 and .row == null' r
}

@test "trx-template: a full disk and a reader that is gone" {
	chats 100
	check_full chats.jsonl trx-template -m "$MODEL"
	for _ in 1 2 3 4 5; do cat chats.jsonl; done >many.jsonl
	check_closed_reader many.jsonl trx-template -m "$MODEL"
}

@test "trx-template: every bad row has its reason, and what is mended can be fed in again" {
	cat >bad.jsonl <<-'END'
		{"id":"ok","context":"a","continuation":"b"}
		{"context":"a","continuation":"b"
		[1]
		{"context":"a","continuation":"\ud800"}
		{"context":"a","continuation":"b","context":"c"}
		{"context":"a","continuation":"b","x":{"y":1,"y":2}}
		{"id":5,"context":"a","continuation":"b"}
		{"id":"i","context":"a","continuation":"b","messages":[]}
		{"messages":[{"role":"user","content":"q"}],"decision_idx":1}
		{"messages":[{"role":"user","content":"q"}],"decision_idx":2,"better_response":"x"}
		{"messages":[{"role":"user","content":"q"}],"decision_idx":0,"better_response":"x"}
		{"messages":[{"role":"user","content":"q"},{"role":"user","content":"r"}],"decision_idx":1,"better_response":"x"}
		{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":[]}]}
		{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a","tool_calls":[{}]}]}
		{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a","reasoning_content":"t"}]}
		{"context":"a","continuation":""}
		{"context":"a"}
		{"context":"a","continuation":"b","memories":["x",1]}
		{"context":"a","continuation":"b","reason":null}
		{"context":"a","continuation":"b","decision_idx":1}
	END
	printf '{"context":"\xff","continuation":"b"}\n' >>bad.jsonl
	printf '{"context":"a","continuation":"b","d":%s%s}\n' "$(printf '[%.0s' {1..600})" "$(printf ']%.0s' {1..600})" >>bad.jsonl
	trx-template -m "$MODEL" --rejects r bad.jsonl >out 2>err
	jq -r '"\(.line) \(.reason)"' r >reasons
	diff - reasons <<-'END'
		2 not_json
		3 bad_field
		4 lone_surrogate
		5 duplicate_key
		6 duplicate_key
		7 bad_field
		8 ambiguous_row
		9 ambiguous_row
		10 bad_field
		11 bad_field
		12 bad_field
		13 template_error
		14 turn_changed
		15 turn_changed
		16 nothing_trained
		17 bad_field
		18 bad_field
		19 bad_field
		20 ambiguous_row
		21 not_utf8
		22 too_deep
	END
	grep -q '^trx-template: 22 in, 1 out, 21 rejected (' err
	jq -se 'map(keys_unsorted == ["stage","reason","source","line","id","message","row"]) | all' r
	jq -ce 'select(.line == 16) | .row' r | sed 's/""/"mended"/' | trx-template | trx-cat --json |
		grep -q '"continuation":"mended"'
	trx-template -m "$MODEL" -j 2 --rejects r2 bad.jsonl >out2
	cmp r r2
	cmp out out2
}

@test "trx-template: --max-rejects bounds the bad rows, and the file says which they were" {
	for _ in 1 2 3 4; do echo '{"context":"a","continuation":"b"}'; done >rows.jsonl
	echo nonsense >>rows.jsonl
	echo nonsense >>rows.jsonl
	trx-template --rejects r --max-rejects 2 rows.jsonl >out
	trx-template --rejects r --max-rejects 33.4% rows.jsonl >out
	run -1 --separate-stderr bash -c 'trx-template --rejects r --max-rejects 1 rows.jsonl >out'
	[[ $stderr == *"more than --max-rejects 1"* ]]
	[ "$(wc -l <r)" -eq 2 ]
	run -1 trx-cat --verify out
	rm r
	run -1 bash -c 'trx-template --rejects r --max-rejects 33.3% rows.jsonl >out'
	[ "$(wc -l <r)" -eq 2 ]
	run -1 trx-cat --verify out
	grep nonsense rows.jsonl >bad.jsonl
	run -1 --separate-stderr bash -c 'trx-template --rejects r bad.jsonl >out'
	[[ $stderr == *"nothing came through"* ]]
	trx-template --rejects r rows.jsonl --max-rejects 100% >/dev/null
	head -n 4 rows.jsonl | trx-template --rejects none >/dev/null
	[ -f none ] && [ ! -s none ]
}

@test "trx-template: a template that cannot be used is refused at load, by name" {
	echo '{% for m in messages %}{{ m.content|nosuchfilter }}{% endfor %}' >t.jinja
	chats 5
	run -1 --separate-stderr bash -c 'trx-template -t t.jinja chats.jsonl >out'
	one_line "t.jinja:1: .*nosuchfilter"
	run -1 --separate-stderr trx-cat --verify out
	one_line "trx-template failed: .*nosuchfilter"
	run -1 --separate-stderr bash -c 'trx-template -m nowhere chats.jsonl >out'
	one_line "nowhere"
}

@test "trx-template: a template's own error rejects the row and prints nothing of it" {
	echo 'before{{ raise_exception("no: " + messages[0].content) }}' >t.jinja
	echo '{"id":"i","messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"b"}]}' >rows.jsonl
	run -1 --separate-stderr bash -c 'trx-template -t t.jinja rows.jsonl >out'
	one_line "rows.jsonl: line 1, id i: template_error: .*no: Hi"
}

@test "trx-template: compressed input, several files, and standard input among them" {
	chats 20
	head -n 10 chats.jsonl | zstd -q >one.jsonl.zst
	tail -n 10 chats.jsonl >two.jsonl
	trx-template -m "$MODEL" chats.jsonl | trx-cat --json | jq -c 'del(.id)' >all
	zstd -dc one.jsonl.zst | trx-template -m "$MODEL" - two.jsonl | trx-cat --json | jq -c 'del(.id)' | diff all -
	trx-template -m "$MODEL" one.jsonl.zst two.jsonl | trx-cat --json | jq -c 'del(.id)' | diff all -
	trx-template -m "$MODEL" one.jsonl.zst two.jsonl | trx-cat --ledger |
		jq -e --arg sum "$(sha256sum <chats.jsonl | cut -d' ' -f1)" '.input.sha256 == $sum and .input.lines == 20'
}

@test "trx-template: --drop-null reads rows as a table writes them" {
	echo '{"id":null,"context":null,"continuation":null,"tools":null,"decision_idx":null,"better_response":null,"memories":null,"note":null,"messages":[{"role":"user","content":"q","name":null},{"role":"assistant","content":"a","tool_calls":null}]}' >in.jsonl
	echo '{{ messages|tojson }}' >t.jinja
	run -1 --separate-stderr trx-template -t t.jinja in.jsonl
	one_line bad_field
	run -0 trx-cat --json <(trx-template -t t.jinja --drop-null in.jsonl 2>/dev/null)
	[ "$output" = '{"id":"in.jsonl:1","context":"[{\"role\": \"user\", \"content\": \"q\"}]","continuation":"a","note":null}' ]
}

@test "trx-template: --var gives the template variables, the row's own are stronger" {
	echo '{{ a }}{{ b }}{{ bos_token }}' >t.jinja
	echo '{"chat_template_kwargs":{"b":true},"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]}' >in.jsonl
	run -0 trx-cat --json <(trx-template -t t.jinja --var 'a="x"' --var b=2.50 --var 'bos_token="B"' in.jsonl 2>/dev/null)
	[ "$(jq -r .context <<<"$output")" = xTrueB ]
	run -0 trx-cat --header <(trx-template -t t.jinja --var 'a="x"' in.jsonl 2>/dev/null)
	[[ $output == *'"vars":["a=\"x\""]'* ]]
	for bad in a =1 a=x 'a=1 2'; do
		run -2 --separate-stderr trx-template -t t.jinja --var "$bad" in.jsonl
		one_line 'is not KEY=JSON'
	done
}

@test "trx-template: -t takes one of the model's templates by its name" {
	mkdir m
	echo '{"chat_template":[{"name":"default","template":"D"},{"name":"rag","template":"R"}]}' >m/tokenizer_config.json
	echo '{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]}' >in.jsonl
	run -0 trx-cat --json <(trx-template -m m -t rag in.jsonl 2>/dev/null)
	[ "$(jq -r .context <<<"$output")" = R ]
	run -1 --separate-stderr trx-template -m m -t none in.jsonl
	one_line 'none: no such file'
}
