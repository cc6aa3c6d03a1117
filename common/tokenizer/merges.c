#include <string.h>

#include "common/tokenizer/merges.h"

/* Words up to this long are searched for their least rank, not heaped. */
enum { SHORT_WORD = 48 };

enum { FILTER_BITS = 16 }; /* at least, for each merge */

const struct trx_merge trx_merges_none = { .rank = TRX_MERGE_NONE };

int
trx_merges_build(const struct trx_merge *merges, size_t n,
    struct trx_image *image, struct trx_error *err)
{
	struct trx_merges m = { .shift = 60, .filter_shift = 64 - 6 };
	struct trx_merge *slots, *slot;
	size_t i, nslots = 16, nbits = 64;
	uint64_t *filter, hash, bit;

	for (; nslots < 2 * n; nslots *= 2)
		m.shift--;
	for (; nbits < FILTER_BITS * n; nbits *= 2)
		m.filter_shift--;
	slots = trx_image_add(
	    image, TRX_IMAGE_BPE_MERGES, nslots * sizeof(*slots), err);
	filter = trx_image_add(image, TRX_IMAGE_BPE_FILTER, nbits / 8, err);
	if (slots == NULL || filter == NULL)
		return -1;
	for (i = 0; i < nslots; i++)
		slots[i].rank = TRX_MERGE_NONE;
	m.slots = slots;
	for (i = 0; i < n; i++) {
		hash = trx_merges_hash(merges[i].left, merges[i].right);
		slot = &slots[trx_merges_look(
				  &m, hash, merges[i].left, merges[i].right) -
			      slots];
		*slot = merges[i];
		bit = hash >> m.filter_shift;
		filter[bit / 64] |= (uint64_t)1 << bit % 64;
	}
	return 0;
}

/* 64 less the bits of an index below n, which is a power of two. */
static unsigned
shift_of(size_t n)
{
	unsigned shift = 64;

	for (; n > 1; n /= 2)
		shift--;
	return shift;
}

int
trx_merges_open(
    const struct trx_image *image, struct trx_merges *m, struct trx_error *err)
{
	size_t bytes, nfilter;

	m->slots = trx_image_get(image, TRX_IMAGE_BPE_MERGES, &bytes);
	m->filter = trx_image_get(image, TRX_IMAGE_BPE_FILTER, &nfilter);
	m->shift = shift_of(bytes / sizeof(*m->slots));
	m->filter_shift = shift_of(nfilter * 8);
	if (m->slots == NULL || m->filter == NULL ||
	    bytes != sizeof(*m->slots) << (64 - m->shift) ||
	    nfilter * 8 != (size_t)1 << (64 - m->filter_shift))
		return trx_error_set(err, TRX_INPUT, "no table of merges");
	return 0;
}

/* The pairs of a short word: pair i is of the symbols i and i + 1. */
struct pairs {
	uint32_t rank[SHORT_WORD], id[SHORT_WORD];
};

static inline void
look_up(const struct trx_merges *m, const struct trx_symbol *s, size_t i,
    struct pairs *p)
{
	const struct trx_merge *found =
	    trx_merges_find(m, s[i].id, s[i + 1].id);

	p->rank[i] = found->rank;
	p->id[i] = found->id;
}

/* Look all pairs up; those that may be there are on their way together. */
static void
look_all_up(const struct trx_merges *m, const struct trx_symbol *s, size_t n,
    struct pairs *p)
{
	uint64_t hashes[SHORT_WORD];
	bool may[SHORT_WORD];
	size_t i;

	for (i = 0; i + 1 < n; i++) {
		hashes[i] = trx_merges_hash(s[i].id, s[i + 1].id);
		may[i] = trx_merges_may(m, hashes[i]);
		if (may[i])
			__builtin_prefetch(&m->slots[hashes[i] >> m->shift]);
		p->rank[i] = TRX_MERGE_NONE;
	}
	for (i = 0; i + 1 < n; i++)
		if (may[i]) {
			const struct trx_merge *found =
			    trx_merges_look(m, hashes[i], s[i].id, s[i + 1].id);

			p->rank[i] = found->rank;
			p->id[i] = found->id;
		}
}

