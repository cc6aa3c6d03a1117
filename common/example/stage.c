#include <inttypes.h>
#include <stdlib.h>

#include "common/cli/output.h"
#include "common/cli/pool.h"
#include "common/cli/progress.h"
#include "common/cli/rejects.h"
#include "common/example/json.h"
#include "common/example/reject.h"
#include "common/example/stage.h"
#include "common/example/summary.h"
#include "common/json/canonical.h"
#include "common/json/reader.h"

/* A job is rows of one segment: this many, or of this many bytes. */
#define JOB_ROWS 64
#define JOB_BYTES ((size_t)256 * 1024)

#define MAX_THREADS 1024

/* What became of an example. */
struct result {
	struct trx_buf payload; /* what comes out */
	enum trx_reason reason;
	struct trx_error err;
	struct trx_buf id;  /* of a rejected row, where it is known */
	struct trx_buf row; /* the rejected row's JSON */
	bool id_known;
	uint64_t counts[TRX_STAGE_COUNTS];
	uint64_t dropped; /* sections */
};

struct item {
	struct trx_source_event event; /* its bytes stand in the job's input */
	size_t at;
	struct result *results; /* one, or more where a line made more */
	size_t n;
	size_t cap;
	bool failed; /* memory ran out */
};

struct job {
	bool begins; /* a segment: header is its header's JSON */
	bool ends;   /* a segment: trailer is its trailer's JSON */
	struct trx_buf header;
	struct trx_buf trailer;
	enum trx_kind kind;
	uint32_t vocab_size;
	struct trx_buf input;
	struct item items[JOB_ROWS];
	size_t n;
	struct trx_arena arena; /* of one row at a time */
};

struct run {
	const struct trx_stage *stage;
	struct trx_source *source;
	int source_rc; /* what it returned last; 1: it may have more */
	struct trx_error source_err;
	enum trx_kind kind;  /* of the segment that is being read */
	uint32_t vocab_size; /* likewise */
	struct trx_rejects *rejects;
	struct trx_output *out;
	struct trx_stream_writer writer;
	/* Of the segment that is being written, and of all of them. */
	struct trx_tally tally, total;
	struct trx_count counts[TRX_STAGE_COUNTS + 1];
	struct trx_count totals[TRX_STAGE_COUNTS + 1];
	size_t ncounts; /* the stage's, and the dropped sections */
};

static void *
job_new(void *ctx, struct trx_error *err)
{
	struct job *job = calloc(1, sizeof(*job));

	(void)ctx;
	if (job == NULL)
		trx_error_memory(err);
	return job;
}

static void
item_free(struct item *it)
{
	size_t i;

	for (i = 0; i < it->cap; i++) {
		trx_buf_free(&it->results[i].payload);
		trx_buf_free(&it->results[i].id);
		trx_buf_free(&it->results[i].row);
	}
	free(it->results);
}

static void
job_free(void *ctx, void *p)
{
	struct job *job = p;
	size_t i;

	(void)ctx;
	if (job == NULL)
		return;
	for (i = 0; i < JOB_ROWS; i++)
		item_free(&job->items[i]);
	trx_buf_free(&job->header);
	trx_buf_free(&job->trailer);
	trx_buf_free(&job->input);
	trx_arena_free(&job->arena);
	free(job);
}

static int
read_kind(
    struct run *run, const struct trx_source_event *e, struct trx_error *err)
{
	struct trx_arena a = TRX_ARENA_INIT;
	struct trx_header h;
	int rc = trx_header_parse(&h, e->bytes, &a, err);

	if (rc == 0) {
		run->kind = trx_header_kind(&h);
		run->vocab_size = trx_header_vocab_size(&h);
	} else
		trx_error_at(err, "%s", e->name);
	trx_arena_free(&a);
	return rc;
}

/* A row's bytes are kept in the job, padded for the JSON reader. */
static void
add_item(struct job *job, const struct trx_source_event *event)
{
	struct item *it = &job->items[job->n];
	size_t end;

	it->event = *event;
	it->at = job->input.len;
	trx_buf_adds(&job->input, event->bytes);
	end = job->input.len + TRX_JSON_PADDING;
	trx_buf_addzeros(&job->input, TRX_JSON_PADDING + (8 - end % 8) % 8);
	job->n += !job->input.failed;
}

