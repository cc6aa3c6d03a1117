/* The methods of Python's types: `value.name(args)`. */
#include <string.h>

#include "common/template/call.h"
#include "common/template/format.h"
#include "common/template/iter.h"
#include "common/template/strings.h"
#include "common/template/text.h"

#define METHOD(name) \
	static int name(struct trx_run *run, const struct trx_call *call, \
	    struct trx_value *out)

static int
strip(struct trx_run *run, const struct trx_call *call, bool left, bool right,
    struct trx_value *out)
{
	static const char *const names[] = { "*chars" };
	struct trx_value chars;
	struct trx_str set;
	bool given;

	if (trx_call_bind(run, call, names, 1, 0, &chars) == -1)
		return -1;
	given = trx_call_given(&chars);
	if (given && trx_call_str(run, call, &chars, &set) == -1)
		return -1;
	*out = trx_value_str(trx_strings_strip(
	    call->self.u.str, given ? &set : NULL, left, right));
	return 0;
}

METHOD(str_strip)
{
	return strip(run, call, true, true, out);
}

METHOD(str_lstrip)
{
	return strip(run, call, true, false, out);
}

METHOD(str_rstrip)
{
	return strip(run, call, false, true, out);
}

static int
split(struct trx_run *run, const struct trx_call *call, bool from_right,
    struct trx_value *out)
{
	static const char *const names[] = { "sep", "maxsplit" };
	struct trx_value args[2];
	struct trx_str sep;
	int64_t limit = -1;

	if (trx_call_bind(run, call, names, 2, 0, args) == -1)
		return -1;
	if (trx_call_given(&args[0]) &&
	    trx_call_str(run, call, &args[0], &sep) == -1)
		return -1;
	if (args[1].kind != TRX_V_MISSING &&
	    trx_call_int(run, &args[1], &limit) == -1)
		return -1;
	return trx_strings_split(run, call->self.u.str,
	    trx_call_given(&args[0]) ? &sep : NULL, limit, from_right, out);
}

METHOD(str_split)
{
	return split(run, call, false, out);
}

METHOD(str_rsplit)
{
	return split(run, call, true, out);
}

/* Does s begin (end) with what v is: a str, or a tuple of them?  1, 0, -1. */
static int
has_affix(struct trx_run *run, const struct trx_call *call,
    const struct trx_value *v, bool end)
{
	struct trx_str s = call->self.u.str, affix;
	size_t i;
	int rc = 0;

	if (v->kind == TRX_V_TUPLE) {
		for (i = 0; rc == 0 && i < v->u.seq.n; i++)
			rc = v->u.seq.at[i].kind == TRX_V_TUPLE
				 ? trx_run_fail(run,
				       "%s() needs a tuple of str", call->name)
				 : has_affix(run, call, &v->u.seq.at[i], end);
		return rc;
	}
	if (trx_call_str(run, call, v, &affix) == -1)
		return -1;
	return affix.n <= s.n &&
	       (affix.n == 0 || memcmp(s.p + (end ? s.n - affix.n : 0), affix.p,
				    affix.n) == 0);
}

static int
affix(struct trx_run *run, const struct trx_call *call, bool end,
    struct trx_value *out)
{
	static const char *const names[] = { "*prefix", "*start", "*end" };
	struct trx_value args[3];
	int rc;

	if (trx_call_bind(run, call, names, 3, 1, args) == -1)
		return -1;
	if (trx_call_given(&args[1]) || trx_call_given(&args[2]))
		return trx_run_fail(
		    run, "bounds of %s() are not supported yet", call->name);
	if ((rc = has_affix(run, call, &args[0], end)) == -1)
		return -1;
	*out = trx_value_bool(rc == 1);
	return 0;
}

METHOD(str_startswith)
{
	return affix(run, call, false, out);
}

METHOD(str_endswith)
{
	return affix(run, call, true, out);
}

METHOD(str_replace)
{
	static const char *const names[] = { "*old", "*new", "*count" };
	struct trx_value args[3];
	struct trx_str from, to;
	int64_t limit = -1;

	if (trx_call_bind(run, call, names, 3, 2, args) == -1 ||
	    trx_call_str(run, call, &args[0], &from) == -1 ||
	    trx_call_str(run, call, &args[1], &to) == -1)
		return -1;
	if (args[2].kind != TRX_V_MISSING &&
	    trx_call_int(run, &args[2], &limit) == -1)
		return -1;
	*out = trx_value_str(TRX_STR(""));
	return trx_strings_replace(
	    run, call->self.u.str, from, to, limit, &out->u.str);
}

static int
change_case(struct trx_run *run, const struct trx_call *call,
    enum trx_strings_case which, struct trx_value *out)
{
	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	*out = trx_value_str(TRX_STR(""));
	return trx_strings_case(run, call->self.u.str, which, &out->u.str);
}

METHOD(str_upper)
{
	return change_case(run, call, TRX_STRINGS_UPPER, out);
}

