load helper

cli=$TRX_UNIT/cli

# await_temporary: until `cli write --mode wait file` has written.
await_temporary() {
	for _ in $(seq 200); do
		[ -s "$(echo .file.??????.tmp)" ] && return
		sleep 0.05
	done
	return 1
}

# expect STATUS REGEX ARGUMENTS...: cli fails with one line that matches.
expect() {
	local status=$1 regex=$2
	shift 2
	run "-$status" --separate-stderr "$cli" "$@"
	one_line "$regex"
}

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

@test "cli: options and operands may be mixed, up to --" {
	run -0 "$cli" show a -n 4K --flag b --bound=x=y --mode wait -- -n --max
	[ "$output" = "max=4096 flag=1 bound=x=y mode=wait [a] [b] [-n] [--max]" ]
	run -0 "$cli" show -fn3 -b '' - --max 5
	[ "$output" = "max=5 flag=1 bound= mode=plain [-]" ]
}

@test "cli: a number is digits and a unit of 1024, below 2^64" {
	for pair in 0=0 007=7 1K=1024 2M=2097152 3G=3221225472 \
		18446744073709551615=18446744073709551615 17179869183G=18446744072635809792; do
		run -0 "$cli" show -n "${pair%=*}"
		[[ $output == "max=${pair#*=} "* ]]
	done
	for bad in '' 12x -1 +1 ' 1' 1k 1KB K 1.5K 0x10 18446744073709551616 17179869184G; do
		expect 2 "^cli: --max wants a number such as 4096 or 4K, not '${bad//[+.]/.}' \(try cli --help\)$" show -n "$bad"
	done
}

@test "cli: each usage error is one line that names the option" {
	expect 2 "^cli: unknown option '--foo' \(try cli --help\)$" show --foo
	expect 2 "unknown option '--foo=1'" show --foo=1
	expect 2 "unknown option '-x'" --flag -xf
	expect 2 "unknown option '-x'" show -fx word
	expect 2 "unknown option '-\?'" show -$'\xc3\xa9'
	expect 2 "option '--max' wants an argument" show --max
	expect 2 "option '-n' wants an argument" show -fn
	expect 2 "option '--flag' takes no argument" show --flag=1
	expect 2 "option '--help' takes no argument" show --help=1
	expect 2 "--mode is plain\|wait, not 'other'" show --mode other
	expect 2 "unknown option '--a\?b'" show $'--a\nb'
}

@test "cli: long options are never abbreviated" {
	expect 2 "unknown option '--ma'" show --ma
	expect 2 "unknown option '--ma'" show --ma 5
	expect 2 "unknown option '--ma=5'" show --ma=5
	expect 2 "unknown option '--fla'" show --fla
	expect 2 "unknown option '--fla=1'" show --fla=1
	expect 2 "unknown option '--hel'" show --hel
	expect 2 "unknown option '--m'" show --m 5
}

@test "cli: --help is made from the table, 80 columns wide at most" {
	run -0 --separate-stderr "$cli" --help
	[ -z "$stderr" ]
	diff - <(printf '%s\n' "$output") <<-'END'
		usage: cli [options] COMMAND [WORD...]

		Try common/cli.

		  -n, --max N                 how many there are, of bytes or of rows, which is
		                              a long help
		  -f, --flag                  a flag
		  -b, --bound TEXT            a text
		      --mode plain|wait       a choice
		      --in N                  rows that came in
		      --help                  print this
		      --version               print versions, the libraries' too
	END
	for filter in "$TRX_BIN"/trx-*; do
		run -0 "$filter" --help
		printf '%s\n' "$output" | sed 1d >help
		run -1 grep -E '.{81}' help
	done
}

