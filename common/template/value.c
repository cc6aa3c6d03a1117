#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/template/iter.h"
#include "common/template/loop.h"
#include "common/template/number.h"
#include "common/template/value.h"

static const char *const type_names[TRX_V_NKINDS] = {
	[TRX_V_MISSING] = "MissingType",
	[TRX_V_UNDEFINED] = "Undefined",
	[TRX_V_NONE] = "NoneType",
	[TRX_V_BOOL] = "bool",
	[TRX_V_INT] = "int",
	[TRX_V_BIG] = "int",
	[TRX_V_FLOAT] = "float",
	[TRX_V_STR] = "str",
	[TRX_V_LIST] = "list",
	[TRX_V_TUPLE] = "tuple",
	[TRX_V_BYTES] = "bytes",
	[TRX_V_DICT] = "dict",
	[TRX_V_KEYS] = "dict_keys",
	[TRX_V_VALUES] = "dict_values",
	[TRX_V_ITEMS] = "dict_items",
	[TRX_V_RANGE] = "range",
	[TRX_V_GENERATOR] = "generator",
	[TRX_V_NAMESPACE] = "Namespace",
	[TRX_V_LOOP] = "LoopContext",
	[TRX_V_MACRO] = "Macro",
	[TRX_V_METHOD] = "builtin_function_or_method",
	[TRX_V_FUNCTION] = "function",
	[TRX_V_CYCLER] = "Cycler",
	[TRX_V_JOINER] = "Joiner",
	[TRX_V_SELF] = "TemplateReference",
	[TRX_V_BLOCK] = "BlockReference",
};

const char *
trx_value_type(const struct trx_value *v)
{
	if (v->kind == TRX_V_STR && v->safe)
		return "Markup";
	if (v->kind == TRX_V_TUPLE && v->group)
		return "_GroupTuple";
	return type_names[v->kind];
}

bool
trx_value_integer(const struct trx_value *v, int64_t *out)
{
	if (v->kind == TRX_V_INT)
		*out = v->u.integer;
	else if (v->kind == TRX_V_BOOL)
		*out = v->u.boolean;
	else
		return false;
	return true;
}

struct trx_value
trx_value_from_digits(struct trx_str digits)
{
	bool minus = digits.n != 0 && digits.p[0] == '-';
	uint64_t limit = (uint64_t)INT64_MAX + minus, v = 0;
	size_t i;

	while (digits.n > 1 && digits.p[0] == '0') {
		digits.p++;
		digits.n--;
	}
	for (i = minus; i < digits.n; i++) {
		unsigned d = (unsigned)(digits.p[i] - '0');

		if (v > (limit - d) / 10)
			return (struct trx_value){ .kind = TRX_V_BIG,
				.u.str = digits };
		v = v * 10 + d;
	}
	return trx_value_int(minus ? (int64_t)(0 - v) : (int64_t)v);
}

static int
number_from_json(struct trx_run *run, struct trx_str s, struct trx_value *out)
{
	char *copy;
	size_t i;

	for (i = 0; i < s.n; i++)
		if (s.p[i] == '.' || s.p[i] == 'e' || s.p[i] == 'E')
			break;
	if (i < s.n) {
		if ((copy = trx_run_alloc(run, s.n + 1)) == NULL)
			return -1;
		memcpy(copy, s.p, s.n);
		copy[s.n] = '\0';
		*out = trx_value_float(strtod(copy, NULL));
		return 0;
	}
	if (s.n == 0 || s.n - (s.p[0] == '-') > TRX_NUMBER_PRINTED)
		return trx_run_fail(run, "a number has too many digits");
	*out = trx_value_from_digits(s);
	return 0;
}

static int
array_from_json(
    struct trx_run *run, const struct trx_json *json, struct trx_value *out)
{
	size_t i, n = json->u.array.n;
	struct trx_value *at = trx_run_alloc(run, n * sizeof(*at));

	if (at == NULL || trx_run_enter(run) == -1)
		return -1;
	for (i = 0; i < n; i++)
		if (trx_value_from_json(run, &json->u.array.items[i], &at[i]) ==
		    -1)
			return -1;
	trx_run_leave(run);
	*out = trx_value_seq(TRX_V_LIST, at, n);
	return 0;
}

/* trx_value_str in its place: the hottest values are not copied. */
static inline void
put_str(struct trx_str s, struct trx_value *out)
{
	memset(out, 0, offsetof(struct trx_value, u));
	out->kind = TRX_V_STR;
	out->u.str = s;
}