/* Put the next event into the job.  Returns 1, 0 at the end, -1. */
static int
fill_event(struct run *run, struct job *job, struct trx_error *err)
{
	struct trx_source_event event;
	int rc = trx_source_next(run->source, &event, err);

	if (rc != 1)
		return rc;
	if (event.type == TRX_EVENT_HEADER) {
		if (read_kind(run, &event, err) == -1)
			return -1;
		trx_buf_reset(&job->header);
		trx_buf_adds(&job->header, event.bytes);
		job->begins = !job->header.failed;
	} else if (event.type == TRX_EVENT_END) {
		trx_buf_reset(&job->trailer);
		trx_buf_adds(&job->trailer, event.bytes);
		job->ends = !job->trailer.failed;
	} else
		add_item(job, &event);
	if (job->input.failed || job->header.failed || job->trailer.failed)
		return trx_error_memory(err);
	return 1;
}

static int
fill(void *ctx, void *p, struct trx_error *err)
{
	struct run *run = ctx;
	struct job *job = p;
	int rc = 1;

	job->begins = job->ends = false;
	job->n = 0;
	trx_buf_reset(&job->input);
	while (run->source_rc == 1 && !job->ends && job->n < JOB_ROWS &&
	       job->input.len < JOB_BYTES)
		run->source_rc = fill_event(run, job, &run->source_err);
	job->kind = run->kind;
	job->vocab_size = run->vocab_size;
	/* What came before a failure is a job of its own. */
	if (!job->begins && !job->ends && job->n == 0)
		rc = run->source_rc;
	if (rc == -1)
		*err = run->source_err;
	return rc;
}

/* Keep what a rejects line says of the row: its id and its JSON. */
static void
keep_reject(const struct run *run, const struct job *job, const struct item *it,
    struct result *to, struct trx_stage_row *r)
{
	struct trx_error ignored;

	to->id_known = r->id.p != NULL;
	trx_buf_reset(&to->id);
	trx_buf_adds(&to->id, r->id);
	trx_buf_reset(&to->row);
	if (r->shown.p != NULL)
		trx_buf_adds(&to->row, r->shown);
	else if (!run->stage->records)
		trx_reject_line(&to->row, it->event.bytes, to->reason);
	else if (trx_row_decode(it->event.bytes, job->kind, r->arena, &r->row,
		     &ignored) == 0)
		trx_example_json(&r->row, &to->row);
}

/* Room for the next result of an item; NULL out of memory. */
static struct result *
next_result(struct item *it)
{
	size_t cap = it->cap == 0 ? 1 : it->cap * 2;
	struct result *r;

	if (it->n == it->cap) {
		if ((r = realloc(it->results, cap * sizeof(*r))) == NULL)
			return NULL;
		memset(r + it->cap, 0, (cap - it->cap) * sizeof(*r));
		it->results = r;
		it->cap = cap;
	}
	r = &it->results[it->n++];
	trx_buf_reset(&r->payload);
	r->err.status = TRX_OK;
	r->reason = TRX_REASON_NONE;
	return r;
}

static int
decode_item(const struct job *job, const struct item *it,
    struct trx_stage_row *r, struct trx_error *err)
{
	if (trx_row_decode(
		it->event.bytes, job->kind, r->arena, &r->row, err) == -1 ||
	    trx_row_check_ids(&r->row, job->vocab_size, err) == -1)
		return trx_error_at(err, "%s: record %" PRIu64, it->event.name,
		    it->event.number);
	r->id = r->row.groups[0].id;
	return 0;
}

/* Work on the next example of an item. */
static void
work_example(struct run *run, struct job *job, struct item *it,
    struct trx_stage_row *r, struct result *to, unsigned thread)
{
	const struct trx_stage *stage = run->stage;

	if (stage->records && decode_item(job, it, r, &to->err) == -1)
		return;
	to->dropped = r->row.ndropped;
	to->reason = stage->work(stage->ctx, thread, r, &to->err);
	if (to->reason == TRX_REASON_NONE && to->err.status == TRX_OK &&
	    trx_row_encode(&r->row, &to->payload, &to->err) == -1 &&
	    to->err.status == TRX_INPUT)
		to->reason = TRX_REASON_TOO_LARGE;
	memcpy(to->counts, r->counts, sizeof(to->counts));
	if (to->reason != TRX_REASON_NONE)
		keep_reject(run, job, it, to, r);
}

