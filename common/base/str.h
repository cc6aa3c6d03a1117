/* A slice of bytes, borrowed: not terminated, may hold NUL. */
#ifndef TRX_BASE_STR_H
#define TRX_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
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

/* Is s compared without a call, as keys are? */
static inline bool
trx_str_is_short(struct trx_str s)
{
	return s.n - 4 <= 12;
}

static inline bool
trx_str_equal(struct trx_str a, struct trx_str b)
{
	uint64_t first[2], last[2];

	if (a.n != b.n || !trx_str_is_short(a))
		return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
	if (a.n < 8) {
		uint32_t f[2], l[2];

		memcpy(&f[0], a.p, 4);
		memcpy(&f[1], b.p, 4);
		memcpy(&l[0], a.p + a.n - 4, 4);
		memcpy(&l[1], b.p + b.n - 4, 4);
		return f[0] == f[1] && l[0] == l[1];
	}
	memcpy(&first[0], a.p, 8);
	memcpy(&first[1], b.p, 8);
	memcpy(&last[0], a.p + a.n - 8, 8);
	memcpy(&last[1], b.p + b.n - 8, 8);
	return first[0] == first[1] && last[0] == last[1];
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
