/*
 * Rows packed into longer rows: windowed best fit (common/pack/fit.h) over the
 * rows that come in, which are then joined.
 */
#ifndef TRX_EXAMPLE_PACKER_H
#define TRX_EXAMPLE_PACKER_H

#include <stdint.h>

#include "common/base/error.h"
#include "common/record/row.h"

/* A window is placed once it has this many rows, tokens, or bytes of them. */
#define TRX_PACKER_ROWS 4096
#define TRX_PACKER_TOKENS ((uint64_t)16 * 1024 * 1024)
#define TRX_PACKER_BYTES ((uint64_t)256 * 1024 * 1024)

/* Bins that stay open from window to window. */
#define TRX_PACKER_OPEN 256

struct trx_packer;

/*
 * Rows have at most `length` tokens.  What is packed is given to out, row by
 * row, each valid for that call only; rows that one window closes come in a
 * seeded permutation (common/pack/permute.h, seed 0), the segments of a row in
 * the order in which they came in.  NULL with err set on failure.
 */
struct trx_packer *trx_packer_new(uint32_t length,
    int (*out)(void *ctx, const struct trx_row *row, struct trx_error *err),
    void *ctx, struct trx_error *err);

/*
 * Take a payload of tokens, copied; row is what it decodes to, with at most
 * `length` tokens.  Returns 0, or -1 with err set.
 */
int trx_packer_add(struct trx_packer *p, struct trx_str payload,
    const struct trx_row *row, struct trx_error *err);

/* Give out all that is left.  Returns 0, or -1 with err set. */
int trx_packer_finish(struct trx_packer *p, struct trx_error *err);

/* NULL is fine. */
void trx_packer_free(struct trx_packer *p);

#endif
