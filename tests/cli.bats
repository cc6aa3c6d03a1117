load helper

@test "cli: workers drain in order, for any number of them" {
	for threads in 1 2 3 8; do
		run -0 "$TRX_UNIT/pool" "$threads" 500
		[ "$output" = "500 drained" ]
		run -0 "$TRX_UNIT/pool" "$threads" 0
		[ "$output" = "0 drained" ]
	done
}

@test "cli: what was filled before a failure is drained, and nothing after one" {
	for threads in 1 2 8; do
		for at in 0 1 5 100; do
			run -1 "$TRX_UNIT/pool" "$threads" 200 fill "$at"
			[ "$output" = "$at drained: fill failed" ]
			run -3 "$TRX_UNIT/pool" "$threads" 200 drain "$at"
			[ "$output" = "$at drained: drain failed" ]
		done
	done
}

@test "cli: options and files may be mixed, -- ends options, numbers take K, M and G" {
	echo '{"context":"a","continuation":"b"}' >-odd.jsonl
	trx-template --rejects=r -j 2 -- -odd.jsonl >one 2>/dev/null
	trx-template ./-odd.jsonl -j2 --rejects r >two 2>/dev/null
	cmp one two
	chats 3
	tokens >t.trx
	trx-truncate t.trx -n 4K 2>/dev/null | cmp - <(trx-truncate --max-length=4096 t.trx 2>/dev/null)
	trx-truncate -n 1M t.trx 2>/dev/null | trx-cat --header | jq -e '.stages[-1].options.max_length == 1048576'
	for n in '' K 4k 1.5K -1 4096x 99999999999999999999 18446744073709551615G; do
		run -2 trx-truncate -n "$n" t.trx
	done
	run -2 --separate-stderr trx-truncate -n
	one_line "option '-n' wants an argument"
}

@test "cli: a rejects file appears by rename; a device is written to as it is" {
	echo nonsense >rows.jsonl
	echo '{"context":"a","continuation":"b"}' >>rows.jsonl
	trx-template --rejects /dev/null rows.jsonl >out 2>/dev/null
	[ -c /dev/null ]
	run -3 --separate-stderr bash -c 'trx-template --rejects nowhere/r rows.jsonl >out'
	one_line "nowhere/r: No such file"
	run -3 --separate-stderr bash -c 'trx-template --rejects /dev/full rows.jsonl >out'
	one_line "/dev/full: No space left"
	echo old >r
	run -1 bash -c 'trx-template --rejects r nowhere.jsonl >out'
	[ "$(cat r)" = old ]
	[ -z "$(find . -name '.r.*')" ]
	(umask 027 && trx-template --rejects r rows.jsonl >out 2>/dev/null)
	[ "$(stat -c %a r)" = 640 ]
}

@test "cli: closed descriptors are errors, not other files" {
	echo '{"context":"a","continuation":"b"}' >rows.jsonl
	run -3 bash -c 'trx-template rows.jsonl >&-'
	run -3 bash -c 'trx-template <&- >out'
	run -0 bash -c 'trx-template rows.jsonl 2>&- >out'
	trx-cat --verify out
}

@test "cli: names with control bytes do not reach the terminal" {
	run -1 --separate-stderr bash -c 'trx-template "$1" >out' - $'no\e[31m\nwhere.jsonl'
	one_line "no\?\[31m\?where.jsonl: No such file"
}
