#include "common/template/iter.h"
#include "common/template/loop.h"
#include "common/template/range.h"

static int
next_none(struct trx_run *run, struct trx_iter *it, struct trx_value *out)
{
	(void)run;
	(void)it;
	(void)out;
	return 0;
}

static int
next_in_seq(struct trx_run *run, struct trx_iter *it, struct trx_value *out)
{
	(void)run;
	if (it->i >= it->over.u.seq.n)
		return 0;
	*out = it->over.u.seq.at[it->i++];
	return 1;
}

static int
next_in_str(struct trx_run *run, struct trx_iter *it, struct trx_value *out)
{
	struct trx_str s = it->over.u.str;
	size_t n;

	(void)run;
	if (it->i >= s.n)
		return 0;
	n = trx_unicode_width(s.p + it->i);
	*out = trx_value_str((struct trx_str){ .p = s.p + it->i, .n = n });
	it->i += n;
	return 1;
}

static int
next_in_dict(struct trx_run *run, struct trx_iter *it, struct trx_value *out)
{
	const struct trx_dict *d = it->over.u.dict;
	const struct trx_pair *pair;
	struct trx_value *two;

	if (d->n != it->n)
		return trx_run_fail(
		    run, "dictionary changed size during iteration");
	if (it->i >= d->n)
		return 0;
	pair = &d->pairs[it->i++];
	if (it->over.kind == TRX_V_ITEMS) {
		if ((two = trx_run_alloc(run, 2 * sizeof(*two))) == NULL)
			return -1;
		two[0] = pair->key;
		two[1] = pair->value;
		*out = trx_value_seq(TRX_V_TUPLE, two, 2);
	} else {
		*out = it->over.kind == TRX_V_VALUES ? pair->value : pair->key;
	}
	return 1;
}

static int
next_in_range(struct trx_run *run, struct trx_iter *it, struct trx_value *out)
{
	const struct trx_range *r = it->over.u.range;

	if ((int64_t)it->i >= r->n)
		return 0;
	return trx_range_item(run, r, (int64_t)it->i++, out) == -1 ? -1 : 1;
}

static int
next_in_generator(
    struct trx_run *run, struct trx_iter *it, struct trx_value *out)
{
	return it->over.u.iter->next(run, it->over.u.iter, out);
}

/* What is left of the loop, of which it takes the turns. */
static int
next_in_loop(struct trx_run *run, struct trx_iter *it, struct trx_value *out)
{
	struct trx_value *two = trx_run_alloc(run, 2 * sizeof(*two));
	int more;

	if (two == NULL)
		return -1;
	if ((more = trx_loop_next(run, it->over.u.loop, &two[0])) != 1)
		return more;
	two[1] = it->over;
	*out = trx_value_seq(TRX_V_TUPLE, two, 2);
	return 1;
}

static trx_iter_next_fn *const nexts[TRX_V_NKINDS] = {
	[TRX_V_UNDEFINED] = next_none,
	[TRX_V_STR] = next_in_str,
	[TRX_V_LIST] = next_in_seq,
	[TRX_V_TUPLE] = next_in_seq,
	[TRX_V_BYTES] = next_in_seq,
	[TRX_V_DICT] = next_in_dict,
	[TRX_V_KEYS] = next_in_dict,
	[TRX_V_VALUES] = next_in_dict,
	[TRX_V_ITEMS] = next_in_dict,
	[TRX_V_RANGE] = next_in_range,
	[TRX_V_LOOP] = next_in_loop,
	[TRX_V_GENERATOR] = next_in_generator,
};

int
trx_iter_open(
    struct trx_run *run, const struct trx_value *v, struct trx_iter *it)
{
	*it = (struct trx_iter){ .next = nexts[v->kind], .over = *v };
	if (it->next == next_in_dict)
		it->n = v->u.dict->n;
	if (it->next == NULL)
		return trx_run_fail(
		    run, "'%s' object is not iterable", trx_value_type(v));
	return 0;
}

int
trx_iter_generator(struct trx_run *run, trx_iter_next_fn *next, void *state,
    struct trx_value *out)
{
	struct trx_iter *it = trx_run_alloc(run, sizeof(*it));

	if (it == NULL)
		return -1;
	*it = (struct trx_iter){ .next = next, .state = state };
	*out = (struct trx_value){ .kind = TRX_V_GENERATOR, .u.iter = it };
	return 0;
}

int
trx_iter_list(
    struct trx_run *run, const struct trx_value *v, struct trx_value *out)
{
	struct trx_value *at = NULL;
	struct trx_value item;
	struct trx_iter it;
	size_t n = 0, cap = 0;
	int more;

	if (v->kind == TRX_V_LIST || v->kind == TRX_V_TUPLE) {
		*out = trx_value_seq(TRX_V_LIST, v->u.seq.at, v->u.seq.n);
		return 0;
	}
	if (trx_iter_open(run, v, &it) == -1)
		return -1;
	while ((more = trx_iter_next(run, &it, &item)) == 1) {
		if ((at = trx_value_grow(run, at, n, &cap)) == NULL)
			return -1;
		at[n++] = item;
	}
	*out = trx_value_seq(TRX_V_LIST, at, n);
	return more;
}
