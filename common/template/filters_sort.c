#include <string.h>

#include "common/template/filters_sort.h"
#include "common/template/iter.h"
#include "common/template/select.h"
#include "common/template/sort.h"
#include "common/template/strings.h"

/* A string in lower case. */
static int
ignore_case(struct trx_run *run, struct trx_value *v)
{
	if (v->kind != TRX_V_STR)
		return 0;
	return trx_strings_case(run, v->u.str, TRX_STRINGS_LOWER, &v->u.str);
}

int
trx_filter_key(struct trx_run *run, const struct trx_value *item,
    const struct trx_value *attribute, const struct trx_value *fallback,
    bool case_sensitive, struct trx_value *out)
{
	*out = *item;
	if (attribute != NULL && trx_call_given(attribute) &&
	    trx_select_attribute(run, item, attribute, fallback, out) == -1)
		return -1;
	return case_sensitive ? 0 : ignore_case(run, out);
}

/* The items of v as entries without keys. */
static int
read_entries(struct trx_run *run, const struct trx_value *v,
    struct trx_pair **entries, size_t *n)
{
	struct trx_value list;
	size_t i;

	if (trx_iter_list(run, v, &list) == -1)
		return -1;
	*n = list.u.seq.n;
	*entries = trx_run_calloc(run, *n, sizeof(**entries));
	if (*entries == NULL || trx_run_charge(run, *n) == -1)
		return -1;
	for (i = 0; i < *n; i++)
		(*entries)[i].value = list.u.seq.at[i];
	return 0;
}

/* The items of sorted entries, as a list. */
static int
write_entries(struct trx_run *run, const struct trx_pair *entries, size_t n,
    struct trx_value *out)
{
	struct trx_value *at = trx_run_calloc(run, n, sizeof(*at));
	size_t i;

	if (at == NULL)
		return -1;
	for (i = 0; i < n; i++)
		at[i] = entries[i].value;
	*out = trx_value_seq(TRX_V_LIST, at, n);
	return 0;
}

/* The attributes between the commas of a str, as a tuple; else the one. */
static int
split_attributes(struct trx_run *run, const struct trx_value *attribute,
    struct trx_value *out)
{
	const struct trx_str comma = TRX_STR(",");
	struct trx_value *one;

	if (attribute->kind == TRX_V_STR)
		return trx_strings_split(
		    run, attribute->u.str, &comma, -1, false, out);
	if ((one = trx_run_alloc(run, sizeof(*one))) == NULL)
		return -1;
	*one = *attribute;
	*out = trx_value_seq(TRX_V_LIST, one, 1);
	return 0;
}

/* The key of one item: a list of what it is sorted by, as Jinja makes it. */
static int
list_key(struct trx_run *run, const struct trx_value *attributes,
    bool case_sensitive, struct trx_pair *entry)
{
	size_t i, n = attributes->u.seq.n;
	struct trx_value *at = trx_run_calloc(run, n, sizeof(*at));

	if (at == NULL || trx_run_charge(run, n) == -1)
		return -1;
	for (i = 0; i < n; i++)
		if (trx_filter_key(run, &entry->value, &attributes->u.seq.at[i],
			NULL, case_sensitive, &at[i]) == -1)
			return -1;
	entry->key = trx_value_seq(TRX_V_LIST, at, n);
	return 0;
}

int
trx_filter_sort(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "reverse", "case_sensitive",
		"attribute" };
	struct trx_value args[3], attributes;
	struct trx_pair *entries;
	bool reverse;
	size_t n, i;

	if (trx_call_bind(run, call, names, 3, 0, args) == -1 ||
	    trx_sort_reverse(run, &args[0], &reverse) == -1 ||
	    split_attributes(run, &args[2], &attributes) == -1 ||
	    read_entries(run, &call->self, &entries, &n) == -1)
		return -1;
	for (i = 0; i < attributes.u.seq.n; i++)
		if (trx_select_check(run, &attributes.u.seq.at[i]) == -1)
			return -1;
	for (i = 0; i < n; i++)
		if (list_key(run, &attributes, trx_value_truth(&args[1]),
			&entries[i]) == -1)
			return -1;
	if (trx_sort_pairs(run, entries, n, reverse, trx_sort_less) == -1)
		return -1;
	return write_entries(run, entries, n, out);
}

/* min() (LT) or max() (GT): the first item whose key is beyond the others'. */
static int
extreme(struct trx_run *run, const struct trx_call *call, enum trx_order order,
    struct trx_value *out)
{
	static const char *const names[] = { "case_sensitive", "attribute" };
	struct trx_value args[2], item, key, best;
	bool case_sensitive, first = true;
	struct trx_iter it;
	int more, beyond;

