/* The methods of Python's types: `value.name(args)`. */
#include <string.h>

#include "common/template/bytes.h"
#include "common/template/call.h"
#include "common/template/cycler.h"
#include "common/template/format.h"
#include "common/template/iter.h"
#include "common/template/loop.h"
#include "common/template/markup_methods.h"
#include "common/template/methods_number.h"
#include "common/template/methods_str.h"
#include "common/template/translate.h"

#define METHOD(name) \
	static int name(struct trx_run *run, const struct trx_call *call, \
	    struct trx_value *out)

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

METHOD(dict_fromkeys)
{
	static const char *const names[] = { "*iterable", "*value" };
	struct trx_dict *d = trx_dict_new(run, 0);
	struct trx_value args[2], item;
	struct trx_iter it;
	int more;

	if (d == NULL || trx_call_bind(run, call, names, 2, 1, args) == -1 ||
	    trx_iter_open(run, &args[0], &it) == -1)
		return -1;
	if (args[1].kind == TRX_V_MISSING)
		args[1] = trx_value_none();
	while ((more = trx_iter_next(run, &it, &item)) == 1)
		if (trx_dict_set(run, d, &item, &args[1]) == -1)
			return -1;
	*out = (struct trx_value){ .kind = TRX_V_DICT, .u.dict = d };
	return more;
}

METHOD(list_count)
{
	static const char *const names[] = { "*value" };
	struct trx_value arg, item;
	struct trx_iter it;
	int64_t n = 0;
	int more, same;

	if (trx_call_bind(run, call, names, 1, 1, &arg) == -1 ||
	    trx_iter_open(run, &call->self, &it) == -1)
		return -1;
	while ((more = trx_iter_next(run, &it, &item)) == 1) {
		if ((same = trx_value_equal_items(run, &item, &arg)) == -1)
			return -1;
		n += same;
	}
	*out = trx_value_int(n);
	return more;
}

/* A bound of a search among n items, as slices clip it. */
static int
clip_bound(struct trx_run *run, const struct trx_value *v, int64_t n,
    int64_t missing, int64_t *out)
{
	*out = missing;
	if (v->kind == TRX_V_MISSING)
		return 0;
	if (trx_call_int(run, v, out) == -1)
		return -1;
	if (*out < 0)
		*out = *out + n < 0 ? 0 : *out + n;
	return 0;
}

METHOD(list_index)
{
	static const char *const names[] = { "*value", "*start", "*stop" };
	size_t nargs = call->self.kind == TRX_V_RANGE ? 1 : 3;
	struct trx_value args[3] = { { 0 } }, list;
	int64_t i, end;
	int same;

	if (trx_call_bind(run, call, names, nargs, 1, args) == -1 ||
	    trx_iter_list(run, &call->self, &list) == -1 ||
	    clip_bound(run, &args[1], (int64_t)list.u.seq.n, 0, &i) == -1 ||
	    clip_bound(run, &args[2], (int64_t)list.u.seq.n,
		(int64_t)list.u.seq.n, &end) == -1)
		return -1;
	for (; i < end && i < (int64_t)list.u.seq.n; i++) {
		same = trx_value_equal_items(run, &list.u.seq.at[i], &args[0]);
		if (same == -1 || trx_run_charge(run, 1) == -1)
			return -1;
		if (same == 1) {
			*out = trx_value_int(i);
			return 0;
		}
	}
	return trx_run_fail(run, "the value is not in it");
}

#define STR(name) \
	{ \
#name, TRX_V_STR, TRX_METHOD_KNOWN, trx_method_str_##name \
	}
#define MARKUP(name, fn) \
	{ \
		name, TRX_METHOD_MARKUP, TRX_METHOD_KNOWN, fn \
	}
#define UNSAFE(name, kind) \
	{ \
		name, kind, TRX_METHOD_UNSAFE, NULL \
	}

