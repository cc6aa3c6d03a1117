/* trx-encode: text becomes token ids, by the model's tokenizer. */
#include <stdlib.h>

#include "common/cli/message.h"
#include "common/cli/options.h"
#include "common/cli/output.h"
#include "common/example/encode.h"
#include "common/example/stage.h"
#include "common/json/reader.h"
#include "common/zstream/frames.h"

static const char *const count_names[] = { [TRX_ENCODE_TOKENS] = "tokens",
	[TRX_ENCODE_DOUBLE_BOS] = "double_bos",
	[TRX_ENCODE_STRADDLING] = "straddling",
	[TRX_ENCODE_AS_TEXT] = "as_text",
	[TRX_ENCODE_BOUNDARY] = "boundary",
	NULL };

static const char *const special_names[] = { [TRX_SPECIAL_AUTO] = "auto",
	[TRX_SPECIAL_ALWAYS] = "always",
	[TRX_SPECIAL_NEVER] = "never",
	NULL };

static const char *const in_text_names[] = { [TRX_SPECIAL_IN_TEXT_ALLOW] =
						 "allow",
	[TRX_SPECIAL_IN_TEXT_REFUSE] = "refuse",
	[TRX_SPECIAL_IN_TEXT_AS_TEXT] = "as-text",
	NULL };

static const char *opt_model;
static int opt_special = TRX_SPECIAL_AUTO;
static int opt_in_text = TRX_SPECIAL_IN_TEXT_ALLOW;
static bool opt_boundary;
static struct trx_tokenizer_options opt_tokenizer;
static struct trx_stage_options opt_stage;

static const struct trx_option options[] = {
	{ 'm', "model", TRX_OPTION_TEXT, &opt_model, "MODEL",
	    "a model's folder, or its tokenizer.json or tokenizer.model",
	    NULL },
	{ 0, "special-tokens", TRX_OPTION_CHOICE, &opt_special,
	    "auto|always|never",
	    "whether contexts get the tokenizer's special tokens",
	    special_names },
	{ 0, "special-in-text", TRX_OPTION_CHOICE, &opt_in_text,
	    "allow|refuse|as-text",
	    "what special tokens are in text that no template printed",
	    in_text_names },
	{ 0, "check-boundary", TRX_OPTION_FLAG, &opt_boundary, NULL,
	    "count examples whose text, tokenized whole, has other tokens",
	    NULL },
	{ 0, "ignore-truncation", TRX_OPTION_FLAG,
	    &opt_tokenizer.ignore_truncation, NULL,
	    "overrule truncation and padding that a tokenizer.json asks for",
	    NULL },
	{ 0, "no-cache", TRX_OPTION_FLAG, &opt_tokenizer.no_cache, NULL,
	    "neither use nor write a compiled tokenizer in the cache folder",
	    NULL },
	TRX_STAGE_THREADS_OPTION(&opt_stage),
	TRX_STAGE_REJECT_OPTIONS(&opt_stage),
	{ 0 },
};

static const char *(*const libraries[])(void) = { trx_tokenizer_version,
	trx_json_version, trx_zstream_version, NULL };

static const struct trx_program program = {
	.name = "trx-encode",
	.synopsis = "-m MODEL [--special-tokens auto|always|never] "
		    "[--special-in-text allow|refuse|as-text] "
		    "[--check-boundary] [--ignore-truncation] [--no-cache] "
		    "[-j N] [--rejects FILE] [--max-rejects N|P%] [FILE...]",
	.about = "Turn text into token ids with a model's tokenizer.",
	.options = options,
	.libraries = libraries,
};

struct context {
	struct trx_tokenizer *tokenizer;
	struct trx_encoder **encoders; /* one a thread */
	unsigned nencoders;
};

static bool
set_id(
    struct trx_json *special, const char *key, int64_t id, struct trx_arena *a)
{
	struct trx_json null = { .type = TRX_JSON_NULL };

	return trx_json_set(a, special, key,
		   id < 0 ? null : trx_json_uint(a, (uint64_t)id)) != NULL;
}

static bool
set_special(struct trx_json *special, const struct trx_tokenizer_info *info,
    struct trx_arena *a)
{
	struct trx_json eot = trx_json_array();
	size_t i;

