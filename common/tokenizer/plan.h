/*
 * What a tokenizer.json asks for, read from its JSON: which model it has, what
 * that model is given, and which parts of the pipeline need no steps of their
 * own.
 */
#ifndef TRX_TOKENIZER_PLAN_H
#define TRX_TOKENIZER_PLAN_H

#include <stdbool.h>

#include "common/base/error.h"
#include "common/json/value.h"
#include "common/tokenizer/bpe.h"
#include "common/tokenizer/image.h"

enum trx_model_kind { TRX_MODEL_BPE, TRX_MODEL_WORDPIECE, TRX_MODEL_UNIGRAM };

/* When U+2581 is put before a text that TRX_BPE_SPACES is for. */
enum trx_prepend {
	TRX_PREPEND_NEVER,
	TRX_PREPEND_ALWAYS,
	TRX_PREPEND_UNLESS, /* it begins so already */
	TRX_PREPEND_FIRST   /* as UNLESS, at the beginning of all only */
};

struct trx_plan {
	enum trx_model_kind kind;
	/*
	 * TRX_BPE_SPACES: normalizer and pre-tokenizer do no more than to make
	 * U+2581 of U+0020 and to prepend one; neither is run.
	 */
	enum trx_bpe_input input;
	enum trx_prepend prepend;
};

/*
 * Read spec, a tokenizer.json, for what it asks; bytes says whether its
 * pre-tokenizer ends in ByteLevel.  What is known to no part is refused by
 * name.  Returns 0, or -1 with err set.
 */
int trx_plan_read(const struct trx_json *spec, bool bytes, struct trx_plan *out,
    struct trx_error *err);

/* Add the plan's section to an image.  Returns 0, or -1 with err set. */
int trx_plan_write(const struct trx_plan *plan, struct trx_image *image,
    struct trx_error *err);

/* Read that section.  Returns 0, or -1 with err set. */
int trx_plan_open(
    const struct trx_image *image, struct trx_plan *out, struct trx_error *err);

#endif
