#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "common/base/bytes.h"
#include "common/tokenizer/charsmap.h"

enum { BLOCK = 256 };	   /* units; a node's children lie in one block */
enum { MATCHES_MAX = 32 }; /* keys that begin another, with itself */

/* A double array (the Darts-clone format), units of 32 bits. */
struct trie {
	const char *units;
	size_t n;
	size_t values; /* a leaf's value is less */
};

/* A node to be visited. */
struct node {
	uint32_t at;
	uint32_t matches; /* keys on the way to it */
};

static uint32_t
unit_at(const struct trie *t, size_t i)
{
	return trx_le32_get(t->units + i * 4);
}

/* A leaf's label is none of a byte. */
static uint32_t
label(uint32_t unit)
{
	return unit & (UINT32_C(1) << 31 | 0xff);
}

static bool
has_leaf(uint32_t unit)
{
	return (unit >> 8 & 1) != 0;
}

static size_t
children_of(size_t at, uint32_t unit)
{
	return at ^ (size_t)(unit >> 10) << (unit >> 6 & 8);
}

/* Is the value below the node a leaf, and sound? */
static bool
is_sound_leaf(const struct trie *t, size_t at)
{
	uint32_t unit = unit_at(t, at);

	return label(unit) > 0xff && (unit & INT32_MAX) < t->values;
}

/*
 * Visit every node that a text can lead to.  A trie's node has one parent, so
 * each is met once, and the stack has room for all of them.
 */
static bool
walk(const struct trie *t, struct node *stack, bool *met)
{
	size_t depth = 0, base, c;
	struct node node;
	uint32_t unit;

	stack[depth++] = (struct node){ .at = 0 };
	met[0] = true;
	while (depth > 0) {
		node = stack[--depth];
		unit = unit_at(t, node.at);
		base = children_of(node.at, unit);
		if ((base | (BLOCK - 1)) >= t->n)
			return false;
		if (has_leaf(unit) &&
		    (!is_sound_leaf(t, base) || ++node.matches > MATCHES_MAX))
			return false;
		for (c = 0; c < BLOCK; c++) {
			if (label(unit_at(t, base ^ c)) != c)
				continue;
			if (met[base ^ c])
				return false;
			met[base ^ c] = true;
			stack[depth++] =
			    (struct node){ .at = (uint32_t)(base ^ c),
				    .matches = node.matches };
		}
	}
	return true;
}

static int
check_trie(const struct trie *t, struct trx_error *err)
{
	struct node *stack = calloc(t->n, sizeof(*stack));
	bool *met = calloc(t->n, sizeof(*met));
	int r = 0;

	if (stack == NULL || met == NULL)
		r = trx_error_memory(err);
	else if (has_leaf(unit_at(t, 0)) || !walk(t, stack, met))
		r = trx_error_set(err, TRX_INPUT,
		    "normalizer_spec.precompiled_charsmap: a broken trie");
	free(stack);
	free(met);
	return r;
}

int
trx_charsmap_check(struct trx_str map, struct trx_error *err)
{
	struct trie t;
	size_t n;

	if (map.n < 4)
		goto broken;
	n = trx_le32_get(map.p);
	map.p += 4;
	map.n -= 4;
	if (n == 0 || n >= map.n || n % (BLOCK * 4) != 0 ||
	    map.p[map.n - 1] != '\0')
		goto broken;
	t = (struct trie){ .units = map.p, .n = n / 4, .values = map.n - n };
	return check_trie(&t, err);
broken:
	return trx_error_set(err, TRX_INPUT,
	    "normalizer_spec.precompiled_charsmap: its lengths are wrong");
}
