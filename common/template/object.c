#include <stdio.h>
#include <string.h>

#include "common/template/cycler.h"
#include "common/template/eval.h"
#include "common/template/loop.h"
#include "common/template/methods_number.h"
#include "common/template/number.h"
#include "common/template/object.h"
#include "common/template/range.h"
#include "common/template/text.h"
#include "common/template/unicode.h"

/* The undefined value of v[key] where key is no string. */
static int
no_element(struct trx_run *run, const struct trx_value *v,
    const struct trx_value *key, struct trx_value *out)
{
	struct trx_buf b = TRX_BUF_INIT;
	struct trx_str text;

	/* Only a message would show the text of a key that has none. */
	if (trx_text_repr(run, key, &b) == -1) {
		trx_buf_reset(&b);
		trx_buf_addz(&b, trx_value_type(key));
	}
	if (trx_run_take(run, &b, &text) == -1)
		return -1;
	*out = trx_value_undefined(TRX_UNDEF_ELEMENT, v->kind, text);
	return 0;
}

/* Is it an attribute that every object of Python's has, unsafe as it is? */
static bool
is_dunder(struct trx_str name)
{
	static const char *const names[] = { "__class__", "__delattr__",
		"__dir__", "__doc__", "__eq__", "__format__", "__ge__",
		"__getattribute__", "__getstate__", "__gt__", "__hash__",
		"__init__", "__init_subclass__", "__le__", "__lt__", "__ne__",
		"__new__", "__reduce__", "__reduce_ex__", "__repr__",
		"__setattr__", "__sizeof__", "__str__", "__subclasshook__" };
	size_t i;

	if (name.n < 6 || name.p[0] != '_' || name.p[1] != '_')
		return false;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (trx_str_is(name, names[i]))
			return true;
	return false;
}

/* The names of a macro's parameters, as a tuple. */
static int
parameter_names(
    struct trx_run *run, const struct trx_node *macro, struct trx_value *out)
{
	struct trx_value *at = trx_run_calloc(run, macro->n, sizeof(*at));
	size_t i;

	if (at == NULL)
		return -1;
	for (i = 0; i < macro->n; i++)
		at[i] = trx_value_str(macro->list[i]->name);
	*out = trx_value_seq(TRX_V_TUPLE, at, macro->n);
	return 0;
}

/* macro.name and the like: 1, 0 where there is none, -1. */
static int
macro_attr(struct trx_run *run, const struct trx_node *macro,
    struct trx_str name, struct trx_value *out)
{
	const struct trx_inside *in = macro->in;

	if (trx_str_is(name, "name"))
		*out = macro->op != 0 ? trx_value_none()
				      : trx_value_str(macro->name);
	else if (trx_str_is(name, "arguments"))
		return parameter_names(run, macro, out) == -1 ? -1 : 1;
	else if (trx_str_is(name, "catch_kwargs"))
		*out = trx_value_bool(in->kwargs != -1);
	else if (trx_str_is(name, "catch_varargs"))
		*out = trx_value_bool(in->varargs != -1);
	else if (trx_str_is(name, "caller"))
		*out = trx_value_bool(in->caller != -1 || in->explicit_caller);
	else if (trx_str_is(name, "explicit_caller"))
		*out = trx_value_bool(in->explicit_caller);
	else
		return 0;
	return 1;
}

/* self.name: a block of the template, 1 or 0. */
static int
self_attr(const struct trx_run *run, const struct trx_value *self,
    struct trx_str name, struct trx_value *out)
{
	const struct trx_template *t = run->template;
	size_t i;

	for (i = 0; i < t->nblocks; i++)
		if (trx_str_equal(t->blocks[i]->name, name)) {
			*out = (struct trx_value){ .kind = TRX_V_BLOCK,
				.u.block = {
				    t->blocks[i], self->u.block.context } };
			return 1;
		}
	return 0;
}

static int
range_attr(
    const struct trx_range *r, struct trx_str name, struct trx_value *out)
{
	if (trx_str_is(name, "start"))
		*out = r->start;
	else if (trx_str_is(name, "stop"))
		*out = r->stop;
	else if (trx_str_is(name, "step"))
		*out = r->step;
	else
		return 0;
	return 1;
}

/* v.name as a bound method of v: 1 or -1. */
static int
bind_method(struct trx_run *run, const struct trx_value *v,
    const struct trx_method *m, struct trx_value *out)
{
	struct trx_bound *bound = trx_run_alloc(run, sizeof(*bound));

	if (bound == NULL)
		return -1;
	*bound = (struct trx_bound){ .self = *v, .method = m };
	*out = (struct trx_value){ .kind = TRX_V_METHOD, .u.bound = bound };
	return 1;
}

