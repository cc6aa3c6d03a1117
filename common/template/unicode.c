#include <string.h>

#include "common/template/unicode.h"
#include "common/template/unicode_tables.h"

uint32_t
trx_unicode_get(const char *p)
{
	const unsigned char *b = (const unsigned char *)p;

	if (b[0] < 0x80)
		return b[0];
	if (b[0] < 0xe0)
		return (uint32_t)(b[0] & 0x1f) << 6 | (b[1] & 0x3f);
	if (b[0] < 0xf0)
		return (uint32_t)(b[0] & 0x0f) << 12 |
		       (uint32_t)(b[1] & 0x3f) << 6 | (b[2] & 0x3f);
	return (uint32_t)(b[0] & 0x07) << 18 | (uint32_t)(b[1] & 0x3f) << 12 |
	       (uint32_t)(b[2] & 0x3f) << 6 | (b[3] & 0x3f);
}

size_t
trx_unicode_put(char *p, uint32_t cp)
{
	if (cp < 0x80) {
		p[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		p[0] = (char)(0xc0 | cp >> 6);
		p[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		p[0] = (char)(0xe0 | cp >> 12);
		p[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		p[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	p[0] = (char)(0xf0 | cp >> 18);
	p[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	p[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	p[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

size_t
trx_unicode_length(struct trx_str s)
{
	size_t i, n = 0;

	for (i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

size_t
trx_unicode_offset(struct trx_str s, size_t i)
{
	size_t at = 0;

	while (i > 0 && at < s.n) {
		at += trx_unicode_width(s.p + at);
		i--;
	}
	return at;
}

bool
trx_unicode_space(uint32_t cp)
{
	if (cp < 0x80)
		return cp == ' ' || (cp >= 9 && cp <= 13) ||
		       (cp >= 28 && cp <= 31);
	return cp == 0x85 || cp == 0xa0 || cp == 0x1680 ||
	       (cp >= 0x2000 && cp <= 0x200a) || cp == 0x2028 || cp == 0x2029 ||
	       cp == 0x202f || cp == 0x205f || cp == 0x3000;
}

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

/* The classes of cp: those of the last run that begins at or before it. */
static unsigned
bits_of(uint32_t cp)
{
	size_t low = 0, high = COUNT(runs), mid;

	while (high - low > 1) {
		mid = (low + high) / 2;
		if (runs[mid].first <= cp)
			low = mid;
		else
			high = mid;
	}
	return runs[low].bits;
}

bool
trx_unicode_printable(uint32_t cp)
{
	if (cp < 0x7f)
		return cp >= 0x20;
	return (bits_of(cp) & PRINTABLE) != 0;
}

bool
trx_unicode_is(uint32_t cp, enum trx_unicode_class class)
{
	static const unsigned bits[] = {
		[TRX_UNICODE_ALPHA] = ALPHA,
		[TRX_UNICODE_ALNUM] = ALPHA | DECIMAL | DIGIT | NUMERIC,
		[TRX_UNICODE_DECIMAL] = DECIMAL,
		[TRX_UNICODE_DIGIT] = DIGIT,
		[TRX_UNICODE_NUMERIC] = NUMERIC,
		[TRX_UNICODE_LOWER] = LOWER,
		[TRX_UNICODE_UPPER] = UPPER,
		[TRX_UNICODE_TITLE] = TITLE,
		[TRX_UNICODE_CASED] = CASED,
		[TRX_UNICODE_CASE_IGNORABLE] = CASE_IGNORABLE,
		[TRX_UNICODE_ID_START] = ID_START,
		[TRX_UNICODE_ID_CONTINUE] = ID_CONTINUE,
	};

	return (bits_of(cp) & bits[class]) != 0;
}

bool
trx_unicode_word(uint32_t cp)
{
	return cp == '_' || trx_unicode_is(cp, TRX_UNICODE_ALNUM);
}

int
trx_unicode_decimal(uint32_t cp)
{
	size_t i;

	if (cp < 0x80)
		return cp >= '0' && cp <= '9' ? (int)(cp - '0') : -1;
	for (i = 0; i < COUNT(decimals); i++)
		if (cp >= decimals[i] && cp < decimals[i] + 10)
			return (int)(cp - decimals[i]);
	return -1;
}

size_t
trx_unicode_case(
    uint32_t cp, enum trx_unicode_form form, char to[TRX_UNICODE_CASE_MAX])
{
	size_t low = 0, high = COUNT(cases), mid;
	uint32_t as = 0;

	while (low < high) {
		mid = (low + high) / 2;
		if (cases[mid].cp < cp)
			low = mid + 1;
		else
			high = mid;
	}
	if (low < COUNT(cases) && cases[low].cp == cp)
		as = form == TRX_UNICODE_TO_LOWER   ? cases[low].lower
		     : form == TRX_UNICODE_TO_UPPER ? cases[low].upper
		     : form == TRX_UNICODE_TO_TITLE ? cases[low].title
						    : cases[low].fold;
	if (as < WIDE)
		return trx_unicode_put(to, as == 0 ? cp : as);
	memcpy(to, wide[as - WIDE], strlen(wide[as - WIDE]));
	return strlen(wide[as - WIDE]);
}

size_t
trx_unicode_space_before(struct trx_str s)
{
	size_t i = 0;

	while (i < s.n && trx_unicode_space(trx_unicode_get(s.p + i)))
		i += trx_unicode_width(s.p + i);
	return i;
}

size_t
trx_unicode_space_after(struct trx_str s)
{
	size_t end = s.n, i;

	while (end > 0) {
		for (i = end - 1; ((unsigned char)s.p[i] & 0xc0) == 0x80; i--)
			;
		if (!trx_unicode_space(trx_unicode_get(s.p + i)))
			break;
		end = i;
	}
	return s.n - end;
}
