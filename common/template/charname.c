#include <string.h>
#include <strings.h>
#include <uniname.h>

#include "common/template/charname.h"

#define IDEOGRAPH "CJK UNIFIED IDEOGRAPH-"
#define SYLLABLE "HANGUL SYLLABLE "

/* The ideographs, which libunistring does not find. */
static const struct {
	int32_t first, last;
} ideographs[] = { { 0x3400, 0x4dbf }, { 0x4e00, 0x9fff }, { 0x20000, 0x2a6df },
	{ 0x2a700, 0x2b738 }, { 0x2b740, 0x2b81d }, { 0x2b820, 0x2cea1 },
	{ 0x2ceb0, 0x2ebe0 }, { 0x30000, 0x3134a } };

/* The one of these upper-case hex digits, four or five. */
static int32_t
ideograph(const char *digits)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t n = strlen(digits), i;
	int32_t cp = 0;

	if ((n != 4 && n != 5) || strspn(digits, hex) != n)
		return -1;
	for (i = 0; i < n; i++)
		cp = cp * 16 + (int32_t)(strchr(hex, digits[i]) - hex);
	for (i = 0; i < sizeof(ideographs) / sizeof(*ideographs); i++)
		if (cp >= ideographs[i].first && cp <= ideographs[i].last)
			return cp;
	return -1;
}

int32_t
trx_charname_find(struct trx_str name)
{
	char text[UNINAME_MAX];
	ucs4_t cp;

	if (name.n == 0 || name.n >= sizeof(text) ||
	    memchr(name.p, '\0', name.n) != NULL)
		return -1;
	memcpy(text, name.p, name.n);
	text[name.n] = '\0';
	if (strncmp(text, IDEOGRAPH, strlen(IDEOGRAPH)) == 0)
		return ideograph(text + strlen(IDEOGRAPH));
	/* Python wants these two in upper case, and no others. */
	if (strncasecmp(text, SYLLABLE, strlen(SYLLABLE)) == 0 &&
	    strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ ") != name.n)
		return -1;
	cp = unicode_name_character(text);
	return cp == UNINAME_INVALID ? -1 : (int32_t)cp;
}
