/* trx-template: chat rows in JSONL become text, by the model's template. */
#include <stdlib.h>
#include <string.h>

#include "common/cli/message.h"
#include "common/cli/options.h"
#include "common/cli/output.h"
#include "common/digest/sha256.h"
#include "common/example/jsonl.h"
#include "common/example/stage.h"
#include "common/json/reader.h"
#include "common/template/chat.h"
#include "common/zstream/frames.h"

static const char *const count_names[] = { "rendered", NULL };
enum { COUNT_RENDERED };

static const char *opt_model;
static const char *opt_template;
static bool opt_allow_empty;
static uint64_t opt_rows = UINT64_MAX;
static const char *opt_sha256;
static struct trx_stage_options opt_stage;

static const struct trx_option options[] = {
	{ 'm', "model", TRX_OPTION_TEXT, &opt_model, "DIR",
	    "the model whose chat template and special tokens to use", NULL },
	{ 't', "template", TRX_OPTION_TEXT, &opt_template, "FILE",
	    "use the chat template in FILE", NULL },
	{ 0, "allow-empty", TRX_OPTION_FLAG, &opt_allow_empty, NULL,
	    "input without any row is fine", NULL },
	{ 0, "expect-rows", TRX_OPTION_COUNT, &opt_rows, "N",
	    "fail unless the input has N rows", NULL },
	{ 0, "expect-sha256", TRX_OPTION_TEXT, &opt_sha256, "HEX",
	    "fail unless the input's SHA-256 is HEX", NULL },
	TRX_STAGE_THREADS_OPTION(&opt_stage),
	TRX_STAGE_REJECT_OPTIONS(&opt_stage),
	{ 0 },
};

static const char *(*const libraries[])(
    void) = { trx_json_version, trx_zstream_version, trx_sha256_version, NULL };

static const struct trx_program program = {
	.name = "trx-template",
	.synopsis = "[-m DIR] [-t FILE] [-j N] [--allow-empty] "
		    "[--expect-rows N] [--expect-sha256 HEX] [--rejects FILE] "
		    "[--max-rejects N|P%] [FILE...]",
	.about = "Render chat rows (JSONL) with a model's chat template.",
	.options = options,
	.libraries = libraries,
};

struct context {
	struct trx_chat *chat;		  /* NULL: no template was named */
	struct trx_json_reader **readers; /* one a thread */
	unsigned nreaders;
};

static int
add_header(
    void *p, struct trx_header *h, struct trx_arena *a, struct trx_error *err)
{
	const struct context *c = p;
	struct trx_json o = trx_json_object();
	struct trx_json sha256;

	if (c->chat != NULL) {
		sha256 = trx_json_string(trx_str(trx_chat_sha256(c->chat)));
		if (trx_json_set(a, trx_header_compat(h), "template_sha256",
			sha256) == NULL ||
		    trx_json_set(a, &o, "template_sha256", sha256) == NULL)
			return trx_error_memory(err);
	}
	return trx_header_add_stage(h, program.name, o, a, err);
}

/* The id of a row that has none: FILE:LINE. */
static struct trx_str
place_id(const struct trx_source_event *e, struct trx_arena *a)
{
	struct trx_buf b = TRX_BUF_INIT;
	const char *slash = strrchr(e->name, '/');
	struct trx_str id = { NULL, 0 };

	trx_buf_addf(&b, "%s:%llu", slash != NULL ? slash + 1 : e->name,
	    (unsigned long long)e->number);
	id.p = b.failed ? NULL : trx_arena_copy(a, trx_buf_str(&b));
	id.n = b.len;
	trx_buf_free(&b);
	return id;
}

/* The context: the row's text, or the messages rendered, appended to b. */
static enum trx_reason
add_context(const struct context *c, const struct trx_jsonl_row *row,
    struct trx_arena *a, struct trx_buf *b, struct trx_error *err)
{
	const struct trx_chat_input in = { .messages = row->messages,
		.nmessages = row->decision,
		.tools = row->tools,
		.documents = row->documents,
		.kwargs = row->kwargs,
		.add_generation_prompt = true };

