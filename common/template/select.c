#include <string.h>

#include "common/template/iter.h"
#include "common/template/object.h"
#include "common/template/select.h"

/* What a map or select does to each item. */
struct each {
	struct trx_iter items;
	bool opened;
	struct trx_value over;
	struct trx_value attribute; /* MISSING: the item itself */
	struct trx_value fallback;
	const struct trx_filter *filter; /* of a map, or NULL */
	const struct trx_test *test;	 /* of a select; NULL: truth */
	bool want;			 /* what the test must say */
	struct trx_call call;		 /* the arguments left for it */
};

/* A part of an attribute: digits are an index. */
static struct trx_value
part_key(struct trx_str part)
{
	size_t i;

	for (i = 0; i < part.n; i++)
		if (part.p[i] < '0' || part.p[i] > '9')
			break;
	return part.n != 0 && i == part.n ? trx_value_from_digits(part)
					  : trx_value_str(part);
}

int
trx_select_attribute(struct trx_run *run, const struct trx_value *item,
    const struct trx_value *attribute, const struct trx_value *fallback,
    struct trx_value *out)
{
	struct trx_value v = *item, key = *attribute;
	struct trx_str rest = { 0 }, part;
	const char *dot;
	bool more = true;

	if (attribute->kind == TRX_V_NONE) {
		*out = v;
		return 0;
	}
	if (attribute->kind == TRX_V_STR)
		rest = attribute->u.str;
	while (more) {
		more = false;
		if (attribute->kind == TRX_V_STR) {
			dot = rest.n == 0 ? NULL : memchr(rest.p, '.', rest.n);
			part = rest;
			if (dot != NULL) {
				part.n = (size_t)(dot - rest.p);
				rest.p = dot + 1;
				rest.n -= part.n + 1;
				more = true;
			}
			key = part_key(part);
		}
		if (trx_run_charge(run, 1) == -1 ||
		    trx_object_item(run, &v, &key, &v) == -1)
			return -1;
		if (v.kind == TRX_V_UNDEFINED && fallback != NULL &&
		    trx_call_given(fallback))
			v = *fallback;
	}
	*out = v;
	return 0;
}

/* The next item of what is mapped or selected: 1, 0 or -1. */
static int
next_item(struct trx_run *run, struct each *each, struct trx_value *out)
{
	if (!each->opened) {
		if (!trx_value_truth(&each->over))
			return 0;
		if (trx_iter_open(run, &each->over, &each->items) == -1)
			return -1;
		each->opened = true;
	}
	return trx_iter_next(run, &each->items, out);
}

static int
next_mapped(struct trx_run *run, struct trx_iter *it, struct trx_value *out)
{
	struct each *each = it->state;
	struct trx_value item;
	int more = next_item(run, each, &item);

	if (more != 1)
		return more;
	if (each->filter == NULL)
		return trx_select_attribute(run, &item, &each->attribute,
			   &each->fallback, out) == -1
			   ? -1
			   : 1;
	each->call.self = item;
	return each->filter->call(run, &each->call, out) == -1 ? -1 : 1;
}

/* Is the item what the select wants?  1, 0 or -1. */
static int
wanted(struct trx_run *run, struct each *each, const struct trx_value *item)
{
	struct trx_value v = *item, verdict;

	if (each->attribute.kind != TRX_V_MISSING &&
	    trx_select_attribute(run, item, &each->attribute, NULL, &v) == -1)
		return -1;
	if (each->test == NULL)
		return trx_value_truth(&v) == each->want;
	each->call.self = v;
	if (each->test->call(run, &each->call, &verdict) == -1)
		return -1;
	return trx_value_truth(&verdict) == each->want;
}

static int
next_selected(struct trx_run *run, struct trx_iter *it, struct trx_value *out)
{
	struct each *each = it->state;
	int more, want = 0;

	while (want == 0 && (more = next_item(run, each, out)) == 1)
		want = wanted(run, each, out);
	return want == -1 ? -1 : want == 1 ? 1 : more;
}

