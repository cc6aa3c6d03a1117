#include "common/base/utf8.h"

static bool
tail(struct trx_str s, size_t i)
{
	return i < s.n && ((unsigned char)s.p[i] & 0xc0) == 0x80;
}

size_t
trx_utf8_width(struct trx_str s)
{
	unsigned char c = (unsigned char)s.p[0];
	unsigned char d = s.n > 1 ? (unsigned char)s.p[1] : 0;

	if (c < 0x80)
		return 1;
	if (c < 0xc2 || c > 0xf4 || !tail(s, 1))
		return 0;
	if (c < 0xe0)
		return 2;
	if ((c == 0xe0 && d < 0xa0) || (c == 0xed && d > 0x9f) || !tail(s, 2))
		return 0;
	if (c < 0xf0)
		return 3;
	if ((c == 0xf0 && d < 0x90) || (c == 0xf4 && d > 0x8f) || !tail(s, 3))
		return 0;
	return 4;
}

bool
trx_utf8_valid(struct trx_str s)
{
	size_t n;

	for (; s.n != 0; s.p += n, s.n -= n)
		if ((n = trx_utf8_width(s)) == 0)
			return false;
	return true;
}
