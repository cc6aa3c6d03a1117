#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/tokenizer/prefixes.h"

/*
 * Units are found by place ^ byte, so that a node's children stay within 256
 * units.  No two nodes have their children at one place: that the byte agrees
 * is then proof enough.  The first 256 units hold the root alone; a node
 * without children points there.
 */
enum { BLOCK = 256 };

/*
 * How many free units are tried before 256 more are made, and of how many of
 * the newest blocks: what is free in older ones lies where all places are
 * taken, and would be tried in vain each time.
 */
enum { TRIES = 64, OPEN_BLOCKS = 16 };

/* The free units, as a ring through unit 0. */
struct link {
	uint32_t before, after; /* both 0 and not unit 0: not free */
	bool taken;		/* it is some node's place */
};

/* A node whose children are still to be made. */
struct task {
	uint32_t node;
	uint32_t lo, hi; /* the entries that begin with its bytes */
	uint32_t depth;	 /* how many bytes */
};

struct builder {
	struct trx_vocab_entry *entries; /* sorted */
	uint64_t *units;
	struct link *links;
	size_t n, cap;
	struct trx_buf tasks; /* a stack */
};

static int
by_text(const void *a, const void *b)
{
	const struct trx_vocab_entry *x = a, *y = b;
	int c = trx_str_compare(x->text, y->text);

	return c != 0 ? c : (x->id > y->id) - (x->id < y->id);
}

static int
grow(struct builder *b)
{
	size_t cap = b->cap == 0 ? 16 * BLOCK : b->cap * 2;
	uint64_t *units;
	struct link *links;

	if (cap > INT32_MAX)
		return -1;
	units = realloc(b->units, cap * sizeof(*units));
	if (units == NULL)
		return -1;
	b->units = units;
	links = realloc(b->links, cap * sizeof(*links));
	if (links == NULL)
		return -1;
	b->links = links;
	b->cap = cap;
	return 0;
}

static bool
is_free(const struct builder *b, uint32_t unit)
{
	return unit >= BLOCK &&
	       (b->links[unit].before != 0 || b->links[unit].after != 0 ||
		   b->links[0].after == unit);
}

static void
occupy(struct builder *b, uint32_t unit)
{
	struct link *l = &b->links[unit];

	b->links[l->before].after = l->after;
	b->links[l->after].before = l->before;
	l->before = l->after = 0;
}

/* Take what is free of a block out of the ring. */
static void
close_block(struct builder *b, uint32_t first)
{
	uint32_t i;

	for (i = first; i < first + BLOCK; i++)
		if (is_free(b, i))
			occupy(b, i);
}

/* Add 256 free units to the end of the ring. */
static int
add_block(struct builder *b)
{
	uint32_t first = (uint32_t)b->n, i, last;

	if (b->n + BLOCK > b->cap && grow(b) == -1)
		return -1;
	memset(b->units + first, 0, BLOCK * sizeof(*b->units));
	memset(b->links + first, 0, BLOCK * sizeof(*b->links));
	b->n += BLOCK;
	if (first == 0)
		return 0;
	if (first > OPEN_BLOCKS * BLOCK)
		close_block(b, first - OPEN_BLOCKS * BLOCK);
	for (i = first; i < first + BLOCK; i++) {
		last = b->links[0].before;
		b->links[i] = (struct link){ .before = last };
		b->links[last].after = i;
		b->links[0].before = i;
	}
	return 0;
}

static bool
fits(const struct builder *b, uint32_t place, const unsigned char *bytes,
    size_t n)
{
	size_t i;

	if (b->links[place].taken)
		return false;
	for (i = 0; i < n; i++)
		if (!is_free(b, place ^ bytes[i]))
			return false;
	return true;
}

/*
 * A place for children by those bytes.  One child goes where the ring begins,
 * among what others left; for more the newest units are tried.
 */
static int
find_place(
    struct builder *b, const unsigned char *bytes, size_t n, uint32_t *place)
{
	uint32_t unit = 0;
	int tries;

