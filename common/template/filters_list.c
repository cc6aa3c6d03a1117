#include <string.h>

#include "common/template/filters_list.h"
#include "common/template/iter.h"
#include "common/template/object.h"
#include "common/template/ops.h"
#include "common/template/select.h"

int
trx_filter_attr(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "name" };
	const struct trx_value *self = &call->self;
	struct trx_value name, found;

	if (trx_call_bind(run, call, names, 1, 1, &name) == -1)
		return -1;
	if (name.kind != TRX_V_STR)
		return trx_run_fail(run,
		    "attribute name must be string, not '%s'",
		    trx_value_type(&name));
	/* An item of that name is none: only attributes count. */
	if (self->kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, self);
	if (trx_object_attr(run, self, name.u.str, trx_method_find(name.u.str),
		&found) == -1)
		return -1;
	if (self->kind == TRX_V_DICT && found.kind != TRX_V_METHOD &&
	    !(found.kind == TRX_V_UNDEFINED &&
		found.undefined == TRX_UNDEF_UNSAFE))
		found =
		    trx_value_undefined(TRX_UNDEF_ATTR, TRX_V_DICT, name.u.str);
	*out = found;
	return 0;
}

/* What batch and slice are made of. */
struct chunks {
	struct trx_value over; /* for slice: the list of it */
	struct trx_value fill; /* MISSING or NONE: nothing */
	int64_t size;
	struct trx_iter items;
	struct trx_value ahead; /* batch: an item that was read already */
	bool opened;
	int64_t turn;
	int64_t offset;
};

/* A growing list of items. */
struct items {
	struct trx_value *at;
	size_t n;
	size_t cap;
};

static int
push(struct trx_run *run, struct items *items, const struct trx_value *v)
{
	struct trx_value *more;

	if (items->n == items->cap) {
		items->cap = items->cap == 0 ? 4 : items->cap * 2;
		if ((more = trx_run_calloc(run, items->cap, sizeof(*more))) ==
		    NULL)
			return -1;
		if (items->n != 0)
			memcpy(more, items->at, items->n * sizeof(*more));
		items->at = more;
	}
	items->at[items->n++] = *v;
	return trx_run_charge(run, 1);
}

static int
next_batch(struct trx_run *run, struct trx_iter *it, struct trx_value *out)
{
	struct chunks *c = it->state;
	struct items items = { 0 };
	struct trx_value v;
	int more = 1;

	if (!c->opened && trx_iter_open(run, &c->over, &c->items) == -1)
		return -1;
	c->opened = true;
	if (c->ahead.kind != TRX_V_MISSING) {
		if (push(run, &items, &c->ahead) == -1)
			return -1;
		c->ahead.kind = TRX_V_MISSING;
	}
	while (more == 1 && c->ahead.kind == TRX_V_MISSING) {
		if ((more = trx_iter_next(run, &c->items, &v)) == -1)
			return -1;
		/* Before the first item Python compares as well: size 0. */
		if (more == 1 && (int64_t)items.n == c->size &&
		    (items.n != 0 || c->turn == 0)) {
			c->ahead = v;
			c->turn = 1;
		} else if (more == 1 && push(run, &items, &v) == -1)
			return -1;
	}
	if (c->ahead.kind == TRX_V_MISSING && items.n == 0)
		return 0;
	while (
	    more == 0 && trx_call_given(&c->fill) && (int64_t)items.n < c->size)
		if (push(run, &items, &c->fill) == -1)
			return -1;
	*out = trx_value_seq(TRX_V_LIST, items.at, items.n);
	return 1;
}

static int
next_slice(struct trx_run *run, struct trx_iter *it, struct trx_value *out)
{
	struct chunks *c = it->state;
	struct trx_value list, *at;
	int64_t n, each, extra, start, end, k;
	size_t filled;

	if (!c->opened) {
		if (trx_iter_list(run, &c->over, &list) == -1)
			return -1;
		c->over = list;
		c->opened = true;
		if (c->size == 0)
			return trx_run_fail(
			    run, "integer division or modulo by zero");
	}
	if (c->turn >= c->size)
		return 0;
	n = (int64_t)c->over.u.seq.n;
	each = n / c->size;
	extra = n % c->size;
	start = c->offset + c->turn * each;
	c->offset += c->turn < extra;
	end = c->offset + (c->turn + 1) * each;
	filled = (size_t)(end - start);
	at = trx_run_calloc(run, filled + 1, sizeof(*at));
	if (at == NULL || trx_run_charge(run, filled) == -1)
		return -1;
	for (k = start; k < end; k++)
		at[k - start] = c->over.u.seq.at[k];
	if (trx_call_given(&c->fill) && c->turn >= extra)
		at[filled++] = c->fill;
	c->turn++;
	*out = trx_value_seq(TRX_V_LIST, at, filled);
	return 1;
}

