# What every bats file needs.  TRX_BIN, TRX_UNIT and TRX_FUZZ come from
# `make check`: the filters, and the programs of tests/unit and tests/fuzz.
bats_require_minimum_version 1.5.0

ROOT=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
: "${TRX_BIN:=$ROOT/build}" "${TRX_UNIT:=$TRX_BIN/unit}" "${TRX_FUZZ:=$TRX_BIN/fuzz}"
PATH=$TRX_BIN:$ROOT/pipelines:$PATH
DATA=$ROOT/tests/data
MODEL=$DATA/model
TOKENIZER=$DATA/bpe
# Real models, templates and chats, which are not part of the project.
SHARED=${TRX_SHARED:-$ROOT/../shared}
PYTHON=$ROOT/.venv/bin/python
export PATH PYTHON TOKENIZER

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	# Compiled tokenizers: nothing of a test goes into the user's folder.
	export XDG_CACHE_HOME=$BATS_FILE_TMPDIR
}

# skip_or_fail REASON: a thing that is missing skips a test, or fails it where
# TRX_TEST_STRICT is set.
skip_or_fail() {
	[ -z "${TRX_TEST_STRICT:-}" ] || { echo "missing: $1"; return 1; }
	skip "$1"
}

need_shared() {
	[ -e "$SHARED/$1" ] || skip_or_fail "no $1 in the shared folder"
}

need_python() {
	[ -e "$ROOT/.venv/requirements.txt" ] || skip_or_fail "no .venv: scripts/venv makes it"
}

# The reference for tokenizer.json, as the package that Python then imports.
need_tokenizers() {
	need_python
	[ -e "$ROOT/.venv/tokenizers" ] || skip_or_fail "no .venv/tokenizers: scripts/venv makes it"
	export PYTHONPATH=$ROOT/.venv/tokenizers
}

# chats N: the first N shipped rows, as chats.jsonl.
chats() {
	cat "$DATA"/chats/*.jsonl | sed -n "1,${1}p" >chats.jsonl
}

# text / tokens / cut / rows: chats.jsonl after each stage of the chain.
text() { trx-template -m "$MODEL" chats.jsonl 2>/dev/null; }
tokens() { text | trx-encode -m "$MODEL/tokenizer.model" 2>/dev/null; }
cut_tokens() { tokens | trx-truncate -n 4096 2>/dev/null; }
rows() { cut_tokens | trx-pack -n 4096 2>/dev/null; }

# one_line REGEX: stderr of the last run is one line and matches.
one_line() {
	if [ "$(printf '%s\n' "$stderr" | wc -l)" -ne 1 ] || ! [[ $stderr =~ $1 ]]; then
		printf 'stderr was: %s\n' "$stderr"
		return 1
	fi
}

# Checks that hold for every filter, given as: check_x FILTER ARGUMENTS...

# --help and --version go to standard output; what is unknown is status 2.
check_usage() {
	local filter=$1
	run -0 --separate-stderr "$filter" --help
	[[ $output == "usage: $filter "* ]] && [ -z "$stderr" ]
	run -0 --separate-stderr "$filter" --version
	[[ $output == "$filter "*simdjson* ]] && [ -z "$stderr" ]
	run -2 --separate-stderr "$filter" --no-such-option
	one_line "^$filter: unknown option '--no-such-option'"
	run -2 --separate-stderr "$filter" --hel
	one_line "unknown option '--hel'"
	run -3 bash -c "$filter --help >/dev/full"
}

# Input that ends too early, anywhere, is status 1 with one line.
check_torn() {
	local good=$1 size n
	shift
	size=$(stat -c %s "$good")
	for n in 0 1 31 32 100 $((size / 2)) $((size - 1)); do
		head -c "$n" "$good" >torn
		run -1 --separate-stderr bash -c '"$@" <torn >out' - "$@"
		one_line "<stdin>.*(cut short|empty)"
	done
}

# A frame that claims more than the limit, with a valid checksum, is refused
# without its memory being taken.
check_oversized() {
	"$TRX_UNIT/frame" 67108865 >huge
	run -1 --separate-stderr bash -c 'ulimit -v "$1"; shift; "$@" <huge >out' - "$(memory_limit)" "$@"
	one_line "67108865 bytes: the limit is 67108864"
	"$TRX_UNIT/frame" 67108864 >claims
	run -1 --separate-stderr bash -c 'ulimit -v "$1"; shift; "$@" <claims >out' - "$(memory_limit)" "$@"
	one_line "cut short"
}

# What a filter may map in these tests; sanitizers map without end.
memory_limit() {
	case $TRX_BIN in *address*) echo unlimited ;; *) echo 400000 ;; esac
}

# Nowhere to write: status 3, one line.  A closed standard output too.
check_full() {
	local input=$1
	shift
	run -3 --separate-stderr bash -c '"$@" <"$0" >/dev/full' "$input" "$@"
	[[ $stderr == *"standard output: No space left on device"* ]]
	run -3 --separate-stderr bash -c '"$@" <"$0" >&-' "$input" "$@"
}

# A reader that is gone ends a filter by SIGPIPE, silently, also where the
# parent ignored that signal.
check_closed_reader() {
	local input=$1
	shift
	run -0 --separate-stderr bash -c '
		"$@" <"$0" | true
		[ "${PIPESTATUS[0]}" -eq 141 ]' "$input" "$@"
	[ -z "$stderr" ]
	run -0 --separate-stderr bash -c 'trap "" PIPE
		"$@" <"$0" | true
		[ "${PIPESTATUS[0]}" -eq 141 ]' "$input" "$@"
	[ -z "$stderr" ]
}
