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
	need_shared templates/spec.jsonl
	same "" spec "$SHARED"
}

@test "template: every collected template over every context is equal or refused" {
	need_shared templates/golden.jsonl
	same "" golden "$SHARED"
}

@test "template: random templates are equal or refused" {
	same "" random 1 3000
}

@test "template: what the engine does not know is refused by name and line" {
	run -0 render 'a\n{{ x|urlize }}'
	[ "$output" = "{\"error\":\"template:2: the filter 'urlize' is not supported yet\"}" ]
	run -0 render '{% include \"x\" %}'
	[ "$output" = "{\"error\":\"template:1: the statement 'include' is not supported yet\"}" ]
	run -0 render '{{ x.zfill(3) }}'
	[ "$output" = "{\"error\":\"template:1: the method 'zfill' is not supported yet\"}" ]
	run -0 render '{{ lipsum() }}'
	[[ $output == *"template:1: "*"the global 'lipsum'"* ]]
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