	for (i = 0; i < info->neot; i++)
		if (trx_json_push(a, &eot, trx_json_uint(a, info->eot[i])) ==
		    NULL)
			return false;
	return set_id(special, "bos", info->bos, a) &&
	       set_id(special, "eos", info->eos, a) &&
	       set_id(special, "pad", info->pad, a) &&
	       set_id(special, "unk", info->unk, a) &&
	       trx_json_set(a, special, "eot", eot) != NULL;
}

static int
add_header(
    void *p, struct trx_header *h, struct trx_arena *a, struct trx_error *err)
{
	const struct context *c = p;
	const struct trx_tokenizer_info *info =
	    trx_tokenizer_info(c->tokenizer);
	struct trx_json sha256 = trx_json_string(trx_str(info->sha256));
	struct trx_json *compat = trx_header_compat(h);
	struct trx_json o = trx_json_object();

	if (trx_header_set_tokens(h, a, err) == -1)
		return -1;
	if (trx_json_set(a, compat, "tokenizer_sha256", sha256) == NULL ||
	    trx_json_set(a, compat, "vocab_size",
		trx_json_uint(a, info->vocab_size)) == NULL ||
	    !set_special(trx_header_special(h), info, a) ||
	    trx_json_set(a, &o, "special_tokens",
		trx_json_string(trx_str(special_names[opt_special]))) == NULL ||
	    trx_json_set(a, &o, "special_in_text",
		trx_json_string(trx_str(in_text_names[opt_in_text]))) == NULL ||
	    trx_json_set(a, &o, "tokenizer_sha256", sha256) == NULL)
		return trx_error_memory(err);
	return trx_header_add_stage(h, program.name, o, a, err);
}

static enum trx_reason
encode_row(
    void *p, unsigned thread, struct trx_stage_row *r, struct trx_error *err)
{
	const struct context *c = p;

	if (r->row.kind != TRX_KIND_TEXT) {
		trx_error_set(err, TRX_INPUT,
		    "%s: it holds tokens already, not text", r->event->name);
		return TRX_REASON_NONE;
	}
	return trx_encode_row(
	    c->encoders[thread], &r->row, r->arena, r->counts, err);
}

static int
context_open(struct context *c, struct trx_error *err)
{
	const struct trx_encode_options encode = {
		.special = (enum trx_special)opt_special,
		.in_text = (enum trx_special_in_text)opt_in_text,
		.check_boundary = opt_boundary
	};
	unsigned i;

	if ((c->tokenizer =
		    trx_tokenizer_open(opt_model, &opt_tokenizer, err)) == NULL)
		return -1;
	c->nencoders = trx_stage_threads(&opt_stage);
	if ((c->encoders = calloc(c->nencoders, sizeof(*c->encoders))) == NULL)
		return trx_error_memory(err);
	for (i = 0; i < c->nencoders; i++) {
		c->encoders[i] = trx_encoder_new(c->tokenizer, &encode, err);
		if (c->encoders[i] == NULL)
			return -1;
	}
	return 0;
}

static void
context_close(struct context *c)
{
	unsigned i;

	for (i = 0; c->encoders != NULL && i < c->nencoders; i++)
		trx_encoder_free(c->encoders[i]);
	free(c->encoders);
	trx_tokenizer_free(c->tokenizer);
}

int
main(int argc, char **argv)
{
	struct context context = { 0 };
	const struct trx_stage stage = { .name = program.name,
		.count_names = count_names,
		.header = add_header,
		.work = encode_row,
		.ctx = &context,
		.records = true };
	struct trx_source *source = NULL;
	struct trx_error err;
	int first, rc;

	if ((first = trx_options_parse(&program, argc, argv, &err)) == -1)
		return trx_message_fail(&err);
	if (first == 0)
		return trx_output_finish();
	if (opt_model == NULL) {
		trx_error_set(&err, TRX_USAGE, "-m MODEL is needed");
		return trx_message_fail(&err);
	}
	if (context_open(&context, &err) == 0)
		source = trx_source_records(argv + first, argc - first, &err);
	rc = trx_stage_run(&stage, source, &opt_stage, &err);
	trx_source_free(source);
	context_close(&context);
	return rc == -1 ? trx_message_fail(&err) : TRX_OK;
}
