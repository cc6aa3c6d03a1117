#include <string.h>

#include "common/template/iter.h"
#include "common/template/object.h"
#include "common/template/scan.h"
#include "common/template/select.h"
#include "common/template/unicode.h"

/*
 * A map or select: what it was called with, and, from its first item on, what
 * it does to each.  As in Python nothing is looked at before that.
 */
struct each {
	struct trx_call given;
	bool by_attribute; /* of a select */
	bool want;	   /* what its test must say */
	struct trx_iter items;
	bool opened;
	bool prepared;		    /* the callee was looked up */
	struct trx_value attribute; /* MISSING: the item itself */
	struct trx_value fallback;
	const struct trx_filter *filter; /* of a map, or NULL */
	const struct trx_test *test;	 /* of a select; NULL: truth */
	struct trx_call call;		 /* the arguments left for it */
};

/* A part of an attribute as a key: digits (of any script) are an index. */
static int
part_key(struct trx_run *run, struct trx_str part, struct trx_value *out)
{
	size_t i;
	int rc;

	for (i = 0; i < part.n; i += trx_unicode_width(part.p + i))
		if (!trx_unicode_is(
			trx_unicode_get(part.p + i), TRX_UNICODE_DIGIT))
			break;
	*out = trx_value_str(part);
	if (part.n == 0 || i < part.n)
		return 0;
	if ((rc = trx_scan_int(run, part, 10, out)) == 0)
		return trx_run_fail(
		    run, "an attribute is no number of an item");
	return rc == 1 ? 0 : -1;
}

/* Take the part before the first '.' off *rest; false: it was the last. */
static bool
next_part(struct trx_str *rest, struct trx_str *part)
{
	const char *dot = rest->n == 0 ? NULL : memchr(rest->p, '.', rest->n);

	*part = *rest;
	if (dot == NULL)
		return false;
	part->n = (size_t)(dot - rest->p);
	rest->p = dot + 1;
	rest->n -= part->n + 1;
	return true;
}

int
trx_select_check(struct trx_run *run, const struct trx_value *attribute)
{
	struct trx_str rest, part;
	struct trx_value key;
	bool more = attribute->kind == TRX_V_STR;

	if (more)
		rest = attribute->u.str;
	while (more) {
		more = next_part(&rest, &part);
		if (part_key(run, part, &key) == -1)
			return -1;
	}
	return 0;
}

int
trx_select_attribute(struct trx_run *run, const struct trx_value *item,
    const struct trx_value *attribute, const struct trx_value *fallback,
    struct trx_value *out)
{
	struct trx_value v = *item, key = *attribute;
	struct trx_str rest = { 0 }, part;
	bool more = attribute->kind != TRX_V_NONE;

