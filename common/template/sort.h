/* Sorting as Python's list.sort() does it. */
#ifndef TRX_TEMPLATE_SORT_H
#define TRX_TEMPLATE_SORT_H

#include "common/template/value.h"

/* Is a < b?  1 or 0, or -1 where that cannot be told. */
typedef int trx_sort_less_fn(
    struct trx_run *run, const struct trx_value *a, const struct trx_value *b);

/* Python's a < b. */
trx_sort_less_fn trx_sort_less;

/*
 * Sort pairs by key; equal keys stay in order, also in reverse.  Fewer than 64
 * are compared as CPython's list.sort compares them (one run, then binary
 * insertion), so that keys without an order fail where they fail there; of
 * more, those whose order depends on that (NaN) are refused.  Returns 0 or -1.
 */
int trx_sort_pairs(struct trx_run *run, struct trx_pair *pairs, size_t n,
    bool reverse, trx_sort_less_fn *less);

/* The pairs of d sorted by key, d->n of them; NULL with the run failed. */
struct trx_pair *trx_sort_dict(
    struct trx_run *run, const struct trx_dict *d, trx_sort_less_fn *less);

/* Is v NaN, or a sequence with NaN in it?  1, 0 or -1. */
int trx_sort_has_nan(struct trx_run *run, const struct trx_value *v);

/* sorted()'s argument reverse: an int of C.  Returns 0 or -1. */
int trx_sort_reverse(struct trx_run *run, const struct trx_value *v, bool *out);

#endif
