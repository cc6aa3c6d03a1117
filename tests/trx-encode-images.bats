load helper

# Compiled tokenizers in the cache folder: whatever becomes of them, the ids are
# right and nobody is told.  The folder is each test's own here.
setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export XDG_CACHE_HOME=$PWD/cache
	CACHE=$XDG_CACHE_HOME/trx
	mkdir model other
	cp "$TOKENIZER/tokenizer.json" model
	# One of the same size that gives other ids.
	jq -c '.model.vocab |= (."Ġa" as $x | ."Ġa" = ."Ġt" | ."Ġt" = $x)' model/tokenizer.json >other/tokenizer.json
	[ "$(stat -c %s model/tokenizer.json)" -eq "$(stat -c %s other/tokenizer.json)" ]
	chats 5
	trx-template -m "$TOKENIZER" chats.jsonl >text.trx 2>/dev/null
	trx-encode -m model --no-cache text.trx >model.want 2>said
	trx-encode -m other --no-cache text.trx >other.want 2>/dev/null
	run -1 cmp -s model.want other.want
	[ ! -e cache ]
}

# image NAME: the file of that model's image, a pattern.
image() {
	printf '%s\n' "$CACHE/$(sha256sum "$1/tokenizer.json" | cut -d' ' -f1).image"
}

# encode NAME: the ids are right, nothing is said, no temporary is left.
encode() {
	trx-encode -m "$1" text.trx >out 2>err
	cmp out "$1.want"
	cmp err said
	[ -z "$(find . -name '.*.tmp')" ]
}

# used FILE: it is what the last start took: the time of its use is noted, and
# it is not written anew.
used() {
	local inode
	inode=$(stat -c %i "$(image "$1")")
	touch -d 2001-01-01 "$(image "$1")"
	encode "$1"
	[ "$(stat -c %i "$(image "$1")")" -eq "$inode" ]
	[ "$(stat -c %Y "$(image "$1")")" -gt 1000000000 ]
}