/* Every public attribute of Python's types, by name. */
static const struct trx_method methods[] = {
	UNSAFE("append", TRX_V_LIST),
	{ "as_integer_ratio", TRX_V_INT, TRX_METHOD_KNOWN,
	    trx_method_number_ratio },
	{ "as_integer_ratio", TRX_V_FLOAT, TRX_METHOD_KNOWN,
	    trx_method_number_ratio },
	{ "bit_count", TRX_V_INT, TRX_METHOD_KNOWN,
	    trx_method_number_bit_count },
	{ "bit_length", TRX_V_INT, TRX_METHOD_KNOWN,
	    trx_method_number_bit_length },
	STR(capitalize),
	STR(casefold),
	STR(center),
	{ "changed", TRX_V_LOOP, TRX_METHOD_KNOWN, trx_loop_changed },
	UNSAFE("clear", TRX_V_LIST),
	UNSAFE("clear", TRX_V_DICT),
	{ "conjugate", TRX_V_INT, TRX_METHOD_KNOWN,
	    trx_method_number_conjugate },
	{ "conjugate", TRX_V_FLOAT, TRX_METHOD_KNOWN,
	    trx_method_number_conjugate },
	{ "copy", TRX_V_LIST, TRX_METHOD_KNOWN, copy },
	{ "copy", TRX_V_DICT, TRX_METHOD_KNOWN, copy },
	STR(count),
	{ "count", TRX_V_LIST, TRX_METHOD_KNOWN, list_count },
	{ "count", TRX_V_TUPLE, TRX_METHOD_KNOWN, list_count },
	{ "count", TRX_V_RANGE, TRX_METHOD_KNOWN, list_count },
	{ "cycle", TRX_V_LOOP, TRX_METHOD_KNOWN, trx_loop_cycle },
	{ "decode", TRX_V_BYTES, TRX_METHOD_KNOWN, trx_bytes_decode },
	{ "encode", TRX_V_STR, TRX_METHOD_KNOWN, trx_bytes_encode },
	STR(endswith),
	STR(expandtabs),
	UNSAFE("extend", TRX_V_LIST),
	MARKUP("escape", trx_markup_escape_method),
	STR(find),
	{ "format", TRX_V_STR, TRX_METHOD_KNOWN, trx_format },
	{ "format_map", TRX_V_STR, TRX_METHOD_KNOWN, trx_format_map },
	{ "from_bytes", TRX_V_INT, TRX_METHOD_KNOWN, trx_bytes_to_int },
	{ "fromhex", TRX_V_FLOAT, TRX_METHOD_KNOWN, trx_method_number_fromhex },
	{ "fromkeys", TRX_V_DICT, TRX_METHOD_KNOWN, dict_fromkeys },
	{ "get", TRX_V_DICT, TRX_METHOD_KNOWN, dict_get },
	{ "hex", TRX_V_BYTES, TRX_METHOD_KNOWN, trx_bytes_hex },
	{ "hex", TRX_V_FLOAT, TRX_METHOD_KNOWN, trx_method_number_hex },
	STR(index),
	{ "index", TRX_V_LIST, TRX_METHOD_KNOWN, list_index },
	{ "index", TRX_V_TUPLE, TRX_METHOD_KNOWN, list_index },
	{ "index", TRX_V_RANGE, TRX_METHOD_KNOWN, list_index },
	UNSAFE("insert", TRX_V_LIST),
	{ "is_integer", TRX_V_FLOAT, TRX_METHOD_KNOWN,
	    trx_method_number_is_integer },
	STR(isalnum),
	STR(isalpha),
	STR(isascii),
	STR(isdecimal),
	STR(isdigit),
	STR(isidentifier),
	STR(islower),
	STR(isnumeric),
	STR(isprintable),
	STR(isspace),
	STR(istitle),
	STR(isupper),
	{ "items", TRX_V_DICT, TRX_METHOD_KNOWN, dict_items },
	MARKUP("join", trx_markup_join),
	STR(join),
	{ "keys", TRX_V_DICT, TRX_METHOD_KNOWN, dict_keys },
	STR(ljust),
	STR(lower),
	STR(lstrip),
	{ "maketrans", TRX_V_STR, TRX_METHOD_KNOWN, trx_translate_table },
	{ "next", TRX_V_CYCLER, TRX_METHOD_KNOWN, trx_cycler_next },
	STR(partition),
	UNSAFE("pop", TRX_V_LIST),
	UNSAFE("pop", TRX_V_DICT),
	UNSAFE("popitem", TRX_V_DICT),
	UNSAFE("remove", TRX_V_LIST),
	STR(removeprefix),
	STR(removesuffix),
	STR(replace),
	{ "reset", TRX_V_CYCLER, TRX_METHOD_KNOWN, trx_cycler_reset },
	UNSAFE("reverse", TRX_V_LIST),
	STR(rfind),
	STR(rindex),
	STR(rjust),
	STR(rpartition),
	STR(rsplit),
	STR(rstrip),
	UNSAFE("setdefault", TRX_V_DICT),
	UNSAFE("sort", TRX_V_LIST),
	STR(split),
	STR(splitlines),
	STR(startswith),
	STR(strip),
	MARKUP("striptags", trx_markup_striptags_method),
	STR(swapcase),
	STR(title),
	{ "to_bytes", TRX_V_INT, TRX_METHOD_KNOWN, trx_bytes_of_int },
	{ "translate", TRX_V_STR, TRX_METHOD_KNOWN, trx_translate },
	MARKUP("unescape", trx_markup_unescape_method),
	UNSAFE("update", TRX_V_DICT),
	STR(upper),
	{ "values", TRX_V_DICT, TRX_METHOD_KNOWN, dict_values },
	STR(zfill),
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
		if (m->of == kind || (m->of == TRX_METHOD_MARKUP && v->safe))
			return m;
	return NULL;
}
