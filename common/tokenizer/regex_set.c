#include <stdbool.h>
#include <string.h>

#include "common/tokenizer/regex_set.h"
#include "common/ucd/ucd.h"

int
trx_regex_set_range(uint32_t first, uint32_t last, struct trx_arena *a,
    struct trx_regex_set *out)
{
	out->n = 2;
	out->at = trx_arena_alloc(a, 2 * sizeof(*out->at));
	if (out->at == NULL)
		return -1;
	out->at[0] = first;
	out->at[1] = last + 1;
	return 0;
}

/* Have the 128 code points from cp on the same category, and properties? */
static bool
is_uniform(uint32_t cp)
{
	const uint8_t *c =
	    trx_ucd_category_blocks[trx_ucd_category_index[cp >> 7]];
	const uint16_t *p =
	    trx_ucd_properties_blocks[trx_ucd_properties_index[cp >> 7]];

	return memcmp(c, c + 1, 127) == 0 &&
	       memcmp(p, p + 1, 127 * sizeof(*p)) == 0;
}

/* Call with runs->at NULL to count, then again to write. */
static void
find_runs(struct trx_regex_runs *runs)
{
	struct trx_regex_run last = { 0 }, now;
	uint32_t cp, i, n;

	runs->n = 0;
	for (cp = 0; cp < TRX_REGEX_CODE_POINTS; cp += 128) {
		n = is_uniform(cp) ? 1 : 128;
		for (i = cp; i < cp + n; i++) {
			now.from = i;
			now.category = 1u << trx_ucd_category(i);
			now.properties = trx_ucd_properties(i);
			if (now.category == last.category &&
			    now.properties == last.properties)
				continue;
			if (runs->at != NULL)
				runs->at[runs->n] = now;
			runs->n++;
			last = now;
		}
	}
}

int
trx_regex_runs_new(struct trx_arena *a, struct trx_regex_runs *out)
{
	out->at = NULL;
	find_runs(out);
	out->at = trx_arena_calloc(a, out->n, sizeof(*out->at));
	if (out->at == NULL)
		return -1;
	find_runs(out);
	return 0;
}

int
trx_regex_set_select(const struct trx_regex_runs *runs, uint32_t categories,
    unsigned properties, struct trx_arena *a, struct trx_regex_set *out)
{
	const struct trx_regex_run *r;
	bool in = false;
	size_t i;

	out->n = 0;
	out->at = trx_arena_calloc(a, runs->n + 1, sizeof(*out->at));
	if (out->at == NULL)
		return -1;
	for (i = 0; i < runs->n; i++) {
		r = &runs->at[i];
		if (((r->category & categories) != 0 ||
			(r->properties & properties) != 0) == in)
			continue;
		out->at[out->n++] = r->from;
		in = !in;
	}
	if (in)
		out->at[out->n++] = TRX_REGEX_CODE_POINTS;
	return 0;
}

static bool
member(bool x, bool y, enum trx_regex_set_op op)
{
	switch (op) {
	case TRX_REGEX_OR:
		return x || y;
	case TRX_REGEX_AND:
		return x && y;
	default:
		return x && !y;
	}
}

int
trx_regex_set_combine(const struct trx_regex_set *x,
    const struct trx_regex_set *y, enum trx_regex_set_op op,
    struct trx_arena *a, struct trx_regex_set *out)
{
	uint32_t *at = trx_arena_alloc(a, (x->n + y->n) * sizeof(*at)), cp;
	size_t i = 0, k = 0, n = 0;

	if (at == NULL)
		return -1;
	while (i < x->n || k < y->n) {
		cp = k == y->n || (i < x->n && x->at[i] < y->at[k]) ? x->at[i]
								    : y->at[k];
		i += i < x->n && x->at[i] == cp;
		k += k < y->n && y->at[k] == cp;
		if (member(i % 2 == 1, k % 2 == 1, op) == (n % 2 == 0))
			at[n++] = cp;
	}
	out->at = at;
	out->n = n;
	return 0;
}

int
trx_regex_set_invert(const struct trx_regex_set *x, struct trx_arena *a,
    struct trx_regex_set *out)
{
	uint32_t ends[2] = { 0, TRX_REGEX_CODE_POINTS };
	struct trx_regex_set all = { .at = ends, .n = 2 };

	return trx_regex_set_combine(&all, x, TRX_REGEX_MINUS, a, out);
}
