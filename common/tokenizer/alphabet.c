#include "common/tokenizer/alphabet.h"
#include "common/ucd/ucd.h"

/*
 * What Latin-1 prints stands for itself; the other bytes, in order, are the
 * characters from U+0100 on.
 */
enum { FIRST_OTHER = 0x100, OTHERS = 33 + 34 + 1 };

uint32_t
trx_alphabet_char(uint8_t b)
{
	if (b < 0x21)
		return FIRST_OTHER + b;
	if (b >= 0x7f && b <= 0xa0)
		return (uint32_t)(FIRST_OTHER + 33 + (b - 0x7f));
	return b == 0xad ? FIRST_OTHER + OTHERS - 1 : b;
}

/* The byte that the character stands for, or -1. */
static int
to_byte(uint32_t cp)
{
	if (cp >= FIRST_OTHER + OTHERS)
		return -1;
	if (cp >= FIRST_OTHER) {
		cp -= FIRST_OTHER;
		return cp < 33		 ? (int)cp
		       : cp < OTHERS - 1 ? (int)(cp - 33 + 0x7f)
					 : 0xad;
	}
	return trx_alphabet_char((uint8_t)cp) == cp ? (int)cp : -1;
}

int
trx_alphabet_decode(struct trx_str s, struct trx_buf *out)
{
	const uint8_t *p = (const uint8_t *)s.p, *end = p + s.n;
	int b;

	for (; p < end; p += trx_ucd_width(p)) {
		if ((b = to_byte(trx_ucd_get(p))) == -1)
			return -1;
		trx_buf_addc(out, (char)b);
	}
	return 0;
}
