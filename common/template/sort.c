#include <math.h>
#include <string.h>

#include "common/template/call.h"
#include "common/template/sort.h"

#define SHORT 64 /* of as many CPython merges runs */

/* What is being sorted. */
struct sorting {
	struct trx_run *run;
	struct trx_pair *at;
	trx_sort_less_fn *less;
};

int
trx_sort_less(
    struct trx_run *run, const struct trx_value *a, const struct trx_value *b)
{
	return trx_value_order(run, TRX_LT, a, b);
}

static int
less(
    const struct sorting *s, const struct trx_pair *a, const struct trx_pair *b)
{
	if (trx_run_charge(s->run, 1) == -1)
		return -1;
	return s->less(s->run, &a->key, &b->key);
}

static void
turn_round(struct trx_pair *at, size_t n)
{
	struct trx_pair e;
	size_t i;

	for (i = 0; i < n / 2; i++) {
		e = at[i];
		at[i] = at[n - 1 - i];
		at[n - 1 - i] = e;
	}
}

/* The entries in order at the start, as *n; falling ones are turned round. */
static int
first_run(const struct sorting *s, size_t count, size_t *n)
{
	bool falling;
	int rc;

	if ((rc = less(s, &s->at[1], &s->at[0])) == -1)
		return -1;
	falling = rc == 1;
	for (*n = 2; *n < count; ++*n) {
		if ((rc = less(s, &s->at[*n], &s->at[*n - 1])) == -1)
			return -1;
		if ((rc == 1) != falling)
			break;
	}
	if (falling)
		turn_round(s->at, *n);
	return 0;
}

/* Put the entries from `sorted` on each in its place among those before. */
static int
insert(const struct sorting *s, size_t sorted, size_t count)
{
	struct trx_pair pivot;
	size_t low, high, mid;
	int rc;

	for (; sorted < count; sorted++) {
		pivot = s->at[sorted];
		low = 0;
		high = sorted;
		while (low < high) {
			mid = low + (high - low) / 2;
			if ((rc = less(s, &pivot, &s->at[mid])) == -1)
				return -1;
			if (rc == 1)
				high = mid;
			else
				low = mid + 1;
		}
		memmove(&s->at[low + 1], &s->at[low],
		    (sorted - low) * sizeof(*s->at));
		s->at[low] = pivot;
	}
	return 0;
}

static int
sort_few(const struct sorting *s, size_t count)
{
	size_t n;

	if (count < 2)
		return 0;
	if (first_run(s, count, &n) == -1)
		return -1;
	return insert(s, n, count);
}

/* Merge two sorted halves by way of room for all. */
static int
merge(const struct sorting *s, size_t half, size_t count, struct trx_pair *room)
{
	size_t i = 0, j = half, n = 0;
	int rc;

	while (i < half && j < count) {
		if ((rc = less(s, &s->at[j], &s->at[i])) == -1)
			return -1;
		room[n++] = rc == 1 ? s->at[j++] : s->at[i++];
	}
	memcpy(room + n, &s->at[i], (half - i) * sizeof(*room));
	memcpy(s->at, room, (n + half - i) * sizeof(*room));
	return 0;
}

static int
sort_many(const struct sorting *s, size_t count, struct trx_pair *room)
{
	struct sorting second = *s;
	size_t half = count / 2;

	if (count < SHORT)
		return sort_few(s, count);
	second.at += half;
	if (sort_many(s, half, room) == -1 ||
	    sort_many(&second, count - half, room) == -1)
		return -1;
	return merge(s, half, count, room);
}

int
trx_sort_has_nan(struct trx_run *run, const struct trx_value *v)
{
	size_t i;
	int rc = 0;

	if (v->kind == TRX_V_FLOAT)
		return isnan(v->u.real);
	if (v->kind != TRX_V_LIST && v->kind != TRX_V_TUPLE)
		return 0;
	if (trx_run_enter(run) == -1 || trx_run_charge(run, v->u.seq.n) == -1)
		return -1;
	for (i = 0; rc == 0 && i < v->u.seq.n; i++)
		rc = trx_sort_has_nan(run, &v->u.seq.at[i]);
	trx_run_leave(run);
	return rc;
}

/*
 * Refuse keys whose order depends on what is compared with what: in long
 * lists NaN and views (which may contain each other or not), and NaN among
 * several items, as there it matters whether it is the same object.
 */
static int
check_keys(struct trx_run *run, const struct trx_pair *at, size_t n)
{
	const struct trx_value *key;
	size_t i;
	int nan;

	for (i = 0; i < n; i++) {
		key = &at[i].key;
		if (key->kind == TRX_V_LIST && key->u.seq.n == 1)
			key = key->u.seq.at;
		if (key->kind != TRX_V_FLOAT || n >= SHORT) {
			if ((nan = trx_sort_has_nan(run, key)) == -1)
				return -1;
			if (nan == 1)
				return trx_run_refuse(
				    run, "sorting so with NaN");
		}
		if (n >= SHORT &&
		    (key->kind == TRX_V_KEYS || key->kind == TRX_V_ITEMS))
			return trx_run_refuse(run, "sorting so many views");
	}
	return 0;
}

int
trx_sort_pairs(struct trx_run *run, struct trx_pair *pairs, size_t n,
    bool reverse, trx_sort_less_fn *less_fn)
{
	const struct sorting s = { .run = run, .at = pairs, .less = less_fn };
	struct trx_pair *room = NULL;

	if (n < 2)
		return 0;
	if (check_keys(run, pairs, n) == -1 ||
	    (n >= SHORT &&
		(room = trx_run_calloc(run, n, sizeof(*room))) == NULL))
		return -1;
	if (reverse)
		turn_round(pairs, n);
	if (sort_many(&s, n, room) == -1)
		return -1;
	if (reverse)
		turn_round(pairs, n);
	return 0;
}

struct trx_pair *
trx_sort_dict(
    struct trx_run *run, const struct trx_dict *d, trx_sort_less_fn *less_fn)
{
	struct trx_pair *pairs = trx_run_calloc(run, d->n, sizeof(*pairs));

	if (pairs == NULL)
		return NULL;
	if (d->n != 0)
		memcpy(pairs, d->pairs, d->n * sizeof(*pairs));
	if (trx_sort_pairs(run, pairs, d->n, false, less_fn) == -1)
		return NULL;
	return pairs;
}

int
trx_sort_reverse(struct trx_run *run, const struct trx_value *v, bool *out)
{
	int64_t i = 0;

	if (v->kind != TRX_V_MISSING && trx_call_c_int(run, v, &i) == -1)
		return -1;
	*out = i != 0;
	return 0;
}