/*
 * The global dict has methods, one of which needs no dict, and is generic:
 * dict.x is Python's dict['x'].
 */
static int
function_attr(struct trx_run *run, const struct trx_value *v,
    struct trx_str name, struct trx_value *out)
{
	if (strcmp(v->u.function->name, "dict") != 0)
		return 0;
	if (trx_str_is(name, "fromkeys"))
		return bind_method(run, v, trx_method_find(name), out);
	return trx_run_refuse(run, "an attribute of dict itself");
}

/* An attribute that is no method of Python's, or of Jinja's own: 1, 0 where
 * there is none, -1. */
static int
runtime_attr(struct trx_run *run, const struct trx_value *v,
    struct trx_str name, struct trx_value *out)
{
	switch ((enum trx_kind)v->kind) {
	case TRX_V_MACRO:
		return macro_attr(run, v->u.macro->node, name, out);
	case TRX_V_CYCLER:
	case TRX_V_JOINER:
		return trx_cycler_attr(v, name, out);
	case TRX_V_SELF:
		return self_attr(run, v, name, out);
	case TRX_V_FUNCTION:
		return function_attr(run, v, name, out);
	case TRX_V_BOOL:
	case TRX_V_INT:
	case TRX_V_BIG:
	case TRX_V_FLOAT:
		return trx_method_number_attr(v, name, out);
	case TRX_V_BYTES:
		if (trx_method_find(name) != NULL)
			return trx_run_refuse(run, "that attribute of bytes");
		return 0;
	case TRX_V_RANGE:
		return range_attr(v->u.range, name, out);
	case TRX_V_TUPLE:
		if (!v->group ||
		    (!trx_str_is(name, "grouper") && !trx_str_is(name, "list")))
			return 0;
		*out = v->u.seq.at[trx_str_is(name, "list")];
		return 1;
	case TRX_V_BLOCK:
		if (!trx_str_is(name, "name"))
			return 0;
		*out = trx_value_str(v->u.block.node->name);
		return 1;
	default:
		return 0;
	}
}

/* The attribute of Python's own type, by method tables: 1 if there is one. */
static int
own_attribute(struct trx_run *run, const struct trx_value *v,
    struct trx_str name, const struct trx_method *first, struct trx_value *out)
{
	const struct trx_method *m = trx_method_of(first, v);

	if (is_dunder(name)) {
		*out = trx_value_undefined(TRX_UNDEF_UNSAFE, v->kind, name);
		return 1;
	}
	if (v->group &&
	    (trx_str_is(name, "grouper") || trx_str_is(name, "list"))) {
		*out = v->u.seq.at[trx_str_is(name, "list")];
		return 1;
	}
	if (m == NULL)
		return 0;
	if (m->use == TRX_METHOD_UNSAFE) {
		*out = trx_value_undefined(TRX_UNDEF_UNSAFE, v->kind, name);
		return 1;
	}
	return bind_method(run, v, m, out);
}

int
trx_object_attr(struct trx_run *run, const struct trx_value *v,
    struct trx_str name, const struct trx_method *first, struct trx_value *out)
{
	enum trx_loop_attribute of_loop;
	struct trx_value *found;
	int rc;

	if (v->kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, v);
	if ((rc = own_attribute(run, v, name, first, out)) != 0 ||
	    (rc = runtime_attr(run, v, name, out)) != 0)
		return rc == 1 ? 0 : -1;
	if (v->kind == TRX_V_LOOP &&
	    (of_loop = trx_loop_find(name)) != TRX_LOOP_NONE)
		return trx_loop_attr(run, v->u.loop, of_loop, out);
	if (v->kind == TRX_V_DICT || v->kind == TRX_V_NAMESPACE) {
		found = trx_dict_get_str(run, v->u.dict, name);
		if (found != NULL) {
			*out = *found;
			return 0;
		}
	}
	*out = trx_value_undefined(TRX_UNDEF_ATTR, v->kind, name);
	return 0;
}

