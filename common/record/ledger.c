#include <inttypes.h>

#include "common/record/ledger.h"

uint64_t
trx_tally_rejected(const struct trx_tally *t)
{
	uint64_t n = 0;
	int i;

	for (i = 0; i < TRX_REASONS; i++)
		n += t->rejected[i];
	return n;
}

void
trx_tally_add(struct trx_tally *a, const struct trx_tally *b)
{
	int i;

	a->in += b->in;
	a->made += b->made;
	a->out += b->out;
	for (i = 0; i < TRX_REASONS; i++)
		a->rejected[i] += b->rejected[i];
}

static bool
set_count(
    struct trx_json *object, const char *key, uint64_t n, struct trx_arena *a)
{
	return trx_json_set(a, object, key, trx_json_uint(a, n)) != NULL;
}

static bool
fill_entry(struct trx_json *entry, const char *stage,
    const struct trx_tally *tally, const struct trx_count *counts,
    size_t ncounts, struct trx_arena *a)
{
	struct trx_json rejected = trx_json_object();
	struct trx_json further = trx_json_object();
	size_t i;

	for (i = 0; i < TRX_REASONS; i++)
		if (tally->rejected[i] != 0 &&
		    !set_count(&rejected, trx_reason_name((enum trx_reason)i),
			tally->rejected[i], a))
			return false;
	for (i = 0; i < ncounts; i++)
		if (counts[i].n != 0 &&
		    !set_count(&further, counts[i].name, counts[i].n, a))
			return false;
	return trx_json_set(a, entry, "counts", further) != NULL &&
	       set_count(entry, "in", tally->in, a) &&
	       set_count(entry, "made", tally->made, a) &&
	       trx_json_set(
		   a, entry, "name", trx_json_string(trx_str(stage))) != NULL &&
	       set_count(entry, "out", tally->out, a) &&
	       trx_json_set(a, entry, "rejected", rejected) != NULL;
}

int
trx_ledger_add(struct trx_json *trailer, const char *stage,
    const struct trx_tally *tally, const struct trx_count *counts,
    size_t ncounts, struct trx_arena *a, struct trx_error *err)
{
	struct trx_json *ledger =
	    (struct trx_json *)trx_json_get(trailer, "ledger");
	struct trx_json entry = trx_json_object();

	if (ledger == NULL)
		ledger = trx_json_set(a, trailer, "ledger", trx_json_array());
	if (ledger == NULL ||
	    !fill_entry(&entry, stage, tally, counts, ncounts, a) ||
	    trx_json_push(a, ledger, entry) == NULL)
		return trx_error_memory(err);
	return 0;
}

/* in + made = out + rejected; out is returned in *n, which came in as in. */
static int
check_entry(const struct trx_json *entry, bool first, uint64_t *n,
    struct trx_error *err)
{
	const struct trx_json *rejected = trx_json_get(entry, "rejected");
	uint64_t in, made, out, count, sum = 0;
	struct trx_str name;
	size_t i;

	if (trx_json_get_string(entry, "name", &name) != 1 ||
	    trx_json_get_uint(entry, "in", &in) != 1 ||
	    trx_json_get_uint(entry, "made", &made) != 1 ||
	    trx_json_get_uint(entry, "out", &out) != 1 || rejected == NULL ||
	    rejected->type != TRX_JSON_OBJECT)
		return trx_error_set(
		    err, TRX_INPUT, "the ledger has an incomplete stage");
	for (i = 0; i < rejected->u.object.n; i++) {
		if (trx_json_to_uint(
			&rejected->u.object.members[i].value, &count) == -1)
			return trx_error_set(err, TRX_INPUT,
			    "the ledger has an incomplete stage");
		sum += count;
	}
	if (!first && in != *n)
		return trx_error_set(err, TRX_INPUT,
		    "the ledger does not add up: %.*s took in %" PRIu64
		    " examples where %" PRIu64 " came out before it",
		    (int)name.n, name.p, in, *n);
	if (in + made != out + sum)
		return trx_error_set(err, TRX_INPUT,
		    "the ledger does not add up at %.*s: in %" PRIu64
		    " + made %" PRIu64 ", but out %" PRIu64
		    " + rejected %" PRIu64,
		    (int)name.n, name.p, in, made, out, sum);
	*n = out;
	return 0;
}

int
trx_ledger_check(
    const struct trx_json *trailer, uint64_t examples, struct trx_error *err)
{
	const struct trx_json *ledger = trx_json_get(trailer, "ledger");
	uint64_t n = 0;
	size_t i;

	if (ledger == NULL || ledger->type != TRX_JSON_ARRAY ||
	    ledger->u.array.n == 0)
		return trx_error_set(err, TRX_INPUT, "it has no ledger");
	for (i = 0; i < ledger->u.array.n; i++)
		if (check_entry(&ledger->u.array.items[i], i == 0, &n, err) ==
		    -1)
			return -1;
	if (n != examples)
		return trx_error_set(err, TRX_INPUT,
		    "the ledger does not add up: it ends with %" PRIu64
		    " examples, the data hold %" PRIu64,
		    n, examples);
	return 0;
}
