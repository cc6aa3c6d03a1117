#include <inttypes.h>
#include <stdlib.h>

#include "common/archive/shard.h"
#include "common/base/buf.h"
#include "common/example/archived.h"
#include "common/example/operands.h"
#include "common/example/source_kinds.h"
#include "common/json/canonical.h"
#include "common/record/ledger.h"

/* The run whose shards are being read, one after the other. */
struct shard_run {
	bool open;	 /* its end is still to come */
	uint64_t next;	 /* the index that its next shard must have */
	uint64_t rows;	 /* before that shard */
	char sha256[65]; /* of the tar before it */
	struct trx_buf header;
};

struct records {
	struct trx_source base;
	struct trx_operands operands;
	const char *name; /* of the operand being read */
	struct trx_zin *zin;
	struct trx_stream_reader *stream; /* one of these two, or none */
	struct trx_shard_reader *shard;
	struct shard_run run;
	bool run_ended; /* a run has been read to its end */
	bool piece;	/* the shard is read by itself */
	bool begin;	/* its header is still to be given */
	bool held;	/* its first row has been read already */
	struct trx_shard_row row;
	uint64_t number;   /* records given of this operand */
	uint64_t examples; /* given of this piece */
	struct trx_json_reader *reader;
	struct trx_arena arena;
	struct trx_buf bytes; /* of the event */
};

static struct trx_str
records_abort_cause(const struct trx_source *s)
{
	const struct records *r = (const struct records *)s;

	if (r->stream == NULL)
		return TRX_STR("");
	return trx_stream_abort_cause(r->stream);
}

static void
close_operand(struct records *r)
{
	trx_stream_reader_free(r->stream);
	trx_zin_close(r->zin);
	trx_shard_close(r->shard);
	r->stream = NULL;
	r->zin = NULL;
	r->shard = NULL;
}

static void
records_free(struct trx_source *s)
{
	struct records *r = (struct records *)s;

	close_operand(r);
	trx_json_reader_free(r->reader);
	trx_arena_free(&r->arena);
	trx_buf_free(&r->bytes);
	trx_buf_free(&r->run.header);
	free(r);
}

static int
broken_run(const struct records *r, struct trx_error *err)
{
	return trx_error_set(err, TRX_INPUT,
	    "%s: shard %" PRIu64 " of the run begun before it is missing",
	    r->name, r->run.next);
}

/* A shard's first row says whether it begins a run, goes on, or is a piece. */
static int
begin_shard(struct records *r, struct trx_error *err)
{
	struct trx_str header = trx_shard_header(r->shard);
	uint64_t index = 0;
	int rc = trx_shard_next(r->shard, &r->row, &index, err);

	if (rc == -1)
		return -1;
	r->held = rc == 1;
	if (r->run.open) {
		if (index != r->run.rows ||
		    !trx_str_equal(header, trx_buf_str(&r->run.header)))
			return broken_run(r, err);
		return 0;
	}
	r->begin = true;
	r->examples = 0;
	r->piece = index != 0;
	if (r->piece && r->run_ended)
		return trx_error_set(err, TRX_INPUT,
		    "%s: a shard of no run given here: left over from one that "
		    "was longer?",
		    r->name);
	if (r->piece)
		return 0;
	r->run.open = true;
	r->run.next = 0;
	r->run.rows = 0;
	r->run.sha256[0] = '\0';
	trx_buf_reset(&r->run.header);
	trx_buf_adds(&r->run.header, header);
	return r->run.header.failed ? trx_error_memory(err) : 0;
}

/* Open the next operand.  Returns 1, 0 where there are no more, -1. */
static int
open_operand(struct records *r, struct trx_error *err)
{
	char start[TRX_SHARD_PEEK];
	ssize_t n;
	int i, rc;

	rc = trx_operands_next(&r->operands, true, &r->zin, &i, err);
	if (rc <= 0)
		return rc;
	r->name = trx_operands_name(&r->operands, i);
	r->number = 0;
	if ((n = trx_zin_peek(r->zin, start, sizeof(start), err)) == -1)
		return -1;
	if (trx_shard_begins(start, (size_t)n)) {
		r->shard = trx_shard_open(r->zin, err);
		r->zin = NULL; /* the shard's now */
		if (r->shard == NULL || begin_shard(r, err) == -1)
			return -1;
		return 1;
	}
	if (r->run.open)
		return broken_run(r, err);
	if (n > 0 && start[0] == '{')
		return trx_error_set(err, TRX_INPUT,
		    "%s: JSONL, not a stream: trx-template comes before",
		    r->name);
	r->stream = trx_stream_reader_new(r->zin, r->name, err);
	return r->stream == NULL ? -1 : 1;
}

/* The next event of a stream.  Returns 1, 0 at its end, -1. */
static int
stream_event(
    struct records *r, struct trx_source_event *event, struct trx_error *err)
{
	struct trx_event e;
	int rc = trx_stream_next(r->stream, &e, err);

	if (rc != 1)
		return rc;
	event->type = e.type;
	event->bytes = e.bytes;
	event->number = e.record;
	return 1;
}

static int
shard_row_event(
    struct records *r, struct trx_source_event *event, struct trx_error *err)
{
	struct trx_row row;

	r->held = false;
	r->number++;
	trx_arena_reset(&r->arena);
	trx_buf_reset(&r->bytes);
	if (trx_archived_to_row(&r->row, r->reader, &r->arena, &row, err) ==
		-1 ||
	    trx_row_encode(&row, &r->bytes, err) == -1)
		return trx_error_at(
		    err, "%s: row %" PRIu64, r->name, r->number);
	r->examples += row.ngroups;
	event->type = TRX_EVENT_ROW;
	event->bytes = trx_buf_str(&r->bytes);
	event->number = r->number;
	return 1;
}