	if (trx_call_bind(run, call, names, 2, 0, args) == -1 ||
	    trx_iter_open(run, &call->self, &it) == -1)
		return -1;
	case_sensitive = trx_value_truth(&args[0]);
	*out = trx_value_undefined(TRX_UNDEF_HINT, TRX_V_NONE,
	    TRX_STR("No aggregated item, sequence was empty."));
	while ((more = trx_iter_next(run, &it, &item)) == 1) {
		if (trx_filter_key(
			run, &item, &args[1], NULL, case_sensitive, &key) == -1)
			return -1;
		beyond = first ? 1 : trx_value_order(run, order, &key, &best);
		if (beyond == -1)
			return -1;
		if (beyond == 1) {
			best = key;
			*out = item;
		}
		first = false;
	}
	return more;
}

int
trx_filter_min(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	return extreme(run, call, TRX_LT, out);
}

int
trx_filter_max(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	return extreme(run, call, TRX_GT, out);
}

/* How many of the n sorted entries have the key of the first. */
static int
group_size(
    struct trx_run *run, const struct trx_pair *entries, size_t n, size_t *size)
{
	int same = 1, nan;

	for (*size = 1; *size < n; ++*size) {
		/* NaN is its own equal only where it is the same object. */
		nan = trx_sort_has_nan(run, &entries[0].key);
		if (nan == 1)
			nan = trx_sort_has_nan(run, &entries[*size].key);
		if (nan != 0)
			return nan == -1 ? -1
					 : trx_run_refuse(run, "groups by NaN");
		same =
		    trx_value_equal(run, &entries[0].key, &entries[*size].key);
		if (same != 1)
			break;
	}
	return same == -1 ? -1 : 0;
}

/* The group of n entries: its key as the first item has it, and the list. */
static int
make_group(struct trx_run *run, const struct trx_pair *entries, size_t n,
    const struct trx_value *attribute, const struct trx_value *fallback,
    struct trx_value *out)
{
	struct trx_value *two = trx_run_alloc(run, 2 * sizeof(*two));

	if (two == NULL ||
	    trx_filter_key(run, &entries[0].value, attribute, fallback, true,
		&two[0]) == -1 ||
	    write_entries(run, entries, n, &two[1]) == -1)
		return -1;
	*out = trx_value_seq(TRX_V_TUPLE, two, 2);
	out->group = true;
	return 0;
}

int
trx_filter_groupby(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "attribute", "default",
		"case_sensitive" };
	struct trx_value args[3], *groups = NULL;
	struct trx_pair *entries;
	size_t n, i, size, ngroups = 0, cap = 0;

	if (trx_call_bind(run, call, names, 3, 1, args) == -1 ||
	    trx_select_check(run, &args[0]) == -1 ||
	    read_entries(run, &call->self, &entries, &n) == -1)
		return -1;
	for (i = 0; i < n; i++)
		if (trx_filter_key(run, &entries[i].value, &args[0], &args[1],
			trx_value_truth(&args[2]), &entries[i].key) == -1)
			return -1;
	if (trx_sort_pairs(run, entries, n, false, trx_sort_less) == -1)
		return -1;
	for (i = 0; i < n; i += size) {
		groups = trx_value_grow(run, groups, ngroups, &cap);
		if (groups == NULL ||
		    group_size(run, entries + i, n - i, &size) == -1 ||
		    make_group(run, entries + i, size, &args[0], &args[1],
			&groups[ngroups++]) == -1)
			return -1;
	}
	*out = trx_value_seq(TRX_V_LIST, groups, ngroups);
	return 0;
}

/* dictsort's argument by: is it "value"?  1, 0 for "key", or -1. */
static int
by_value(struct trx_run *run, const struct trx_value *by)
{
	if (by->kind == TRX_V_MISSING ||
	    (by->kind == TRX_V_STR && trx_str_is(by->u.str, "key")))
		return 0;
	if (by->kind == TRX_V_STR && trx_str_is(by->u.str, "value"))
		return 1;
	return trx_run_fail(
	    run, "You can only sort by either \"key\" or \"value\"");
}

int
trx_filter_dictsort(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "case_sensitive", "by",
		"reverse" };
	struct trx_value args[3], items;
	struct trx_pair *entries;
	const struct trx_dict *d;
	bool reverse;
	int value;
	size_t i, n;

	if (trx_call_bind(run, call, names, 3, 0, args) == -1 ||
	    (value = by_value(run, &args[1])) == -1 ||
	    trx_dict_of(run, &call->self, &d) == -1 ||
	    trx_sort_reverse(run, &args[2], &reverse) == -1)
		return -1;
	items = call->self;
	items.kind = TRX_V_ITEMS;
	if (read_entries(run, &items, &entries, &n) == -1)
		return -1;
	for (i = 0; i < n; i++)
		if (trx_filter_key(run, &entries[i].value.u.seq.at[value], NULL,
			NULL, trx_value_truth(&args[0]), &entries[i].key) == -1)
			return -1;
	if (trx_sort_pairs(run, entries, n, reverse, trx_sort_less) == -1)
		return -1;
	return write_entries(run, entries, n, out);
}
