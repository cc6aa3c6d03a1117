/* trx-truncate: cut what does not fit from the left of the context. */
#include "common/cli/message.h"
#include "common/cli/options.h"
#include "common/cli/output.h"
#include "common/example/stage.h"
#include "common/json/reader.h"
#include "common/pack/truncate.h"
#include "common/zstream/frames.h"

enum { COUNT_CUT_EXAMPLES, COUNT_CUT_TOKENS, COUNT_KEPT };
static const char *const count_names[] = { "cut_examples", "cut_tokens",
	"kept_too_long", NULL };

static const char *const policies[] = {
	[TRX_TOO_LONG_REJECT] = "reject", [TRX_TOO_LONG_KEEP] = "keep", NULL
};

static uint64_t opt_max;
static int opt_too_long = TRX_TOO_LONG_REJECT;
static struct trx_stage_options opt_stage;

static const struct trx_option options[] = {
	{ 'n', "max-length", TRX_OPTION_COUNT, &opt_max, "MAX",
	    "the most tokens an example may have", NULL },
	{ 0, "too-long", TRX_OPTION_CHOICE, &opt_too_long, "reject|keep",
	    "examples whose continuation alone passes MAX", policies },
	TRX_STAGE_REJECT_OPTIONS(&opt_stage),
	{ 0 },
};

static const char *(*const libraries[])(
    void) = { trx_zstream_version, trx_json_version, NULL };

static const struct trx_program program = {
	.name = "trx-truncate",
	.synopsis = "-n MAX [--too-long reject|keep] [--rejects FILE] "
		    "[--max-rejects N|P%] [FILE...]",
	.about = "Cut examples that are too long from the left of their "
		 "context.",
	.options = options,
	.libraries = libraries,
};

static int
add_header(
    void *ctx, struct trx_header *h, struct trx_arena *a, struct trx_error *err)
{
	struct trx_json o = trx_json_object();

	(void)ctx;
	if (trx_json_set(a, &o, "max_length", trx_json_uint(a, opt_max)) ==
		NULL ||
	    trx_json_set(a, &o, "too_long",
		trx_json_string(trx_str(policies[opt_too_long]))) == NULL)
		return trx_error_memory(err);
	return trx_header_add_stage(h, program.name, o, a, err);
}

/* Cut n tokens from the left of a row of one segment. */
static void
cut_left(struct trx_row *row, uint32_t n)
{
	struct trx_segment *s = &row->segments[0];
	size_t i;

	row->ids += n;
	row->nids -= n;
	for (i = 0; i < row->nspans; i++) {
		row->spans[i].begin -= n;
		row->spans[i].end -= n;
	}
	s->context_end -= n;
	s->end -= n;
	row->groups[0].cut_frozen += n;
}

static enum trx_reason
truncate_row(
    void *ctx, unsigned thread, struct trx_stage_row *r, struct trx_error *err)
{
	struct trx_row *row = &r->row;
	struct trx_segment *s = row->segments;
	uint32_t cut;

	(void)ctx;
	(void)thread;
	if (row->kind != TRX_KIND_TOKENS || row->nsegments != 1) {
		trx_error_set(err, TRX_INPUT, "%s: record %llu: %s",
		    r->event->name, (unsigned long long)r->event->number,
		    row->kind == TRX_KIND_TEXT
			? "it is text, not tokens: trx-encode comes before"
			: "it is a packed row: trx-truncate comes before "
			  "trx-pack");
		return TRX_REASON_NONE;
	}
	if (trx_truncate_cut(s->context_end, s->end, (uint32_t)opt_max,
		(enum trx_too_long)opt_too_long, &cut) == -1) {
		trx_error_set(err, TRX_INPUT,
		    "%u tokens, of which %u follow the context: more than %u",
		    s->end, s->end - s->context_end, (uint32_t)opt_max);
		return TRX_REASON_TOO_LONG;
	}
	cut_left(row, cut);
	if (trx_row_trained(row, s) == 0) {
		trx_error_set(err, TRX_INPUT,
		    "its one trained token would have no context left");
		return TRX_REASON_NOTHING_TRAINED;
	}
	r->counts[COUNT_CUT_EXAMPLES] = cut > 0;
	r->counts[COUNT_CUT_TOKENS] = cut;
	r->counts[COUNT_KEPT] = s->end > opt_max;
	return TRX_REASON_NONE;
}

int
main(int argc, char **argv)
{
	static const struct trx_stage stage = {
		.name = "trx-truncate",
		.count_names = count_names,
		.header = add_header,
		.work = truncate_row,
		.records = true,
	};
	struct trx_error err;
	struct trx_source *source;
	int first, rc;

	if ((first = trx_options_parse(&program, argc, argv, &err)) == -1)
		return trx_message_fail(&err);
	if (first == 0)
		return trx_output_finish();
	if (opt_max < 1 || opt_max > INT32_MAX) {
		trx_error_set(
		    &err, TRX_USAGE, "-n MAX is needed, from 1 to 2147483647");
		return trx_message_fail(&err);
	}
	source = trx_source_records(argv + first, argc - first, &err);
	rc = trx_stage_run(&stage, source, &opt_stage, &err);
	trx_source_free(source);
	return rc == -1 ? trx_message_fail(&err) : TRX_OK;
}
