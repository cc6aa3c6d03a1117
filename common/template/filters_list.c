#include <string.h>

#include "common/template/filters_list.h"
#include "common/template/iter.h"
#include "common/template/object.h"
#include "common/template/ops.h"
#include "common/template/select.h"
#include "common/template/unicode.h"

static struct trx_value
empty(const char *hint)
{
	return trx_value_undefined(TRX_UNDEF_HINT, TRX_V_NONE, trx_str(hint));
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
		*out = empty("No first item, sequence was empty.");
	return 0;
}

/* The last code point of a str; of Markup it is Markup. */
static struct trx_value
last_of_text(const struct trx_value *v)
{
	struct trx_value last = *v;
	size_t i = v->u.str.n - 1;

	while (((unsigned char)v->u.str.p[i] & 0xc0) == 0x80)
		i--;
	last.u.str.p += i;
	last.u.str.n -= i;
	return last;
}

/* Can Python go through v from its end? */
static bool
reversible(const struct trx_value *v)
{
	return v->kind == TRX_V_UNDEFINED ||
	       (v->kind >= TRX_V_STR && v->kind <= TRX_V_RANGE);
}

int
trx_filter_last(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	struct trx_value list;

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	if (!reversible(&call->self))
		return trx_run_fail(run, "'%s' object is not reversible",
		    trx_value_type(&call->self));
	if (call->self.kind == TRX_V_STR && call->self.u.str.n != 0) {
		*out = last_of_text(&call->self);
		return 0;
	}
	if (trx_iter_list(run, &call->self, &list) == -1)
		return -1;
	*out = list.u.seq.n != 0 ? list.u.seq.at[list.u.seq.n - 1]
				 : empty("No last item, sequence was empty.");
	return 0;
}

/* The pairs of a mapping, which only reading them asks for. */
static int
next_pair(struct trx_run *run, struct trx_iter *it, struct trx_value *out)
{
	if (it->over.kind == TRX_V_MISSING) {
		it->over = *(struct trx_value *)it->state;
		if (it->over.kind == TRX_V_UNDEFINED)
			return 0;
		if (it->over.kind != TRX_V_DICT)
			return trx_run_fail(
			    run, "Can only get item pairs from a mapping.");
		it->over.kind = TRX_V_ITEMS;
		it->state = trx_run_alloc(run, sizeof(struct trx_iter));
		if (it->state == NULL ||
		    trx_iter_open(run, &it->over, it->state) == -1)
			return -1;
	}
	if (it->over.kind == TRX_V_UNDEFINED)
		return 0;
	return trx_iter_next(run, it->state, out);
}

int
trx_filter_items(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	struct trx_value *self = trx_run_alloc(run, sizeof(*self));

	if (self == NULL || trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	*self = call->self;
	return trx_iter_generator(run, next_pair, self, out);
}

/* The items of a list, the last one first. */
static int
next_backwards(struct trx_run *run, struct trx_iter *it, struct trx_value *out)
{
	const struct trx_value *list = it->state;

	(void)run;
	if (it->i >= list->u.seq.n)
		return 0;
	*out = list->u.seq.at[list->u.seq.n - 1 - it->i++];
	return 1;
}

static void
swap_ends(struct trx_value *at, size_t n)
{
	struct trx_value v;
	size_t i;

	for (i = 0; i < n / 2; i++) {
		v = at[i];
		at[i] = at[n - 1 - i];
		at[n - 1 - i] = v;
	}
}

int
trx_filter_reverse(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	const struct trx_value *self = &call->self;
	struct trx_value backwards[3] = { trx_value_none(), trx_value_none(),
		trx_value_int(-1) };
	struct trx_value *list, *at;

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	if (self->kind == TRX_V_STR)
		return trx_object_slice(run, self, backwards, out);
	if ((list = trx_run_alloc(run, sizeof(*list))) == NULL ||
	    trx_iter_list(run, self, list) == -1)
		return -1;
	if (reversible(self))
		return trx_iter_generator(run, next_backwards, list, out);
	/* Of what cannot be gone through from its end there is a list. */
	at = trx_run_calloc(run, list->u.seq.n, sizeof(*at));
	if (at == NULL)
		return -1;
	if (list->u.seq.n != 0)
		memcpy(at, list->u.seq.at, list->u.seq.n * sizeof(*at));
	swap_ends(at, list->u.seq.n);
	*out = trx_value_seq(TRX_V_LIST, at, list->u.seq.n);
	return 0;
}

int
trx_filter_random(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	const struct trx_value *self = &call->self, zero = trx_value_int(0);
	struct trx_value *found;
	int64_t n;

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1 ||
	    (n = trx_value_length(run, self)) == -1)
		return -1;
	if (n == 0) {
		*out = empty("No random item, sequence was empty.");
		return 0;
	}
	if (self->kind == TRX_V_LOOP || self->kind == TRX_V_KEYS ||
	    self->kind == TRX_V_VALUES || self->kind == TRX_V_ITEMS)
		return trx_run_fail(run, "'%s' object is not subscriptable",
		    trx_value_type(self));
	/* A data set must not depend on chance. */
	if (n > 1)
		return trx_run_fail(run,
		    "trx does not support random() of several items: "
		    "the text would be another one each time");
	if (self->kind != TRX_V_DICT)
		return trx_object_item(run, self, &zero, out);
	if (trx_dict_get(run, self->u.dict, &zero, &found) == -1)
		return -1;
	if (found == NULL)
		return trx_run_fail(run, "the dict has no key 0");
	*out = *found;
	return 0;
}