static void
work_item(struct run *run, struct job *job, struct item *it, unsigned thread)
{
	struct trx_stage_row r = { .arena = &job->arena };
	struct result *to;
	bool go_on;

	trx_arena_reset(&job->arena);
	it->event.bytes.p = job->input.data + it->at;
	it->n = 0;
	it->failed = false;
	do {
		r = (struct trx_stage_row){ .event = &it->event,
			.arena = &job->arena,
			.state = r.state };
		if ((to = next_result(it)) == NULL) {
			it->failed = true;
			return;
		}
		work_example(run, job, it, &r, to, thread);
		go_on =
		    to->reason != TRX_REASON_NONE || to->err.status == TRX_OK;
	} while (r.more && go_on);
}

static void
work(void *ctx, void *p, unsigned thread)
{
	struct job *job = p;
	size_t i;

	for (i = 0; i < job->n; i++)
		work_item(ctx, job, &job->items[i], thread);
}

static int
begin_segment(struct run *run, struct trx_str json, struct trx_error *err)
{
	const struct trx_stage *stage = run->stage;
	struct trx_arena a = TRX_ARENA_INIT;
	struct trx_buf out = TRX_BUF_INIT;
	struct trx_header h;
	size_t i;
	int rc = -1;

	run->tally = (struct trx_tally){ 0 };
	for (i = 0; i < run->ncounts; i++)
		run->counts[i].n = 0;
	if (trx_header_parse(&h, json, &a, err) == 0 &&
	    stage->header(stage->ctx, &h, &a, err) == 0 &&
	    trx_header_write(&h, &out, err) == 0)
		rc = trx_stream_begin(&run->writer, trx_buf_str(&out), err);
	trx_buf_free(&out);
	trx_arena_free(&a);
	return rc;
}

/* The examples that came in are those that the former stages sent out. */
static int
check_ledger(const struct run *run, const struct trx_json *trailer,
    struct trx_error *err)
{
	if (!run->stage->records)
		return 0; /* the chain begins here */
	return trx_ledger_check(trailer, run->tally.in, err);
}

static int
end_segment(struct run *run, const struct trx_buf *json, struct trx_error *err)
{
	struct trx_arena a = TRX_ARENA_INIT;
	struct trx_buf out = TRX_BUF_INIT;
	struct trx_json trailer;
	size_t i;
	int rc = -1;

	if (trx_json_parse(trx_buf_str(json), &a, &trailer, err) == 0 &&
	    check_ledger(run, &trailer, err) == 0 &&
	    trx_ledger_add(&trailer, run->stage->name, &run->tally, run->counts,
		run->ncounts, &a, err) == 0 &&
	    trx_ledger_check(&trailer, run->tally.out, err) == 0 &&
	    trx_rejects_check(run->rejects,
		run->total.in + run->total.made + run->tally.in +
		    run->tally.made,
		err) == 0 &&
	    trx_json_canonical(&trailer, &out, err) == 0)
		rc = out.failed
			 ? trx_error_memory(err)
			 : trx_stream_end(&run->writer, trx_buf_str(&out), err);
	trx_tally_add(&run->total, &run->tally);
	for (i = 0; i < run->ncounts; i++)
		run->totals[i].n += run->counts[i].n;
	trx_buf_free(&out);
	trx_arena_free(&a);
	return rc;
}

static int
drain_reject(struct run *run, const struct trx_source_event *event,
    struct result *it, struct trx_error *err)
{
	struct trx_reject r = { .stage = run->stage->name,
		.reason = it->reason,
		.source = event->name,
		.number = event->number,
		.line = !run->stage->records,
		.message = trx_str(it->err.text),
		.row = trx_buf_str(&it->row) };

	if (it->row.failed || it->id.failed)
		return trx_error_memory(err);
	if (it->id_known)
		r.id = it->id.len > 0 ? trx_buf_str(&it->id) : TRX_STR("");
	return trx_reject_give(&r, run->rejects, err);
}

