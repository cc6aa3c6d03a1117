/* trx-template: chat rows in JSONL become text, by the model's template. */
#include <stdlib.h>

#include "common/chat/check_report.h"
#include "common/cli/message.h"
#include "common/cli/options.h"
#include "common/cli/output.h"
#include "common/digest/sha256.h"
#include "common/example/chat_line.h"
#include "common/example/now.h"
#include "common/example/stage.h"
#include "common/json/reader.h"
#include "common/zstream/frames.h"

/* By the indices of common/example/render.h. */
static const char *const count_names[] = { "rendered", "without_stop_token",
	NULL };
static const char *const ends[] = { "none", "turn", "eos", NULL };
static const char *const trains[] = { "last", "assistant", NULL };

static struct trx_render_options opt_render;
static const char *opt_now;
static struct trx_date now;
static int opt_end, opt_train;
static bool opt_each_turn;
static bool opt_check, opt_json;
static bool opt_allow_empty;
static uint64_t opt_rows = UINT64_MAX;
static const char *opt_sha256;
static struct trx_stage_options opt_stage;

static const struct trx_option options[] = {
	{ 'm', "model", TRX_OPTION_TEXT, &opt_render.chat.model, "DIR",
	    "the model whose chat template and special tokens to use", NULL },
	{ 't', "template", TRX_OPTION_TEXT, &opt_render.chat.template,
	    "NAME|FILE",
	    "use the model's template of that name, or the one in FILE", NULL },
	{ 0, "var", TRX_OPTION_TEXTS, &opt_render.chat.vars, "KEY=JSON",
	    "a variable for the template; may be repeated", NULL },
	{ 0, "now", TRX_OPTION_TEXT, &opt_now, "DATE",
	    "the date for templates that ask for today's, as "
	    "2026-08-22T13:05:09",
	    NULL },
	{ 0, "end", TRX_OPTION_CHOICE, &opt_end, "none|turn|eos",
	    "what follows the text to be learned: nothing, what the template "
	    "prints up to its stop token, or the EOS token",
	    ends },
	{ 0, "each-turn", TRX_OPTION_FLAG, &opt_each_turn, NULL,
	    "make an example of every assistant's message", NULL },
	{ 0, "train", TRX_OPTION_CHOICE, &opt_train, "last|assistant",
	    "what to learn in the row's one example: the last message, or "
	    "every one of the assistant's",
	    trains },
	{ 0, "continue-final-message", TRX_OPTION_FLAG,
	    &opt_render.continue_final, NULL,
	    "go on inside a context's last message if it is the assistant's",
	    NULL },
	{ 0, "openai", TRX_OPTION_FLAG, &opt_render.chat.openai, NULL,
	    "read rows as vLLM's server reads requests, before rendering them",
	    NULL },
	{ 0, "drop-null", TRX_OPTION_FLAG, &opt_render.drop_null, NULL,
	    "leave members that are null out, as a table writes them for "
	    "columns that a row does not have",
	    NULL },
	{ 0, "check", TRX_OPTION_FLAG, &opt_check, NULL,
	    "report what the template does that matters for training, and "
	    "read no rows",
	    NULL },
	{ 0, "json", TRX_OPTION_FLAG, &opt_json, NULL,
	    "with --check: report as JSON", NULL },
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
	.synopsis =
	    "[-m DIR] [-t NAME|FILE] [--var KEY=JSON] "
	    "[--now DATE] "
	    "[--end none|turn|eos] [--each-turn | "
	    "--train last|assistant] [--continue-final-message] [--openai] "
	    "[--drop-null] "
	    "[--check [--json]] [-j N] [--allow-empty] "
	    "[--expect-rows N] [--expect-sha256 HEX] [--rejects FILE] "
	    "[--max-rejects N|P%] [FILE...]",
	.about = "Render chat rows (JSONL) with a model's chat template.",
	.options = options,
	.libraries = libraries,
};

struct context {
	struct trx_renderer *renderer;
	struct trx_json_reader **readers; /* one a thread */
	unsigned nreaders;
};

static int
add_header(
    void *p, struct trx_header *h, struct trx_arena *a, struct trx_error *err)
{
	const struct context *c = p;
	const struct trx_chat *chat = trx_renderer_chat(c->renderer);
	struct trx_json o = trx_json_object(), sha256;

	if (trx_render_describe(c->renderer, a, &o, err) == -1)
		return -1;
	if (chat != NULL) {
		sha256 = trx_json_string(trx_str(trx_chat_sha256(chat)));
		if (trx_json_set(a, trx_header_compat(h), "template_sha256",
			sha256) == NULL ||
		    trx_json_set(a, &o, "template_sha256", sha256) == NULL)
			return trx_error_memory(err);
	}
	return trx_header_add_stage(h, program.name, o, a, err);
}

static enum trx_reason
template_row(
    void *p, unsigned thread, struct trx_stage_row *r, struct trx_error *err)
{
	const struct context *c = p;

	return trx_chat_line(c->renderer, c->readers[thread], r, err);
}

static int
context_open(struct context *c, struct trx_error *err)
{
	unsigned i;

	if (trx_now_read(opt_now, &now, &opt_render.chat.now, err) == -1)
		return -1;
	opt_render.end = (enum trx_render_end)opt_end;
	opt_render.turns = opt_each_turn    ? TRX_RENDER_EACH
			   : opt_train != 0 ? TRX_RENDER_ALL
					    : TRX_RENDER_LAST;
	if (opt_each_turn && opt_train != 0)
		return trx_error_set(err, TRX_USAGE,
		    "--each-turn and --train assistant exclude each other");
	if ((c->renderer = trx_renderer_open(&opt_render, err)) == NULL)
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
	trx_renderer_free(c->renderer);
}

static int
write_report(struct trx_error *err)
{
	struct trx_buf report = TRX_BUF_INIT;
	struct trx_output *out = NULL;
	int rc = -1;

	if (trx_check_report(&opt_render.chat, opt_json, &report, err) == 0 &&
	    (out = trx_output_text(err)) != NULL &&
	    trx_output_write(out, report.data, report.len, err) == 0)
		rc = trx_output_commit(out, err);
	trx_output_free(out);
	trx_buf_free(&report);
	return rc;
}

/* --check: the report and nothing else, of some day where none is given. */
static int
check(int operands)
{
	static const struct trx_date some_day = { 2000, 1, 1, 0, 0, 0 };
	struct trx_chat_options *chat = &opt_render.chat;
	struct trx_error err;

	if (!opt_check)
		trx_error_set(&err, TRX_USAGE, "--json is for --check");
	else if (operands != 0)
		trx_error_set(&err, TRX_USAGE, "--check reads no rows");
	else if (chat->model == NULL && chat->template == NULL)
		trx_error_set(&err, TRX_USAGE, "--check needs -m or -t");
	else if (trx_now_read(opt_now, &now, &chat->now, &err) == 0) {
		if (chat->now == NULL)
			chat->now = &some_day;
		if (write_report(&err) == 0)
			return TRX_OK;
	}
	return trx_message_fail(&err);
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
	if (opt_check || opt_json)
		return check(argc - first);
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
