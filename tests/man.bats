load helper

filters() { (cd "$ROOT/filters" && ls ./*.c) | sed 's|^./||; s|\.c$||'; }

# plain PAGE: its text without overstriking, as one line a paragraph.
plain() { mandoc -T ascii -O width=990 "$1" | sed 's/.\x08//g'; }

@test "man: every filter has a page, whose synopsis is that of --help" {
	for f in $(filters); do
		plain "$ROOT/filters/$f.1" | sed -n '/^SYNOPSIS/,/^DESCRIPTION/p' | sed '1d;$d' | tr -s ' \n' ' ' |
			sed 's/^ //; s/ $//; s/\[file \.\.\.\]/[FILE...]/' >page
		"$f" --help | sed -n '1s/^usage: //p' | tr -d '\n' | diff page -
	done
}

@test "man: every option of --help is in the page, and the four statuses" {
	for f in $(filters); do
		plain "$ROOT/filters/$f.1" >page
		"$f" --help | grep -oE '^ +(-., )?--[a-z0-9-]+' | grep -oE -- '--[a-z0-9-]+' | grep -vxE -- '--(help|version)' >options
		while read -r option; do
			grep -q -- "$option" page || { echo "$f.1 lacks $option" && return 1; }
		done <options
		sed -n '/^EXIT STATUS/,$p' page | grep -qE '^\s+2\s+usage'
	done
}

@test "man: the examples run as they stand" {
	cp -r "$MODEL" model
	cp -r "$TOKENIZER" other
	cp "$DATA/chats/cooking.jsonl" chats.jsonl
	n=0
	for page in "$ROOT"/filters/*.[17] "$ROOT"/pipelines/*.1; do
		while read -r line; do
			echo "$page: $line"
			bash -euo pipefail -c "$line" >out || [ $? -eq 141 ]
			n=$((n + 1))
		done < <(sed -nE 's/^(\.Dl )?\$ (.*)/\2/p' "$page")
	done
	[ "$n" -ge 10 ]
}

@test "man: pages refer to pages that there are" {
	find "$ROOT/filters" "$ROOT/pipelines" "$ROOT/common" -name '*.[157]' >pages
	while read -r page; do
		sed -nE 's/^\.Xr ([a-z-]+) ([1-9]).*/\1.\2/p' "$page"
	done <pages | sort -u | grep -E '^(trx|build)' >named
	while read -r name; do
		grep -q "/$name\$" pages || { echo "no page $name" && return 1; }
	done <named
}

@test "man: the reasons in trx-records(5) are those of the program" {
	sed -n 's/.*\[TRX_REASON_[A-Z0-9_]*\] = "\(.*\)".*/\1/p' "$ROOT/common/record/reason.c" | grep -vx none >code
	sed -n '/^\.Ss Reasons/,/^\.Ss What/s/^\.It Ic //p' "$ROOT/common/record/trx-records.5" | diff - code
}

@test "man: the streams are as trx-records(5) has them, read by nothing but Python" {
	chats 5
	rows >rows.trx
	python3 - rows.trx <<-'END'
		import json, struct, sys
		data = open(sys.argv[1], "rb").read()
		table = []
		for i in range(256):
		    for _ in range(8):
		        i = i >> 1 ^ 0x82F63B78 * (i & 1)
		    table.append(i)
		def crc32c(b, c=0):
		    c ^= 0xFFFFFFFF
		    for x in b:
		        c = c >> 8 ^ table[(c ^ x) & 255]
		    return c ^ 0xFFFFFFFF
		def masked(b):
		    c = crc32c(b)
		    return ((c >> 15 | c << 17) + 0xA282EAD8) & 0xFFFFFFFF
		at = seq = records = size = chain = 0
		while at < len(data):
		    head = data[at:at + 32]
		    assert head[:8] == b"\xffTRXrec\xfe" and head[9:12] == bytes(3)
		    kind, length, number, pc, hc = head[8:9], *struct.unpack("<IQII", head[12:])
		    payload = data[at + 32:at + 32 + length]
		    assert number == seq and hc == masked(head[:28]) and pc == masked(payload)
		    pad = -length % 8
		    assert data[at + 32 + length:at + 32 + length + pad] == bytes(pad)
		    if kind == b"H":
		        header = json.loads(payload)
		        assert payload == json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
		    if kind == b"D":
		        records, size = records + 1, size + length
		        n, zero = struct.unpack_from("<II", payload)
		        begin, sections = 8 + 8 * n, []
		        for i in range(n):
		            tag, flags, ln = struct.unpack_from("<HHI", payload, 8 + 8 * i)
		            sections.append((tag, payload[begin:begin + ln]))
		            begin += (ln + 7) // 8 * 8
		        assert zero == 0 and begin == length and [t for t, _ in sections[:4]] == [1, 2, 3, 16]
		        ids = struct.unpack(f"<{len(sections[0][1]) // 4}I", sections[0][1])
		        assert max(ids) < header["compat"]["vocab_size"]
		        segments = list(struct.iter_unpack("<4I", sections[2][1]))
		        assert segments[0][0] == 0 and segments[-1][2] == len(ids)
		    if kind == b"E":
		        assert struct.unpack_from("<QQII", payload) == (records, size, chain, 0)
		        assert json.loads(payload[24:])["ledger"][-1]["out"] == 5
		    chain = crc32c(head[28:], chain)
		    seq, at = seq + 1, at + 32 + length + pad
		assert kind == b"E" and records > 0
	END
}
