/*
 * A growable byte buffer.  TRX_BUF_INIT (all zero) is a valid empty one.
 *
 * Appending returns nothing: when memory runs out the buffer turns `failed`,
 * keeps what it holds, and ignores what follows; look once, at the end.
 */
#ifndef TRX_BASE_BUF_H
#define TRX_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/str.h"

struct trx_buf {
	char *data; /* owned; NULL while cap is 0; aligned as malloc aligns */
	size_t len;
	size_t cap;
	bool failed;
};

#define TRX_BUF_INIT ((struct trx_buf){ 0 })

/* Append n bytes, one byte, a slice, a C string, n zero bytes. */
void trx_buf_add(struct trx_buf *b, const void *p, size_t n);
void trx_buf_addc(struct trx_buf *b, char c);
void trx_buf_addz(struct trx_buf *b, const char *s);
void trx_buf_addzeros(struct trx_buf *b, size_t n);

/* Append little-endian integers. */
void trx_buf_add16(struct trx_buf *b, uint16_t v);
void trx_buf_add32(struct trx_buf *b, uint32_t v);
void trx_buf_add64(struct trx_buf *b, uint64_t v);

/* Append formatted text. */
void trx_buf_addf(struct trx_buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Make room for n more bytes and return where they go (the caller writes them
 * and adds to len), or NULL when memory ran out.  Borrowed until the next
 * append.
 */
char *trx_buf_reserve(struct trx_buf *b, size_t n);

/* Empty it, keep the memory, forget a failure. */
void trx_buf_reset(struct trx_buf *b);

/* Free what it owns and make it TRX_BUF_INIT.  NULL is fine. */
void trx_buf_free(struct trx_buf *b);

static inline void
trx_buf_adds(struct trx_buf *b, struct trx_str s)
{
	if (s.n == 0 || s.n > b->cap - b->len || b->failed) {
		trx_buf_add(b, s.p, s.n);
		return;
	}
	memcpy(b->data + b->len, s.p, s.n);
	b->len += s.n;
}

static inline struct trx_str
trx_buf_str(const struct trx_buf *b)
{
	return (struct trx_str){ .p = b->data, .n = b->len };
}

#endif
