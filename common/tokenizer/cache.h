/*
 * The ids of pieces, remembered: the vocabulary's own from the start (seeds,
 * which an image holds and all threads share), what texts bring as they go (one
 * a thread, of bounded size).  A cache never changes ids.
 */
#ifndef TRX_TOKENIZER_CACHE_H
#define TRX_TOKENIZER_CACHE_H

#include <stdint.h>

#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/base/str.h"
#include "common/tokenizer/image.h"
#include "common/tokenizer/pretokenizer.h"

/* The model: append the ids of a piece, and their ends in it, which out keeps.
 */
typedef int trx_cache_model(void *ctx, struct trx_str piece,
    struct trx_ids *out, struct trx_error *err);

struct trx_cache;

/* Bytes of a piece that is found soonest. */
enum { TRX_CACHE_SHORT = 15 };

/*
 * Add seeds to an image: what model gives for each of the n pieces; the first
 * ones have precedence.  Returns 0, or -1 with err set.
 */
int trx_cache_build(const struct trx_str *pieces, size_t n,
    trx_cache_model *model, void *ctx, struct trx_image *image,
    struct trx_error *err);

/*
 * A thread's cache before that model, with the image's seeds, if it has any.
 * Returns NULL with err set.  Freed with trx_cache_free.
 */
struct trx_cache *trx_cache_new(const struct trx_image *image,
    trx_cache_model *model, void *ctx, struct trx_error *err);

/*
 * Append the ids of n pieces of the text that ends at limit; their ends are
 * left as they are.  Returns 0, or -1 with err set.
 */
int trx_cache_encode(struct trx_cache *c, const uint8_t *text,
    const uint8_t *limit, const struct trx_piece *pieces, size_t n,
    struct trx_ids *out, struct trx_error *err);

/* NULL is fine. */
void trx_cache_free(struct trx_cache *c);

#endif