@test "images: a start leaves one, the next one uses it, by the bytes of its source" {
	encode model
	[ "$(stat -c %a "$CACHE" "$(image model)")" = '700
600' ]
	[ "$(find cache -type f | wc -l)" -eq 1 ]
	used model
	# A copy elsewhere is the same tokenizer, another one is not.
	mkdir copy
	cp model/tokenizer.json copy
	cp model.want copy.want
	used copy
	encode other
	[ "$(find cache -type f | wc -l)" -eq 2 ]
	used model
	used other
	trx-encode -m model --no-cache text.trx 2>err | cmp - model.want
}

@test "images: a source that has stood a while is found by what stat says, and not when that changes" {
	sleep 3
	encode model
	[ "$(find cache -name '*.source' | wc -l)" -eq 1 ]
	used model
	# The same size and time, other bytes.
	touch -r model/tokenizer.json time
	cat other/tokenizer.json >model/tokenizer.json
	touch -r time model/tokenizer.json
	cp other.want model.want
	encode model
	encode model
}

@test "images: a source that changes again and again at the same size and time" {
	touch -d 2020-01-01 time
	cp model.want first.want
	for want in first other first other first other; do
		if [ $want = other ]; then cat other/tokenizer.json; else cat "$TOKENIZER/tokenizer.json"; fi >model/tokenizer.json
		touch -r time model/tokenizer.json
		cp $want.want model.want
		encode model
		encode model
	done
	[ -z "$(find cache -name '*.source')" ]
}

@test "images: a damaged record of a source is of no account" {
	sleep 3
	encode model
	encode other
	record=$(find cache -name '*.source' | head -1)
	cp "$record" good
	for sed in 's/^./x/' 's/^\(.\)\(.\)/\2\1/' 's/ /_/' 's/.$//' 's/$/0/' 's/[0-9]$/x/' d; do
		sed "$sed" good >"$record"
		encode model
		encode other
	done
	: >"$record"
	encode model
	encode other
	cmp good "$record"
	# Another one's line under this name.
	cp "$(find cache -name '*.source' | tail -1)" "$record"
	encode model
	encode other
}

@test "images: one that was cut short, or grew, is not used, and made anew" {
	encode model
	cp "$(image model)" good
	for n in 0 1 8 31 32 63 64 100 500 $(($(stat -c %s good) / 2)) $(($(stat -c %s good) - 1)); do
		head -c "$n" good >"$(image model)"
		encode model
		cmp good "$(image model)"
	done
	{ cat good && head -c 64 /dev/zero; } >"$(image model)"
	encode model
	cmp good "$(image model)"
}

@test "images: one with a byte flipped anywhere is not used" {
	encode model
	cp "$(image model)" good
	size=$(stat -c %s good)
	for at in 0 7 8 27 28 31 32 39 40 103 104 112 $(seq 128 $((size / 25)) "$size") $((size - 1)); do
		cp good bad
		byte=$(od -An -tu1 -j "$at" -N 1 good)
		printf '%b' "\\x$(printf %02x $((byte ^ 1 << at % 8)))" | dd of=bad bs=1 seek="$at" conv=notrunc status=none
		[ "$(cmp -l good bad | wc -l)" -eq 1 ]
		cp bad "$(image model)"
		encode model
		cmp good "$(image model)"
	done
}

@test "images: that of another tokenizer, or of another build, under this name is not used" {
	encode model
	encode other
	cp "$(image model)" good
	cp "$(image other)" "$(image model)"
	encode model
	cmp good "$(image model)"
	# Another build is one of another build ID.
	id=$(readelf -n "$TRX_BIN/trx-encode" | sed -n 's/.*Build ID: *//p')
	[ -n "$id" ]
	python3 - "$TRX_BIN/trx-encode" "$id" <<-'END'
		import sys
		program, id = open(sys.argv[1], "rb").read(), bytes.fromhex(sys.argv[2])
		assert program.count(id) == 1
		open("build", "wb").write(program.replace(id, id[::-1]))
	END
	chmod +x build
	./build -m model text.trx 2>err | cmp - model.want
	run -1 cmp -s good "$(image model)"
	encode model
	cmp good "$(image model)"
}

@test "images: what others can write is not used: a file, and a folder" {
	encode model
	for mode in 620 602 666; do
		chmod $mode "$(image model)"
		encode model
		[ "$(stat -c %a "$(image model)")" = 600 ]
	done
	rm "$CACHE"/*
	for mode in 770 707 777; do
		chmod $mode "$CACHE"
		encode model
		[ -z "$(ls -A "$CACHE")" ]
	done
	# A umask makes no such file.
	chmod 700 "$CACHE"
	(umask 000 && encode model)
	[ "$(stat -c %a "$(image model)")" = 600 ]
}

@test "images: what stands in the way is no matter" {
	for thing in cache "$CACHE" "$(image model)"; do
		rm -rf cache
		mkdir -p "$(dirname "$thing")"
		: >"$thing"
		encode model
		rm -r "$thing"
		mkdir -p "$thing/deeper"
		encode model
		rm -r "$thing"
		ln -s /nowhere "$thing"
		encode model
		encode model
	done
	rm -rf cache
	mkdir -p "$CACHE"
	chmod 500 "$CACHE"
	encode model
	rm -rf cache
	encode model
	rm -rf "$CACHE"
	encode model
	used model
}

@test "images: the folder is in XDG_CACHE_HOME, or in HOME, or there is none" {
	mkdir home
	unset XDG_CACHE_HOME
	HOME=$PWD/home encode model
	[ "$(find home -type f | wc -l)" -eq 1 ] && [ -d home/.cache/trx ]
	[ "$(stat -c %a home/.cache)" = 700 ]
	rm -r home/.cache
	# Relative ones do not count, nor empty ones.
	XDG_CACHE_HOME=relative HOME=$PWD/home encode model
	[ ! -e relative ] && [ -d home/.cache/trx ]
	rm -r home/.cache
	XDG_CACHE_HOME='' HOME=$PWD/home encode model
	[ -d home/.cache/trx ]
	for nowhere in home '' /proc/self "$PWD/not/there"; do
		HOME=$nowhere encode model
	done
	(unset HOME && encode model)
	[ ! -e not ]
	find . -name '*.image' >found
	[ "$(wc -l <found)" -eq 1 ]
}

@test "images: many starts at once write the same one" {
	for round in 1 2 3; do
		rm -rf cache
		[ $round -ne 3 ] || touch -d 2001-01-01 model/tokenizer.json
		seq 24 | xargs -P 8 -I{} sh -c 'trx-encode -m model text.trx >out.{} 2>err.{}'
		for i in $(seq 24); do
			cmp "out.$i" model.want
			cmp "err.$i" said
		done
		[ "$(find cache -name '*.image' | wc -l)" -eq 1 ]
		[ -z "$(find . -name '.*.tmp')" ]
		used model
	done
	# And different ones.
	rm -rf cache
	seq 24 | xargs -P 8 -I{} sh -c 'm=$([ $(({} % 2)) -eq 0 ] && echo model || echo other); trx-encode -m $m text.trx 2>/dev/null | cmp - $m.want'
	[ "$(find cache -name '*.image' | wc -l)" -eq 2 ]
}

@test "images: the least used go where they are more than 1 GiB" {
	encode other
	mkdir "$CACHE/folder"
	fallocate -l 1G "$CACHE/large" || skip "no room for a file of 1 GiB"
	echo small >"$CACHE/older"
	echo small >"$CACHE/newer"
	touch -d 2001-01-01 "$CACHE/older"
	touch -d 2002-01-01 "$CACHE/large"
	touch -d 2003-01-01 "$CACHE/newer" "$(image other)"
	# A use is noted, and nothing removed, where nothing is written.
	used other
	[ -e "$CACHE/large" ]
	encode model
	[ ! -e "$CACHE/large" ] && [ ! -e "$CACHE/older" ]
	[ -e "$CACHE/newer" ] && [ -e "$CACHE/folder" ]
	[ -e "$(image model)" ] && [ -e "$(image other)" ]
	# So does what a start that was killed left behind.
	fallocate -l 1G "$CACHE/.killed.tmp"
	rm "$(image model)"
	touch -d 2001-01-01 "$CACHE/.killed.tmp"
	encode model
	[ ! -e "$CACHE/.killed.tmp" ] && [ -e "$(image model)" ]
}
