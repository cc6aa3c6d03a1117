load helper

@test "trx-pack: --help, --version, usage errors" {
	check_usage trx-pack
	run -2 --separate-stderr trx-pack
	one_line "-n LEN is needed"
	run -2 --separate-stderr trx-pack -n 10 --no-compress
	one_line "give -o"
	for pattern in out.tar.zst 'out-%d.tar.zst' 'a-%06d-%06d.tar.zst' 'out-%06d.tar' 'out-%06d.zip' 'out-%s.tar.zst'; do
		run -2 --separate-stderr trx-pack -n 10 -o "$pattern"
	done
}

@test "trx-pack: every example comes out once, in rows of at most LEN tokens, the segments in input order" {
	chats 100
	cut_tokens >cut.trx
	trx-cat --json cut.trx >examples
	trx-pack -n 4096 cut.trx 2>/dev/null >rows.trx
	trx-cat --verify rows.trx
	trx-cat --json rows.trx >rows
	jq -se 'map((.input_ids | length) <= 4096) | all' rows
	# A row of one example has another form: bring both to lists of examples.
	jq -c 'if .examples then .input_ids as $ids | reduce .examples[] as $e ({at: 0, out: []};
			.at as $at | {at: ($at + $e.total_len), out: (.out + [$e + {input_ids: $ids[$at:$at + $e.total_len]}])})
		| .out[] else . end' rows | jq -cS . | sort >unpacked
	jq -cS . examples | sort | diff - unpacked
	jq -sce --slurpfile e examples '($e | map(.id) | to_entries | map({(.value): .key}) | add) as $order
		| map(select(.examples) | .examples | map($order[.id]) | . == sort) | all' rows
	# The mask: 1 on each continuation, 0 on its segment's first token.
	jq -se 'map(select(.examples) | .mask == [.examples[] | range(.total_len) as $i | if $i >= .context_len and $i > 0 then 1 else 0 end]) | all' rows
}

@test "trx-pack: rows are best fit, and hardly more than the tokens need" {
	chats 100
	cut_tokens | trx-pack -n 4096 2>/dev/null | trx-cat --ledger |
		jq -e '.ledger[3].counts | .rows <= (.tokens / 4096 | ceil) + 2'
}

@test "trx-pack: packing is that of common/pack, shown on random lengths beside a plain model of it" {
	run -0 "$TRX_UNIT/fit"
	[[ $output == *"windows, all as the model has them"* ]]
}

@test "trx-pack: the ledger goes on, with rows beside the examples" {
	chats 30
	cut_tokens | trx-pack -n 4096 2>err | trx-cat --ledger >ledger
	jq -e '[.ledger[].name] == ["trx-template","trx-encode","trx-truncate","trx-pack"]
		and .ledger[3].out == 30 and .ledger[3].counts.rows < 30 and .input.lines == 30' ledger
	grep -q '^trx-pack: 30 in, 30 out, 0 rejected; rows' err
}

@test "trx-pack: segments are mixed if made with one model, and listed" {
	chats 20
	cut_tokens >a.trx
	chats 10
	cut_tokens >b.trx
	trx-pack -n 4096 a.trx b.trx >mixed.trx 2>/dev/null
	trx-cat --verify mixed.trx
	trx-cat --ledger mixed.trx | jq -e '(.inputs | length) == 2 and .inputs[1].trailer.ledger[0].out == 10
		and .inputs[0].header.kind == "tokens" and .ledger == [{counts: .ledger[0].counts, in: 30, made: 0, name: "trx-pack", out: 30, rejected: {}}]'
	mkdir other
	cp "$MODEL"/* other
	chmod u+w other/*
	jq '.add_eos_token = (.add_eos_token | not)' "$MODEL/tokenizer_config.json" >other/tokenizer_config.json
	MODEL=other cut_tokens >c.trx
	run -1 --separate-stderr bash -c 'trx-pack -n 4096 a.trx c.trx >out'
	one_line "c.trx: made with another model"
}

@test "trx-pack: an example longer than a row is the reject too_long" {
	chats 30
	tokens >tokens.trx
	run -1 --separate-stderr bash -c 'trx-pack -n 60 tokens.trx >out'
	one_line "id .*: too_long: "
	trx-pack -n 60 --rejects r tokens.trx 2>/dev/null >out
	[ "$(($(wc -l <r) + $(trx-cat --ledger out | jq '.ledger[2].out')))" -eq 30 ]
	jq -se 'map(.stage == "trx-pack" and .reason == "too_long" and .row.id == .id) | all' r
}

@test "trx-pack: shards stand under their names whole, or not at all" {
	chats 100
	cut_tokens >cut.trx
	mkdir out
	trx-pack -n 4096 -o 'out/s-%06d.tar.zst' --shard-size 20000 cut.trx 2>/dev/null
	ls -A out >names
	[ "$(wc -l <names)" -gt 2 ]
	grep -vxE 's-[0-9]{6}\.tar\.zst' names && return 1
	trx-cat --verify out/*.zst
	head -c 5000 cut.trx >torn.trx
	mkdir none
	run -1 --separate-stderr trx-pack -n 4096 -o 'none/s-%06d.tar.zst' --shard-size 20000 torn.trx
	one_line "torn.trx: .*cut short"
	[ -z "$(ls -A none)" ]
	run -3 --separate-stderr trx-pack -n 4096 -o 'nowhere/s-%06d.tar.zst' cut.trx
	one_line "nowhere"
}

@test "trx-pack: the rows of shards are those of the stream; the plain tar is the compressed one's" {
	chats 60
	cut_tokens >cut.trx
	trx-pack -n 4096 cut.trx 2>/dev/null | trx-cat --json >stream
	trx-pack -n 4096 -o 's-%06d.tar.zst' --shard-size 30000 cut.trx 2>/dev/null
	trx-pack -n 4096 -o 's-%06d.tar' --no-compress --shard-size 30000 cut.trx 2>/dev/null
	trx-cat --json s-*.tar.zst | cmp - stream
	trx-cat --json s-*.tar | cmp - stream
	for f in s-*.tar; do zstd -dc "$f.zst" | cmp - "$f"; done
}

@test "trx-pack: empty input, an empty run, text instead of tokens" {
	run -1 --separate-stderr bash -c 'trx-pack -n 5 </dev/null >out'
	one_line "<stdin>: empty"
	trx-template --allow-empty </dev/null 2>/dev/null | trx-encode -m "$MODEL/tokenizer.model" 2>/dev/null |
		trx-pack -n 50 -o 'e-%06d.tar.zst' 2>/dev/null
	trx-cat --verify e-000000.tar.zst
	chats 5
	text >text.trx
	run -1 --separate-stderr bash -c 'trx-pack -n 50 text.trx >out'
	one_line "it is text, not tokens"
}

@test "trx-pack: torn input, oversized lengths, a full disk, a reader that is gone" {
	chats 50
	cut_tokens >cut.trx
	check_torn cut.trx trx-pack -n 4096
	check_oversized trx-pack -n 4096
	check_full cut.trx trx-pack -n 4096
	for _ in $(seq 20); do cat cut.trx; done >many.trx
	check_closed_reader many.trx trx-pack -n 4096
}