	if (attribute->kind == TRX_V_STR)
		rest = attribute->u.str;
	while (more) {
		more = false;
		if (attribute->kind == TRX_V_STR) {
			more = next_part(&rest, &part);
			if (part_key(run, part, &key) == -1)
				return -1;
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

/* The call's arguments from number `skip` on, as those left for a callee. */
static void
leave_arguments(struct each *each, const char *name, size_t skip)
{
	each->call = each->given;
	each->call.name = name;
	each->call.args += skip;
	each->call.nargs -= skip;
}

/* A name as Jinja looks it up: what is no str names nothing. */
static int
callee_name(struct trx_run *run, const struct trx_value *v, const char *what,
    struct trx_str *name)
{
	if (v->kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, v);
	if (v->kind != TRX_V_STR)
		return trx_run_fail(run, "No %s of a name that is a '%s'.",
		    what, trx_value_type(v));
	*name = v->u.str;
	return 0;
}

static int
find_filter(struct trx_run *run, struct each *each)
{
	struct trx_str name;

	if (each->given.nargs == 0)
		return 0;
	if (callee_name(run, &each->given.args[0], "filter", &name) == -1)
		return -1;
	if ((each->filter = trx_filter_find(name)) == NULL)
		return trx_run_fail(run, "No filter named '%.*s'.",
		    (int)(name.n > 100 ? 100 : name.n), name.p);
	leave_arguments(each, each->filter->name, 1);
	return 0;
}

static int
find_test(struct trx_run *run, struct each *each)
{
	const struct trx_call *given = &each->given;
	size_t at = each->by_attribute;
	struct trx_str name;

	if (given->nargs <= at)
		return 0;
	if (callee_name(run, &given->args[at], "test", &name) == -1)
		return -1;
	if ((each->test = trx_test_find(name)) == NULL)
		return trx_run_fail(run, "No test named '%.*s'.",
		    (int)(name.n > 100 ? 100 : name.n), name.p);
	leave_arguments(each, each->test->name, at + 1);
	return 0;
}

/* map(attribute=..., default=...) or map('filter', ...) */
static int
check_map(struct trx_run *run, struct each *each)
{
	static const char *const names[] = { "attribute", "default" };
	const struct trx_call *given = &each->given;
	struct trx_value args[2];
	size_t i;

	if (given->nargs != 0)
		return 0;
	for (i = 0; i < given->nkw; i++)
		if (trx_str_is(given->kw[i].name, "attribute"))
			break;
	if (i == given->nkw)
		return trx_run_fail(run, "map requires a filter argument");
	if (trx_call_bind(run, given, names, 2, 1, args) == -1)
		return -1;
	each->attribute = args[0];
	each->fallback = args[1];
	return trx_select_check(run, &each->attribute);
}

static int
check_select(struct trx_run *run, struct each *each)
{
	if (!each->by_attribute)
		return 0;
	if (each->given.nargs == 0)
		return trx_run_fail(
		    run, "Missing parameter for attribute name");
	each->attribute = each->given.args[0];
	return trx_select_check(run, &each->attribute);
}

/* What map or select look at before, and at, the first item. */
struct stages {
	int (*check)(struct trx_run *run, struct each *each);
	int (*find)(struct trx_run *run, struct each *each);
};

/* The next item of what is mapped or selected: 1, 0 or -1. */
static int
next_item(struct trx_run *run, struct each *each, const struct stages *stages,
    struct trx_value *out)
{
	const struct trx_value *over = &each->given.self;
	int more;

	if (!each->opened) {
		if (!trx_value_truth(over))
			return 0;
		if (stages->check(run, each) == -1 ||
		    trx_iter_open(run, over, &each->items) == -1)
			return -1;
		each->opened = true;
	}
	if ((more = trx_iter_next(run, &each->items, out)) != 1)
		return more;
	if (!each->prepared && stages->find(run, each) == -1)
		return -1;
	each->prepared = true;
	return 1;
}

static int
next_mapped(struct trx_run *run, struct trx_iter *it, struct trx_value *out)
{
	static const struct stages stages = { check_map, find_filter };
	struct each *each = it->state;
	struct trx_value item;
	int more = next_item(run, each, &stages, &item);

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

	if (each->by_attribute &&
	    trx_select_attribute(run, item, &each->attribute, NULL, &v) == -1)
		return -1;
	if (each->test == NULL)
		return trx_value_truth(&v) == each->want;
	each->call.self = v;
	if (trx_test_run(run, each->test, &each->call, &verdict) == -1)
		return -1;
	return trx_value_truth(&verdict) == each->want;
}

static int
next_selected(struct trx_run *run, struct trx_iter *it, struct trx_value *out)
{
	static const struct stages stages = { check_select, find_test };
	struct each *each = it->state;
	int more, want = 0;

	while (want == 0 && (more = next_item(run, each, &stages, out)) == 1)
		want = wanted(run, each, out);
	return want == -1 ? -1 : want == 1 ? 1 : more;
}

/* The generator of a call, whose arguments are copied to outlive it. */
static int
new_each(struct trx_run *run, const struct trx_call *call,
    const struct each *what, trx_iter_next_fn *next, struct trx_value *out)
{
	struct each *each = trx_run_alloc(run, sizeof(*each));
	size_t n = call->nargs, nkw = call->nkw, i;
	struct trx_value *args = trx_run_calloc(run, n, sizeof(*args));
	struct trx_keyword *kw = trx_run_calloc(run, nkw, sizeof(*kw));

	if (each == NULL || args == NULL || kw == NULL)
		return -1;
	/* These are the names of parameters that the filter has already. */
	for (i = 0; i < nkw; i++)
		if (trx_str_is(call->kw[i].name, "value") ||
		    trx_str_is(call->kw[i].name, "context"))
			return trx_run_fail(run,
			    "%s() got multiple values for argument '%.*s'",
			    call->name, (int)call->kw[i].name.n,
			    call->kw[i].name.p);
	if (n != 0)
		memcpy(args, call->args, n * sizeof(*args));
	if (nkw != 0)
		memcpy(kw, call->kw, nkw * sizeof(*kw));
	*each = *what;
	each->given = *call;
	each->given.args = args;
	each->given.kw = kw;
	return trx_iter_generator(run, next, each, out);
}

int
trx_select_map(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	const struct each what = { .want = true };

	return new_each(run, call, &what, next_mapped, out);
}

int
trx_select_select(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	const struct each what = { .want = true };

	return new_each(run, call, &what, next_selected, out);
}

int
trx_select_reject(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	const struct each what = { .want = false };

	return new_each(run, call, &what, next_selected, out);
}

int
trx_select_selectattr(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	const struct each what = { .want = true, .by_attribute = true };

	return new_each(run, call, &what, next_selected, out);
}

int
trx_select_rejectattr(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	const struct each what = { .want = false, .by_attribute = true };

	return new_each(run, call, &what, next_selected, out);
}

bool
trx_select_is(trx_call_fn *filter)
{
	return filter == trx_select_map || filter == trx_select_select ||
	       filter == trx_select_reject || filter == trx_select_selectattr ||
	       filter == trx_select_rejectattr;
}