int
trx_filter_attr(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "name" };
	const struct trx_value *self = &call->self;
	struct trx_value name;
	struct trx_str s;

	if (trx_call_bind(run, call, names, 1, 1, &name) == -1 ||
	    trx_call_str(run, call, &name, &s) == -1)
		return -1;
	return trx_object_own_attr(run, self, s, out);
}

/* The lists that batch or slice gives, one by one. */
struct cutting {
	struct trx_value over;
	struct trx_value count; /* of items in one list, or of lists */
	struct trx_value fill;	/* MISSING or NONE: nothing */
	struct trx_iter items;	/* batch: once opened */
	bool opened;
	bool ended;
	struct trx_value next; /* batch: an item of the next list, or MISSING */
	struct trx_value list; /* slice: all items */
	int64_t lists;	       /* slice: how many */
};

/* A list that grows. */
struct growing {
	struct trx_value *at;
	size_t n, cap;
};

static int
push(struct trx_run *run, struct growing *g, const struct trx_value *v)
{
	if ((g->at = trx_value_grow(run, g->at, g->n, &g->cap)) == NULL)
		return -1;
	g->at[g->n++] = *v;
	return trx_run_charge(run, 1);
}

/* Fill the last batch up to the count. */
static int
fill_up(struct trx_run *run, const struct cutting *c, struct growing *g)
{
	struct trx_value n = trx_value_int((int64_t)g->n);
	int64_t i;
	int less;

	if (!trx_call_given(&c->fill))
		return 0;
	if ((less = trx_value_order(run, TRX_LT, &n, &c->count)) != 1)
		return less;
	if (trx_call_int(run, &c->count, &i) == -1)
		return -1;
	while ((int64_t)g->n < i)
		if (push(run, g, &c->fill) == -1)
			return -1;
	return 0;
}

/* Is a batch of n items full?  1, 0 or -1. */
static int
full(struct trx_run *run, const struct cutting *c, size_t n)
{
	struct trx_value v = trx_value_int((int64_t)n);

	return trx_value_equal(run, &v, &c->count);
}

static int
next_batch(struct trx_run *run, struct trx_iter *it, struct trx_value *out)
{
	struct cutting *c = it->state;
	struct growing g = { 0 };
	int more = 1, is_full = 0;

	if (c->ended)
		return 0;
	if (!c->opened && trx_iter_open(run, &c->over, &c->items) == -1)
		return -1;
	c->opened = true;
	if (c->next.kind != TRX_V_MISSING && push(run, &g, &c->next) == -1)
		return -1;
	c->next.kind = TRX_V_MISSING;
	while ((more = trx_iter_next(run, &c->items, &c->next)) == 1) {
		if ((is_full = full(run, c, g.n)) != 0)
			break;
		if (push(run, &g, &c->next) == -1)
			return -1;
	}
	if (more == -1 || is_full == -1)
		return -1;
	c->ended = more == 0;
	if (c->ended && g.n != 0 && fill_up(run, c, &g) == -1)
		return -1;
	*out = trx_value_seq(TRX_V_LIST, g.at, g.n);
	return !c->ended || g.n != 0;
}

static int
new_cutting(struct trx_run *run, const struct trx_call *call, const char *count,
    trx_iter_next_fn *next, struct trx_value *out)
{
	const char *const names[] = { count, "fill_with" };
	struct cutting *c = trx_run_calloc(run, 1, sizeof(*c));
	struct trx_value args[2];

	if (c == NULL || trx_call_bind(run, call, names, 2, 1, args) == -1)
		return -1;
	c->over = call->self;
	c->count = args[0];
	c->fill = args[1];
	return trx_iter_generator(run, next, c, out);
}

int
trx_filter_batch(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	return new_cutting(run, call, "linecount", next_batch, out);
}

/* Read what is to be sliced, and into how many lists. */
static int
open_slices(struct trx_run *run, struct cutting *c)
{
	if (trx_iter_list(run, &c->over, &c->list) == -1 ||
	    trx_call_int(run, &c->count, &c->lists) == -1)
		return -1;
	if (c->lists == 0)
		return trx_run_fail(run, "integer division or modulo by zero");
	c->opened = true;
	return 0;
}

static int
next_slice(struct trx_run *run, struct trx_iter *it, struct trx_value *out)
{
	struct cutting *c = it->state;
	struct growing g = { 0 };
	size_t each, longer, start, n, i = it->i;

	if (!c->opened && open_slices(run, c) == -1)
		return -1;
	if (c->lists < 0 || i >= (size_t)c->lists)
		return 0;
	it->i++;
	each = c->list.u.seq.n / (size_t)c->lists;
	longer = c->list.u.seq.n % (size_t)c->lists;
	start = i * each + (i < longer ? i : longer);
	n = each + (i < longer);
	*out = trx_value_seq(
	    TRX_V_LIST, n == 0 ? NULL : c->list.u.seq.at + start, n);
	if (!trx_call_given(&c->fill) || i < longer)
		return 1;
	for (i = start; i < start + n; i++)
		if (push(run, &g, &c->list.u.seq.at[i]) == -1)
			return -1;
	if (push(run, &g, &c->fill) == -1)
		return -1;
	*out = trx_value_seq(TRX_V_LIST, g.at, g.n);
	return 1;
}

int
trx_filter_slice(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	return new_cutting(run, call, "slices", next_slice, out);
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
	    trx_select_check(run, &args[0]) == -1 ||
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
