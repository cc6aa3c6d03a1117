load helper

# pieces ARGUMENTS: no piece is other than that of tokenizers.
pieces() {
	need_python
	PYTHONPATH=$ROOT/.venv/tokenizers "$PYTHON" "$ROOT/tests/oracle/pretokenize.py" "$@"
}

# unit PRE_TOKENIZER TEXT: what the unit program makes of it.
unit() {
	jq -cn --argjson p "$1" --arg t "$2" '{pre_tokenizer: $p, texts: [$t]}' | "$TRX_UNIT/pretokenize"
}

# refused REASON PRE_TOKENIZER
refused() {
	unit "$2" a | jq -r .error | grep -qF -- "$1" || { unit "$2" a; return 1; }
}

regex() {
	jq -cn --arg p "$1" '{type: "Split", pattern: {Regex: $p}, behavior: "Isolated", invert: false}'
}

@test "pre-tokenizer: known patterns cut random texts and characters of all kinds as the reference" {
	pieces -n 60 "$TRX_UNIT/pretokenize" patterns
}

@test "pre-tokenizer: those of real models cut as the reference" {
	need_shared models
	pieces -n 200 "$TRX_UNIT/pretokenize" models "$SHARED"/models/*/tokenizer.json
}

@test "pre-tokenizer: random sequences of all types cut as the reference, or are refused" {
	pieces -n 500 "$TRX_UNIT/pretokenize" sequences
}

@test "regex: random expressions match as the reference's, or are refused" {
	pieces -n 1000 "$TRX_UNIT/pretokenize" regexes
}

@test "pre-tokenizer: what can't be reproduced is refused by name" {
	refused "UnicodeScripts: this type is not supported" '{"type":"UnicodeScripts"}'
	refused "no type" '{"pattern":{"String":"a"}}'
	refused "its pattern is neither" '{"type":"Split","behavior":"Isolated","invert":false}'
	refused "'invert' must be true or false" '{"type":"Split","pattern":{"String":"a"},"behavior":"Isolated"}'
	refused '"first" after other steps' '{"type":"Sequence","pretokenizers":[{"type":"Whitespace"},{"type":"Metaspace","replacement":"_","prepend_scheme":"first"}]}'
	refused "the regular expression '(a)\\1': such an escape is not supported" "$(regex '(a)\1')"
	refused "a number of times what may be empty" "$(regex '(?:a?){2}')"
	refused "ignoring the case of such letters" "$(regex '(?i:ss)')"
	refused "ignoring the case of such a character" "$(regex '(?i:é)')"
	refused "such a group" "$(regex '(?<n>a)')"
	refused "such a property" "$(regex '\p{Greek}')"
	refused "such depth" "$(regex "$(printf '(%.0s' {1..100})a$(printf ')%.0s' {1..100})")"
	refused "too long" "$(regex '(?:ab){9999}{9}')"
}

@test "regex: an expression that runs away is an error, not a wait" {
	run -0 unit "$(regex '(?:(?:a+)+)+b')" "$(printf 'a%.0s' {1..3000})"
	[[ $output == *"'(?:(?:a+)+)+b' takes too long to match"* ]]
}

@test "regex: a long text takes no more for each byte" {
	jq -cn '{pre_tokenizer: {type: "Split", pattern: {Regex: "\\p{Lu}*\\p{Ll}+|\\p{Lu}+|\\s+(?!\\S)|\\s+"},
		behavior: "Isolated", invert: false}, texts: ["A" * 3000000, " " * 3000000 + "a"]}' >long
	run -0 timeout 20 bash -c '"$1/pretokenize" <long | jq -c .ends' - "$TRX_UNIT"
	[ "$output" = '[[3000000],[2999999,3000000,3000001]]' ]
}

@test "regex: what the fuzzer keeps does no harm" {
	run -0 "$TRX_FUZZ/regex" "$DATA"/../fuzz/corpus/regex/*
}
