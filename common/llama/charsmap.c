#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "common/base/bytes.h"
#include "common/llama/charsmap.h"

enum { BLOCK = 256 };	   /* units; a node's children lie in one block */
enum { MATCHES_MAX = 32 }; /* keys that begin another, with itself */

/* A double array (the Darts-clone format), units of 32 bits. */
struct trie {
	const char *units;
	size_t n;
	size_t values; /* a leaf's value is less */
};

enum mark { UNSEEN, OPEN, DONE };

/* A node of the trie. */
struct node {
	uint8_t mark;
	uint8_t matches; /* the most keys that end on a way down from it */
};

/* A node being visited. */
struct visit {
	uint32_t at;
	uint32_t label; /* of the child that is next */
};

/* What a walk works in; an element for each unit. */
struct walk {
	const struct trie *trie;
	struct node *nodes;
	struct visit *stack;
	size_t depth;
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

/* Begin with a node.  Returns false where its unit is unsound. */
static bool
open_node(struct walk *w, size_t at)
{
	uint32_t unit = unit_at(w->trie, at);
	size_t base = children_of(at, unit);

	if ((base | (BLOCK - 1)) >= w->trie->n ||
	    (has_leaf(unit) && !is_sound_leaf(w->trie, base)))
		return false;
	w->nodes[at].mark = OPEN;
	w->stack[w->depth++] = (struct visit){ .at = (uint32_t)at };
	return true;
}

/* All below the node is visited: sum up, and tell its parent. */
static bool
close_node(struct walk *w)
{
	struct visit *v = &w->stack[--w->depth];
	struct node *node = &w->nodes[v->at], *parent;

	node->mark = DONE;
	if (has_leaf(unit_at(w->trie, v->at)) && ++node->matches > MATCHES_MAX)
		return false;
	if (w->depth == 0)
		return true;
	parent = &w->nodes[v[-1].at];
	if (parent->matches < node->matches)
		parent->matches = node->matches;
	return true;
}

/*
 * Visit every node that a text can lead to.  Nodes may share children, but a
 * circle would make endless keys.
 */
static bool
walk(struct walk *w)
{
	struct visit *v;
	struct node *node, *child;
	size_t at;

	if (!open_node(w, 0))
		return false;
	while (w->depth > 0) {
		v = &w->stack[w->depth - 1];
		if (v->label == BLOCK) {
			if (!close_node(w))
				return false;
			continue;
		}
		at = children_of(v->at, unit_at(w->trie, v->at)) ^ v->label;
		if (label(unit_at(w->trie, at)) != v->label++)
			continue;
		node = &w->nodes[v->at];
		child = &w->nodes[at];
		if (child->mark == OPEN ||
		    (child->mark == UNSEEN && !open_node(w, at)))
			return false;
		if (child->mark == DONE && node->matches < child->matches)
			node->matches = child->matches;
	}
	return true;
}

static int
check_trie(const struct trie *t, struct trx_error *err)
{
	struct walk w = { .trie = t };
	int r = 0;

	w.nodes = calloc(t->n, sizeof(*w.nodes));
	w.stack = calloc(t->n, sizeof(*w.stack));
	if (w.nodes == NULL || w.stack == NULL)
		r = trx_error_memory(err);
	else if (has_leaf(unit_at(t, 0)) || !walk(&w))
		r = trx_error_set(err, TRX_INPUT,
		    "normalizer_spec.precompiled_charsmap: a broken trie");
	free(w.nodes);
	free(w.stack);
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
