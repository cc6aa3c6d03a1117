#include <math.h>

#include "common/template/same.h"
#include "common/template/sort.h"

static int
unknown(struct trx_run *run)
{
	return trx_run_refuse(run, "sameas of equal values");
}

/* Of values whose objects are not known: others if they are not equal. */
static int
same_if_equal(
    struct trx_run *run, const struct trx_value *a, const struct trx_value *b)
{
	int rc = trx_sort_has_nan(run, a);

	if (rc == 1)
		rc = trx_sort_has_nan(run, b);
	if (rc == 0)
		rc = trx_value_equal(run, a, b);
	return rc == 1 ? unknown(run) : rc;
}

/* Of undefined ones: others if they are not undefined alike. */
static int
same_undefined(
    struct trx_run *run, const struct trx_value *a, const struct trx_value *b)
{
	if (a->undefined == b->undefined && a->owner == b->owner &&
	    trx_str_equal(a->u.str, b->u.str))
		return unknown(run);
	return 0;
}

/* Views are made anew each time they are asked for, but variables keep them. */
static int
same_view(
    struct trx_run *run, const struct trx_value *a, const struct trx_value *b)
{
	struct trx_value p = *a, q = *b;

	p.kind = q.kind = TRX_V_DICT;
	return same_if_equal(run, &p, &q);
}

/* CPython has one object of None, of each bool, small int and empty value. */
static bool
is_single(const struct trx_value *v)
{
	switch ((enum trx_kind)v->kind) {
	case TRX_V_NONE:
	case TRX_V_BOOL:
		return true;
	case TRX_V_INT:
		return v->u.integer >= -5 && v->u.integer <= 256;
	case TRX_V_STR:
		return v->u.str.n == 0 && !v->safe;
	case TRX_V_TUPLE:
	case TRX_V_BYTES:
		return v->u.seq.n == 0;
	default:
		return false;
	}
}

static int
same_kind(
    struct trx_run *run, const struct trx_value *a, const struct trx_value *b)
{
	switch ((enum trx_kind)a->kind) {
	case TRX_V_UNDEFINED:
		return same_undefined(run, a, b);
	case TRX_V_FLOAT:
		if (signbit(a->u.real) != signbit(b->u.real) &&
		    !isnan(a->u.real))
			return 0;
		return same_if_equal(run, a, b);
	case TRX_V_NONE:
	case TRX_V_BOOL:
	case TRX_V_INT:
	case TRX_V_BIG:
	case TRX_V_STR:
	case TRX_V_LIST:
	case TRX_V_TUPLE:
	case TRX_V_BYTES:
	case TRX_V_DICT:
		return same_if_equal(run, a, b);
	case TRX_V_KEYS:
	case TRX_V_VALUES:
	case TRX_V_ITEMS:
		return same_view(run, a, b);
	case TRX_V_SELF:
	case TRX_V_BLOCK:
		return unknown(run);
	default:
		return a->u.loop == b->u.loop;
	}
}

int
trx_same(
    struct trx_run *run, const struct trx_value *a, const struct trx_value *b)
{
	if (a->kind != b->kind || a->safe != b->safe || a->group != b->group)
		return 0;
	if (is_single(a) && is_single(b))
		return trx_value_equal(run, a, b);
	return same_kind(run, a, b);
}
