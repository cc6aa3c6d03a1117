#include <pthread.h>
#include <string.h>

#include "common/base/bytes.h"
#include "common/digest/crc32c.h"

#define POLYNOMIAL 0x82f63b78U /* reflected */

/* table[k][b]: the CRC of byte b followed by k zero bytes. */
static uint32_t table[8][256];
static pthread_once_t table_once = PTHREAD_ONCE_INIT;

static void
make_table(void)
{
	uint32_t crc;
	int b, k;

	for (b = 0; b < 256; b++) {
		crc = (uint32_t)b;
		for (k = 0; k < 8; k++)
			crc = crc & 1 ? crc >> 1 ^ POLYNOMIAL : crc >> 1;
		table[0][b] = crc;
	}
	for (k = 1; k < 8; k++)
		for (b = 0; b < 256; b++)
			table[k][b] = table[k - 1][b] >> 8 ^
				      table[0][table[k - 1][b] & 0xff];
}

uint32_t
trx_crc32c_table(uint32_t crc, const void *p, size_t n)
{
	const uint8_t *b = p;
	uint32_t lo, hi;

	pthread_once(&table_once, make_table);
	crc = ~crc;
	for (; n >= 8; b += 8, n -= 8) {
		lo = crc ^ trx_le32_get(b);
		hi = trx_le32_get(b + 4);
		crc = table[7][lo & 0xff] ^ table[6][lo >> 8 & 0xff] ^
		      table[5][lo >> 16 & 0xff] ^ table[4][lo >> 24] ^
		      table[3][hi & 0xff] ^ table[2][hi >> 8 & 0xff] ^
		      table[1][hi >> 16 & 0xff] ^ table[0][hi >> 24];
	}
	for (; n > 0; b++, n--)
		crc = crc >> 8 ^ table[0][(crc ^ *b) & 0xff];
	return ~crc;
}

#ifdef __x86_64__
#include <nmmintrin.h>

__attribute__((target("sse4.2"))) static uint32_t
crc_hardware(uint32_t crc, const void *p, size_t n)
{
	const uint8_t *b = p;
	uint64_t word, c = ~crc;

	for (; n >= 8; b += 8, n -= 8) {
		memcpy(&word, b, 8);
		c = _mm_crc32_u64(c, word);
	}
	crc = (uint32_t)c;
	for (; n > 0; b++, n--)
		crc = _mm_crc32_u8(crc, *b);
	return ~crc;
}

uint32_t
trx_crc32c(uint32_t crc, const void *p, size_t n)
{
	if (__builtin_cpu_supports("sse4.2"))
		return crc_hardware(crc, p, n);
	return trx_crc32c_table(crc, p, n);
}
#else
uint32_t
trx_crc32c(uint32_t crc, const void *p, size_t n)
{
	return trx_crc32c_table(crc, p, n);
}
#endif
