#include "common/base/base64.h"

/* The six bits of a letter, or -1. */
static int
bits_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Decode the letters, 2 to 4, of one group.  Returns 0 or -1. */
static int
decode_group(const char *p, size_t letters, uint8_t *out)
{
	uint32_t all = 0;
	size_t i;
	int bits;

	for (i = 0; i < 4; i++) {
		bits = i < letters ? bits_of(p[i]) : 0;
		if (bits == -1)
			return -1;
		all = all << 6 | (uint32_t)bits;
	}
	if (letters < 4 && (all & (letters == 3 ? 0xffu : 0xffffu)) != 0)
		return -1;
	for (i = 0; i + 1 < letters; i++)
		out[i] = (uint8_t)(all >> (16 - 8 * i));
	return 0;
}

int
trx_base64_decode(struct trx_str s, uint8_t *out, size_t *n)
{
	size_t i, letters = 4;

	*n = 0;
	if (s.n % 4 != 0)
		return -1;
	for (i = 0; i < s.n; i += 4) {
		if (i + 4 == s.n && s.p[i + 3] == '=')
			letters = s.p[i + 2] == '=' ? 2 : 3;
		if (decode_group(s.p + i, letters, out + *n) == -1)
			return -1;
		*n += letters - 1;
	}
	return 0;
}
