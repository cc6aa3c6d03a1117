/* The filters: `value | name(args)`. */
#include <string.h>

#include "common/template/call.h"
#include "common/template/filters_format.h"
#include "common/template/iter.h"
#include "common/template/object.h"
#include "common/template/select.h"
#include "common/template/sort.h"
#include "common/template/strings.h"
#include "common/template/text.h"

#define FILTER(name) \
	static int name(struct trx_run *run, const struct trx_call *call, \
	    struct trx_value *out)

FILTER(length)
{
	int64_t n;

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1 ||
	    (n = trx_value_length(run, &call->self)) == -1)
		return -1;
	*out = trx_value_int(n);
	return 0;
}

FILTER(string)
{
	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	*out = trx_value_str(TRX_STR(""));
	out->safe = call->self.safe;
	return trx_text_str(run, &call->self, &out->u.str);
}

FILTER(safe)
{
	if (string(run, call, out) == -1)
		return -1;
	out->safe = true;
	return 0;
}

FILTER(trim)
{
	static const char *const names[] = { "chars" };
	struct trx_value chars;
	struct trx_str s, set;
	bool given;

	if (trx_call_bind(run, call, names, 1, 0, &chars) == -1 ||
	    trx_text_str(run, &call->self, &s) == -1)
		return -1;
	given = trx_call_given(&chars);
	if (given && trx_call_str(run, call, &chars, &set) == -1)
		return -1;
	*out = trx_value_str(
	    trx_strings_strip(s, given ? &set : NULL, true, true));
	return 0;
}

static int
change_case(struct trx_run *run, const struct trx_call *call,
    enum trx_strings_case which, struct trx_value *out)
{
	struct trx_str s;

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1 ||
	    trx_text_str(run, &call->self, &s) == -1)
		return -1;
	*out = trx_value_str(s);
	return trx_strings_case(run, s, which, &out->u.str);
}

FILTER(upper)
{
	return change_case(run, call, TRX_STRINGS_UPPER, out);
}

FILTER(lower)
{
	return change_case(run, call, TRX_STRINGS_LOWER, out);
}

FILTER(capitalize)
{
	return change_case(run, call, TRX_STRINGS_CAPITALIZE, out);
}

FILTER(title)
{
	return change_case(run, call, TRX_STRINGS_WORDS, out);
}

FILTER(replace)
{
	static const char *const names[] = { "old", "new", "count" };
	struct trx_value args[3];
	struct trx_str s, from, to;
	int64_t limit = -1;

	if (trx_call_bind(run, call, names, 3, 2, args) == -1 ||
	    trx_text_str(run, &call->self, &s) == -1 ||
	    trx_text_str(run, &args[0], &from) == -1 ||
	    trx_text_str(run, &args[1], &to) == -1)
		return -1;
	if (trx_call_given(&args[2]) &&
	    trx_call_int(run, &args[2], &limit) == -1)
		return -1;
	*out = trx_value_str(TRX_STR(""));
	return trx_strings_replace(run, s, from, to, limit, &out->u.str);
}

FILTER(use_default)
{
	static const char *const names[] = { "default_value", "boolean" };
	struct trx_value args[2];
	const struct trx_value *self = &call->self;

	if (trx_call_bind(run, call, names, 2, 0, args) == -1)
		return -1;
	if (self->kind != TRX_V_UNDEFINED &&
	    (trx_value_truth(self) || !trx_value_truth(&args[1])))
		*out = *self;
	else
		*out = args[0].kind == TRX_V_MISSING
			   ? trx_value_str(TRX_STR(""))
			   : args[0];
	return 0;
}

FILTER(join)
{
	static const char *const names[] = { "d", "attribute" };
	struct trx_buf b = TRX_BUF_INIT;
	struct trx_value args[2], item;
	struct trx_str between = TRX_STR(""), s;
	struct trx_iter it;
	bool first = true;
	int more;

	if (trx_call_bind(run, call, names, 2, 0, args) == -1 ||
	    trx_iter_open(run, &call->self, &it) == -1)
		return -1;
	if (args[0].kind != TRX_V_MISSING &&
	    trx_text_str(run, &args[0], &between) == -1)
		return -1;
	while ((more = trx_iter_next(run, &it, &item)) == 1) {
		if ((trx_call_given(&args[1]) &&
			trx_select_attribute(
			    run, &item, &args[1], NULL, &item) == -1) ||
		    (more = trx_text_str(run, &item, &s)) == -1)
			break;
		if (!first)
			trx_buf_adds(&b, between);
		trx_buf_adds(&b, s);
		first = false;
		if (b.len > TRX_TEMPLATE_OUTPUT) {
			more = trx_run_fail(
			    run, "the template takes too much memory");
			break;
		}
	}
	if (more != 0) {
		trx_buf_free(&b);
		return -1;
	}
	*out = trx_value_str(TRX_STR(""));
	return trx_run_take(run, &b, &out->u.str);
}

FILTER(first)
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

FILTER(last)
{
	struct trx_value list;

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	if (call->self.kind == TRX_V_GENERATOR || call->self.kind == TRX_V_LOOP)
		return trx_run_fail(run, "'%s' object is not reversible",
		    trx_value_type(&call->self));
	if (trx_iter_list(run, &call->self, &list) == -1)
		return -1;
	if (list.u.seq.n != 0)
		*out = list.u.seq.at[list.u.seq.n - 1];
	else
		*out = trx_value_undefined(TRX_UNDEF_HINT, TRX_V_NONE,
		    TRX_STR("No last item, sequence was empty."));
	return 0;
}