static int
object_from_json(
    struct trx_run *run, const struct trx_json *json, struct trx_value *out)
{
	size_t i, n = json->u.object.n;
	struct trx_dict *d =
	    trx_run_alloc(run, sizeof(*d) + n * sizeof(struct trx_pair));
	struct trx_pair *pairs;

	if (d == NULL || trx_run_enter(run) == -1)
		return -1;
	pairs = (struct trx_pair *)(d + 1);
	for (i = 0; i < n; i++) {
		const struct trx_json_member *m = &json->u.object.members[i];

		put_str(m->key, &pairs[i].key);
		if (m->value.type == TRX_JSON_STRING)
			put_str(m->value.u.string, &pairs[i].value);
		else if (trx_value_from_json(run, &m->value, &pairs[i].value) ==
			 -1)
			return -1;
	}
	trx_run_leave(run);
	*d = (struct trx_dict){ .pairs = pairs, .n = n, .cap = n };
	*out = (struct trx_value){ .kind = TRX_V_DICT, .u.dict = d };
	return 0;
}

int
trx_value_from_json(
    struct trx_run *run, const struct trx_json *json, struct trx_value *out)
{
	switch (json->type) {
	case TRX_JSON_NULL:
		*out = trx_value_none();
		return 0;
	case TRX_JSON_BOOL:
		*out = trx_value_bool(json->u.boolean);
		return 0;
	case TRX_JSON_NUMBER:
		return number_from_json(run, json->u.number, out);
	case TRX_JSON_STRING:
		*out = trx_value_str(json->u.string);
		return 0;
	case TRX_JSON_ARRAY:
		return array_from_json(run, json, out);
	default:
		return object_from_json(run, json, out);
	}
}

bool
trx_value_truth(const struct trx_value *v)
{
	switch ((enum trx_kind)v->kind) {
	case TRX_V_MISSING:
	case TRX_V_UNDEFINED:
	case TRX_V_NONE:
		return false;
	case TRX_V_BOOL:
		return v->u.boolean;
	case TRX_V_INT:
		return v->u.integer != 0;
	case TRX_V_FLOAT:
		return v->u.real != 0;
	case TRX_V_STR:
		return v->u.str.n != 0;
	case TRX_V_LIST:
	case TRX_V_TUPLE:
	case TRX_V_BYTES:
		return v->u.seq.n != 0;
	case TRX_V_DICT:
	case TRX_V_KEYS:
	case TRX_V_VALUES:
	case TRX_V_ITEMS:
		return v->u.dict->n != 0;
	case TRX_V_RANGE:
		return v->u.range->n != 0;
	default:
		return true;
	}
}

int
trx_value_fail_undefined(struct trx_run *run, const struct trx_value *v)
{
	int n = (int)(v->u.str.n > 300 ? 300 : v->u.str.n);
	const char *text = v->u.str.p;
	/* Python says 'None' and not 'NoneType object' here. */
	const char *owner =
	    v->owner == TRX_V_NONE ? "None" : type_names[v->owner];
	const char *object = v->owner == TRX_V_NONE ? "" : " object";

	switch ((enum trx_undefined)v->undefined) {
	case TRX_UNDEF_NAME:
		return trx_run_fail(run, "'%.*s' is undefined", n, text);
	case TRX_UNDEF_ATTR:
		return trx_run_fail(run, "'%s%s' has no attribute '%.*s'",
		    owner, object, n, text);
	case TRX_UNDEF_ELEMENT:
		return trx_run_fail(
		    run, "%s%s has no element %.*s", owner, object, n, text);
	case TRX_UNDEF_UNSAFE:
		return trx_run_fail(run,
		    "access to attribute '%.*s' of '%s' object is unsafe.", n,
		    text, owner);
	case TRX_UNDEF_HINT:
		break;
	}
	return trx_run_fail(run, "%.*s", n, text);
}

