#include <string.h>

#include "common/template/iter.h"
#include "common/template/select.h"
#include "common/template/sort.h"
#include "common/template/strings.h"

/* What is sorted, by its key; equal keys stay in order. */
struct entry {
	struct trx_value key;
	struct trx_value item;
};

static int
less(struct trx_run *run, const struct entry *a, const struct entry *b)
{
	if (trx_run_charge(run, 1) == -1)
		return -1;
	return trx_value_order(run, TRX_LT, &a->key, &b->key);
}

static void
reverse(struct entry *e, size_t n)
{
	struct entry swap;
	size_t i;

	for (i = 0; i < n / 2; i++) {
		swap = e[i];
		e[i] = e[n - 1 - i];
		e[n - 1 - i] = swap;
	}
}

/* How many entries at the start are in order, once a falling run is turned. */
static int64_t
count_run(struct trx_run *run, struct entry *e, size_t n)
{
	bool falling;
	size_t k;
	int rc;

	if (n < 2)
		return (int64_t)n;
	if ((rc = less(run, &e[1], &e[0])) == -1)
		return -1;
	falling = rc == 1;
	for (k = 2; k < n; k++) {
		if ((rc = less(run, &e[k], &e[k - 1])) == -1)
			return -1;
		if ((rc == 1) != falling)
			break;
	}
	if (falling)
		reverse(e, k);
	return (int64_t)k;
}

/* Put the entries from `sorted` on where they belong among those before. */
static int
insert(struct trx_run *run, struct entry *e, size_t sorted, size_t n)
{
	size_t low, high, mid;
	struct entry pivot;
	int rc;

	for (; sorted < n; sorted++) {
		pivot = e[sorted];
		for (low = 0, high = sorted; low < high;) {
			mid = low + (high - low) / 2;
			if ((rc = less(run, &pivot, &e[mid])) == -1)
				return -1;
			if (rc == 1)
				high = mid;
			else
				low = mid + 1;
		}
		memmove(&e[low + 1], &e[low], (sorted - low) * sizeof(*e));
		e[low] = pivot;
	}
	return 0;
}

static int
merge(struct trx_run *run, struct entry *e, size_t half, size_t n,
    struct entry *scratch)
{
	size_t i = 0, j = half, k = 0;
	int rc;

	memcpy(scratch, e, half * sizeof(*e));
	while (i < half && j < n) {
		if ((rc = less(run, &e[j], &scratch[i])) == -1)
			return -1;
		e[k++] = rc == 1 ? e[j++] : scratch[i++];
	}
	memmove(&e[k], &scratch[i], (half - i) * sizeof(*e));
	return 0;
}

/*
 * A stable sort.  Lists of fewer than 64 are sorted with the very comparisons
 * that CPython's list.sort makes, as each may fail: a run that is in order,
 * then binary insertion.
 */
static int
sort_entries(
    struct trx_run *run, struct entry *e, size_t n, struct entry *scratch)
{
	int64_t sorted;

	if (n >= 64) {
		if (sort_entries(run, e, n / 2, scratch) == -1 ||
		    sort_entries(run, e + n / 2, n - n / 2, scratch) == -1)
			return -1;
		return merge(run, e, n / 2, n, scratch);
	}
	if ((sorted = count_run(run, e, n)) == -1)
		return -1;
	return insert(run, e, (size_t)sorted, n);
}

static int
sort(struct trx_run *run, struct entry *e, size_t n, bool backwards)
{
	struct entry *scratch = trx_run_calloc(run, n, sizeof(*scratch));

	if (scratch == NULL)
		return -1;
	if (backwards)
		reverse(e, n);
	if (sort_entries(run, e, n, scratch) == -1)
		return -1;
	if (backwards)
		reverse(e, n);
	return 0;
}

/* A key as it is compared: a string in lower case, where case is ignored. */
static int
fold(struct trx_run *run, bool case_sensitive, struct trx_value *key)
{
	if (case_sensitive || key->kind != TRX_V_STR)
		return 0;
	return trx_strings_case(
	    run, key->u.str, TRX_STRINGS_LOWER, &key->u.str);
}

/* The key of an item by one attribute (MISSING or NONE: the item). */
static int
key_of(struct trx_run *run, const struct trx_value *item,
    const struct trx_value *attribute, const struct trx_value *fallback,
    bool case_sensitive, struct trx_value *key)
{
	*key = *item;
	if (trx_call_given(attribute) &&
	    trx_select_attribute(run, item, attribute, fallback, key) == -1)
		return -1;
	return fold(run, case_sensitive, key);
}

