# What every bats file needs.  TRX_BIN, TRX_UNIT and TRX_FUZZ come from
# `make check`: the filters, and the programs of tests/unit and tests/fuzz.
bats_require_minimum_version 1.5.0

ROOT=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
: "${TRX_BIN:=$ROOT/build}" "${TRX_UNIT:=$TRX_BIN/unit}" "${TRX_FUZZ:=$TRX_BIN/fuzz}"
PATH=$TRX_BIN:$ROOT/pipelines:$PATH
DATA=$ROOT/tests/data
MODEL=$DATA/model
# Real models, templates and chats, which are not part of the project.
SHARED=${TRX_SHARED:-$ROOT/../shared}
PYTHON=$ROOT/.venv/bin/python
export PATH

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
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
	[ -x "$PYTHON" ] || skip_or_fail "no .venv: scripts/venv makes it"
}

# chats N: the first N shipped rows, as chats.jsonl.
chats() {
	cat "$DATA"/chats/*.jsonl | sed -n "1,${1}p" >chats.jsonl
}

# text / tokens / cut / rows: chats.jsonl after each stage of the chain.
text() { trx-template -m "$MODEL" chats.jsonl 2>/dev/null; }
tokens() { text | trx-encode -m "$MODEL/tokenizer.model" 2>/dev/null; }
cut_tokens() { tokens | trx-truncate -n 512 2>/dev/null; }
rows() { cut_tokens | trx-pack -n 512 2>/dev/null; }

# one_line REGEX: stderr of the last run is one line and matches.
one_line() {
	[ "$(printf '%s\n' "$stderr" | wc -l)" -eq 1 ] && [[ $stderr =~ $1 ]] || {
		printf 'stderr was: %s\n' "$stderr"
		return 1
	}
}
