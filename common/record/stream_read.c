#include <inttypes.h>
#include <stdlib.h>

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/bytes.h"
#include "common/digest/crc32c.h"
#include "common/json/reader.h"
#include "common/record/stream.h"

#define INPUT_SIZE ((size_t)256 * 1024)
#define END_FIXED 24 /* count, byte sum, checksum, zero */

struct trx_stream_reader {
	struct trx_zin *zin; /* borrowed */
	const char *name;    /* borrowed */
	char *input;	     /* INPUT_SIZE bytes, of which at..end are unread */
	size_t at;
	size_t end;
	struct trx_buf payload;
	struct trx_buf abort_cause;
	uint64_t segment; /* from 1; 0 before the first */
	bool open;	  /* in a segment */
	uint64_t sequence;
	uint64_t records;
	uint64_t bytes;
	uint32_t chain;
};

struct trx_stream_reader *
trx_stream_reader_new(
    struct trx_zin *zin, const char *name, struct trx_error *err)
{
	struct trx_stream_reader *r = calloc(1, sizeof(*r));

	if (r == NULL || (r->input = malloc(INPUT_SIZE)) == NULL) {
		free(r);
		trx_error_memory(err);
		return NULL;
	}
	r->zin = zin;
	r->name = name;
	return r;
}

void
trx_stream_reader_free(struct trx_stream_reader *r)
{
	if (r == NULL)
		return;
	free(r->input);
	trx_buf_free(&r->payload);
	trx_buf_free(&r->abort_cause);
	free(r);
}

struct trx_str
trx_stream_abort_cause(const struct trx_stream_reader *r)
{
	return trx_buf_str(&r->abort_cause);
}

/* Put where the reader is before err's text. */
static int
at_place(const struct trx_stream_reader *r, struct trx_error *err)
{
	if (r->segment == 0)
		return trx_error_at(err, "%s", r->name);
	return trx_error_at(err, "%s: segment %" PRIu64 ", record %" PRIu64,
	    r->name, r->segment, r->records + 1);
}

/* Make unread bytes available.  Returns 1, 0 at the end of the file, -1. */
static int
fill(struct trx_stream_reader *r, struct trx_error *err)
{
	ssize_t n;

	if (r->at < r->end)
		return 1;
	if ((n = trx_zin_read(r->zin, r->input, INPUT_SIZE, err)) <= 0)
		return (int)n;
	r->at = 0;
	r->end = (size_t)n;
	return 1;
}

static int
cut_short(const struct trx_stream_reader *r, struct trx_error *err)
{
	trx_error_set(err, TRX_INPUT,
	    "the stream is cut short: what wrote it died or was not waited "
	    "for");
	return at_place(r, err);
}

/*
 * Append n bytes to the buffer, growing it as they arrive and not as the
 * length claims.  Returns 0, or -1, also where the file ends before.
 */
static int
take(struct trx_stream_reader *r, struct trx_buf *out, size_t n,
    struct trx_error *err)
{
	size_t some;
	int rc;

	while (n > 0) {
		if ((rc = fill(r, err)) == -1)
			return -1;
		if (rc == 0)
			return cut_short(r, err);
		some = r->end - r->at < n ? r->end - r->at : n;
		trx_buf_add(out, r->input + r->at, some);
		if (out->failed)
			return trx_error_memory(err);
		r->at += some;
		n -= some;
	}
	return 0;
}

static int
check_sequence(const struct trx_stream_reader *r, const struct trx_frame *f,
    struct trx_error *err)
{
	bool header = f->type == TRX_FRAME_HEADER;

	if (!r->open && !header)
		return trx_error_set(
		    err, TRX_INPUT, "a segment does not begin with its header");
	if (r->open && header)
		return trx_error_set(err, TRX_INPUT,
		    "a header inside a segment: two writers on one pipe, or a "
		    "segment that was cut short");
	if (f->sequence != (r->open ? r->sequence : 0))
		return trx_error_set(err, TRX_INPUT,
		    "frame %" PRIu64 " where %" PRIu64 " should be: frames are "
		    "lost or doubled, or there are two writers on one pipe",
		    f->sequence, r->open ? r->sequence : 0);
	return 0;
}

/* Read a frame into r->payload.  Returns 1, 0 at a valid end of file, -1. */
static int
read_frame(
    struct trx_stream_reader *r, struct trx_frame *f, struct trx_error *err)
{
	size_t padding;
	int rc;