/* The attributes that "a,b.c" names, as an array of *n strings. */
static struct trx_value *
split_attributes(
    struct trx_run *run, const struct trx_value *attribute, size_t *n)
{
	const struct trx_str comma = TRX_STR(",");
	struct trx_value *one, list;

	if (attribute->kind == TRX_V_STR) {
		if (trx_strings_split(
			run, attribute->u.str, &comma, -1, false, &list) == -1)
			return NULL;
		*n = list.u.seq.n;
		return (struct trx_value *)(uintptr_t)list.u.seq.at;
	}
	*n = 1;
	if ((one = trx_run_alloc(run, sizeof(*one))) != NULL)
		*one = *attribute;
	return one;
}

/* The items of a filter's value, as entries; NULL with the run failed. */
static struct entry *
make_entries(struct trx_run *run, const struct trx_value *value, size_t *n)
{
	struct trx_value list;
	struct entry *e;
	size_t i;

	if (trx_iter_list(run, value, &list) == -1)
		return NULL;
	*n = list.u.seq.n;
	if ((e = trx_run_calloc(run, *n, sizeof(*e))) == NULL)
		return NULL;
	for (i = 0; i < *n; i++)
		e[i].item = list.u.seq.at[i];
	return e;
}

/* The entries' items as a list. */
static int
to_list(
    struct trx_run *run, const struct entry *e, size_t n, struct trx_value *out)
{
	struct trx_value *at = trx_run_calloc(run, n, sizeof(*at));
	size_t i;

	if (at == NULL)
		return -1;
	for (i = 0; i < n; i++)
		at[i] = e[i].item;
	*out = trx_value_seq(TRX_V_LIST, at, n);
	return 0;
}

int
trx_sort_list(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "reverse", "case_sensitive",
		"attribute" };
	struct trx_value args[3], *attributes, *keys;
	struct entry *e;
	size_t n, m, i, k;

	if (trx_call_bind(run, call, names, 3, 0, args) == -1 ||
	    (attributes = split_attributes(run, &args[2], &m)) == NULL ||
	    (e = make_entries(run, &call->self, &n)) == NULL)
		return -1;
	for (i = 0; i < n; i++) {
		if ((keys = trx_run_calloc(run, m, sizeof(*keys))) == NULL)
			return -1;
		for (k = 0; k < m; k++)
			if (key_of(run, &e[i].item, &attributes[k], NULL,
				trx_value_truth(&args[1]), &keys[k]) == -1)
				return -1;
		e[i].key = trx_value_seq(TRX_V_LIST, keys, m);
	}
	if (sort(run, e, n, trx_value_truth(&args[0])) == -1)
		return -1;
	return to_list(run, e, n, out);
}

/* Which half of a pair dictsort goes by: 0, 1, or -1. */
static int
dict_position(struct trx_run *run, const struct trx_value *by)
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
trx_sort_dict(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "case_sensitive", "by",
		"reverse" };
	struct trx_value args[3], items = call->self;
	struct entry *e;
	int position;
	size_t n, i;

	if (trx_call_bind(run, call, names, 3, 0, args) == -1 ||
	    (position = dict_position(run, &args[1])) == -1)
		return -1;
	if (items.kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, &items);
	if (items.kind != TRX_V_DICT)
		return trx_run_fail(run, "'%s' object has no attribute 'items'",
		    trx_value_type(&items));
	items.kind = TRX_V_ITEMS;
	if ((e = make_entries(run, &items, &n)) == NULL)
		return -1;
	for (i = 0; i < n; i++) {
		e[i].key = e[i].item.u.seq.at[position];
		if (fold(run, trx_value_truth(&args[0]), &e[i].key) == -1)
			return -1;
	}
	if (sort(run, e, n, trx_value_truth(&args[2])) == -1)
		return -1;
	return to_list(run, e, n, out);
}

/* What unique goes through. */
struct uniques {
	struct trx_value over;
	struct trx_value attribute;
	bool case_sensitive;
	bool opened;
	struct trx_iter items;
	struct trx_dict *seen;
};

static int
next_unique(struct trx_run *run, struct trx_iter *it, struct trx_value *out)
{
	struct uniques *u = it->state;
	struct trx_value key, *found;
	int more;

	if (!u->opened && trx_iter_open(run, &u->over, &u->items) == -1)
		return -1;
	u->opened = true;
	while ((more = trx_iter_next(run, &u->items, out)) == 1) {
		if (key_of(run, out, &u->attribute, NULL, u->case_sensitive,
			&key) == -1 ||
		    trx_dict_get(run, u->seen, &key, &found) == -1)
			return -1;
		if (found == NULL)
			return trx_dict_set(run, u->seen, &key, &key) == -1 ? -1
									    : 1;
	}
	return more;
}

