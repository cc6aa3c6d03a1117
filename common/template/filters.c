/* The filters: `value | name(args)`. */
#include <string.h>

#include "common/template/call.h"
#include "common/template/filters_format.h"
#include "common/template/filters_html.h"
#include "common/template/filters_list.h"
#include "common/template/filters_number.h"
#include "common/template/filters_sort.h"
#include "common/template/filters_text.h"
#include "common/template/iter.h"
#include "common/template/markup.h"
#include "common/template/pprint.h"
#include "common/template/select.h"
#include "common/template/strings.h"
#include "common/template/text.h"
#include "common/template/trace.h"
#include "common/template/unique.h"
#include "common/template/urlize.h"
#include "common/template/wrap.h"

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
	if (given && (trx_call_str(run, call, &chars, &set) == -1 ||
			 trx_run_charge(run, s.n / 16 * (set.n / 16)) == -1))
		return -1;
	*out = trx_value_str(
	    trx_strings_strip(s, given ? &set : NULL, true, true));
	out->safe = call->self.safe;
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
	/* The filter title, unlike the others, joins plain words. */
	out->safe = call->self.safe && which != TRX_STRINGS_WORDS;
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

/*
 * What replace replaces where HTML is escaped, which it does for Markup: s is
 * escaped beside other Markup, and what is put into Markup is.
 */
static int
escape_replaced(struct trx_run *run, struct trx_value *s,
    const struct trx_value *old, struct trx_value *new)
{
	if (!run->autoescape)
		return 0;
	if ((old->safe || (new->safe && !s->safe)) &&
	    trx_markup_of(run, s, s) == -1)
		return -1;
	return s->safe ? trx_markup_of(run, new, new) : 0;
}

