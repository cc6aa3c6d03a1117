/* Python's views of a dict as the sets that they are. */
#ifndef TRX_TEMPLATE_VIEWS_H
#define TRX_TEMPLATE_VIEWS_H

#include "common/template/value.h"

/* Is v a view that compares as a set: keys() or items()? */
static inline bool
trx_views_is_set(const struct trx_value *v)
{
	return v->kind == TRX_V_KEYS || v->kind == TRX_V_ITEMS;
}

/* item in view, one of those: 1, 0 or -1. */
int trx_views_contain(struct trx_run *run, const struct trx_value *view,
    const struct trx_value *item);

/* Have a and b, two of those, the same items?  1, 0 or -1. */
int trx_views_equal(
    struct trx_run *run, const struct trx_value *a, const struct trx_value *b);

/* a < b and the like: is one a subset of the other?  1, 0 or -1. */
int trx_views_order(struct trx_run *run, enum trx_order order,
    const struct trx_value *a, const struct trx_value *b);

#endif
