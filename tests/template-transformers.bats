#!/usr/bin/env bats
# Chats as transformers' own apply_chat_template prints them.

load helper

# transformers ARGUMENTS...: what tests/oracle/apply_chat_template.py does.
transformers() {
	"$PYTHON" "$ROOT/tests/oracle/apply_chat_template.py" "$@"
}

# render_all: the requests as transformers, the template engine's chat layer
# and the filter answer them.
render_all() {
	transformers answers <requests >theirs 2>log || { cat log; return 1; }
	"$TRX_UNIT/render" <requests >ours
	transformers product <requests >products
}

# engine_gives / product_gives COUNTS: they answered as transformers did.
engine_gives() {
	run -0 "$PYTHON" "$ROOT/tests/oracle/template_cases.py" compare ours theirs all
	[ "$output" = "$1" ] || { echo "$output"; false; }
}

product_gives() {
	run -0 transformers compare theirs products
	[ "$output" = "$1" ] || { echo "$output"; false; }
}

@test "transformers: 3,024 texts of 42 models" {
	need_python
	need_shared templates
	need_shared models
	need_shared chats
	transformers requests "$SHARED" models >requests
	[ "$(jq -r .model requests | sort -u | wc -l)" -eq 42 ]
	render_all
	engine_gives "2742 equal, 282 fail in both, 0 refused, 0 wrong"
	product_gives "1675 equal, 173 fail in both, 0 wrong"
}

@test "transformers: masks of 128 chats with generation blocks" {
	need_python
	need_shared templates
	need_shared chats
	transformers masks "$SHARED" models >requests
	[ "$(jq -r .model requests | sort -u | wc -l)" -eq 8 ]
	render_all
	engine_gives "128 equal, 0 fail in both, 0 refused, 0 wrong; 128 with spans"
	product_gives "128 equal, 0 fail in both, 0 wrong"
}

@test "transformers: 68 mistakes that it refuses" {
	need_python
	transformers failures models >requests
	render_all
	engine_gives "0 equal, 68 fail in both, 0 refused, 0 wrong"
	product_gives "0 equal, 44 fail in both, 0 wrong"
}

@test "transformers: records spans of generation blocks that are not true" {
	need_python
	transformers blocks "$DATA/generation_spans.json" >theirs
	jq -c '.[] | {out, gen: .transformers}' "$DATA/generation_spans.json" |
		diff - theirs
}