/* Is it an attribute of Undefined that does not raise its error? */
static bool
of_undefined(struct trx_str name)
{
	static const char *const names[] = { "_fail_with_undefined_error",
		"_undefined_exception", "_undefined_hint", "_undefined_message",
		"_undefined_name", "_undefined_obj" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (trx_str_is(name, names[i]))
			return true;
	return name.n >= 2 && memcmp(name.p, "__", 2) == 0 &&
	       memcmp(name.p + name.n - 2, "__", 2) == 0;
}

int
trx_object_own_attr(struct trx_run *run, const struct trx_value *v,
    struct trx_str name, struct trx_value *out)
{
	const struct trx_method *first = trx_method_find(name);
	bool undefined = v->kind == TRX_V_UNDEFINED && of_undefined(name);

	if (v->kind != TRX_V_DICT && !undefined)
		return trx_object_attr(run, v, name, first, out);
	*out = trx_value_undefined(TRX_UNDEF_ATTR, v->kind, name);
	return own_attribute(run, v, name, first, out) == -1 ? -1 : 0;
}

/* v[i] of what has positions: 1 found, 0 out of range, -1. */
static int
at_index(struct trx_run *run, const struct trx_value *v, int64_t i,
    struct trx_value *out)
{
	struct trx_str s = v->u.str;
	bool safe = v->safe;
	int64_t n;

	if (v->kind == TRX_V_RANGE) {
		n = v->u.range->n;
		i += i < 0 ? n : 0;
		if (i < 0 || i >= n)
			return 0;
		return trx_range_item(run, v->u.range, i, out) == -1 ? -1 : 1;
	}
	if (v->kind != TRX_V_STR) {
		n = (int64_t)v->u.seq.n;
		i += i < 0 ? n : 0;
		if (i < 0 || i >= n)
			return 0;
		*out = v->u.seq.at[i];
		return 1;
	}
	n = (int64_t)trx_unicode_length(s);
	i += i < 0 ? n : 0;
	if (i < 0 || i >= n)
		return 0;
	s.p += trx_unicode_offset(s, (size_t)i);
	s.n = trx_unicode_width(s.p);
	*out = trx_value_str(s);
	out->safe = safe;
	return 1;
}

static bool
has_positions(const struct trx_value *v)
{
	return v->kind == TRX_V_STR || v->kind == TRX_V_LIST ||
	       v->kind == TRX_V_TUPLE || v->kind == TRX_V_BYTES ||
	       v->kind == TRX_V_RANGE;
}

/* A string key that is no item: Jinja tries the attribute. */
static int
item_as_attribute(struct trx_run *run, const struct trx_value *v,
    struct trx_str name, struct trx_value *out)
{
	int rc;

	if (v->kind == TRX_V_NAMESPACE || v->kind >= TRX_V_KEYS)
		return trx_object_attr(
		    run, v, name, trx_method_find(name), out);
	if ((rc = own_attribute(run, v, name, trx_method_find(name), out)) !=
		0 ||
	    (rc = runtime_attr(run, v, name, out)) != 0)
		return rc == 1 ? 0 : -1;
	*out = trx_value_undefined(TRX_UNDEF_ATTR, v->kind, name);
	return 0;
}

/* trx_value_hashable of a key that is to be looked for, without failing. */
static bool
can_hash(const struct trx_value *key)
{
	size_t i;

	for (i = 0; key->kind == TRX_V_TUPLE && i < key->u.seq.n; i++)
		if (!can_hash(&key->u.seq.at[i]))
			return false;
	return key->kind != TRX_V_LIST && key->kind != TRX_V_DICT &&
	       key->kind != TRX_V_KEYS && key->kind != TRX_V_ITEMS;
}

/* d[key]; a key that Python cannot hash finds nothing. */
static int
dict_item(struct trx_run *run, const struct trx_value *v,
    const struct trx_value *key, struct trx_value *out)
{
	struct trx_value *found = NULL;

	if (!can_hash(key))
		return no_element(run, v, key, out);
	if (trx_dict_get(run, v->u.dict, key, &found) == -1)
		return -1;
	if (found != NULL)
		*out = *found;
	else if (key->kind == TRX_V_STR)
		return item_as_attribute(run, v, key->u.str, out);
	else
		return no_element(run, v, key, out);
	return 0;
}

int
trx_object_item(struct trx_run *run, const struct trx_value *v,
    const struct trx_value *key, struct trx_value *out)
{
	int64_t i;
	int rc;

	if (v->kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, v);
	if (v->kind == TRX_V_DICT || v->kind == TRX_V_NAMESPACE)
		return dict_item(run, v, key, out);
	if (has_positions(v) && trx_value_integer(key, &i)) {
		if (v->kind == TRX_V_STR &&
		    trx_run_charge(run, v->u.str.n / 32) == -1)
			return -1;
		if ((rc = at_index(run, v, i, out)) != 0)
			return rc == 1 ? 0 : -1;
		return no_element(run, v, key, out);
	}
	if (v->kind == TRX_V_FUNCTION &&
	    strcmp(v->u.function->name, "dict") == 0)
		return trx_run_refuse(run, "a subscript of dict itself");
	if (key->kind == TRX_V_STR)
		return item_as_attribute(run, v, key->u.str, out);
	return no_element(run, v, key, out);
}

/* One bound of a slice, clipped as Python does; `missing` where None. */
static int
clip(struct trx_run *run, const struct trx_value *v, int64_t n, bool backwards,
    int64_t missing, int64_t *out)
{
	int64_t low = backwards ? -1 : 0, high = backwards ? n - 1 : n;

	if (v->kind == TRX_V_NONE) {
		*out = missing;
		return 0;
	}
	if (!trx_number_integral(v))
		return trx_run_fail(run,
		    "slice indices must be integers or None or have an "
		    "__index__ method");
	if (trx_number_index(run, v, out) == -1)
		return -1;
	if (*out < 0)
		*out += n;
	*out = *out < low ? low : *out > high ? high : *out;
	return 0;
}

static int
slice_text(struct trx_run *run, struct trx_str s, int64_t start, int64_t count,
    int64_t step, struct trx_value *out)
{
	struct trx_str part;
	size_t *offsets, i, at = 0, n = trx_unicode_length(s);
	int64_t k;
	char *to;

	if (step == 1 || count == 0) {
		part.p = s.p + trx_unicode_offset(s, (size_t)start);
		part.n = s.n - (size_t)(part.p - s.p);
		part.n = trx_unicode_offset(part, (size_t)count);
		*out = trx_value_str(part);
		return 0;
	}
	if ((offsets = trx_run_calloc(run, n + 1, sizeof(*offsets))) == NULL ||
	    (to = trx_run_alloc(run, s.n)) == NULL)
		return -1;
	for (i = 0; i < n; i++) {
		offsets[i] = at;
		at += trx_unicode_width(s.p + at);
	}
	offsets[n] = s.n;
	part = (struct trx_str){ .p = to, .n = 0 };
	for (k = 0; k < count; k++) {
		i = (size_t)(start + k * step);
		memcpy(
		    to + part.n, s.p + offsets[i], offsets[i + 1] - offsets[i]);
		part.n += offsets[i + 1] - offsets[i];
	}
	*out = trx_value_str(part);
	return 0;
}

static int
slice_items(struct trx_run *run, const struct trx_value *v, int64_t start,
    int64_t count, int64_t step, struct trx_value *out)
{
	const struct trx_value *from = v->u.seq.at;
	struct trx_value *at;
	int64_t k;

	if (step == 1 || count == 0) {
		*out = trx_value_seq((enum trx_kind)v->kind,
		    count == 0 ? from : from + start, (size_t)count);
		return 0;
	}
	if ((at = trx_run_calloc(run, (size_t)count, sizeof(*at))) == NULL ||
	    trx_run_charge(run, (size_t)count) == -1)
		return -1;
	for (k = 0; k < count; k++)
		at[k] = from[start + k * step];
	*out = trx_value_seq((enum trx_kind)v->kind, at, (size_t)count);
	return 0;
}

int
trx_object_slice(struct trx_run *run, const struct trx_value *v,
    const struct trx_value bounds[3], struct trx_value *out)
{
	int64_t n, start, stop, step = 1, count;
	bool safe = v->safe;

	if (v->kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, v);
	if (!has_positions(v))
		return trx_run_fail(
		    run, "'%s' object is not subscriptable", trx_value_type(v));
	if ((bounds[2].kind != TRX_V_NONE &&
		trx_number_index(run, &bounds[2], &step) == -1) ||
	    (n = trx_value_length(run, v)) == -1)
		return -1;
	if (step == 0)
		return trx_run_fail(run, "slice step cannot be zero");
	/* A longer step takes one item just so. */
	step = step > n + 1 ? n + 1 : step < -(n + 1) ? -(n + 1) : step;
	if (clip(run, &bounds[0], n, step < 0, step < 0 ? n - 1 : 0, &start) ==
		-1 ||
	    clip(run, &bounds[1], n, step < 0, step < 0 ? -1 : n, &stop) == -1)
		return -1;
	count = step > 0 ? (stop - start + step - 1) / step
			 : (start - stop - step - 1) / -step;
	if (count < 0 || (step > 0 ? stop <= start : stop >= start))
		count = 0;
	if (v->kind == TRX_V_RANGE)
		return trx_range_slice(
		    run, v->u.range, start, stop, &bounds[2], count, out);
	if (v->kind == TRX_V_STR) {
		if (slice_text(run, v->u.str, start < 0 ? 0 : start, count,
			count == 0 ? 1 : step, out) == -1)
			return -1;
		out->safe = safe;
		return 0;
	}
	return slice_items(run, v, start, count, step, out);
}