static size_t
merge_short(const struct trx_merges *m, struct trx_symbol *s, size_t n)
{
	struct pairs p;
	size_t i, best;

	look_all_up(m, s, n, &p);
	while (n > 1) {
		best = 0;
		for (i = 1; i + 1 < n; i++)
			best = p.rank[i] < p.rank[best] ? i : best;
		if (p.rank[best] == TRX_MERGE_NONE)
			break;
		s[best] = (struct trx_symbol){ p.id[best], s[best + 1].end };
		n--;
		for (i = best + 1; i < n; i++) {
			s[i] = s[i + 1];
			p.rank[i - 1] = p.rank[i];
			p.id[i - 1] = p.id[i];
		}
		if (best > 0)
			look_up(m, s, best - 1, &p);
		if (best + 1 < n)
			look_up(m, s, best, &p);
	}
	return n;
}

/* A symbol of a long word, linked to its neighbours that are left. */
struct node {
	uint32_t prev, next; /* UINT32_MAX: none */
	uint32_t rank, id;   /* of the pair with the next */
};

/* A long word; its heap is of rank << 32 | index, the least on top. */
struct word {
	const struct trx_merges *m;
	struct trx_symbol *s;
	struct node *nodes;
	uint64_t *heap;
	size_t nheap;
};

static void
heap_push(struct word *w, uint64_t v)
{
	size_t i = w->nheap++, up;

	for (; i > 0 && w->heap[up = (i - 1) / 2] > v; i = up)
		w->heap[i] = w->heap[up];
	w->heap[i] = v;
}

static uint64_t
heap_pop(struct word *w)
{
	uint64_t top = w->heap[0], v = w->heap[--w->nheap];
	size_t i = 0, down;

	while ((down = 2 * i + 1) < w->nheap) {
		if (down + 1 < w->nheap && w->heap[down + 1] < w->heap[down])
			down++;
		if (v <= w->heap[down])
			break;
		w->heap[i] = w->heap[down];
		i = down;
	}
	w->heap[i] = v;
	return top;
}

/* Look the pair of node i and its next up, and heap it if it merges. */
static void
offer(struct word *w, uint32_t i)
{
	struct node *n = &w->nodes[i];
	const struct trx_merge *found;

	n->rank = TRX_MERGE_NONE;
	if (n->next == UINT32_MAX)
		return;
	found = trx_merges_find(w->m, w->s[i].id, w->s[n->next].id);
	n->rank = found->rank;
	n->id = found->id;
	if (n->rank != TRX_MERGE_NONE)
		heap_push(w, (uint64_t)n->rank << 32 | i);
}

/* Merge node i with its next, which is then out of the list. */
static void
join(struct word *w, uint32_t i)
{
	struct node *n = &w->nodes[i], *gone = &w->nodes[n->next];

	w->s[i] = (struct trx_symbol){ n->id, w->s[n->next].end };
	gone->rank = TRX_MERGE_NONE; /* what the heap has of it is stale */
	n->next = gone->next;
	if (n->next != UINT32_MAX)
		w->nodes[n->next].prev = i;
	if (n->prev != UINT32_MAX)
		offer(w, n->prev);
	offer(w, i);
}

static size_t
merge_long(struct word *w, size_t n)
{
	uint32_t i, last = (uint32_t)n - 1;
	size_t left = 0;
	uint64_t top;

	for (i = 0; i <= last; i++)
		w->nodes[i] = (struct node){ i == 0 ? UINT32_MAX : i - 1,
			i == last ? UINT32_MAX : i + 1, TRX_MERGE_NONE, 0 };
	for (i = 0; i < last; i++)
		offer(w, i);
	while (w->nheap > 0) {
		top = heap_pop(w);
		if (w->nodes[(uint32_t)top].rank == top >> 32)
			join(w, (uint32_t)top);
	}
	for (i = 0; i != UINT32_MAX; i = w->nodes[i].next)
		w->s[left++] = w->s[i];
	return left;
}

size_t
trx_merges_apply(const struct trx_merges *m, struct trx_symbol *symbols,
    size_t n, struct trx_buf *work)
{
	struct word w = { .m = m, .s = symbols };

	if (n <= SHORT_WORD)
		return merge_short(m, symbols, n);
	/* A merge heaps two pairs at most, and there are less than n. */
	trx_buf_reset(work);
	w.nodes = (struct node *)trx_buf_reserve(
	    work, n * (sizeof(*w.nodes) + 3 * sizeof(*w.heap)));
	if (w.nodes == NULL)
		return SIZE_MAX;
	w.heap = (uint64_t *)(w.nodes + n);
	return merge_long(&w, n);
}
