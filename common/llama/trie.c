#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "common/llama/trie.h"

/* A child of a node: from which, by which character, to which. */
struct edge {
	uint32_t from;
	uint32_t character;
	uint32_t to; /* 0: a free slot, as the root is nobody's child */
};

struct trx_trie {
	struct edge *edges; /* hashed, open addressing */
	size_t mask;	    /* slots - 1 */
	uint32_t nodes;
	bool *ends; /* by node: a word ends there */
	size_t cap;
	bool starts[256]; /* first bytes of words */
};

/* A word that has been matched from start up to node. */
struct state {
	size_t start;
	uint32_t node;
	bool failed; /* the current character does not go on from node */
};

enum { ROOT = 0, NO_NODE = UINT32_MAX };

struct trx_trie *
trx_trie_new(struct trx_error *err)
{
	struct trx_trie *t = calloc(1, sizeof(*t));

	if (t == NULL)
		goto failed;
	t->mask = 63;
	t->cap = 32;
	t->nodes = 1;
	t->edges = calloc(t->mask + 1, sizeof(*t->edges));
	t->ends = calloc(t->cap, sizeof(*t->ends));
	if (t->edges == NULL || t->ends == NULL)
		goto failed;
	return t;
failed:
	trx_error_memory(err);
	trx_trie_free(t);
	return NULL;
}

void
trx_trie_free(struct trx_trie *t)
{
	if (t == NULL)
		return;
	free(t->edges);
	free(t->ends);
	free(t);
}

/*
 * The character at p and its length; bytes that are no UTF-8 are characters
 * of their own, beyond Unicode's.
 */
static size_t
decode(const char *p, const char *end, uint32_t *character)
{
	const unsigned char *s = (const unsigned char *)p;
	size_t i, n;

	*character = s[0];
	if (s[0] < 0x80)
		return 1;
	n = s[0] < 0xc0 ? 1 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	if (n == 1 || (size_t)(end - p) < n) {
		*character |= 0x80000000;
		return 1;
	}
	*character = s[0] & (0xff >> (n + 1));
	for (i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80) {
			*character = s[0] | 0x80000000;
			return 1;
		}
		*character = *character << 6 | (s[i] & 0x3f);
	}
	return n;
}

/* The slot of that edge, or the free one where it belongs. */
static struct edge *
find_edge(const struct trx_trie *t, uint32_t from, uint32_t character)
{
	uint64_t h = ((uint64_t)from << 32 | character) * 0x9e3779b97f4a7c15;
	size_t i = (size_t)(h >> 32) & t->mask;

	while (t->edges[i].to != 0 &&
	       (t->edges[i].from != from || t->edges[i].character != character))
		i = (i + 1) & t->mask;
	return &t->edges[i];
}

static uint32_t
step(const struct trx_trie *t, uint32_t node, uint32_t character)
{
	const struct edge *e = find_edge(t, node, character);

	return e->to == 0 ? (uint32_t)NO_NODE : e->to;
}

/* Make room for one more node: half of the slots stay free. */
static int
grow(struct trx_trie *t)
{
	struct trx_trie bigger = *t;
	bool *ends;
	size_t i;

	if (t->nodes < t->cap)
		return 0;
	bigger.cap = t->cap * 2;
	bigger.mask = t->mask * 2 + 1;
	bigger.edges = calloc(bigger.mask + 1, sizeof(*bigger.edges));
	if (bigger.edges == NULL)
		return -1;
	ends = realloc(t->ends, bigger.cap * sizeof(*ends));
	if (ends == NULL) {
		free(bigger.edges);
		return -1;
	}
	t->ends = ends;
	for (i = t->cap; i < bigger.cap; i++)
		ends[i] = false;
	for (i = 0; i <= t->mask; i++)
		if (t->edges[i].to != 0)
			*find_edge(&bigger, t->edges[i].from,
			    t->edges[i].character) = t->edges[i];
	free(t->edges);
	t->edges = bigger.edges;
	t->mask = bigger.mask;
	t->cap = bigger.cap;
	return 0;
}

int
trx_trie_add(struct trx_trie *t, struct trx_str word, struct trx_error *err)
{
	const char *p = word.p, *end = word.p + word.n;
	uint32_t node = ROOT, character;
	struct edge *e;

	while (p < end) {
		if (grow(t) == -1)
			return trx_error_memory(err);
		p += decode(p, end, &character);
		e = find_edge(t, node, character);
		if (e->to == 0)
			*e = (struct edge){ .from = node,
				.character = character,
				.to = t->nodes++ };
		node = e->to;
	}
	t->ends[node] = true;
	t->starts[(unsigned char)word.p[0]] = true;
	return 0;
}