static int
chunks(struct trx_run *run, const struct trx_call *call, const char *size,
    trx_iter_next_fn *next, struct trx_value *out)
{
	const char *names[] = { size, "fill_with" };
	struct chunks *c = trx_run_calloc(run, 1, sizeof(*c));
	struct trx_value args[2];

	if (c == NULL || trx_call_bind(run, call, names, 2, 1, args) == -1 ||
	    trx_call_int(run, &args[0], &c->size) == -1)
		return -1;
	if (c->size > INT32_MAX || c->size < -INT32_MAX)
		return trx_run_refuse(run, "so large a size");
	c->over = call->self;
	c->fill = args[1];
	return trx_iter_generator(run, next, c, out);
}

int
trx_filter_batch(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	return chunks(run, call, "linecount", next_batch, out);
}

int
trx_filter_slice(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	return chunks(run, call, "slices", next_slice, out);
}

int
trx_filter_first(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	struct trx_iter it;
	int more;

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1 ||
	    trx_iter_open(run, &call->self, &it) == -1 ||
	    (more = trx_iter_next(run, &it, out)) == -1)
		return -1;
	if (more == 0)
		*out = trx_value_undefined(TRX_UNDEF_HINT, TRX_V_NONE,
		    TRX_STR("No first item, sequence was empty."));
	return 0;
}

int
trx_filter_last(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	struct trx_value list;

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	if (call->self.kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, &call->self);
	if (call->self.kind == TRX_V_GENERATOR || call->self.kind == TRX_V_LOOP)
		return trx_run_fail(run, "'%s' object is not reversible",
		    trx_value_type(&call->self));
	if (trx_iter_list(run, &call->self, &list) == -1)
		return -1;
	if (list.u.seq.n == 0) {
		*out = trx_value_undefined(TRX_UNDEF_HINT, TRX_V_NONE,
		    TRX_STR("No last item, sequence was empty."));
		return 0;
	}
	*out = list.u.seq.at[list.u.seq.n - 1];
	out->safe |= call->self.safe;
	return 0;
}

int
trx_filter_random(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	const struct trx_value zero = trx_value_int(0);
	int64_t n;

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1 ||
	    (n = trx_value_length(run, &call->self)) == -1)
		return -1;
	if (n > 1)
		return trx_run_refuse(
		    run, "the filter 'random', whose text is chance,");
	if (n == 1)
		return trx_object_item(run, &call->self, &zero, out);
	*out = trx_value_undefined(TRX_UNDEF_HINT, TRX_V_NONE,
	    TRX_STR("No random item, sequence was empty."));
	return 0;
}

/* The items of a list from its end. */
static int
next_reversed(struct trx_run *run, struct trx_iter *it, struct trx_value *out)
{
	(void)run;
	if (it->i == 0)
		return 0;
	*out = it->over.u.seq.at[--it->i];
	return 1;
}

int
trx_filter_reverse(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	const struct trx_value *self = &call->self;
	struct trx_value bounds[3] = { trx_value_none(), trx_value_none(),
		trx_value_int(-1) };
	struct trx_value list;

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	if (self->kind == TRX_V_STR)
		return trx_object_slice(run, self, bounds, out);
	if (self->kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, self);
	if (trx_iter_list(run, self, &list) == -1)
		return trx_run_fail(run, "argument must be iterable");
	if (self->kind == TRX_V_GENERATOR) {
		/* A list, as this cannot be read from its end. */
		bounds[2] = trx_value_int(-1);
		return trx_object_slice(run, &list, bounds, out);
	}
	if (trx_iter_generator(run, next_reversed, NULL, out) == -1)
		return -1;
	out->u.iter->over = list;
	out->u.iter->i = list.u.seq.n;
	return 0;
}

int
trx_filter_sum(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "attribute", "start" };
	struct trx_value args[2], item;
	struct trx_iter it;
	int more;

	if (trx_call_bind(run, call, names, 2, 0, args) == -1 ||
	    trx_iter_open(run, &call->self, &it) == -1)
		return -1;
	*out = args[1].kind == TRX_V_MISSING ? trx_value_int(0) : args[1];
	if (out->kind == TRX_V_STR)
		return trx_run_fail(
		    run, "sum() can't sum strings [use ''.join(seq) instead]");
	while ((more = trx_iter_next(run, &it, &item)) == 1) {
		if (trx_call_given(&args[0]) &&
		    trx_select_attribute(run, &item, &args[0], NULL, &item) ==
			-1)
			return -1;
		if (trx_ops_binary(run, TRX_OP_ADD, out, &item, out) == -1)
			return -1;
	}
	return more;
}
