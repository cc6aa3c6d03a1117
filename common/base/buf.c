#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/bytes.h"

char *
trx_buf_reserve(struct trx_buf *b, size_t n)
{
	size_t cap = b->cap;
	char *data;

	if (b->failed)
		return NULL;
	if (n <= b->cap - b->len && b->data != NULL)
		return b->data + b->len;
	if (n > SIZE_MAX / 2 - b->len) {
		b->failed = true;
		return NULL;
	}
	if (cap == 0)
		cap = 256;
	while (cap < b->len + n)
		cap *= 2;
	if ((data = realloc(b->data, cap)) == NULL) {
		b->failed = true;
		return NULL;
	}
	b->data = data;
	b->cap = cap;
	return b->data + b->len;
}

void
trx_buf_add(struct trx_buf *b, const void *p, size_t n)
{
	char *to;

	if (n == 0 || (to = trx_buf_reserve(b, n)) == NULL)
		return;
	memcpy(to, p, n);
	b->len += n;
}

void
trx_buf_addc(struct trx_buf *b, char c)
{
	trx_buf_add(b, &c, 1);
}

void
trx_buf_addz(struct trx_buf *b, const char *s)
{
	trx_buf_add(b, s, strlen(s));
}

void
trx_buf_addzeros(struct trx_buf *b, size_t n)
{
	char *to = trx_buf_reserve(b, n);

	if (to == NULL)
		return;
	memset(to, 0, n);
	b->len += n;
}

void
trx_buf_add16(struct trx_buf *b, uint16_t v)
{
	uint8_t bytes[2];

	trx_le16_put(bytes, v);
	trx_buf_add(b, bytes, sizeof(bytes));
}

void
trx_buf_add32(struct trx_buf *b, uint32_t v)
{
	uint8_t bytes[4];

	trx_le32_put(bytes, v);
	trx_buf_add(b, bytes, sizeof(bytes));
}

void
trx_buf_add64(struct trx_buf *b, uint64_t v)
{
	uint8_t bytes[8];

	trx_le64_put(bytes, v);
	trx_buf_add(b, bytes, sizeof(bytes));
}

void
trx_buf_addf(struct trx_buf *b, const char *fmt, ...)
{
	va_list ap;
	char *to;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || (to = trx_buf_reserve(b, (size_t)n + 1)) == NULL) {
		b->failed = true;
		return;
	}
	va_start(ap, fmt);
	vsnprintf(to, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

void
trx_buf_reset(struct trx_buf *b)
{
	b->len = 0;
	b->failed = false;
}

void
trx_buf_free(struct trx_buf *b)
{
	if (b == NULL)
		return;
	free(b->data);
	*b = TRX_BUF_INIT;
}