	for (tries = 0; tries < TRIES; tries++) {
		unit = n == 1 ? b->links[unit].after : b->links[unit].before;
		if (unit == 0)
			break;
		*place = unit ^ bytes[0];
		if (fits(b, *place, bytes, n))
			return 0;
	}
	*place = (uint32_t)b->n;
	return add_block(b);
}

/* Push a task for the child by each byte, and gather the bytes. */
static size_t
split(struct builder *b, const struct task *t, unsigned char *bytes)
{
	struct task child = { .depth = t->depth + 1, .lo = t->lo };
	size_t n = 0;

	while (child.lo < t->hi && b->entries[child.lo].text.n == t->depth)
		child.lo++;
	for (; child.lo < t->hi; child.lo = child.hi) {
		bytes[n] = (unsigned char)b->entries[child.lo].text.p[t->depth];
		child.hi = child.lo + 1;
		while (child.hi < t->hi &&
		       (unsigned char)b->entries[child.hi].text.p[t->depth] ==
			   bytes[n])
			child.hi++;
		trx_buf_add(&b->tasks, &child, sizeof(child));
		n++;
	}
	return n;
}

/* The child's unit: its byte, and the id of the string that ends there. */
static void
set_unit(struct builder *b, const struct task *child, unsigned char byte)
{
	uint64_t id = 0;
	uint32_t i;

	for (i = child->lo;
	     i < child->hi && b->entries[i].text.n == child->depth; i++)
		id = (uint64_t)b->entries[i].id + 1;
	b->units[child->node] = 1ULL << 63 | id << 8 | byte;
}

static int
make_children(struct builder *b, const struct task *t)
{
	unsigned char bytes[BLOCK];
	struct task *children;
	size_t i, at = b->tasks.len, n = split(b, t, bytes);
	uint32_t place;

	if (n == 0)
		return 0;
	if (b->tasks.failed || find_place(b, bytes, n, &place) == -1)
		return -1;
	b->links[place].taken = true;
	b->units[t->node] |= (uint64_t)place << 32;
	children = (struct task *)(void *)(b->tasks.data + at);
	for (i = 0; i < n; i++) {
		children[i].node = place ^ bytes[i];
		occupy(b, children[i].node);
		set_unit(b, &children[i], bytes[i]);
	}
	return 0;
}

static int
make_trie(struct builder *b, size_t n)
{
	struct task t = { .hi = (uint32_t)n };

	qsort(b->entries, n, sizeof(*b->entries), by_text);
	if (add_block(b) == -1)
		return -1;
	trx_buf_add(&b->tasks, &t, sizeof(t));
	while (!b->tasks.failed && b->tasks.len > 0) {
		b->tasks.len -= sizeof(t);
		memcpy(&t, b->tasks.data + b->tasks.len, sizeof(t));
		if (make_children(b, &t) == -1)
			return -1;
	}
	return b->tasks.failed ? -1 : 0;
}

int
trx_prefixes_build(const struct trx_vocab_entry *entries, size_t n,
    struct trx_image *image, struct trx_error *err)
{
	struct builder b = { .entries = calloc(n + 1, sizeof(*entries)) };
	void *section = NULL;

	if (b.entries != NULL) {
		if (n > 0)
			memcpy(b.entries, entries, n * sizeof(*entries));
		if (make_trie(&b, n) == 0)
			section = trx_image_add(image, TRX_IMAGE_UNIGRAM_TRIE,
			    b.n * sizeof(*b.units), err);
	}
	if (section == NULL)
		trx_error_memory(err);
	else
		memcpy(section, b.units, b.n * sizeof(*b.units));
	free(b.entries);
	free(b.units);
	free(b.links);
	trx_buf_free(&b.tasks);
	return section == NULL ? -1 : 0;
}

int
trx_prefixes_open(const struct trx_image *image, struct trx_prefixes *p,
    struct trx_error *err)
{
	p->units = trx_image_get(image, TRX_IMAGE_UNIGRAM_TRIE, &p->n);
	p->n /= sizeof(*p->units);
	if (p->units == NULL || p->n == 0 || p->n % BLOCK != 0)
		return trx_error_set(err, TRX_INPUT, "the trie is damaged");
	return 0;
}