int64_t
trx_value_length(struct trx_run *run, const struct trx_value *v)
{
	struct trx_value length;

	switch ((enum trx_kind)v->kind) {
	case TRX_V_UNDEFINED:
		return 0;
	case TRX_V_STR:
		if (trx_run_charge(run, v->u.str.n / 64) == -1)
			return -1;
		return (int64_t)trx_unicode_length(v->u.str);
	case TRX_V_LIST:
	case TRX_V_TUPLE:
	case TRX_V_BYTES:
		return (int64_t)v->u.seq.n;
	case TRX_V_DICT:
	case TRX_V_KEYS:
	case TRX_V_VALUES:
	case TRX_V_ITEMS:
		return (int64_t)v->u.dict->n;
	case TRX_V_RANGE:
		return v->u.range->n;
	case TRX_V_LOOP:
		return trx_loop_attr(
			   run, v->u.loop, TRX_LOOP_LENGTH, &length) == -1
			   ? -1
			   : length.u.integer;
	default:
		return trx_run_fail(
		    run, "object of type '%s' has no len()", trx_value_type(v));
	}
}

struct trx_value *
trx_value_grow(struct trx_run *run, struct trx_value *at, size_t n, size_t *cap)
{
	struct trx_value *bigger;

	if (n < *cap)
		return at;
	*cap = *cap == 0 ? 8 : *cap * 2;
	if ((bigger = trx_run_calloc(run, *cap, sizeof(*at))) == NULL)
		return NULL;
	if (n != 0)
		memcpy(bigger, at, n * sizeof(*at));
	return bigger;
}

struct trx_dict *
trx_dict_new(struct trx_run *run, size_t cap)
{
	struct trx_dict *d = trx_run_alloc(run, sizeof(*d));

	if (d == NULL)
		return NULL;
	*d = (struct trx_dict){ .cap = cap };
	d->pairs = trx_run_calloc(run, cap, sizeof(*d->pairs));
	return d->pairs == NULL ? NULL : d;
}

int
trx_dict_of(
    struct trx_run *run, const struct trx_value *v, const struct trx_dict **out)
{
	*out = v->u.dict;
	if (v->kind == TRX_V_DICT)
		return 0;
	if (v->kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, v);
	/* Its attribute of that name may be any dict's method. */
	if (v->kind == TRX_V_NAMESPACE &&
	    trx_dict_get_str(run, v->u.dict, TRX_STR("items")) != NULL)
		return trx_run_refuse(run, "items() of a namespace");
	return trx_run_fail(
	    run, "'%s' object has no attribute 'items'", trx_value_type(v));
}

int
trx_value_hashable(struct trx_run *run, const struct trx_value *v)
{
	size_t i;
	int rc = 0;

	if (v->kind == TRX_V_LIST || v->kind == TRX_V_DICT ||
	    v->kind == TRX_V_KEYS || v->kind == TRX_V_ITEMS)
		return trx_run_fail(
		    run, "unhashable type: '%s'", trx_value_type(v));
	if (v->kind != TRX_V_TUPLE)
		return 0;
	if (trx_run_enter(run) == -1)
		return -1;
	for (i = 0; rc == 0 && i < v->u.seq.n; i++)
		rc = trx_value_hashable(run, &v->u.seq.at[i]);
	trx_run_leave(run);
	return rc;
}

int
trx_dict_get(struct trx_run *run, const struct trx_dict *d,
    const struct trx_value *key, struct trx_value **out)
{
	size_t i;
	int same;

	*out = NULL;
	if (key->kind == TRX_V_STR) {
		*out = trx_dict_get_str(run, d, key->u.str);
		return 0;
	}
	if (trx_value_hashable(run, key) == -1)
		return -1;
	for (i = 0; i < d->n; i++) {
		same = trx_value_equal_items(run, &d->pairs[i].key, key);
		if (same == -1)
			return -1;
		if (same) {
			*out = &d->pairs[i].value;
			return 0;
		}
	}
	return 0;
}

int
trx_dict_set(struct trx_run *run, struct trx_dict *d,
    const struct trx_value *key, const struct trx_value *value)
{
	struct trx_value *old;
	struct trx_pair *pairs;
	size_t cap;

	if (trx_run_charge(run, 1) == -1 ||
	    trx_dict_get(run, d, key, &old) == -1)
		return -1;
	if (old != NULL) {
		*old = *value;
		return 0;
	}
	if (d->n == d->cap) {
		cap = d->cap < 4 ? 4 : d->cap * 2;
		if ((pairs = trx_run_calloc(run, cap, sizeof(*pairs))) == NULL)
			return -1;
		if (d->n != 0)
			memcpy(pairs, d->pairs, d->n * sizeof(*pairs));
		d->pairs = pairs;
		d->cap = cap;
	}
	d->pairs[d->n++] = (struct trx_pair){ .key = *key, .value = *value };
	return 0;
}