	if (!r->open) {
		if ((rc = fill(r, err)) == -1)
			return -1;
		if (rc == 0 && r->segment > 0)
			return 0;
		if (rc == 0)
			return trx_error_set(err, TRX_INPUT,
			    "%s: empty: what should have written it died",
			    r->name);
	}
	trx_buf_reset(&r->payload);
	if (take(r, &r->payload, TRX_FRAME_HEAD_SIZE, err) == -1)
		return -1;
	if (trx_frame_get((uint8_t *)r->payload.data, f, err) == -1 ||
	    check_sequence(r, f, err) == -1)
		return at_place(r, err);
	trx_buf_reset(&r->payload);
	padding = trx_frame_padding(f->length);
	if (take(r, &r->payload, f->length + padding, err) == -1)
		return -1;
	r->payload.len -= padding;
	if (f->payload_crc !=
	    trx_crc32c_mask(trx_crc32c(0, r->payload.data, f->length))) {
		trx_error_set(err, TRX_INPUT, "the record is damaged");
		return at_place(r, err);
	}
	for (; padding > 0; padding--)
		if (r->payload.data[f->length + padding - 1] != '\0') {
			trx_error_set(
			    err, TRX_INPUT, "the padding is not zero");
			return at_place(r, err);
		}
	return 1;
}

static void
begin_segment(struct trx_stream_reader *r)
{
	r->segment++;
	r->open = true;
	r->sequence = 0;
	r->records = 0;
	r->bytes = 0;
	r->chain = 0;
}

/* The counts and the checksum of an END against what was read. */
static int
check_end(struct trx_stream_reader *r, struct trx_error *err)
{
	const char *p = r->payload.data;

	if (r->payload.len < END_FIXED || trx_le32_get(p + 20) != 0)
		trx_error_set(err, TRX_INPUT, "the segment's end is not valid");
	else if (trx_le64_get(p) != r->records)
		trx_error_set(err, TRX_INPUT,
		    "%" PRIu64 " records were written, %" PRIu64 " arrived",
		    trx_le64_get(p), r->records);
	else if (trx_le64_get(p + 8) != r->bytes ||
		 trx_le32_get(p + 16) != r->chain)
		trx_error_set(err, TRX_INPUT,
		    "the segment's checksum differs: frames of several "
		    "segments are mixed");
	else
		return 0;
	return at_place(r, err);
}

/* An X: its status and cause become ours. */
static int
aborted(struct trx_stream_reader *r, struct trx_error *err)
{
	struct trx_arena a = TRX_ARENA_INIT;
	struct trx_json cause;
	struct trx_str filter, message;
	uint64_t status;

	if (trx_json_parse(trx_buf_str(&r->payload), &a, &cause, err) == -1 ||
	    trx_json_get_string(&cause, "filter", &filter) != 1 ||
	    trx_json_get_string(&cause, "message", &message) != 1 ||
	    trx_json_get_uint(&cause, "status", &status) != 1 || status < 1 ||
	    status > 3)
		trx_error_set(err, TRX_INPUT,
		    "%s: the stream was aborted, and does not say why",
		    r->name);
	else {
		trx_buf_adds(&r->abort_cause, trx_buf_str(&r->payload));
		trx_error_set(err, (enum trx_status)status,
		    "%s: %.*s failed: %.*s", r->name, (int)filter.n, filter.p,
		    (int)message.n, message.p);
	}
	trx_arena_free(&a);
	return -1;
}

/* Turn a frame into an event.  Returns 1, 0 where it is to be skipped, -1. */
static int
take_frame(struct trx_stream_reader *r, const struct trx_frame *f,
    struct trx_event *event, struct trx_error *err)
{
	struct trx_str payload = trx_buf_str(&r->payload);

	switch (f->type) {
	case TRX_FRAME_HEADER:
		*event = (struct trx_event){ TRX_EVENT_HEADER, payload, 0 };
		return 1;
	case TRX_FRAME_DATA:
		r->records++;
		r->bytes += f->length;
		*event =
		    (struct trx_event){ TRX_EVENT_ROW, payload, r->records };
		return 1;
	case TRX_FRAME_END:
		if (check_end(r, err) == -1)
			return -1;
		r->open = false;
		payload.p += END_FIXED;
		payload.n -= END_FIXED;
		*event = (struct trx_event){ TRX_EVENT_END, payload, 0 };
		return 1;
	case TRX_FRAME_ABORT:
		return aborted(r, err);
	default:
		return 0; /* ancillary: read, checked, skipped */
	}
}

int
trx_stream_next(
    struct trx_stream_reader *r, struct trx_event *event, struct trx_error *err)
{
	struct trx_frame f;
	uint8_t crc[4];
	int rc;

	do {
		if ((rc = read_frame(r, &f, err)) != 1)
			return rc;
		if (!r->open)
			begin_segment(r);
		rc = take_frame(r, &f, event, err);
		trx_le32_put(crc, f.head_crc);
		r->chain = trx_crc32c(r->chain, crc, sizeof(crc));
		r->sequence = f.sequence + 1;
	} while (rc == 0);
	return rc;
}
