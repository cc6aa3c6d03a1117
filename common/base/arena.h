/*
 * A bump allocator: what one row needs is allocated piecemeal and given back
 * at once.  TRX_ARENA_INIT (all zero) is a valid empty one.
 */
#ifndef TRX_BASE_ARENA_H
#define TRX_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/str.h"

struct trx_arena_block;

struct trx_arena {
	struct trx_arena_block *blocks; /* owned; the newest first */
	char *next;			/* what is free of the newest */
	char *end;
	size_t used; /* bytes handed out since the reset */
};

#define TRX_ARENA_INIT ((struct trx_arena){ 0 })
#define TRX_ARENA_ALIGN 16

/* trx_arena_alloc where the newest block has no more than n bytes. */
void *trx_arena_alloc_block(struct trx_arena *a, size_t n);

/*
 * n bytes, aligned to 16, not cleared; NULL when memory runs out.  Borrowed
 * until the next reset or free.  n = 0 gives a valid pointer.
 */
static inline void *
trx_arena_alloc(struct trx_arena *a, size_t n)
{
	size_t size =
	    (n + TRX_ARENA_ALIGN - 1) & ~(size_t)(TRX_ARENA_ALIGN - 1);
	char *p = a->next;

	/* What is free is a multiple of the alignment. */
	if (n >= (size_t)(a->end - p))
		return trx_arena_alloc_block(a, n);
	a->next = p + size;
	a->used += size;
	return p;
}

/* n * size bytes, cleared; NULL also where the product overflows. */
void *trx_arena_calloc(struct trx_arena *a, size_t n, size_t size);

/* A copy of s with a NUL after it; NULL when memory runs out. */
char *trx_arena_copy(struct trx_arena *a, struct trx_str s);

/* Formatted text, a NUL behind it; .p is NULL when memory runs out. */
struct trx_str trx_arena_format(struct trx_arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Does p point into what a handed out? */
bool trx_arena_holds(const struct trx_arena *a, const void *p);

/* Take everything back; keeps one block for the next row. */
void trx_arena_reset(struct trx_arena *a);

/* Free everything.  NULL is fine. */
void trx_arena_free(struct trx_arena *a);

#endif
