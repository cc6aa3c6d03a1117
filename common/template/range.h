/* range(): integers of any size, some 100000 at most. */
#ifndef TRX_TEMPLATE_RANGE_H
#define TRX_TEMPLATE_RANGE_H

#include "common/base/buf.h"
#include "common/template/call.h"
#include "common/template/value.h"

/* The global range(). */
trx_call_fn trx_range;

/* Item i of r, or what would be there beyond its ends.  Returns 0 or -1. */
int trx_range_item(struct trx_run *run, const struct trx_range *r, int64_t i,
    struct trx_value *out);

/*
 * r[start:stop:step] with clipped bounds; step may be NONE, and n items are
 * left.  Returns 0 or -1.
 */
int trx_range_slice(struct trx_run *run, const struct trx_range *r,
    int64_t start, int64_t stop, const struct trx_value *step, int64_t n,
    struct trx_value *out);

/* Append repr(r).  Returns 0 or -1. */
int trx_range_repr(
    struct trx_run *run, const struct trx_range *r, struct trx_buf *b);

#endif
