/* trx-cat: streams and shards in, one stream out; or what is in them. */
#include "common/archive/tarball.h"
#include "common/cli/message.h"
#include "common/cli/options.h"
#include "common/cli/output.h"
#include "common/cli/progress.h"
#include "common/example/json.h"
#include "common/example/source.h"
#include "common/json/reader.h"
#include "common/record/header.h"
#include "common/record/ledger.h"
#include "common/zstream/frames.h"

static bool opt_verify, opt_header, opt_ledger, opt_json;

static const struct trx_option options[] = {
	{ 0, "verify", TRX_OPTION_FLAG, &opt_verify, NULL,
	    "check everything, write nothing", NULL },
	{ 0, "header", TRX_OPTION_FLAG, &opt_header, NULL,
	    "print each segment's header, as JSON", NULL },
	{ 0, "ledger", TRX_OPTION_FLAG, &opt_ledger, NULL,
	    "print each segment's ledger, as JSON", NULL },
	{ 0, "json", TRX_OPTION_FLAG, &opt_json, NULL,
	    "print each row, as JSON", NULL },
	{ 0 },
};

static const char *(*const libraries[])(void) = { trx_json_version,
	trx_zstream_version, trx_tarball_version, NULL };

static const struct trx_program program = {
	.name = "trx-cat",
	.synopsis = "[--verify | --header | --ledger | --json] [FILE...]",
	.about = "Join streams and shards into one stream, check or show them.",
	.options = options,
	.libraries = libraries,
};

struct cat {
	struct trx_output *out; /* NULL with --verify */
	struct trx_stream_writer writer;
	bool stream;	    /* write a stream, not JSON */
	enum trx_kind kind; /* of the segment */
	uint32_t vocab_size;
	struct trx_arena arena;
	struct trx_buf line;
	uint64_t segments, rows, examples, tokens;
	uint64_t segment_examples;
};

static int
print(struct cat *c, struct trx_str json, struct trx_error *err)
{
	if (trx_output_write(c->out, json.p, json.n, err) == -1)
		return -1;
	return trx_output_write(c->out, "\n", 1, err);
}

static int
take_header(
    struct cat *c, const struct trx_source_event *e, struct trx_error *err)
{
	struct trx_header h;

	if (trx_header_parse(&h, e->bytes, &c->arena, err) == -1)
		return trx_error_at(err, "%s", e->name);
	c->kind = trx_header_kind(&h);
	c->vocab_size = trx_header_vocab_size(&h);
	c->segments++;
	c->segment_examples = 0;
	if (c->stream)
		return trx_stream_begin(&c->writer, e->bytes, err);
	return opt_header ? print(c, e->bytes, err) : 0;
}

static int
take_row(struct cat *c, const struct trx_source_event *e, struct trx_error *err)
{
	struct trx_row row;

	if (trx_row_decode(e->bytes, c->kind, &c->arena, &row, err) == -1 ||
	    trx_row_check_ids(&row, c->vocab_size, err) == -1)
		return trx_error_at(err, "%s: record %llu", e->name,
		    (unsigned long long)e->number);
	c->rows++;
	c->examples += row.ngroups;
	c->segment_examples += row.ngroups;
	c->tokens += row.nids;
	if (c->stream)
		return trx_stream_row(&c->writer, e->bytes, err);
	if (!opt_json)
		return 0;
	trx_buf_reset(&c->line);
	trx_example_json(&row, &c->line);
	if (c->line.failed)
		return trx_error_memory(err);
	return print(c, trx_buf_str(&c->line), err);
}

static int
take_end(struct cat *c, const struct trx_source_event *e, struct trx_error *err)
{
	struct trx_json trailer;

	if (trx_json_parse(e->bytes, &c->arena, &trailer, err) == -1 ||
	    trx_ledger_check(&trailer, c->segment_examples, err) == -1)
		return trx_error_at(err, "%s", e->name);
	if (c->stream)
		return trx_stream_end(&c->writer, e->bytes, err);
	return opt_ledger ? print(c, e->bytes, err) : 0;
}

static int
take(struct cat *c, const struct trx_source_event *e, struct trx_error *err)
{
	trx_arena_reset(&c->arena);
	trx_progress_update(c->examples, c->examples, 0);
	switch (e->type) {
	case TRX_EVENT_HEADER:
		return take_header(c, e, err);
	case TRX_EVENT_ROW:
		return take_row(c, e, err);
	default:
		return take_end(c, e, err);
	}
}

static int
copy(struct cat *c, struct trx_source *source, struct trx_error *err)
{
	struct trx_source_event event;
	int rc;

	while ((rc = trx_source_next(source, &event, err)) == 1)
		if ((rc = take(c, &event, err)) == -1)
			break;
	if (rc == -1 && c->stream)
		trx_stream_fail(&c->writer, program.name,
		    trx_source_abort_cause(source), err);
	return rc;
}

int
main(int argc, char **argv)
{
	struct cat cat = { 0 };
	struct trx_source *source;
	struct trx_error err;
	int first, rc = -1;

	if ((first = trx_options_parse(&program, argc, argv, &err)) == -1)
		return trx_message_fail(&err);
	if (first == 0)
		return trx_output_finish();
	if (opt_verify + opt_header + opt_ledger + opt_json > 1) {
		trx_error_set(&err, TRX_USAGE,
		    "--verify, --header, --ledger and --json exclude each "
		    "other");
		return trx_message_fail(&err);
	}
	cat.stream = !(opt_verify || opt_header || opt_ledger || opt_json);
	cat.out = cat.stream ? trx_output_binary(&err) : trx_output_text(&err);
	if (cat.out == NULL)
		return trx_message_fail(&err);
	trx_stream_writer_init(&cat.writer, cat.out);
	source = trx_source_records(argv + first, argc - first, &err);
	if (source != NULL && copy(&cat, source, &err) == 0)
		rc = trx_output_commit(cat.out, &err);
	else
		trx_output_flush(cat.out, &(struct trx_error){ 0 });
	trx_progress_end();
	if (rc == 0 && opt_verify)
		trx_warn("%llu segments, %llu rows, %llu examples, %llu "
			 "tokens: all good",
		    (unsigned long long)cat.segments,
		    (unsigned long long)cat.rows,
		    (unsigned long long)cat.examples,
		    (unsigned long long)cat.tokens);
	trx_source_free(source);
	trx_output_free(cat.out);
	trx_arena_free(&cat.arena);
	trx_buf_free(&cat.line);
	return rc == -1 ? trx_message_fail(&err) : TRX_OK;
}
