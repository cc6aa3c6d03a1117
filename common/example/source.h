/*
 * What a filter reads, operand after operand, as one sequence of segments:
 * lines of JSONL (one segment in all), or streams and shards.  Each file may be
 * compressed with zstd: its first four bytes decide.
 */
#ifndef TRX_EXAMPLE_SOURCE_H
#define TRX_EXAMPLE_SOURCE_H

#include <stdint.h>

#include "common/base/error.h"
#include "common/base/str.h"
#include "common/record/reason.h"
#include "common/record/stream.h"

struct trx_source_event {
	enum trx_event_type type;
	/*
	 * Of a row: its line without the newline, TRX_JSON_PADDING readable
	 * bytes after it, or its payload.  Of a header and an end: JSON.
	 * Borrowed until the next event.
	 */
	struct trx_str bytes;
	const char *name; /* of the file, as messages have it; borrowed */
	uint64_t number;  /* of the line or record, from 1 */
	/* A line that cannot be taken: too_large; bytes is empty then. */
	enum trx_reason reason;
};

struct trx_source;

/* What must be so of JSONL input, else its end is an error. */
struct trx_expectations {
	bool allow_empty;     /* no rows at all is fine */
	const uint64_t *rows; /* lines that are not blank; NULL: any */
	const char *sha256;   /* hex digits, of all bytes; NULL: any */
};

/*
 * JSONL: the files (standard input where n is 0 or for "-") as one text, whose
 * header is an empty chain's and whose trailer holds the digest.  All borrowed.
 * NULL with err set on failure.
 */
struct trx_source *trx_source_lines(char *const *files, int n,
    const struct trx_expectations *expect, struct trx_error *err);

/*
 * Streams and shards.  The shards of a run that follow each other from the
 * first one on are one segment; any other shard is a piece, with a ledger of
 * its own.  Where several files are given, a run that begins must also end, and
 * no piece may follow one.
 */
struct trx_source *trx_source_records(
    char *const *files, int n, struct trx_error *err);

/*
 * The next event.  Returns 1; 0 at the end; -1 with err set, naming the file
 * (TRX_INPUT, TRX_MACHINE, or the status of the filter that failed).  A
 * segment's ledger has been checked against its examples only by those who
 * count them: see trx_ledger_check.
 */
int trx_source_next(struct trx_source *s, struct trx_source_event *event,
    struct trx_error *err);

/* As trx_stream_abort_cause; empty where s is NULL. */
struct trx_str trx_source_abort_cause(const struct trx_source *s);

/* NULL is fine. */
void trx_source_free(struct trx_source *s);

#endif
