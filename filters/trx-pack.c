/* trx-pack: examples share rows of a fixed length, by best fit. */
#include "common/archive/tarball.h"
#include "common/cli/message.h"
#include "common/cli/options.h"
#include "common/cli/output.h"
#include "common/cli/progress.h"
#include "common/cli/rejects.h"
#include "common/example/inputs.h"
#include "common/example/packer.h"
#include "common/example/reject.h"
#include "common/example/sink.h"
#include "common/example/source.h"
#include "common/example/stage.h"
#include "common/example/summary.h"
#include "common/json/reader.h"
#include "common/zstream/frames.h"

static uint64_t opt_length;
static const char *opt_output;
static bool opt_plain;
static uint64_t opt_shard_size;
static struct trx_stage_options opt_stage;

static const struct trx_option options[] = {
	{ 'n', "row-length", TRX_OPTION_COUNT, &opt_length, "LEN",
	    "the most tokens a row may have", NULL },
	{ 'o', "output", TRX_OPTION_TEXT, &opt_output, "PATTERN",
	    "write shards, such as 'train-%06d.tar.zst'", NULL },
	{ 0, "no-compress", TRX_OPTION_FLAG, &opt_plain, NULL,
	    "write plain shards, 'train-%06d.tar'", NULL },
	{ 0, "shard-size", TRX_OPTION_COUNT, &opt_shard_size, "SIZE",
	    "begin a new shard past SIZE bytes of tar (1G)", NULL },
	TRX_STAGE_REJECT_OPTIONS(&opt_stage),
	{ 0 },
};

static const char *(*const libraries[])(void) = { trx_json_version,
	trx_zstream_version, trx_tarball_version, NULL };

static const struct trx_program program = {
	.name = "trx-pack",
	.synopsis = "-n LEN [-o PATTERN [--no-compress] [--shard-size SIZE]] "
		    "[--rejects FILE] [--max-rejects N|P%] [FILE...]",
	.about = "Pack examples into rows of at most LEN tokens.",
	.options = options,
	.libraries = libraries,
};

struct pack {
	struct trx_source *source;
	struct trx_sink *sink;
	struct trx_packer *packer;
	struct trx_rejects *rejects;
	struct trx_inputs inputs;
	struct trx_arena arena; /* of one row */
	struct trx_tally tally;
	uint64_t in_segment; /* examples */
	uint64_t rows, tokens, dropped;
};

static int
put_row(void *ctx, const struct trx_row *row, struct trx_error *err)
{
	struct pack *p = ctx;

	p->rows++;
	p->tokens += row->nids;
	p->tally.out += row->ngroups;
	return trx_sink_row(p->sink, row, err);
}

/* The output's header: the first segment's, and what is done here. */
static int
begin_output(struct pack *p, struct trx_error *err)
{
	struct trx_arena *a = &p->inputs.arena;
	struct trx_json o = trx_json_object();

	if (trx_json_set(a, &o, "row_length", trx_json_uint(a, opt_length)) ==
	    NULL)
		return trx_error_memory(err);
	if (trx_header_add_stage(&p->inputs.first, program.name, o, a, err) ==
	    -1)
		return -1;
	return trx_sink_begin(p->sink, &p->inputs.first, err);
}

static int
take_header(
    struct pack *p, const struct trx_source_event *e, struct trx_error *err)
{
	int rc = trx_inputs_begin(&p->inputs, e, err);

	p->in_segment = 0;
	return rc == 1 ? begin_output(p, err) : rc;
}

static int
take_row(
    struct pack *p, const struct trx_source_event *e, struct trx_error *err)
{
	struct trx_row row;

	trx_arena_reset(&p->arena);
	if (trx_row_decode(e->bytes, TRX_KIND_TOKENS, &p->arena, &row, err) ==
		-1 ||
	    trx_row_check_ids(
		&row, trx_header_vocab_size(&p->inputs.first), err) == -1)
		return trx_error_at(err, "%s: record %llu", e->name,
		    (unsigned long long)e->number);
	p->tally.in += row.ngroups;
	p->in_segment += row.ngroups;
	p->dropped += row.ndropped;
	trx_progress_update(
	    p->tally.in, p->tally.out, p->tally.rejected[TRX_REASON_TOO_LONG]);
	if (row.nids > opt_length) {
		p->tally.rejected[TRX_REASON_TOO_LONG] += row.ngroups;
		return trx_reject_record(program.name, TRX_REASON_TOO_LONG,
		    "it has more tokens than a row", e, &row, p->rejects, err);
	}
	return trx_packer_add(p->packer, e->bytes, &row, err);
}