static int
drain_result(struct run *run, const struct trx_source_event *event,
    struct result *it, struct trx_error *err)
{
	size_t i;

	if (it->reason != TRX_REASON_NONE) {
		run->tally.rejected[it->reason]++;
		return drain_reject(run, event, it, err);
	}
	if (it->err.status != TRX_OK) {
		*err = it->err;
		return -1;
	}
	run->tally.out++;
	for (i = 0; i + 1 < run->ncounts; i++)
		run->counts[i].n += it->counts[i];
	run->counts[i].n += it->dropped;
	return trx_stream_row(&run->writer, trx_buf_str(&it->payload), err);
}

static int
drain_item(struct run *run, struct item *it, struct trx_error *err)
{
	size_t i;

	run->tally.in++;
	if (it->failed)
		return trx_error_memory(err);
	run->tally.made += it->n - 1;
	for (i = 0; i < it->n; i++)
		if (drain_result(run, &it->event, &it->results[i], err) == -1)
			return -1;
	return 0;
}

static int
drain(void *ctx, void *p, struct trx_error *err)
{
	struct run *run = ctx;
	struct job *job = p;
	size_t i;

	if (job->begins &&
	    begin_segment(run, trx_buf_str(&job->header), err) == -1)
		return -1;
	for (i = 0; i < job->n; i++)
		if (drain_item(run, &job->items[i], err) == -1)
			return -1;
	trx_progress_update(run->total.in + run->tally.in,
	    run->total.out + run->tally.out,
	    trx_tally_rejected(&run->total) + trx_tally_rejected(&run->tally));
	if (job->ends && end_segment(run, &job->trailer, err) == -1)
		return -1;
	return 0;
}

static int
run_stage(struct run *run, const struct trx_stage_options *options,
    struct trx_error *err)
{
	static const struct trx_pool_ops ops = { job_new, job_free, fill, work,
		drain };

	if (trx_pool_run(&ops, run, trx_stage_threads(options), err) == -1) {
		trx_stream_fail(&run->writer, run->stage->name,
		    trx_source_abort_cause(run->source), err);
		return -1;
	}
	if (trx_output_commit(run->out, err) == -1)
		return -1;
	return trx_rejects_commit(
	    run->rejects, run->total.in + run->total.made, run->total.out, err);
}

/* What the filter needs could not be opened: nothing but that is sent. */
static void
abort_only(struct run *run, const struct trx_error *why)
{
	struct trx_error ignored;

	if ((run->out = trx_output_binary(&ignored)) == NULL)
		return;
	trx_stream_writer_init(&run->writer, run->out);
	trx_stream_fail(&run->writer, run->stage->name, TRX_STR(""), why);
	trx_output_free(run->out);
}

unsigned
trx_stage_threads(const struct trx_stage_options *o)
{
	if (o->threads == 0)
		return 1;
	return o->threads < MAX_THREADS ? (unsigned)o->threads : MAX_THREADS;
}

static void
name_counts(struct run *run)
{
	const char *const *names = run->stage->count_names;
	size_t i;

	for (i = 0; names[i] != NULL; i++)
		run->counts[i].name = run->totals[i].name = names[i];
	run->counts[i].name = run->totals[i].name = "dropped_sections";
	run->ncounts = i + 1;
}

int
trx_stage_run(const struct trx_stage *stage, struct trx_source *source,
    const struct trx_stage_options *options, struct trx_error *err)
{
	struct run run = { .stage = stage, .source = source, .source_rc = 1 };
	int rc = -1;

	if (source == NULL) {
		abort_only(&run, err);
		return -1;
	}

	name_counts(&run);
	if ((run.out = trx_output_binary(err)) == NULL)
		return -1;
	trx_stream_writer_init(&run.writer, run.out);
	run.rejects =
	    trx_rejects_open(options->rejects, options->max_rejects, err);
	if (run.rejects == NULL)
		trx_stream_fail(&run.writer, stage->name, TRX_STR(""), err);
	else
		rc = run_stage(&run, options, err);
	trx_progress_end();
	if (rc == 0)
		trx_summary(&run.total, run.totals, run.ncounts);
	trx_rejects_free(run.rejects);
	trx_output_free(run.out);
	return rc;
}
