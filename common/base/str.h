/* A slice of bytes, borrowed: not terminated, may hold NUL. */
#ifndef TRX_BASE_STR_H
#define TRX_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct trx_str {
	const char *p;
	size_t n;
};

/* The slice of a string literal. */
#define TRX_STR(literal) \
	((struct trx_str){ .p = (literal), .n = sizeof(literal) - 1 })

static inline struct trx_str
trx_str(const char *s)
{
	return (struct trx_str){ .p = s, .n = strlen(s) };
}

static inline bool
trx_str_equal(struct trx_str a, struct trx_str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Byte order, a prefix before what it begins; as memcmp. */
static inline int
trx_str_compare(struct trx_str a, struct trx_str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n == 0 ? 0 : memcmp(a.p, b.p, n);

	return c != 0 ? c : (a.n > b.n) - (a.n < b.n);
}

static inline bool
trx_str_is(struct trx_str s, const char *literal)
{
	return trx_str_equal(s, trx_str(literal));
}

#endif