@test "cli: --version names the program, then each library" {
	run -0 --separate-stderr "$cli" --version
	[ -z "$stderr" ]
	[[ ${lines[0]} =~ ^cli\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	[ "${lines[1]}" = "library 1.2.3" ]
}

@test "cli: help that cannot be written is status 3" {
	for option in --help --version; do
		run -3 --separate-stderr bash -c '"$0" "$1" >/dev/full' "$cli" $option
		one_line "^cli: standard output: No space left on device$"
		run -3 --separate-stderr bash -c '"$0" "$1" >&-' "$cli" $option
		one_line "^cli: standard output: Bad file descriptor$"
	done
	run -3 --separate-stderr bash -c '"$0" print -n 100K >/dev/full' "$cli"
	one_line "^cli: standard output: "
}

@test "cli: a line on standard error has its control bytes masked, and ends" {
	run -0 --separate-stderr "$cli" warn $'a\e[31m\r\nb\x7f é'
	[ "$stderr" = "cli: a?[31m??b? é" ]
	long=$(printf '%5000s' '' | tr ' ' y)
	run -0 --separate-stderr "$cli" warn "$long"
	one_line '^cli: y{2000,2047}$'
	"$cli" warn "$long" 2>err
	[ "$(wc -l <err)" -eq 1 ]
}

@test "cli: a line is one write" {
	run -0 "$cli" warn --flag text
	[ "$output" = "1 writes" ]
}

@test "cli: what is written comes out whole, in pieces of any size" {
	for n in 0 1 262143 262144 262145 5000001; do
		"$cli" write -n $n file
		"$cli" write -n $n >out
		"$cli" write -n $n | cat >piped
		cmp file out
		cmp file piped
		[ "$(stat -c %s file)" -eq $n ]
	done
}

@test "cli: a full or closed standard output is status 3" {
	for n in 10 300K; do
		run -3 --separate-stderr bash -c '"$0" write -n "$1" >/dev/full' "$cli" $n
		one_line "^cli: standard output: No space left on device$"
		run -3 --separate-stderr bash -c '"$0" write -n "$1" >&-' "$cli" $n
		one_line "^cli: standard output: Bad file descriptor$"
	done
	# No file that is opened gets the number of the one that is closed.
	"$cli" write -n 10 --flag file >&-
	[ "$(stat -c %s file)" -eq 10 ]
}

@test "cli: a reader that is gone ends it by SIGPIPE, also where that was ignored" {
	for command in "write -n 5M" "print -n 5M"; do
		for ignored in : "trap '' PIPE"; do
			run -0 --separate-stderr bash -c "$ignored; "'"$0" $1 | :
				[ "${PIPESTATUS[0]}" -eq 141 ]' "$cli" "$command"
			[ -z "$stderr" ]
		done
	done
}

@test "cli: binary data does not go to a terminal" {
	run -0 script -qec "$cli write -n 10; echo status \$?" /dev/null
	[[ $output == *"not written to a terminal"*"status 2"* ]]
}

@test "cli: a file appears whole, with the mode that umask leaves" {
	mkfifo in
	(umask 027 && exec "$cli" write -n 1000 --mode wait file <in 3>&-) &
	exec 4>in
	await_temporary
	[ ! -e file ]
	[ "$(stat -c %s .file.??????.tmp)" -eq 1000 ]
	exec 4>&-
	wait
	[ "$(stat -c '%s %a' file)" = "1000 640" ]
	[ "$(ls -A)" = $'file\nin' ]
	"$cli" write -n 5 file
	[ "$(stat -c %s file)" -eq 5 ]
}

@test "cli: a signal that ends it removes the temporary file; one that is ignored stays so" {
	mkdir here
	cd here
	mkfifo in
	for signal in INT TERM HUP; do
		# Jobs in the background ignore SIGINT; env gives it back.
		env --default-signal=INT,HUP "$cli" write -n 1000 --mode wait file <in 3>&- &
		pid=$!
		exec 4>in
		await_temporary
		kill -s "$signal" "$pid"
		status=0
		wait "$pid" || status=$?
		[ "$status" -eq $((128 + $(kill -l "$signal"))) ]
		exec 4>&-
		[ "$(ls -A)" = in ]
	done
	env --ignore-signal=INT,HUP "$cli" write -n 1000 --mode wait file <in 3>&- &
	pid=$!
	exec 4>in
	await_temporary
	kill -s INT "$pid"
	kill -s HUP "$pid"
	exec 4>&-
	wait "$pid"
	[ "$(stat -c %s file)" -eq 1000 ]
}

@test "cli: a file that cannot be made is named, and nothing is left" {
	# bats keeps files of its own in the folder above.
	mkdir -p here/folder
	cd here
	expect 3 "^cli: none/file: No such file or directory$" write -n 1 none/file
	expect 3 "^cli: folder: Is a directory$" write -n 1 folder
	expect 2 "^cli: a file name is empty" write -n 1 ''
	[ "$(ls -A)" = folder ]
}

@test "cli: what is no regular file is written to as it is" {
	mkfifo pipe
	cat pipe >got 3>&- &
	"$cli" write -n 1000 pipe
	wait
	[ "$(stat -c %s got)" -eq 1000 ]
	[ -p pipe ]
	"$cli" write -n 1000 /dev/null
	[ -c /dev/null ]
	expect 3 "^cli: /dev/full: No space left on device$" write -n 1000 /dev/full
	[ -c /dev/full ]
}

@test "cli: a symbolic link stays, and the file it leads to is replaced" {
	mkdir folder
	echo old >folder/file
	ln -s folder/file link
	ln -s none dangling
	"$cli" write -n 1000 link
	[ -L link ]
	[ "$(stat -c %s folder/file)" -eq 1000 ]
	[ "$(ls -A folder)" = file ]
	expect 3 "^cli: dangling: No such file or directory$" write -n 1 dangling
	[ -L dangling ]
	run -0 bash -c '"$0" write -n 1000 /dev/stdout | wc -c' "$cli"
	[ "$output" -eq 1000 ]
}

@test "cli: SIGUSR1 prints the counts, and reading goes on" {
	mkfifo in
	"$cli" progress <in 2>err 3>&- &
	pid=$!
	exec 4>in
	for _ in $(seq 100); do
		((0x$(sed -n 's/^SigCgt:\s*//p' "/proc/$pid/status") & 0x200)) && break
		sleep 0.05
	done
	for _ in $(seq 100); do
		kill -USR1 "$pid"
		sleep 0.05
		grep -q '^cli: 18446744073709551615 in, 5 out, 0 rejected$' err && break
	done
	grep -q '^cli: 18446744073709551615 in, 5 out, 0 rejected$' err
	exec 4>&-
	wait "$pid"
	run -1 grep -v ' in, [05] out, 0 rejected$' err
}

@test "cli: progress is drawn on a terminal only, and taken away" {
	run -0 --separate-stderr "$cli" progress </dev/null
	[ -z "$stderr" ]
	script -qec "$cli progress </dev/null" typescript >/dev/null
	grep -qF $'\rcli: 18446744073709551615 in, 5 out, 0 rejected\e[K\r\e[K' typescript
}

@test "cli: rejected rows go to a file, also when there are none" {
	"$cli" rejects -n 2 --in 3 r
	[ "$(cat r)" = $'{}\n{}' ]
	"$cli" rejects --in 3 r
	[ -f r ] && [ ! -s r ]
	"$cli" rejects --in 0 r
	"$cli" rejects --in 3
	expect 1 "nothing came through: all were rejected" rejects -n 3 --in 3 r
	[ "$(wc -l <r)" -eq 3 ]
	"$cli" rejects -n 2 --in 3 /dev/null
}

@test "cli: a bound on the rejected rows holds exactly, and the file stays" {
	for fine in "0 0 3" "2 2 3" "1K 3 9" "0% 0 3" "50% 1 2" "0.5% 1 200" "33.3334% 1 3" \
		"100% 2 3" "100.0000% 2 3" "0.0001% 1 1000000" "00.50% 1 200" "0% 0 0"; do
		read -r bound n in <<<"$fine"
		"$cli" rejects --bound "$bound" -n "$n" --in "$in" r
	done
	for over in "0 1 3" "2 3 9" "0% 1 1000000" "50% 2 3" "0.5% 1 199" "33.3333% 1 3" \
		"0.0001% 1 999999" "99.9999% 999999 999999"; do
		read -r bound n in <<<"$over"
		rm -f r
		expect 1 "^cli: $n rows rejected: more than --max-rejects $bound$" \
			rejects --bound "$bound" -n "$n" --in "$in" r
		[ "$(wc -l <r)" -eq "$n" ]
	done
}

@test "cli: a bound is a number or a percentage, and needs a file" {
	mkdir here
	cd here
	for bad in '' % five -1 1.5 .5% 1..5% 1.00001% 100.0001% 101% 1%% 1%x 1e2% ' 1%' 99999999999999999999%; do
		run -2 --separate-stderr "$cli" rejects --bound "$bad" r
		[[ $stderr == "cli: --max-rejects wants a number or a percentage, not '$bad' (try cli --help)" ]]
	done
	[ -z "$(ls -A)" ]
	expect 2 "--max-rejects is for --rejects FILE" rejects --bound 1
}
