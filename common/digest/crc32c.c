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

/* a times b in the field of the polynomial; x^0 is the top bit. */
static uint32_t
multiply(uint32_t a, uint32_t b)
{
	uint32_t product = 0, bit;

	for (bit = 1u << 31; bit != 0; bit >>= 1) {
		if (a & bit)
			product ^= b;
		b = b & 1 ? b >> 1 ^ POLYNOMIAL : b >> 1;
	}
	return product;
}

/* x to the power of 8 n: what n bytes behind it do to a CRC. */
static uint32_t
power(size_t n)
{
	uint32_t p = 1u << 31, square = 1u << 23;

	for (; n > 0; n >>= 1) {
		if (n & 1)
			p = multiply(square, p);
		square = multiply(square, square);
	}
	return p;
}

/*
 * The instruction takes three cycles, but one can begin in each: a long range
 * is taken in four parts side by side, whose CRCs are then put together.
 */
enum { PARTS = 4, LONG_RANGE = 1 << 14 };

__attribute__((target("sse4.2"))) static uint32_t
crc_parts(uint32_t crc, const uint8_t *p, size_t part)
{
	uint64_t c[PARTS] = { ~crc, UINT32_MAX, UINT32_MAX, UINT32_MAX };
	uint32_t by = power(part);
	uint64_t word;
	size_t i, k;

	for (i = 0; i < part; i += 8)
		for (k = 0; k < PARTS; k++) {
			memcpy(&word, p + k * part + i, 8);
			c[k] = _mm_crc32_u64(c[k], word);
		}
	crc = ~(uint32_t)c[0];
	for (k = 1; k < PARTS; k++)
		crc = multiply(by, crc) ^ ~(uint32_t)c[k];
	return crc;
}

__attribute__((target("sse4.2"))) static uint32_t
crc_hardware(uint32_t crc, const void *p, size_t n)
{
	const uint8_t *b = p;
	size_t part = n / PARTS / 8 * 8;
	uint64_t word, c;

	if (n >= LONG_RANGE) {
		crc = crc_parts(crc, b, part);
		b += PARTS * part;
		n -= PARTS * part;
	}
	c = ~crc;
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
