#include <stdlib.h>
#include <string.h>

#include "common/template/iter.h"
#include "common/template/sort.h"
#include "common/template/strings.h"

/* What is sorted, by its key; equal keys stay in order. */
struct entry {
	struct trx_str key;
	size_t at;
	const struct trx_pair *pair;
};

static int
by_key(const void *a, const void *b)
{
	const struct entry *p = a, *q = b;
	int c = trx_str_compare(p->key, q->key);

	return c != 0 ? c : (p->at > q->at) - (p->at < q->at);
}

/* A pair's entry: only strings are sorted. */
static int
make_entry(struct trx_run *run, const struct trx_pair *pair, bool by_value,
    bool case_sensitive, struct entry *out)
{
	const struct trx_value *v = by_value ? &pair->value : &pair->key;

	if (v->kind != TRX_V_STR)
		return trx_run_refuse(run, "dictsort by what is no str");
	out->pair = pair;
	out->key = v->u.str;
	if (case_sensitive)
		return 0;
	return trx_strings_case(run, v->u.str, TRX_STRINGS_LOWER, &out->key);
}

/* The sorted entries as a list of pairs. */
static int
to_list(struct trx_run *run, const struct entry *entries, size_t n,
    struct trx_value *out)
{
	struct trx_value *at = trx_run_calloc(run, n, sizeof(*at)), *two;
	size_t i;

	if (at == NULL)
		return -1;
	for (i = 0; i < n; i++) {
		if ((two = trx_run_alloc(run, 2 * sizeof(*two))) == NULL)
			return -1;
		two[0] = entries[i].pair->key;
		two[1] = entries[i].pair->value;
		at[i] = trx_value_seq(TRX_V_TUPLE, two, 2);
	}
	*out = trx_value_seq(TRX_V_LIST, at, n);
	return 0;
}

int
trx_sort_dict(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "case_sensitive", "by",
		"reverse" };
	const struct trx_dict *d = call->self.u.dict;
	struct trx_value args[3];
	struct entry *entries;
	bool by_value = false;
	size_t i;

	if (trx_call_bind(run, call, names, 3, 0, args) == -1)
		return -1;
	if (call->self.kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, &call->self);
	if (call->self.kind != TRX_V_DICT)
		return trx_run_fail(run, "'%s' object has no attribute 'items'",
		    trx_value_type(&call->self));
	if (trx_value_truth(&args[2]))
		return trx_run_refuse(run, "dictsort in reverse");
	if (args[1].kind != TRX_V_MISSING) {
		by_value = args[1].kind == TRX_V_STR &&
			   trx_str_is(args[1].u.str, "value");
		if (!by_value && (args[1].kind != TRX_V_STR ||
				     !trx_str_is(args[1].u.str, "key")))
			return trx_run_fail(run,
			    "You can only sort by either \"key\" or "
			    "\"value\"");
	}
	if ((entries = trx_run_calloc(run, d->n, sizeof(*entries))) == NULL ||
	    trx_run_charge(run, d->n) == -1)
		return -1;
	for (i = 0; i < d->n; i++) {
		entries[i].at = i;
		if (make_entry(run, &d->pairs[i], by_value,
			trx_value_truth(&args[0]), &entries[i]) == -1)
			return -1;
	}
	if (d->n > 1)
		qsort(entries, d->n, sizeof(*entries), by_key);
	return to_list(run, entries, d->n, out);
}