/* The call's arguments from number `skip` on, copied to outlive the call. */
static int
keep_arguments(struct trx_run *run, const struct trx_call *call, size_t skip,
    struct each *each)
{
	size_t n = call->nargs - skip;
	struct trx_value *args = trx_run_calloc(run, n, sizeof(*args));
	struct trx_keyword *kw = trx_run_calloc(run, call->nkw, sizeof(*kw));

	if (args == NULL || kw == NULL)
		return -1;
	if (n != 0)
		memcpy(args, call->args + skip, n * sizeof(*args));
	if (call->nkw != 0)
		memcpy(kw, call->kw, call->nkw * sizeof(*kw));
	each->call.args = args;
	each->call.nargs = n;
	each->call.kw = kw;
	each->call.nkw = call->nkw;
	return 0;
}

static struct each *
new_each(struct trx_run *run, const struct trx_call *call)
{
	struct each *each = trx_run_calloc(run, 1, sizeof(*each));

	if (each != NULL)
		each->over = call->self;
	return each;
}

/* map(attribute=..., default=...) */
static int
map_attribute(
    struct trx_run *run, const struct trx_call *call, struct each *each)
{
	static const char *const names[] = { "attribute", "default" };
	struct trx_value args[2];

	if (trx_call_bind(run, call, names, 2, 1, args) == -1)
		return -1;
	each->attribute = args[0];
	each->fallback = args[1];
	return 0;
}

/* map('filter', ...) */
static int
map_filter(struct trx_run *run, const struct trx_call *call, struct each *each)
{
	struct trx_str name;

	if (call->nargs == 0)
		return trx_run_fail(run, "map requires a filter argument");
	if (trx_call_str(run, call, &call->args[0], &name) == -1)
		return -1;
	if ((each->filter = trx_filter_find(name)) == NULL)
		return trx_run_fail(run, "No filter named '%.*s'.",
		    (int)(name.n > 100 ? 100 : name.n), name.p);
	if (each->filter->call == NULL)
		return trx_run_fail(run, "the filter '%s' is not supported yet",
		    each->filter->name);
	if (keep_arguments(run, call, 1, each) == -1)
		return -1;
	each->call.name = each->filter->name;
	return 0;
}

int
trx_select_map(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	struct each *each = new_each(run, call);
	bool attribute = call->nargs == 0 && call->nkw != 0;

	if (each == NULL || (attribute ? map_attribute(run, call, each)
				       : map_filter(run, call, each)) == -1)
		return -1;
	return trx_iter_generator(run, next_mapped, each, out);
}

static int
select_items(struct trx_run *run, const struct trx_call *call,
    bool by_attribute, bool want, struct trx_value *out)
{
	struct each *each = new_each(run, call);
	size_t at = by_attribute;
	struct trx_str name;

	if (each == NULL)
		return -1;
	each->want = want;
	if (by_attribute && call->nargs == 0)
		return trx_run_fail(
		    run, "Missing parameter for attribute name");
	if (by_attribute)
		each->attribute = call->args[0];
	if (call->nargs > at) {
		if (trx_call_str(run, call, &call->args[at], &name) == -1)
			return -1;
		if ((each->test = trx_test_find(name)) == NULL)
			return trx_run_fail(run, "No test named '%.*s'.",
			    (int)(name.n > 100 ? 100 : name.n), name.p);
		if (each->test->call == NULL)
			return trx_run_fail(run,
			    "the test '%s' is not supported yet",
			    each->test->name);
		if (keep_arguments(run, call, at + 1, each) == -1)
			return -1;
		each->call.name = each->test->name;
	}
	return trx_iter_generator(run, next_selected, each, out);
}

int
trx_select_select(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	return select_items(run, call, false, true, out);
}

int
trx_select_reject(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	return select_items(run, call, false, false, out);
}

int
trx_select_selectattr(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	return select_items(run, call, true, true, out);
}

int
trx_select_rejectattr(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	return select_items(run, call, true, false, out);
}