FILTER(list)
{
	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	return trx_iter_list(run, &call->self, out);
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

FILTER(items)
{
	struct trx_value *self = trx_run_alloc(run, sizeof(*self));

	if (self == NULL || trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	*self = call->self;
	return trx_iter_generator(run, next_pair, self, out);
}

/* The indent of one level that json.dumps is asked for. */
static int
json_indent(
    struct trx_run *run, const struct trx_value *v, struct trx_text_json *how)
{
	int64_t n;
	char *p;

	if (!trx_call_given(v))
		return 0;
	how->indented = true;
	how->item_separator = TRX_STR(",");
	if (v->kind == TRX_V_STR) {
		how->indent = v->u.str;
		return 0;
	}
	if (trx_call_int(run, v, &n) == -1)
		return -1;
	if (n > 1000)
		return trx_run_refuse(run, "so deep an indent");
	n = n < 0 ? 0 : n;
	if ((p = trx_run_alloc(run, (size_t)n)) == NULL)
		return -1;
	memset(p, ' ', (size_t)n);
	how->indent = (struct trx_str){ .p = p, .n = (size_t)n };
	return 0;
}

/* separators=(item, key) */
static int
json_separators(
    struct trx_run *run, const struct trx_value *v, struct trx_text_json *how)
{
	if (!trx_call_given(v))
		return 0;
	if ((v->kind != TRX_V_TUPLE && v->kind != TRX_V_LIST) ||
	    v->u.seq.n != 2 || v->u.seq.at[0].kind != TRX_V_STR ||
	    v->u.seq.at[1].kind != TRX_V_STR)
		return trx_run_fail(
		    run, "tojson() needs two strings as separators");
	how->item_separator = v->u.seq.at[0].u.str;
	how->key_separator = v->u.seq.at[1].u.str;
	return 0;
}

FILTER(tojson)
{
	static const char *const names[] = { "ensure_ascii", "indent",
		"separators", "sort_keys" };
	struct trx_text_json how = { .item_separator = TRX_STR(", "),
		.key_separator = TRX_STR(": ") };
	struct trx_buf b = TRX_BUF_INIT;
	struct trx_value args[4];

	if (trx_call_bind(run, call, names, 4, 0, args) == -1 ||
	    json_indent(run, &args[1], &how) == -1 ||
	    json_separators(run, &args[2], &how) == -1)
		return -1;
	how.ensure_ascii = trx_value_truth(&args[0]);
	how.sort_keys = trx_value_truth(&args[3]);
	if (trx_text_json(run, &call->self, &how, &b) == -1) {
		trx_buf_free(&b);
		return -1;
	}
	*out = trx_value_str(TRX_STR(""));
	return trx_run_take(run, &b, &out->u.str);
}

/* Jinja's filters; those without a function are for later. */
static const struct trx_filter filters[] = {
	{ "abs", NULL, false },
	{ "attr", NULL, false },
	{ "batch", NULL, false },
	{ "capitalize", capitalize, false },
	{ "center", NULL, false },
	{ "count", length, true },
	{ "d", use_default, true },
	{ "default", use_default, true },
	{ "dictsort", trx_sort_dict, false },
	{ "e", NULL, false },
	{ "escape", NULL, false },
	{ "filesizeformat", trx_filters_format_size, true },
	{ "first", first, false },
	{ "float", NULL, false },
	{ "forceescape", NULL, false },
	{ "format", trx_filters_format, true },
	{ "groupby", NULL, false },
	{ "indent", NULL, false },
	{ "int", NULL, false },
	{ "items", items, true },
	{ "join", join, true },
	{ "last", last, false },
	{ "length", length, true },
	{ "list", list, false },
	{ "lower", lower, false },
	{ "map", trx_select_map, false },
	{ "max", NULL, false },
	{ "min", NULL, false },
	{ "pprint", NULL, false },
	{ "random", NULL, false },
	{ "reject", trx_select_reject, false },
	{ "rejectattr", trx_select_rejectattr, false },
	{ "replace", replace, false },
	{ "reverse", NULL, false },
	{ "round", NULL, false },
	{ "safe", safe, true },
	{ "select", trx_select_select, false },
	{ "selectattr", trx_select_selectattr, false },
	{ "slice", NULL, false },
	{ "sort", NULL, false },
	{ "string", string, true },
	{ "striptags", NULL, false },
	{ "sum", NULL, false },
	{ "title", title, false },
	{ "tojson", tojson, true },
	{ "trim", trim, false },
	{ "truncate", NULL, false },
	{ "unique", NULL, false },
	{ "upper", upper, false },
	{ "urlencode", NULL, false },
	{ "urlize", NULL, false },
	{ "wordcount", NULL, false },
	{ "wordwrap", NULL, false },
	{ "xmlattr", NULL, false },
};

const struct trx_filter *
trx_filter_find(struct trx_str name)
{
	size_t i;

	for (i = 0; i < sizeof(filters) / sizeof(*filters); i++)
		if (trx_str_is(name, filters[i].name))
			return &filters[i];
	return NULL;
}