/* A text being cut. */
struct cutter {
	const struct trx_trie *trie;
	struct trx_str text;
	struct state *states; /* borrowed from the room */
	size_t n;
	size_t skip;  /* the text before it is matched already */
	size_t begin; /* the last cut */
	struct trx_buf *cuts;
};

static void
cut_at(struct cutter *c, size_t at)
{
	if (at <= c->begin)
		return;
	trx_buf_add(c->cuts, &at, sizeof(at));
	c->begin = at;
}

/*
 * Follow the words of one state from `at` on, and take the longest that ends
 * there or later.
 */
static void
look_ahead(struct cutter *c, const struct state *s, size_t at, size_t *start,
    size_t *end)
{
	const char *text_end = c->text.p + c->text.n;
	uint32_t node = s->node, character;

	for (;;) {
		if (c->trie->ends[node]) {
			*start = s->start;
			*end = at;
			c->skip = at;
		}
		if (at >= c->text.n)
			return;
		at += decode(c->text.p + at, text_end, &character);
		node = step(c->trie, node, character);
		if (node == NO_NODE)
			return;
	}
}

/*
 * The k-th state is a word that ends at `at`.  Longer words that began
 * earlier go before it, as do longer ones that began with it.  The states
 * before k have seen the character at `at`, up to `next`; one that failed at
 * it is tried on behind it nevertheless: the reference does so.
 */
static void
take_match(struct cutter *c, size_t k, size_t at, size_t next)
{
	size_t start = c->states[k].start, end = at, i;

	for (i = 0; i <= k && c->states[i].start <= start; i++)
		if (c->states[i].start < start) {
			end = next;
			look_ahead(c, &c->states[i], next, &start, &end);
		} else {
			end = at;
			look_ahead(c, &c->states[i], at, &start, &end);
		}
	cut_at(c, start);
	cut_at(c, end);
	c->n = 0;
}

/* Drop the states that the current character does not go on from. */
static void
drop_failed(struct cutter *c)
{
	size_t i, kept = 0;

	for (i = 0; i < c->n; i++)
		if (!c->states[i].failed)
			c->states[kept++] = c->states[i];
	c->n = kept;
}

/* Take the states over one character, up to the first match. */
static void
advance(struct cutter *c, uint32_t character, size_t at, size_t next)
{
	uint32_t node;
	size_t k;

	for (k = 0; k < c->n; k++) {
		if (c->trie->ends[c->states[k].node]) {
			take_match(c, k, at, next);
			return;
		}
		node = step(c->trie, c->states[k].node, character);
		c->states[k].failed = node == NO_NODE;
		if (node != NO_NODE)
			c->states[k].node = node;
	}
	drop_failed(c);
}

/* The next place where a word may begin. */
static size_t
next_start(const struct trx_trie *t, struct trx_str text, size_t at)
{
	while (at < text.n && !t->starts[(unsigned char)text.p[at]])
		at++;
	return at;
}

int
trx_trie_cut(const struct trx_trie *t, struct trx_str text,
    struct trx_buf *cuts, struct trx_buf *room, struct trx_error *err)
{
	struct cutter c = { .trie = t, .text = text, .cuts = cuts };
	const size_t zero = 0;
	size_t at, next, k;
	uint32_t character, node;

	trx_buf_reset(room);
	trx_buf_add(cuts, &zero, sizeof(zero));
	for (at = 0; at < text.n; at = next) {
		if (c.n == 0 && (at = next_start(t, text, at)) == text.n)
			break;
		next = at + decode(text.p + at, text.p + text.n, &character);
		if (at < c.skip)
			continue;
		advance(&c, character, at, next);
		node = step(t, ROOT, character);
		if (at < c.skip || node == NO_NODE)
			continue;
		room->len = c.n * sizeof(*c.states);
		if (trx_buf_reserve(room, sizeof(*c.states)) == NULL)
			return trx_error_memory(err);
		c.states = (struct state *)(void *)room->data;
		c.states[c.n++] = (struct state){ .start = at, .node = node };
	}
	for (k = 0; k < c.n && !t->ends[c.states[k].node]; k++)
		;
	if (k < c.n)
		cut_at(&c, c.states[k].start);
	cut_at(&c, text.n);
	return cuts->failed ? trx_error_memory(err) : 0;
}