/* The trailer of a shard read by itself: it begins a ledger of its own. */
static int
piece_trailer(
    struct records *r, const struct trx_json *manifest, struct trx_error *err)
{
	const struct trx_tally tally = { .in = r->examples,
		.out = r->examples };
	struct trx_json trailer = trx_json_object();
	struct trx_json source = trx_json_object();
	const struct trx_json *shard = trx_json_get(manifest, "shard");
	const struct trx_json *sha256 = trx_json_get(manifest, "tar_sha256");
	struct trx_arena *a = &r->arena;

	if (trx_ledger_add(&trailer, "shard", &tally, NULL, 0, a, err) == -1)
		return -1;
	if (trx_json_set(a, &source, "shard", *shard) == NULL ||
	    trx_json_set(a, &source, "tar_sha256", *sha256) == NULL ||
	    trx_json_set(a, &trailer, "source", source) == NULL)
		return trx_error_memory(err);
	return trx_json_canonical(&trailer, &r->bytes, err);
}

/* Is this the shard that the run goes on with?  Then note its end. */
static int
continue_run(struct records *r, const struct trx_json *manifest, bool *last,
    struct trx_error *err)
{
	const struct trx_json *flag = trx_json_get(manifest, "last");
	struct trx_str sha256, previous = { NULL, 0 };
	uint64_t shard, rows;

	if (trx_json_get_uint(manifest, "shard", &shard) != 1 ||
	    trx_json_get_uint(manifest, "rows", &rows) != 1 ||
	    trx_json_get_string(manifest, "tar_sha256", &sha256) != 1 ||
	    trx_json_get_string(manifest, "previous", &previous) == -1)
		return trx_error_set(
		    err, TRX_INPUT, "%s: an incomplete manifest", r->name);
	if (shard != r->run.next ||
	    !trx_str_is(previous, shard == 0 ? "" : r->run.sha256))
		return broken_run(r, err);
	r->run.next++;
	r->run.rows += rows;
	memcpy(r->run.sha256, sha256.p, sizeof(r->run.sha256) - 1);
	r->run.sha256[sizeof(r->run.sha256) - 1] = '\0';
	*last = flag->u.boolean;
	return 0;
}

/* At a shard's end.  Returns 1 with its trailer, 0 where the run goes on. */
static int
shard_end_event(
    struct records *r, struct trx_source_event *event, struct trx_error *err)
{
	const struct trx_json *manifest = trx_shard_manifest(r->shard);
	const struct trx_json *trailer;
	bool last = false;

	trx_arena_reset(&r->arena);
	trx_buf_reset(&r->bytes);
	if (!r->piece && continue_run(r, manifest, &last, err) == -1)
		return -1;
	if (!r->piece && !last && r->operands.n > 1)
		return 0;
	if (last) {
		trailer = trx_json_get(manifest, "trailer");
		if (trx_json_canonical(trailer, &r->bytes, err) == -1)
			return -1;
	} else if (piece_trailer(r, manifest, err) == -1)
		return -1;
	if (r->bytes.failed)
		return trx_error_memory(err);
	r->run.open = false;
	r->run_ended |= last;
	event->type = TRX_EVENT_END;
	event->bytes = trx_buf_str(&r->bytes);
	return 1;
}

/* The next event of a shard.  Returns 1, 0 where the next is to be opened. */
static int
shard_event(
    struct records *r, struct trx_source_event *event, struct trx_error *err)
{
	uint64_t index;
	int rc;

	if (r->begin) {
		r->begin = false;
		event->type = TRX_EVENT_HEADER;
		event->bytes = trx_shard_header(r->shard);
		return 1;
	}
	if (r->held)
		return shard_row_event(r, event, err);
	if (trx_shard_manifest(r->shard) == NULL) {
		rc = trx_shard_next(r->shard, &r->row, &index, err);
		if (rc == -1)
			return -1;
		if (rc == 1)
			return shard_row_event(r, event, err);
	}
	rc = shard_end_event(r, event, err);
	if (rc != -1) {
		trx_shard_close(r->shard);
		r->shard = NULL;
	}
	return rc;
}

static int
records_next(
    struct trx_source *s, struct trx_source_event *event, struct trx_error *err)
{
	struct records *r = (struct records *)s;
	int rc;

	for (;;) {
		*event = (struct trx_source_event){ .name = r->name };
		if (r->stream != NULL)
			rc = stream_event(r, event, err);
		else if (r->shard != NULL)
			rc = shard_event(r, event, err);
		else
			rc = 0;
		if (rc != 0)
			return rc;
		close_operand(r);
		if ((rc = open_operand(r, err)) == -1)
			return -1;
		if (rc == 0 && r->run.open)
			return broken_run(r, err);
		if (rc == 0)
			return 0;
	}
}

struct trx_source *
trx_source_records(char *const *files, int n, struct trx_error *err)
{
	struct records *r = calloc(1, sizeof(*r));

	if (r == NULL) {
		trx_error_memory(err);
		return NULL;
	}
	r->base = (struct trx_source){ records_next, records_abort_cause,
		records_free };
	r->operands = (struct trx_operands){ .files = files, .n = n };
	if ((r->reader = trx_json_reader_new(err)) == NULL) {
		records_free(&r->base);
		return NULL;
	}
	return &r->base;
}
