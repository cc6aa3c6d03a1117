#include <stdlib.h>
#include <string.h>

#include "common/tokenizer/regex_code.h"

enum { SET_WORDS = (TRX_REGEX_SETS_MAX + 63) / 64 };

/* Which sets the code points of a kind are in. */
struct kind {
	uint64_t in[SET_WORDS];
};

struct sorter {
	const struct trx_regex_tree *tree;
	struct kind kinds[TRX_REGEX_KINDS];
	size_t nkinds;
	size_t passed[TRX_REGEX_SETS_MAX]; /* changes, of each set */
	uint8_t (*blocks)[128];
	size_t nblocks, cap;
};

/* The code points from *cp to before *end are of one kind, which it returns. */
static int
next_kind(struct sorter *s, uint32_t cp, uint32_t *end)
{
	const struct trx_regex_set *set;
	struct kind k = { { 0 } };
	size_t i;

	*end = TRX_REGEX_CODE_POINTS;
	for (i = 0; i < s->tree->nsets; i++) {
		set = &s->tree->sets[i];
		while (s->passed[i] < set->n && set->at[s->passed[i]] <= cp)
			s->passed[i]++;
		if (s->passed[i] % 2 == 1)
			k.in[i / 64] |= (uint64_t)1 << i % 64;
		if (s->passed[i] < set->n && set->at[s->passed[i]] < *end)
			*end = set->at[s->passed[i]];
	}
	for (i = 0; i < s->nkinds; i++)
		if (memcmp(&s->kinds[i], &k, sizeof(k)) == 0)
			return (int)i;
	/* One is left for the end of the text. */
	if (s->nkinds == TRX_REGEX_KINDS - 1)
		return -1;
	s->kinds[s->nkinds] = k;
	return (int)s->nkinds++;
}

/* The place of block among the blocks, which it joins if it is a new one. */
static int
intern(struct sorter *s, const uint8_t *block, uint16_t *place)
{
	void *grown;
	size_t i;

	for (i = 0; i < s->nblocks; i++)
		if (memcmp(s->blocks[i], block, 128) == 0)
			break;
	if (i == s->cap) {
		s->cap = s->cap * 2 + 64;
		grown = realloc(s->blocks, s->cap * sizeof(*s->blocks));
		if (grown == NULL)
			return -1;
		s->blocks = grown;
	}
	if (i == s->nblocks)
		memcpy(s->blocks[s->nblocks++], block, 128);
	*place = (uint16_t)i;
	return 0;
}

static int
sort(struct sorter *s, struct trx_regex *r, struct trx_error *err)
{
	uint32_t cp, i, end = 0;
	uint8_t block[128];
	int kind = 0;

	for (cp = 0; cp < TRX_REGEX_CODE_POINTS; cp += 128) {
		/* Most blocks are like the one before. */
		if (cp > 0 && end >= cp + 128 && block[0] == kind &&
		    memcmp(block, block + 1, 127) == 0) {
			r->index[cp / 128] = r->index[cp / 128 - 1];
			continue;
		}
		for (i = 0; i < 128; i++) {
			if (cp + i == end)
				kind = next_kind(s, cp + i, &end);
			if (kind == -1)
				return trx_error_set(err, TRX_INPUT,
				    "the regular expression '%.*s' has too "
				    "many different characters",
				    (int)(r->pattern.n < 600 ? r->pattern.n
							     : 600),
				    r->pattern.p);
			block[i] = (uint8_t)kind;
		}
		if (intern(s, block, &r->index[cp / 128]) == -1)
			return trx_error_memory(err);
	}
	return 0;
}

int
trx_regex_sort(const struct trx_regex_tree *tree, struct trx_regex *r,
    struct trx_arena *a, struct trx_regex_kinds *of, struct trx_error *err)
{
	struct sorter *s = calloc(1, sizeof(*s));
	size_t i, k;
	void *blocks;
	int ret = -1;

	if (s == NULL)
		return trx_error_memory(err);
	s->tree = tree;
	if (sort(s, r, err) == -1)
		goto done;
	blocks = trx_arena_alloc(a, s->nblocks * sizeof(*s->blocks));
	if (blocks == NULL) {
		trx_error_memory(err);
		goto done;
	}
	memcpy(blocks, s->blocks, s->nblocks * sizeof(*s->blocks));
	r->blocks = blocks;
	r->end = (uint8_t)s->nkinds;
	for (i = 0; i < tree->nsets; i++)
		for (k = 0; k < s->nkinds; k++)
			if ((s->kinds[k].in[i / 64] >> i % 64 & 1) != 0)
				of[i].bits[k / 64] |= (uint64_t)1 << k % 64;
	ret = 0;
done:
	free(s->blocks);
	free(s);
	return ret;
}
