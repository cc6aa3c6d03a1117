load helper

# compare KIND ARGUMENTS...: no text differs.
compare() {
	run -0 --separate-stderr "$PYTHON" "$ROOT/tests/oracle/normalize.py" "$TRX_UNIT/normalize" "$@"
	[[ $output =~ ^[0-9]+\ texts,\ 0\ differ$ ]]
}

# text STRING: as tests/unit/normalize reads it; escapes as
# printf has them, short, and no NUL.
text() {
	local bytes
	printf -v bytes '%b' "$1"
	printf '%b%s' "$(printf '\\x%x\\0\\0\\0' "$(printf %s "$bytes" | wc -c)")" "$bytes"
}

# ends SPEC STRING WANTED: where the bytes that the text becomes end in it.
ends() {
	echo "$1" >spec.json
	run -0 --separate-stderr "$TRX_UNIT/normalize" -e spec.json < <(text "$2")
	if [ "$output" != "$3" ]; then
		echo "$1: $output"
		return 1
	fi
}

# refused SPEC REGEX
refused() {
	echo "$1" >spec.json
	run -1 --separate-stderr "$TRX_UNIT/normalize" spec.json </dev/null
	one_line "^normalize: normalizer: $2"
}

@test "normalizer: every scalar value is normalized as the reference does" {
	need_tokenizers
	compare scalars
}

@test "normalizer: every combining mark and every composition are the reference's" {
	need_tokenizers
	compare marks
}

@test "normalizer: random texts are the reference's" {
	need_tokenizers
	compare random 1 12000
}

@test "normalizer: SentencePiece's maps, by grapheme clusters as the reference has them" {
	need_tokenizers
	compare charsmap 1 10000
}

@test "normalizer: random Sequences are the reference's" {
	need_tokenizers
	compare sequence 1 300
}

@test "normalizer: what the reference does not load is refused, little else" {
	need_tokenizers
	run -0 --separate-stderr "$PYTHON" "$ROOT/tests/oracle/normalize.py" "$TRX_UNIT/normalize" load
	# What has no type, or not one of its types, it takes for what its members are.
	cut -s -f 2 <<<"$output" | sort -u >only
	diff only - <<-'END'
		normalize: normalizer: Prepend: an empty text is not supported
		normalize: normalizer: Replace: an empty pattern is not supported
		normalize: normalizer: one has no type
		normalize: normalizer: the type AAAA is not supported
	END
}

@test "normalizer: where bytes come from" {
	ends '{"type": "NFC"}' 'xe\xcc\x81y' '1 4 4 5'
	ends '{"type": "NFD"}' 'x\xc3\xa9y' '1 3 3 3 4'
	ends '{"type": "NFC"}' 'x\xc3\xa9y' '1 2 3 4'
	# The mark below comes first, and the one above composes.
	ends '{"type": "NFC"}' 'e\xcc\x81\xcc\xa3' '5 5 5 5 5'
	ends '{"type": "Prepend", "prepend": "ab"}' 'x' '0 0 1'
	ends '{"type": "Replace", "pattern": {"String": "bb"}, "content": "xyz"}' 'abbc' '1 3 3 3 4'
	ends '{"type": "Strip", "strip_left": true, "strip_right": true}' '  ab ' '3 4'
	ends '{"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "b"}, {"type": "Strip", "strip_left": true,
		"strip_right": true}, {"type": "Replace", "pattern": {"String": "ba"}, "content": "x"}, {"type": "NFD"}]}' 'a\xc3\xa9' '1 3 3 3'
	ends '{"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "lowercase": true}' \
		'\tA\x01\xe4\xb8\x80' '1 2 6 6 6 6 6'
}

@test "normalizer: what is not reproduced is refused by name" {
	refused '{"type": "Other"}' 'the type Other is not supported$'
	refused '{"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Other"}]}' 'the type Other'
	refused '{"strip_left": true, "strip_right": true}' 'one has no type$'
	refused '{"type": "Replace", "pattern": {"Regex": "(a"}, "content": ""}' 'Replace: .*[(]a'
	refused '{"type": "Replace", "pattern": {"String": ""}, "content": "a"}' 'Replace: an empty pattern'
	refused '{"type": "Precompiled", "precompiled_charsmap": "AAA"}' 'Precompiled: precompiled_charsmap: it is not base64$'
	refused '{"type": "Precompiled", "precompiled_charsmap": "AAAAAAAA"}' 'Precompiled: .*precompiled_charsmap: its lengths'
	# The reference loses count there, and may panic in the next step.
	refused '{"type": "Prepend", "prepend": ""}' 'Prepend: an empty text'
	echo '{"type": "Replace", "pattern": {"Regex": "b*"}, "content": ""}' >spec.json
	run -1 --separate-stderr "$TRX_UNIT/normalize" spec.json < <(text a)
	one_line "normalizer: Replace: the Regex matches nothing"
	for n in 32 33; do
		printf '{"type": "Sequence", "normalizers": [%.0s' $(seq $n) >deep.json
		printf ']}%.0s' $(seq $n) >>deep.json
		"$TRX_UNIT/normalize" deep.json </dev/null 2>log && [ "$n" -eq 32 ] || grep -q "more than 32 in one another" log
	done
}

@test "normalizer: marks, ligatures, letters and clusters without end take linear time" {
	need_python
	"$PYTHON" -c 'import struct, sys
for text in (b"a" + b"\xcc\x81\xcc\xa3" * 1000000, b"\xef\xb7\xba" * 500000, b"\xe1\x84\x80\xe1\x85\xa1" * 500000):
    sys.stdout.buffer.write(struct.pack("<I", len(text)) + text)' >texts
	for kind in NFC NFKD; do
		echo '{"type": "'$kind'"}' >spec.json
		timeout 60 "$TRX_UNIT/normalize" spec.json <texts >out
	done
	echo '{"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "lowercase": true}' >spec.json
	timeout 60 "$TRX_UNIT/normalize" spec.json <texts >out
}
