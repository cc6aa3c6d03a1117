#include <math.h>
#include <string.h>

#include "common/template/bytes.h"
#include "common/template/iter.h"
#include "common/template/number.h"
#include "common/template/value.h"
#include "common/template/views.h"

/* What compares as one kind of sequence. */
static bool
is_sequence(const struct trx_value *v)
{
	return v->kind == TRX_V_LIST || v->kind == TRX_V_TUPLE ||
	       v->kind == TRX_V_BYTES;
}

/* Steps for comparing two numbers: long ones, digit by digit. */
static int
charge_numbers(
    struct trx_run *run, const struct trx_value *a, const struct trx_value *b)
{
	if (a->kind != TRX_V_BIG && b->kind != TRX_V_BIG)
		return 0;
	return trx_run_charge(
	    run, 16 + (a->kind == TRX_V_BIG ? a->u.str.n : b->u.str.n) / 64);
}

int
trx_value_equal_items(
    struct trx_run *run, const struct trx_value *a, const struct trx_value *b)
{
	if (a == b)
		return 1;
	if (a->kind == TRX_V_FLOAT && isnan(a->u.real) &&
	    b->kind == TRX_V_FLOAT && isnan(b->u.real))
		return trx_run_refuse(run, "whether two NaN are one object");
	return trx_value_equal(run, a, b);
}

static int
equal_dicts(
    struct trx_run *run, const struct trx_dict *a, const struct trx_dict *b)
{
	struct trx_value *other;
	size_t i;
	int same;

	if (a == b)
		return 1;
	if (a->n != b->n)
		return 0;
	for (i = 0; i < a->n; i++) {
		if (trx_dict_get(run, b, &a->pairs[i].key, &other) == -1)
			return -1;
		if (other == NULL)
			return 0;
		same = trx_value_equal_items(run, &a->pairs[i].value, other);
		if (same != 1)
			return same;
	}
	return 1;
}

/* The first index at which a and b differ, or -1 with the run failed. */
static int64_t
first_difference(
    struct trx_run *run, const struct trx_value *a, const struct trx_value *b)
{
	size_t n = a->u.seq.n < b->u.seq.n ? a->u.seq.n : b->u.seq.n;
	size_t i;
	int same;

	for (i = 0; i < n; i++) {
		same = trx_value_equal_items(
		    run, &a->u.seq.at[i], &b->u.seq.at[i]);
		if (same == -1)
			return -1;
		if (!same)
			break;
	}
	return (int64_t)i;
}

static int
equal_sequences(
    struct trx_run *run, const struct trx_value *a, const struct trx_value *b)
{
	int64_t i;

	if (a->kind != b->kind || a->u.seq.n != b->u.seq.n)
		return 0;
	if ((i = first_difference(run, a, b)) == -1)
		return -1;
	return (size_t)i == a->u.seq.n;
}

static int
equal_same_kind(
    struct trx_run *run, const struct trx_value *a, const struct trx_value *b)
{
	switch ((enum trx_kind)a->kind) {
	case TRX_V_NONE:
	case TRX_V_UNDEFINED:
		return 1;
	case TRX_V_STR:
		if (a->u.str.n != b->u.str.n)
			return 0;
		if (trx_run_charge(run, a->u.str.n / 64) == -1)
			return -1;
		return trx_str_equal(a->u.str, b->u.str);
	case TRX_V_DICT:
		return equal_dicts(run, a->u.dict, b->u.dict);
	case TRX_V_NAMESPACE:
	case TRX_V_VALUES:
	case TRX_V_LOOP:
	case TRX_V_MACRO:
	case TRX_V_FUNCTION:
	case TRX_V_GENERATOR:
		return a->u.loop == b->u.loop;
	default:
		return trx_run_refuse(run, "comparing such values");
	}
}

int
trx_value_equal(
    struct trx_run *run, const struct trx_value *a, const struct trx_value *b)
{
	int rc;

	if (trx_run_charge(run, 1) == -1)
		return -1;
	if (trx_number_is(a) && trx_number_is(b))
		return charge_numbers(run, a, b) == -1
			   ? -1
			   : trx_number_compare(a, b) == 0;
	if (a->kind == TRX_V_UNDEFINED || b->kind == TRX_V_UNDEFINED)
		return a->kind == b->kind;
	if (trx_views_is_set(a) && trx_views_is_set(b))
		return trx_views_equal(run, a, b);
	if (a->kind != b->kind)
		return 0;
	if (!is_sequence(a) && a->kind != TRX_V_DICT)
		return equal_same_kind(run, a, b);
	if (trx_run_enter(run) == -1)
		return -1;
	rc = is_sequence(a) ? equal_sequences(run, a, b)
			    : equal_same_kind(run, a, b);
	trx_run_leave(run);
	return rc;
}

