load helper

build() { build-dataset -m "$MODEL/tokenizer.model" -n 4096 "$@"; }

@test "build-dataset: one run of shards a file, and dataset.json with the summed ledger" {
	build -P 2 -o out "$DATA"/chats/*.jsonl 2>/dev/null
	[ "$(ls out)" = "$(printf '%s\n' code-000000.tar.zst cooking-000000.tar.zst dataset.json edge-000000.tar.zst languages-000000.tar.zst)" ]
	[ -z "$(find out -name '.*' -not -name out)" ]
	trx-cat --verify out/*.tar.zst
	rows=$(cat "$DATA"/chats/*.jsonl | wc -l)
	jq -e --argjson n "$rows" '.counts.examples == $n and .ledger[0].in == $n and .ledger[3].out == $n
		and (.files | map(.name)) == ["code", "cooking", "edge", "languages"]' out/dataset.json
	jq -r '.files[].shards[] | "\(.sha256)  \(.name)"' out/dataset.json | (cd out && sha256sum -c --quiet)
	for f in out/*.zst; do
		size=$(zstd -dcq "$f" | LC_ALL=C grep -abo '__trx__/manifest' | tail -n 1 | cut -d: -f1)
		[ "$(zstd -dcq "$f" | head -c "$size" | sha256sum | cut -d' ' -f1)" = \
			"$(jq -r --arg f "${f#out/}" '.files[].shards[] | select(.name == $f) | .tar_sha256' out/dataset.json)" ]
	done
}

@test "build-dataset: any -P and any folder give the same bytes" {
	build -P 1 -o one "$DATA"/chats/*.jsonl 2>/dev/null
	mkdir -p other/place
	cp "$DATA"/chats/*.jsonl other/place
	build -P 3 -o two other/place/*.jsonl 2>/dev/null
	diff -r one two
}

@test "build-dataset: a rerun makes what is missing or was made otherwise, and only that" {
	build -o out "$DATA"/chats/{code,edge}.jsonl 2>/dev/null
	cp -a out before
	rm out/edge-000000.tar.zst
	run -0 --separate-stderr build -o out "$DATA"/chats/{code,edge}.jsonl
	[[ $stderr == *"code: already there"* && $stderr != *"edge: already there"* ]]
	diff -r out before
	[ out/code-000000.tar.zst -ot out/edge-000000.tar.zst ]
	run -0 --separate-stderr build-dataset -m "$MODEL/tokenizer.model" -n 5000 -o out "$DATA"/chats/{code,edge}.jsonl
	[[ $stderr != *"already there"* ]]
	cp "$DATA/chats/edge.jsonl" edge.jsonl
	echo '{"context":"one","continuation":"more"}' >>edge.jsonl
	run -0 --separate-stderr build-dataset -m "$MODEL/tokenizer.model" -n 5000 -o out "$DATA/chats/code.jsonl" edge.jsonl
	[[ $stderr == *"code: already there"* && $stderr != *"edge: already there"* ]]
}

@test "build-dataset: usage, equal base names, files that are not there" {
	run -2 build-dataset
	run -0 build-dataset --help
	[[ $output == "usage: build-dataset "* ]]
	run -2 build -P x -o out a.jsonl
	mkdir d
	echo >a.jsonl
	cp a.jsonl d/a.jsonl
	run -2 --separate-stderr build -o out a.jsonl d/a.jsonl
	one_line "two files would both be a"
	zstd -q a.jsonl -o d/a.jsonl.zst
	run -2 build -o out a.jsonl d/a.jsonl.zst
	run -1 --separate-stderr build -o out nowhere.jsonl
	one_line "nowhere.jsonl"
	run -1 --separate-stderr build-dataset -m nowhere -n 5 -o out a.jsonl
	one_line "nowhere"
	[ ! -e out/dataset.json ]
}

@test "build-dataset: a bad row fails its file, or goes to its rejects with -r" {
	cp "$DATA/chats/edge.jsonl" good.jsonl
	{
		cat good.jsonl
		echo nonsense
	} >bad.jsonl
	run -1 --separate-stderr build -o out good.jsonl bad.jsonl
	[[ $stderr == *"bad.jsonl: line 26: not_json"* && $stderr == *"no dataset.json is written"* ]]
	[ -e out/good-000000.tar.zst ] && [ ! -e out/bad-000000.tar.zst ] && [ ! -e out/dataset.json ]
	build -r -o out good.jsonl bad.jsonl 2>/dev/null
	jq -e '.reason == "not_json" and .line == 26' out/bad.rejects.jsonl
	jq -e '.ledger[0].rejected == {not_json: 1}' out/dataset.json
	[ ! -s out/good.rejects.jsonl ]
}

@test "build-dataset: files whose names begin alike keep apart" {
	head -n 3 "$DATA/chats/code.jsonl" >a.jsonl
	head -n 5 "$DATA/chats/code.jsonl" >a-1.jsonl
	head -n 7 "$DATA/chats/code.jsonl" >a-000000.jsonl
	for order in 'a a-1 a-000000' 'a-000000 a-1 a'; do
		# shellcheck disable=SC2046,SC2086 # names are words
		build -o "out $order" $(printf '%s.jsonl ' $order) 2>/dev/null
		jq -e '.counts.examples == 15 and (.files | map(.shards | length) == [1, 1, 1])' "out $order/dataset.json"
	done
	run -0 --separate-stderr build -o "out a a-1 a-000000" a.jsonl
	[[ $stderr == *"a: already there"* ]]
	[ "$(find "out a a-1 a-000000" -name '*.zst' | wc -l)" -eq 3 ]
}

@test "build-dataset: compressed files, and names that need care" {
	zstd -q "$DATA/chats/edge.jsonl" -o 'odd name 100%.jsonl.zst'
	build -o out 'odd name 100%.jsonl.zst' 2>/dev/null
	[ -e 'out/odd name 100%-000000.tar.zst' ]
	jq -e '.files[0].name == "odd name 100%"' out/dataset.json
}
