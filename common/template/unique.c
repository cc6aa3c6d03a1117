#include <math.h>
#include <string.h>

#include "common/template/filters_sort.h"
#include "common/template/iter.h"
#include "common/template/select.h"
#include "common/template/sort.h"
#include "common/template/unique.h"

/* A key that was seen; MISSING where the slot is free. */
struct slot {
	uint64_t hash;
	struct trx_value key;
};

/* The keys seen so far: an open hash table of a power of two slots. */
struct unique {
	struct trx_iter items;
	bool opened;
	struct trx_value over;
	struct trx_value attribute;
	bool case_sensitive;
	bool nan; /* one was seen */
	struct slot *slots;
	size_t n;
	size_t cap;
};

static uint64_t
mix(uint64_t hash, uint64_t v)
{
	hash = (hash ^ v) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 29;
}

static uint64_t
hash_text(struct trx_str s)
{
	uint64_t hash = s.n;
	size_t i;

	for (i = 0; i < s.n; i++)
		hash = (hash ^ (unsigned char)s.p[i]) * 0x100000001b3u;
	return mix(hash, s.n);
}

/* Of equal values the same, whatever their kinds. */
static uint64_t
hash_value(const struct trx_value *v)
{
	uint64_t hash = v->kind;
	int64_t n;
	size_t i;

	if (trx_value_integer(v, &n))
		return mix(1, (uint64_t)n);
	if (v->kind == TRX_V_FLOAT && v->u.real >= -9e18 && v->u.real <= 9e18 &&
	    floor(v->u.real) == v->u.real)
		return mix(1, (uint64_t)(int64_t)v->u.real);
	if (v->kind == TRX_V_BIG || v->kind == TRX_V_FLOAT)
		return 2;
	if (v->kind == TRX_V_STR)
		return hash_text(v->u.str);
	if (v->kind == TRX_V_TUPLE)
		for (i = 0; i < v->u.seq.n; i++)
			hash = mix(hash, hash_value(&v->u.seq.at[i]));
	return hash;
}

/* The slot of a key, or the free one where it would be; NULL on failure. */
static struct slot *
find(struct trx_run *run, struct unique *u, uint64_t hash,
    const struct trx_value *key)
{
	size_t i = (size_t)hash & (u->cap - 1);
	int same;

	for (;; i = (i + 1) & (u->cap - 1)) {
		if (u->slots[i].key.kind == TRX_V_MISSING)
			return &u->slots[i];
		if (trx_run_charge(run, 1) == -1)
			return NULL;
		if (u->slots[i].hash != hash)
			continue;
		same = trx_value_equal(run, &u->slots[i].key, key);
		if (same == -1)
			return NULL;
		if (same == 1)
			return &u->slots[i];
	}
}

/* Twice the slots. */
static int
grow(struct trx_run *run, struct unique *u)
{
	struct slot *old = u->slots;
	size_t i, k, n = u->cap;

	u->cap = n == 0 ? 16 : n * 2;
	if ((u->slots = trx_run_calloc(run, u->cap, sizeof(*old))) == NULL)
		return -1;
	for (i = 0; i < n; i++) {
		if (old[i].key.kind == TRX_V_MISSING)
			continue;
		k = (size_t)old[i].hash & (u->cap - 1);
		while (u->slots[k].key.kind != TRX_V_MISSING)
			k = (k + 1) & (u->cap - 1);
		u->slots[k] = old[i];
	}
	return trx_run_charge(run, u->cap / 4);
}

/* Note the key.  1 where it is new, 0 or -1. */
static int
see(struct trx_run *run, struct unique *u, const struct trx_value *key)
{
	struct slot *slot;
	uint64_t hash;
	int nan;

	if (trx_value_hashable(run, key) == -1 ||
	    (nan = trx_sort_has_nan(run, key)) == -1)
		return -1;
	/* NaN is its own equal only where it is the same object. */
	if (nan == 1 && u->nan)
		return trx_run_refuse(run, "unique of NaN");
	u->nan |= nan == 1;
	if (u->n * 2 >= u->cap && grow(run, u) == -1)
		return -1;
	hash = hash_value(key);
	if ((slot = find(run, u, hash, key)) == NULL)
		return -1;
	if (slot->key.kind != TRX_V_MISSING)
		return 0;
	*slot = (struct slot){ .hash = hash, .key = *key };
	u->n++;
	return 1;
}

static int
next_unique(struct trx_run *run, struct trx_iter *it, struct trx_value *out)
{
	struct unique *u = it->state;
	struct trx_value key;
	int more, new = 0;

	if (!u->opened && (trx_select_check(run, &u->attribute) == -1 ||
			      trx_iter_open(run, &u->over, &u->items) == -1))
		return -1;
	u->opened = true;
	while (new == 0 && (more = trx_iter_next(run, &u->items, out)) == 1) {
		if (trx_filter_key(run, out, &u->attribute, NULL,
			u->case_sensitive, &key) == -1)
			return -1;
		new = see(run, u, &key);
	}
	return new == 0 ? more : new;
}

int
trx_unique(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "case_sensitive", "attribute" };
	struct unique *u = trx_run_calloc(run, 1, sizeof(*u));
	struct trx_value args[2];

	if (u == NULL || trx_call_bind(run, call, names, 2, 0, args) == -1)
		return -1;
	u->over = call->self;
	u->case_sensitive = trx_value_truth(&args[0]);
	u->attribute = args[1];
	return trx_iter_generator(run, next_unique, u, out);
}