/* Take all that comes, and give out all that it makes. */
static int
read_all(struct pack *p, struct trx_error *err)
{
	struct trx_source_event e;
	int rc;

	while ((rc = trx_source_next(p->source, &e, err)) == 1) {
		if (e.type == TRX_EVENT_HEADER)
			rc = take_header(p, &e, err);
		else if (e.type == TRX_EVENT_ROW)
			rc = take_row(p, &e, err);
		else
			rc = trx_inputs_end(&p->inputs, &e, p->in_segment, err);
		if (rc == -1)
			return -1;
	}
	return rc == -1 ? -1 : trx_packer_finish(p->packer, err);
}

static int
finish(struct pack *p, struct trx_error *err)
{
	const struct trx_count counts[] = { { "rows", p->rows },
		{ "tokens", p->tokens }, { "dropped_sections", p->dropped } };
	struct trx_json trailer;

	if (trx_inputs_trailer(&p->inputs, &trailer, err) == -1 ||
	    trx_ledger_add(&trailer, program.name, &p->tally, counts, 3,
		&p->inputs.arena, err) == -1 ||
	    trx_ledger_check(&trailer, p->tally.out, err) == -1 ||
	    trx_rejects_check(p->rejects, p->tally.in, err) == -1 ||
	    trx_sink_end(p->sink, &trailer, err) == -1)
		return -1;
	trx_progress_end();
	trx_summary(&p->tally, counts, 3);
	return 0;
}

/* Nothing more comes: those downstream are told why. */
static void
fail(struct pack *p, const struct trx_error *why)
{
	trx_progress_end();
	if (p->sink != NULL)
		trx_sink_fail(p->sink, program.name,
		    trx_source_abort_cause(p->source), why);
}

static int
open_all(struct pack *p, char **files, int n, struct trx_error *err)
{
	const struct trx_shard_options shards = { .compress = !opt_plain,
		.shard_bytes = opt_shard_size };

	trx_inputs_init(&p->inputs);
	if ((p->sink = trx_sink_open(opt_output, &shards, err)) == NULL)
		return -1;
	p->source = trx_source_records(files, n, err);
	p->packer = trx_packer_new((uint32_t)opt_length, put_row, p, err);
	p->rejects =
	    trx_rejects_open(opt_stage.rejects, opt_stage.max_rejects, err);
	return p->source == NULL || p->packer == NULL || p->rejects == NULL ? -1
									    : 0;
}

static void
close_all(struct pack *p)
{
	trx_rejects_free(p->rejects);
	trx_packer_free(p->packer);
	trx_source_free(p->source);
	trx_sink_free(p->sink);
	trx_inputs_free(&p->inputs);
	trx_arena_free(&p->arena);
}

static int
check_options(struct trx_error *err)
{
	if (opt_length < 1 || opt_length > 16 * 1024 * 1024)
		return trx_error_set(
		    err, TRX_USAGE, "-n LEN is needed, from 1 to 16M");
	if (opt_output == NULL && (opt_plain || opt_shard_size != 0))
		return trx_error_set(err, TRX_USAGE,
		    "--no-compress and --shard-size are for shards: give -o");
	return 0;
}

int
main(int argc, char **argv)
{
	struct pack p = { 0 };
	struct trx_error err;
	int first, rc = -1;

	if ((first = trx_options_parse(&program, argc, argv, &err)) == -1)
		return trx_message_fail(&err);
	if (first == 0)
		return trx_output_finish();
	if (check_options(&err) == -1)
		return trx_message_fail(&err);
	if (open_all(&p, argv + first, argc - first, &err) == -1 ||
	    read_all(&p, &err) == -1 || finish(&p, &err) == -1)
		fail(&p, &err);
	else
		rc = trx_rejects_commit(
		    p.rejects, p.tally.in, p.tally.out, &err);
	close_all(&p);
	return rc == -1 ? trx_message_fail(&err) : TRX_OK;
}