METHOD(str_lower)
{
	return change_case(run, call, TRX_STRINGS_LOWER, out);
}

METHOD(str_capitalize)
{
	return change_case(run, call, TRX_STRINGS_CAPITALIZE, out);
}

METHOD(str_title)
{
	return change_case(run, call, TRX_STRINGS_TITLE, out);
}

static int
find(struct trx_run *run, const struct trx_call *call, bool last,
    struct trx_value *out)
{
	static const char *const names[] = { "*sub" };
	struct trx_str part, s = call->self.u.str;
	struct trx_value arg;
	int64_t at;

	if (trx_call_bind(run, call, names, 1, 1, &arg) == -1 ||
	    trx_call_str(run, call, &arg, &part) == -1 ||
	    trx_run_charge(run, s.n / 16) == -1)
		return -1;
	if ((at = trx_strings_find(s, part, last)) != -1) {
		s.n = (size_t)at;
		at = (int64_t)trx_unicode_length(s);
	}
	*out = trx_value_int(at);
	return 0;
}

METHOD(str_find)
{
	return find(run, call, false, out);
}

METHOD(str_rfind)
{
	return find(run, call, true, out);
}

METHOD(str_join)
{
	static const char *const names[] = { "*iterable" };
	struct trx_buf b = TRX_BUF_INIT;
	struct trx_value arg, item;
	struct trx_iter it;
	size_t n = 0;
	int more;

	if (trx_call_bind(run, call, names, 1, 1, &arg) == -1 ||
	    trx_iter_open(run, &arg, &it) == -1)
		return -1;
	while ((more = trx_iter_next(run, &it, &item)) == 1) {
		if (item.kind != TRX_V_STR || item.safe) {
			more = trx_run_fail(run,
			    "sequence item %zu: expected str instance, %s "
			    "found",
			    n, trx_value_type(&item));
			break;
		}
		if (n++ != 0)
			trx_buf_adds(&b, call->self.u.str);
		trx_buf_adds(&b, item.u.str);
		if (b.len > TRX_TEMPLATE_OUTPUT) {
			more = trx_run_fail(
			    run, "the template takes too much memory");
			break;
		}
	}
	if (more == -1) {
		trx_buf_free(&b);
		return -1;
	}
	*out = trx_value_str(TRX_STR(""));
	return trx_run_take(run, &b, &out->u.str);
}

/* A view of the dict, or for copy() the dict itself: templates change none. */
static int
view(struct trx_run *run, const struct trx_call *call, enum trx_kind kind,
    struct trx_value *out)
{
	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	*out = call->self;
	out->kind = (uint8_t)kind;
	return 0;
}

METHOD(dict_items)
{
	return view(run, call, TRX_V_ITEMS, out);
}

METHOD(dict_keys)
{
	return view(run, call, TRX_V_KEYS, out);
}

METHOD(dict_values)
{
	return view(run, call, TRX_V_VALUES, out);
}

METHOD(copy)
{
	return view(run, call, (enum trx_kind)call->self.kind, out);
}

METHOD(dict_get)
{
	static const char *const names[] = { "*key", "*default" };
	struct trx_value args[2], *found;

	if (trx_call_bind(run, call, names, 2, 1, args) == -1 ||
	    trx_dict_get(run, call->self.u.dict, &args[0], &found) == -1)
		return -1;
	if (found != NULL)
		*out = *found;
	else
		*out =
		    args[1].kind == TRX_V_MISSING ? trx_value_none() : args[1];
	return 0;
}

#define STR(name, fn) \
	{ \
		name, TRX_V_STR, TRX_METHOD_KNOWN, fn \
	}
#define LATER(name, kind) \
	{ \
		name, kind, TRX_METHOD_LATER, NULL \
	}
#define UNSAFE(name, kind) \
	{ \
		name, kind, TRX_METHOD_UNSAFE, NULL \
	}

