#include "common/template/views.h"
#include "common/template/iter.h"

int
trx_views_contain(struct trx_run *run, const struct trx_value *view,
    const struct trx_value *item)
{
	const struct trx_value *key = item;
	struct trx_value *found;

	if (view->kind == TRX_V_ITEMS) {
		if (item->kind != TRX_V_TUPLE || item->u.seq.n != 2)
			return 0;
		key = &item->u.seq.at[0];
	}
	if (trx_dict_get(run, view->u.dict, key, &found) == -1)
		return -1;
	if (found == NULL || view->kind == TRX_V_KEYS)
		return found != NULL;
	return trx_value_equal_items(run, found, &item->u.seq.at[1]);
}

/* Is every item of a in b? */
static int
is_subset(
    struct trx_run *run, const struct trx_value *a, const struct trx_value *b)
{
	struct trx_value item;
	struct trx_iter it;
	int more, in;

	if (trx_iter_open(run, a, &it) == -1)
		return -1;
	while ((more = trx_iter_next(run, &it, &item)) == 1)
		if ((in = trx_views_contain(run, b, &item)) != 1)
			return in;
	return more == -1 ? -1 : 1;
}

int
trx_views_equal(
    struct trx_run *run, const struct trx_value *a, const struct trx_value *b)
{
	return a->u.dict->n == b->u.dict->n ? is_subset(run, a, b) : 0;
}

int
trx_views_order(struct trx_run *run, enum trx_order order,
    const struct trx_value *a, const struct trx_value *b)
{
	if (order == TRX_GT || order == TRX_GE)
		return trx_views_order(
		    run, order == TRX_GT ? TRX_LT : TRX_LE, b, a);
	if (order == TRX_LT ? a->u.dict->n >= b->u.dict->n
			    : a->u.dict->n > b->u.dict->n)
		return 0;
	return is_subset(run, a, b);
}
