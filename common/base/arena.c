#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "common/base/arena.h"

#define FIRST_BLOCK (16 * 1024)
#define HUGE_PAGE ((size_t)2 * 1024 * 1024)
/* A hostile row's larger block goes. */
#define KEPT_BLOCK (2 * HUGE_PAGE - sizeof(struct trx_arena_block))

struct trx_arena_block {
	struct trx_arena_block *older;
	size_t cap;
	size_t len; /* handed out, of all but the newest */
	_Alignas(TRX_ARENA_ALIGN) char data[];
};

/*
 * A block for *cap bytes, or some more.  A large one is of huge pages, where
 * the system has them: 512 small ones take far longer to be had.
 */
static struct trx_arena_block *
get_memory(size_t *cap)
{
	struct trx_arena_block *b;
	size_t size;

	if (*cap < HUGE_PAGE)
		return malloc(sizeof(*b) + *cap);
	size = (sizeof(*b) + *cap + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
	if ((b = aligned_alloc(HUGE_PAGE, size)) == NULL)
		return NULL;
	madvise(b, size, MADV_HUGEPAGE);
	*cap = size - sizeof(*b);
	return b;
}

static struct trx_arena_block *
add_block(struct trx_arena *a, size_t n)
{
	size_t cap = a->blocks == NULL ? FIRST_BLOCK : a->blocks->cap * 2;
	struct trx_arena_block *b;

	if (n > SIZE_MAX / 2)
		return NULL;
	if (cap > KEPT_BLOCK)
		cap = KEPT_BLOCK;
	if (cap < n)
		cap = n;
	if ((b = get_memory(&cap)) == NULL)
		return NULL;
	if (a->blocks != NULL)
		a->blocks->len = (size_t)(a->next - a->blocks->data);
	b->older = a->blocks;
	b->cap = cap;
	a->blocks = b;
	a->next = b->data;
	a->end = b->data + cap;
	return b;
}

void *
trx_arena_alloc_block(struct trx_arena *a, size_t n)
{
	size_t size =
	    n > SIZE_MAX - TRX_ARENA_ALIGN
		? n
		: (n + TRX_ARENA_ALIGN - 1) & ~(size_t)(TRX_ARENA_ALIGN - 1);
	void *p;

	if (a->blocks == NULL || size > (size_t)(a->end - a->next))
		if (add_block(a, size) == NULL)
			return NULL;
	p = a->next;
	a->next += size;
	a->used += size;
	return p;
}

void *
trx_arena_calloc(struct trx_arena *a, size_t n, size_t size)
{
	void *p;

	if (size != 0 && n > SIZE_MAX / size)
		return NULL;
	if ((p = trx_arena_alloc(a, n * size)) != NULL)
		memset(p, 0, n * size);
	return p;
}

char *
trx_arena_copy(struct trx_arena *a, struct trx_str s)
{
	char *p = trx_arena_alloc(a, s.n + 1);

	if (p == NULL)
		return NULL;
	if (s.n != 0)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return p;
}

static void
free_blocks(struct trx_arena_block *b)
{
	struct trx_arena_block *older;

	for (; b != NULL; b = older) {
		older = b->older;
		free(b);
	}
}

struct trx_str
trx_arena_format(struct trx_arena *a, const char *fmt, ...)
{
	struct trx_str s = { NULL, 0 };
	char *p = NULL;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || (p = trx_arena_alloc(a, (size_t)n + 1)) == NULL)
		return s;
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return (struct trx_str){ .p = p, .n = (size_t)n };
}

bool
trx_arena_holds(const struct trx_arena *a, const void *p)
{
	const struct trx_arena_block *b = a->blocks;
	const char *at = p;

	if (b == NULL || (at >= b->data && at < a->next))
		return b != NULL;
	while ((b = b->older) != NULL)
		if (at >= b->data && at < b->data + b->len)
			return true;
	return false;
}

void
trx_arena_reset(struct trx_arena *a)
{
	struct trx_arena_block *newest = a->blocks;

	if (newest != NULL && newest->cap > KEPT_BLOCK) {
		free_blocks(newest);
		newest = NULL;
	} else if (newest != NULL) {
		free_blocks(newest->older);
		newest->older = NULL;
	}
	a->blocks = newest;
	a->next = newest == NULL ? NULL : newest->data;
	a->end = newest == NULL ? NULL : newest->data + newest->cap;
	a->used = 0;
}

void
trx_arena_free(struct trx_arena *a)
{
	if (a == NULL)
		return;
	free_blocks(a->blocks);
	*a = TRX_ARENA_INIT;
}