FILTER(replace)
{
	static const char *const names[] = { "old", "new", "count" };
	struct trx_value args[3], self = call->self;
	struct trx_str s, from, to;
	int64_t limit = -1;

	if (trx_call_bind(run, call, names, 3, 2, args) == -1 ||
	    escape_replaced(run, &self, &args[0], &args[1]) == -1 ||
	    trx_text_str(run, &self, &s) == -1 ||
	    trx_text_str(run, &args[0], &from) == -1 ||
	    trx_text_str(run, &args[1], &to) == -1)
		return -1;
	if (trx_call_given(&args[2]) &&
	    trx_call_int(run, &args[2], &limit) == -1)
		return -1;
	*out = trx_value_str(TRX_STR(""));
	out->safe = run->autoescape && self.safe;
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

/* The attributes of a list's items in their place, if there is one to take. */
static int
take_attributes(struct trx_run *run, const struct trx_value *attribute,
    struct trx_value *list)
{
	struct trx_value *at;
	size_t i;

	if (!trx_call_given(attribute))
		return 0;
	if ((at = trx_run_calloc(run, list->u.seq.n, sizeof(*at))) == NULL)
		return -1;
	for (i = 0; i < list->u.seq.n; i++)
		if (trx_select_attribute(
			run, &list->u.seq.at[i], attribute, NULL, &at[i]) == -1)
			return -1;
	list->u.seq.at = at;
	return 0;
}

/*
 * The texts of what v gives, each made before the next is asked for: that of
 * loop changes as it is iterated.
 */
static int
take_texts(struct trx_run *run, const struct trx_value *v,
    const struct trx_value *attribute, struct trx_value *list)
{
	struct trx_value *at = NULL, item, one;
	struct trx_iter it;
	struct trx_str text;
	size_t n = 0, cap = 0;
	int more;

	if (trx_iter_open(run, v, &it) == -1)
		return -1;
	while ((more = trx_iter_next(run, &it, &item)) == 1) {
		one = item;
		if ((trx_call_given(attribute) &&
			trx_select_attribute(
			    run, &item, attribute, NULL, &one) == -1) ||
		    trx_text_str(run, &one, &text) == -1 ||
		    (at = trx_value_grow(run, at, n, &cap)) == NULL)
			return -1;
		at[n++] = trx_value_str(text);
	}
	*list = trx_value_seq(TRX_V_LIST, at, n);
	return more;
}

/* The texts of a list with one between them; as Markup others are escaped. */
static int
join_texts(struct trx_run *run, const struct trx_value *list,
    struct trx_str between, bool markup, struct trx_str *out)
{
	struct trx_text text;
	struct trx_value item;
	struct trx_str s;
	size_t i;

	trx_text_begin(run, &text);
	for (i = 0; i < list->u.seq.n; i++) {
		item = list->u.seq.at[i];
		if ((markup && trx_markup_of(run, &item, &item) == -1) ||
		    trx_text_str(run, &item, &s) == -1 ||
		    (i != 0 && trx_text_add(run, &text, between) == -1) ||
		    trx_text_add(run, &text, s) == -1 ||
		    trx_run_charge(run, 1) == -1) {
			trx_text_drop(run, &text);
			return -1;
		}
	}
	return trx_text_take(run, &text, out);
}

FILTER(join)
{
	static const char *const names[] = { "d", "attribute" };
	struct trx_value args[2], list;
	struct trx_str between;
	bool markup, lazy = call->self.kind == TRX_V_GENERATOR ||
			    call->self.kind == TRX_V_LOOP;
	size_t i;

	if (trx_call_bind(run, call, names, 2, 0, args) == -1 ||
	    trx_select_check(run, &args[1]) == -1)
		return -1;
	if (lazy && !run->autoescape) {
		if (take_texts(run, &call->self, &args[1], &list) == -1)
			return -1;
	} else if (trx_iter_list(run, &call->self, &list) == -1 ||
		   take_attributes(run, &args[1], &list) == -1) {
		return -1;
	}
	if (args[0].kind == TRX_V_MISSING)
		args[0] = trx_value_str(TRX_STR(""));
	markup = run->autoescape && args[0].safe;
	for (i = 0; i < list.u.seq.n; i++)
		markup |= run->autoescape && list.u.seq.at[i].safe;
	if ((markup && trx_markup_of(run, &args[0], &args[0]) == -1) ||
	    trx_text_str(run, &args[0], &between) == -1)
		return -1;
	*out = trx_value_str(TRX_STR(""));
	out->safe = markup;
	return join_texts(run, &list, between, markup, &out->u.str);
}

FILTER(list)
{
	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	return trx_iter_list(run, &call->self, out);
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

/* separators=(item, key); used: will they be looked at? */
static int
json_separators(struct trx_run *run, const struct trx_value *v, bool used,
    struct trx_text_json *how)
{
	struct trx_value two;

	if (!trx_call_given(v))
		return 0;
	if (trx_iter_list(run, v, &two) == -1)
		return -1;
	if (two.u.seq.n != 2 ||
	    (used && (two.u.seq.at[0].kind != TRX_V_STR ||
			 two.u.seq.at[1].kind != TRX_V_STR)))
		return trx_run_fail(
		    run, "tojson() needs two strings as separators");
	how->item_separator = two.u.seq.at[0].u.str;
	how->key_separator = two.u.seq.at[1].u.str;
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

	/* Python writes a string alone before it looks at the others. */
	bool text = call->self.kind == TRX_V_STR;

	if (trx_call_bind(run, call, names, 4, 0, args) == -1 ||
	    (!text && json_indent(run, &args[1], &how) == -1) ||
	    json_separators(run, &args[2], !text, &how) == -1)
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

/* Jinja's filters. */
static const struct trx_filter filters[] = {
	{ "abs", trx_filter_abs },
	{ "attr", trx_filter_attr },
	{ "batch", trx_filter_batch },
	{ "capitalize", capitalize },
	{ "center", trx_filter_center },
	{ "count", length },
	{ "d", use_default },
	{ "default", use_default },
	{ "dictsort", trx_filter_dictsort },
	{ "e", trx_filter_escape },
	{ "escape", trx_filter_escape },
	{ "filesizeformat", trx_filters_format_size },
	{ "first", trx_filter_first },
	{ "float", trx_filter_float },
	{ "forceescape", trx_filter_forceescape },
	{ "format", trx_filters_format },
	{ "groupby", trx_filter_groupby },
	{ "indent", trx_filter_indent },
	{ "int", trx_filter_int },
	{ "items", trx_filter_items },
	{ "join", join },
	{ "last", trx_filter_last },
	{ "length", length },
	{ "list", list },
	{ "lower", lower },
	{ "map", trx_select_map },
	{ "max", trx_filter_max },
	{ "min", trx_filter_min },
	{ "pprint", trx_pprint },
	{ "random", trx_filter_random },
	{ "reject", trx_select_reject },
	{ "rejectattr", trx_select_rejectattr },
	{ "replace", replace },
	{ "reverse", trx_filter_reverse },
	{ "round", trx_filter_round },
	{ "safe", safe },
	{ "select", trx_select_select },
	{ "selectattr", trx_select_selectattr },
	{ "slice", trx_filter_slice },
	{ "sort", trx_filter_sort },
	{ "string", string },
	{ "striptags", trx_filter_striptags },
	{ "sum", trx_filter_sum },
	{ "title", title },
	{ "tojson", tojson },
	{ "trim", trim },
	{ "truncate", trx_filter_truncate },
	{ "unique", trx_unique },
	{ "upper", upper },
	{ "urlencode", trx_filter_urlencode },
	{ "urlize", trx_urlize },
	{ "wordcount", trx_filter_wordcount },
	{ "wordwrap", trx_wrap_words },
	{ "xmlattr", trx_filter_xmlattr },
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
