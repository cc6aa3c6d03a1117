/*
 * The pipeline of a tokenizer.json: added tokens, normalizer, pre-tokenizer,
 * model, with the ids of Hugging Face's tokenizers 0.23.3.
 */
#ifndef TRX_TOKENIZER_PIPELINE_H
#define TRX_TOKENIZER_PIPELINE_H

#include <stdbool.h>

#include "common/base/buf.h"
#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/base/str.h"
#include "common/tokenizer/finder.h"
#include "common/tokenizer/image.h"
#include "common/tokenizer/postprocessor.h"

/*
 * Compile a tokenizer.json into an image.  The text is read where it is, and
 * may grow by room behind it.  Returns NULL with err set, TRX_INPUT where it is
 * broken or not to be reproduced; freed with trx_image_free.
 */
struct trx_image *trx_pipeline_compile(
    struct trx_buf *json, struct trx_error *err);

struct trx_pipeline; /* immutable once open: shared by threads */

/*
 * Open a compiled tokenizer; the image is owned from here on, also where this
 * fails.  Without ignore_truncation a file that has truncation or padding in it
 * is refused.  Returns NULL with err set.  Freed with trx_pipeline_free.
 */
struct trx_pipeline *trx_pipeline_open(
    struct trx_image *image, bool ignore_truncation, struct trx_error *err);

/* The largest id + 1, added tokens included. */
uint32_t trx_pipeline_vocab_size(const struct trx_pipeline *p);

/* The id of a token, an added one or the model's, or -1. */
int64_t trx_pipeline_id(const struct trx_pipeline *p, struct trx_str token);

/* What stands before and behind a text; borrowed. */
const struct trx_postprocessor *trx_pipeline_postprocessor(
    const struct trx_pipeline *p);

struct trx_pipeline_worker; /* what a thread needs */

/* Returns NULL with err set (memory).  Freed with trx_pipeline_worker_free. */
struct trx_pipeline_worker *trx_pipeline_worker_new(
    const struct trx_pipeline *p, struct trx_error *err);

/*
 * Append the ids of search->text (well-formed UTF-8), and with want_ends where
 * they end in it, which out then keeps.  search is as trx_finder_next wants it.
 * Returns 0, or -1 with err set; out is then as it was.
 */
int trx_pipeline_encode(struct trx_pipeline_worker *w,
    struct trx_finding *search, bool want_ends, struct trx_ids *out,
    struct trx_error *err);

/* NULL is fine. */
void trx_pipeline_worker_free(struct trx_pipeline_worker *w);
void trx_pipeline_free(struct trx_pipeline *p);

#endif
