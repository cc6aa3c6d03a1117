/*
 * Streams: segments of a header, data and an end, or an abort
 * (trx-records(5)).  End of file anywhere but after an end is an error, so a
 * dead writer can never pass for a short data set.
 */
#ifndef TRX_RECORD_STREAM_H
#define TRX_RECORD_STREAM_H

#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/error.h"
#include "common/base/str.h"
#include "common/cli/output.h"
#include "common/json/value.h"
#include "common/record/frame.h"
#include "common/zstream/in.h"

/* What a reader comes across, in this order, segment after segment. */
enum trx_event_type {
	TRX_EVENT_HEADER, /* bytes: the header's JSON */
	TRX_EVENT_ROW,	  /* bytes: a record's payload */
	TRX_EVENT_END	  /* bytes: the trailer's JSON, a ledger in it */
};

struct trx_event {
	enum trx_event_type type;
	struct trx_str bytes; /* borrowed until the next event */
	uint64_t record;      /* of a row: its number in the segment, from 1 */
};

struct trx_stream_reader;

/* Read from zin, borrowed; name is for messages, borrowed.  NULL: memory. */
struct trx_stream_reader *trx_stream_reader_new(
    struct trx_zin *zin, const char *name, struct trx_error *err);

/*
 * The next event.  Returns 1; 0 at the end of a valid stream; -1 with err set,
 * naming source, segment and record: TRX_INPUT where the stream is damaged, cut
 * short or written by two, TRX_MACHINE where reading failed, and the status of
 * the filter that failed where the stream was aborted.
 */
int trx_stream_next(struct trx_stream_reader *r, struct trx_event *event,
    struct trx_error *err);

/*
 * After -1: the abort frame's JSON where the stream was aborted, to be passed
 * on as it is; else empty.  Borrowed from the reader.
 */
struct trx_str trx_stream_abort_cause(const struct trx_stream_reader *r);

/* NULL is fine. */
void trx_stream_reader_free(struct trx_stream_reader *r);

/* What a writer keeps of the segment it is in. */
struct trx_stream_writer {
	struct trx_output *out; /* borrowed */
	bool open;		/* in a segment */
	uint64_t sequence;
	uint64_t records;
	uint64_t bytes; /* of the records' payloads */
	uint32_t chain; /* CRC-32C over the frames' head checksums */
};

/* Write to out, borrowed. */
void trx_stream_writer_init(
    struct trx_stream_writer *w, struct trx_output *out);

/*
 * A segment: its header's JSON, its records, its end.  0, or -1 with err set:
 * TRX_MACHINE where writing failed.
 */
int trx_stream_begin(
    struct trx_stream_writer *w, struct trx_str header, struct trx_error *err);
int trx_stream_row(
    struct trx_stream_writer *w, struct trx_str payload, struct trx_error *err);
int trx_stream_end(
    struct trx_stream_writer *w, struct trx_str trailer, struct trx_error *err);

/*
 * Say that the stream is not complete, and why: every reader after this ends
 * with that status and names the cause.  The cause is why, by this filter, or
 * where inherited is not empty a reader's trx_stream_abort_cause, passed on as
 * it is.  Where no segment is open an empty one is opened first.  A failure to
 * write it has nobody to tell and is not returned.
 */
void trx_stream_fail(struct trx_stream_writer *w, const char *filter,
    struct trx_str inherited, const struct trx_error *why);

#endif