/* Every public attribute of Python's types, by name. */
static const struct trx_method methods[] = {
	UNSAFE("append", TRX_V_LIST),
	LATER("as_integer_ratio", TRX_V_INT),
	LATER("as_integer_ratio", TRX_V_FLOAT),
	LATER("bit_count", TRX_V_INT),
	LATER("bit_length", TRX_V_INT),
	STR("capitalize", str_capitalize),
	LATER("casefold", TRX_V_STR),
	LATER("center", TRX_V_STR),
	LATER("changed", TRX_V_LOOP),
	UNSAFE("clear", TRX_V_LIST),
	UNSAFE("clear", TRX_V_DICT),
	LATER("conjugate", TRX_V_INT),
	LATER("conjugate", TRX_V_FLOAT),
	{ "copy", TRX_V_LIST, TRX_METHOD_KNOWN, copy },
	{ "copy", TRX_V_DICT, TRX_METHOD_KNOWN, copy },
	LATER("count", TRX_V_STR),
	LATER("count", TRX_V_LIST),
	LATER("count", TRX_V_TUPLE),
	LATER("count", TRX_V_RANGE),
	LATER("cycle", TRX_V_LOOP),
	LATER("denominator", TRX_V_INT),
	LATER("encode", TRX_V_STR),
	STR("endswith", str_endswith),
	LATER("expandtabs", TRX_V_STR),
	UNSAFE("extend", TRX_V_LIST),
	STR("find", str_find),
	STR("format", trx_format),
	STR("format_map", trx_format_map),
	LATER("from_bytes", TRX_V_INT),
	LATER("fromhex", TRX_V_FLOAT),
	LATER("fromkeys", TRX_V_DICT),
	{ "get", TRX_V_DICT, TRX_METHOD_KNOWN, dict_get },
	LATER("hex", TRX_V_FLOAT),
	LATER("imag", TRX_V_INT),
	LATER("imag", TRX_V_FLOAT),
	LATER("index", TRX_V_STR),
	LATER("index", TRX_V_LIST),
	LATER("index", TRX_V_TUPLE),
	LATER("index", TRX_V_RANGE),
	UNSAFE("insert", TRX_V_LIST),
	LATER("is_integer", TRX_V_FLOAT),
	LATER("isalnum", TRX_V_STR),
	LATER("isalpha", TRX_V_STR),
	LATER("isascii", TRX_V_STR),
	LATER("isdecimal", TRX_V_STR),
	LATER("isdigit", TRX_V_STR),
	LATER("isidentifier", TRX_V_STR),
	LATER("islower", TRX_V_STR),
	LATER("isnumeric", TRX_V_STR),
	LATER("isprintable", TRX_V_STR),
	LATER("isspace", TRX_V_STR),
	LATER("istitle", TRX_V_STR),
	LATER("isupper", TRX_V_STR),
	{ "items", TRX_V_DICT, TRX_METHOD_KNOWN, dict_items },
	STR("join", str_join),
	{ "keys", TRX_V_DICT, TRX_METHOD_KNOWN, dict_keys },
	LATER("ljust", TRX_V_STR),
	STR("lower", str_lower),
	STR("lstrip", str_lstrip),
	LATER("maketrans", TRX_V_STR),
	LATER("numerator", TRX_V_INT),
	LATER("partition", TRX_V_STR),
	UNSAFE("pop", TRX_V_LIST),
	UNSAFE("pop", TRX_V_DICT),
	UNSAFE("popitem", TRX_V_DICT),
	LATER("real", TRX_V_INT),
	LATER("real", TRX_V_FLOAT),
	UNSAFE("remove", TRX_V_LIST),
	LATER("removeprefix", TRX_V_STR),
	LATER("removesuffix", TRX_V_STR),
	STR("replace", str_replace),
	UNSAFE("reverse", TRX_V_LIST),
	STR("rfind", str_rfind),
	LATER("rindex", TRX_V_STR),
	LATER("rjust", TRX_V_STR),
	LATER("rpartition", TRX_V_STR),
	STR("rsplit", str_rsplit),
	STR("rstrip", str_rstrip),
	UNSAFE("setdefault", TRX_V_DICT),
	UNSAFE("sort", TRX_V_LIST),
	STR("split", str_split),
	LATER("splitlines", TRX_V_STR),
	LATER("start", TRX_V_RANGE),
	STR("startswith", str_startswith),
	LATER("step", TRX_V_RANGE),
	LATER("stop", TRX_V_RANGE),
	STR("strip", str_strip),
	LATER("swapcase", TRX_V_STR),
	STR("title", str_title),
	LATER("to_bytes", TRX_V_INT),
	LATER("translate", TRX_V_STR),
	UNSAFE("update", TRX_V_DICT),
	STR("upper", str_upper),
	{ "values", TRX_V_DICT, TRX_METHOD_KNOWN, dict_values },
	LATER("zfill", TRX_V_STR),
};

#define NMETHODS (sizeof(methods) / sizeof(*methods))

const struct trx_method *
trx_method_find(struct trx_str name)
{
	size_t i;

	for (i = 0; i < NMETHODS; i++)
		if (trx_str_is(name, methods[i].name))
			return &methods[i];
	return NULL;
}

const struct trx_method *
trx_method_of(const struct trx_method *first, const struct trx_value *v)
{
	const struct trx_method *m = first;
	enum trx_kind kind = (enum trx_kind)v->kind;

	if (first == NULL)
		return NULL;
	if (kind == TRX_V_BOOL || kind == TRX_V_BIG)
		kind = TRX_V_INT;
	for (; m < methods + NMETHODS && strcmp(m->name, first->name) == 0; m++)
		if (m->of == kind)
			return m;
	return NULL;
}

bool
trx_method_later(const struct trx_method *first)
{
	const struct trx_method *m = first;

	if (first == NULL)
		return false;
	for (; m < methods + NMETHODS && strcmp(m->name, first->name) == 0; m++)
		if (m->use == TRX_METHOD_LATER)
			return true;
	return false;
}