/* What `order` says of a three-way comparison; 2 (NaN) is never true. */
static int
decide(enum trx_order order, int cmp)
{
	if (cmp == 2)
		return 0;
	switch (order) {
	case TRX_LT:
		return cmp < 0;
	case TRX_LE:
		return cmp <= 0;
	case TRX_GT:
		return cmp > 0;
	default:
		return cmp >= 0;
	}
}

static int
order_sequences(struct trx_run *run, enum trx_order order,
    const struct trx_value *a, const struct trx_value *b)
{
	size_t n = a->u.seq.n, m = b->u.seq.n;
	int64_t i = first_difference(run, a, b);

	if (i == -1)
		return -1;
	if ((size_t)i < n && (size_t)i < m)
		return trx_value_order(
		    run, order, &a->u.seq.at[i], &b->u.seq.at[i]);
	return decide(order, (n > m) - (n < m));
}

int
trx_value_order(struct trx_run *run, enum trx_order order,
    const struct trx_value *a, const struct trx_value *b)
{
	static const char *const names[] = { "<", "<=", ">", ">=" };
	int cmp, rc;

	if (a->kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, a);
	if (b->kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, b);
	if (trx_number_is(a) && trx_number_is(b))
		return charge_numbers(run, a, b) == -1
			   ? -1
			   : decide(order, trx_number_compare(a, b));
	if (a->kind == TRX_V_STR && b->kind == TRX_V_STR) {
		if (trx_run_charge(run, a->u.str.n / 64) == -1)
			return -1;
		cmp = trx_str_compare(a->u.str, b->u.str);
		return decide(order, (cmp > 0) - (cmp < 0));
	}
	if (is_sequence(a) && a->kind == b->kind) {
		if (trx_run_enter(run) == -1)
			return -1;
		rc = order_sequences(run, order, a, b);
		trx_run_leave(run);
		return rc;
	}
	if (trx_views_is_set(a) && trx_views_is_set(b))
		return trx_views_order(run, order, a, b);
	return trx_run_fail(run,
	    "'%s' not supported between instances of '%s' and '%s'",
	    names[order], trx_value_type(a), trx_value_type(b));
}

static int
contains_text(struct trx_run *run, const struct trx_value *container,
    const struct trx_value *item)
{
	struct trx_str s = container->u.str;

	if (item->kind != TRX_V_STR)
		return trx_run_fail(run,
		    "'in <string>' requires string as left operand, not %s",
		    trx_value_type(item));
	if (trx_run_charge(run, s.n / 16) == -1)
		return -1;
	return item->u.str.n == 0 ||
	       (s.n != 0 &&
		   memmem(s.p, s.n, item->u.str.p, item->u.str.n) != NULL);
}

/* By iterating, as Python does without a __contains__. */
static int
contains_by_iteration(struct trx_run *run, const struct trx_value *container,
    const struct trx_value *item)
{
	struct trx_iter it;
	struct trx_value v;
	int more, same;

	if (trx_iter_open(run, container, &it) == -1)
		return trx_run_fail(run,
		    "argument of type '%s' is not iterable",
		    trx_value_type(container));
	while ((more = trx_iter_next(run, &it, &v)) == 1)
		if ((same = trx_value_equal_items(run, &v, item)) != 0)
			return same;
	return more;
}

int
trx_value_contains(struct trx_run *run, const struct trx_value *container,
    const struct trx_value *item)
{
	struct trx_value *found;

	switch ((enum trx_kind)container->kind) {
	case TRX_V_STR:
		return contains_text(run, container, item);
	case TRX_V_DICT:
		if (trx_dict_get(run, container->u.dict, item, &found) == -1)
			return -1;
		return found != NULL;
	case TRX_V_BYTES:
		return trx_bytes_contain(run, container, item);
	case TRX_V_KEYS:
	case TRX_V_ITEMS:
		return trx_views_contain(run, container, item);
	default:
		return contains_by_iteration(run, container, item);
	}
}