int
trx_sort_unique(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "case_sensitive", "attribute" };
	struct uniques *u = trx_run_calloc(run, 1, sizeof(*u));
	struct trx_value args[2];

	if (u == NULL || trx_call_bind(run, call, names, 2, 0, args) == -1 ||
	    (u->seen = trx_dict_new(run, 0)) == NULL)
		return -1;
	u->over = call->self;
	u->case_sensitive = trx_value_truth(&args[0]);
	u->attribute = args[1];
	return trx_iter_generator(run, next_unique, u, out);
}

static int
extreme(struct trx_run *run, const struct trx_call *call, enum trx_order order,
    struct trx_value *out)
{
	static const char *const names[] = { "case_sensitive", "attribute" };
	struct trx_value args[2], item, key, best;
	struct trx_iter it;
	bool first = true;
	int more, rc;

	if (trx_call_bind(run, call, names, 2, 0, args) == -1 ||
	    trx_iter_open(run, &call->self, &it) == -1)
		return -1;
	*out = trx_value_undefined(TRX_UNDEF_HINT, TRX_V_NONE,
	    TRX_STR("No aggregated item, sequence was empty."));
	while ((more = trx_iter_next(run, &it, &item)) == 1) {
		if (key_of(run, &item, &args[1], NULL,
			trx_value_truth(&args[0]), &key) == -1)
			return -1;
		rc = first ? 1 : trx_value_order(run, order, &key, &best);
		if (rc == -1)
			return -1;
		if (rc == 1) {
			best = key;
			*out = item;
		}
		first = false;
	}
	return more;
}

int
trx_sort_min(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	return extreme(run, call, TRX_LT, out);
}

int
trx_sort_max(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	return extreme(run, call, TRX_GT, out);
}

/* One group: (grouper, items), the grouper as its first item has it. */
static int
make_group(struct trx_run *run, const struct entry *e, size_t n,
    const struct trx_value args[3], struct trx_value *out)
{
	struct trx_value *two = trx_run_calloc(run, 2, sizeof(*two));

	if (two == NULL || to_list(run, e, n, &two[1]) == -1 ||
	    key_of(run, &e[0].item, &args[0], &args[1], true, &two[0]) == -1)
		return -1;
	*out = trx_value_seq(TRX_V_TUPLE, two, 2);
	out->group = true;
	return 0;
}

int
trx_sort_groups(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "attribute", "default",
		"case_sensitive" };
	struct trx_value args[3], *groups;
	size_t n, i, from, count = 0;
	struct entry *e;
	int same;

	if (trx_call_bind(run, call, names, 3, 1, args) == -1 ||
	    (e = make_entries(run, &call->self, &n)) == NULL ||
	    (groups = trx_run_calloc(run, n, sizeof(*groups))) == NULL)
		return -1;
	for (i = 0; i < n; i++)
		if (key_of(run, &e[i].item, &args[0], &args[1],
			trx_value_truth(&args[2]), &e[i].key) == -1)
			return -1;
	if (sort(run, e, n, false) == -1)
		return -1;
	for (from = 0; from < n; from = i) {
		for (i = from + 1; i < n; i++) {
			same = trx_value_equal(run, &e[from].key, &e[i].key);
			if (same == -1)
				return -1;
			if (same == 0)
				break;
		}
		if (make_group(
			run, &e[from], i - from, args, &groups[count++]) == -1)
			return -1;
	}
	*out = trx_value_seq(TRX_V_LIST, groups, count);
	return 0;
}

int
trx_sort_pairs(struct trx_run *run, const struct trx_pair **pairs, size_t n)
{
	struct entry *e = trx_run_calloc(run, n, sizeof(*e));
	const struct trx_pair **copy = trx_run_calloc(run, n, sizeof(*copy));
	size_t i;

	if (e == NULL || copy == NULL)
		return -1;
	for (i = 0; i < n; i++) {
		e[i].key = pairs[i]->key;
		e[i].item = trx_value_int((int64_t)i);
		copy[i] = pairs[i];
	}
	if (sort(run, e, n, false) == -1)
		return -1;
	for (i = 0; i < n; i++)
		pairs[i] = copy[e[i].item.u.integer];
	return 0;
}
