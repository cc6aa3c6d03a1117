/* Little-endian integers in byte buffers: never by casting a struct. */
#ifndef TRX_BASE_BYTES_H
#define TRX_BASE_BYTES_H

#include <stddef.h>
#include <stdint.h>

static inline uint16_t
trx_le16_get(const void *p)
{
	const uint8_t *b = p;

	return (uint16_t)(b[0] | b[1] << 8);
}

static inline uint32_t
trx_le32_get(const void *p)
{
	const uint8_t *b = p;

	return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
	       (uint32_t)b[3] << 24;
}

static inline uint64_t
trx_le64_get(const void *p)
{
	const uint8_t *b = p;

	return trx_le32_get(b) | (uint64_t)trx_le32_get(b + 4) << 32;
}

static inline void
trx_le16_put(void *p, uint16_t v)
{
	uint8_t *b = p;

	b[0] = (uint8_t)v;
	b[1] = (uint8_t)(v >> 8);
}

static inline void
trx_le32_put(void *p, uint32_t v)
{
	uint8_t *b = p;

	trx_le16_put(b, (uint16_t)v);
	trx_le16_put(b + 2, (uint16_t)(v >> 16));
}

static inline void
trx_le64_put(void *p, uint64_t v)
{
	uint8_t *b = p;

	trx_le32_put(b, (uint32_t)v);
	trx_le32_put(b + 4, (uint32_t)(v >> 32));
}

#endif