	if (row->messages == NULL) {
		trx_buf_adds(b, row->context);
		return TRX_REASON_NONE;
	}
	if (c->chat == NULL) {
		trx_error_set(err, TRX_INPUT,
		    "the row needs a chat template: give -m or -t");
		return TRX_REASON_TEMPLATE_ERROR;
	}
	if (trx_chat_render(c->chat, &in, a, b, err) == -1 &&
	    err->status == TRX_INPUT)
		return TRX_REASON_TEMPLATE_ERROR;
	return TRX_REASON_NONE;
}

/* The example of a row: its context's text, then its continuation. */
static enum trx_reason
make_example(const struct context *c, const struct trx_jsonl_row *row,
    struct trx_stage_row *r, struct trx_error *err)
{
	struct trx_buf text = TRX_BUF_INIT;
	enum trx_reason reason = add_context(c, row, r->arena, &text, err);

	if (reason == TRX_REASON_NONE && err->status == TRX_OK)
		reason = trx_jsonl_example(
		    row, r->id, &text, r->arena, &r->row, err);
	r->counts[COUNT_RENDERED] = row->messages != NULL;
	trx_buf_free(&text);
	return reason;
}

static enum trx_reason
template_row(
    void *p, unsigned thread, struct trx_stage_row *r, struct trx_error *err)
{
	const struct context *c = p;
	const struct trx_source_event *e = r->event;
	enum trx_json_fault fault;
	enum trx_reason reason;
	struct trx_jsonl_row row;
	struct trx_json root;

	if (e->reason != TRX_REASON_NONE) {
		trx_error_set(err, TRX_INPUT,
		    "the line is longer than %u bytes", TRX_FRAME_MAX);
		return e->reason;
	}
	fault = trx_json_read(
	    c->readers[thread], e->bytes.p, e->bytes.n, r->arena, &root, err);
	if (fault != TRX_JSON_FINE)
		return trx_jsonl_reason(fault);
	reason = trx_jsonl_row(&root, r->arena, &row, err);
	r->id = row.has_id ? row.id : place_id(e, r->arena);
	if (reason != TRX_REASON_NONE || err->status != TRX_OK)
		return reason;
	return make_example(c, &row, r, err);
}

static int
context_open(struct context *c, struct trx_error *err)
{
	const struct trx_chat_options chat = { .model = opt_model,
		.template = opt_template };
	unsigned i;

	if ((opt_model != NULL || opt_template != NULL) &&
	    (c->chat = trx_chat_open(&chat, err)) == NULL)
		return -1;
	c->nreaders = trx_stage_threads(&opt_stage);
	if ((c->readers = calloc(c->nreaders, sizeof(*c->readers))) == NULL)
		return trx_error_memory(err);
	for (i = 0; i < c->nreaders; i++)
		if ((c->readers[i] = trx_json_reader_new(err)) == NULL)
			return -1;
	return 0;
}

static void
context_close(struct context *c)
{
	unsigned i;

	for (i = 0; c->readers != NULL && i < c->nreaders; i++)
		trx_json_reader_free(c->readers[i]);
	free(c->readers);
	trx_chat_free(c->chat);
}

int
main(int argc, char **argv)
{
	struct context context = { 0 };
	const struct trx_stage stage = { .name = program.name,
		.count_names = count_names,
		.header = add_header,
		.work = template_row,
		.ctx = &context };
	struct trx_expectations expect = { 0 };
	struct trx_source *source = NULL;
	struct trx_error err;
	int first, rc;

	if ((first = trx_options_parse(&program, argc, argv, &err)) == -1)
		return trx_message_fail(&err);
	if (first == 0)
		return trx_output_finish();
	expect.allow_empty = opt_allow_empty;
	expect.rows = opt_rows == UINT64_MAX ? NULL : &opt_rows;
	expect.sha256 = opt_sha256;
	if (context_open(&context, &err) == 0)
		source =
		    trx_source_lines(argv + first, argc - first, &expect, &err);
	rc = trx_stage_run(&stage, source, &opt_stage, &err);
	trx_source_free(source);
	context_close(&context);
	return rc == -1 ? trx_message_fail(&err) : TRX_OK;
}
