/* UTF-8 and the character classes of Python's str (Unicode 14). */
#ifndef TRX_TEMPLATE_UNICODE_H
#define TRX_TEMPLATE_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/str.h"

/* Bytes of the code point that begins at *p; p is in valid UTF-8. */
static inline size_t
trx_unicode_width(const char *p)
{
	unsigned char c = (unsigned char)*p;

	return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

/* The code point at p, in valid UTF-8. */
uint32_t trx_unicode_get(const char *p);

/* Write cp as UTF-8 at p (4 bytes of room); returns its bytes. */
size_t trx_unicode_put(char *p, uint32_t cp);

/* The code points of s. */
size_t trx_unicode_length(struct trx_str s);

/* The byte offset of code point i of s; s.n where it has no more than i. */
size_t trx_unicode_offset(struct trx_str s, size_t i);

/* Python's str.isspace() and str.isprintable() of one code point. */
bool trx_unicode_space(uint32_t cp);
bool trx_unicode_printable(uint32_t cp);

enum trx_unicode_class {
	TRX_UNICODE_ALPHA,
	TRX_UNICODE_ALNUM,
	TRX_UNICODE_DECIMAL,
	TRX_UNICODE_DIGIT,
	TRX_UNICODE_NUMERIC,
	TRX_UNICODE_LOWER,
	TRX_UNICODE_UPPER,
	TRX_UNICODE_TITLE, /* Lt */
	TRX_UNICODE_CASED,
	TRX_UNICODE_CASE_IGNORABLE,
	TRX_UNICODE_ID_START,
	TRX_UNICODE_ID_CONTINUE
};

/* Is cp of that class, as Python's str.is...() of it have it? */
bool trx_unicode_is(uint32_t cp, enum trx_unicode_class class);

/* Does the regular expression \w match cp? */
bool trx_unicode_word(uint32_t cp);

/* The value of a decimal digit of any script, or -1. */
int trx_unicode_decimal(uint32_t cp);

enum trx_unicode_form {
	TRX_UNICODE_TO_LOWER, /* but for a final sigma */
	TRX_UNICODE_TO_UPPER,
	TRX_UNICODE_TO_TITLE,
	TRX_UNICODE_TO_FOLD /* casefold() */
};

#define TRX_UNICODE_CASE_MAX 16 /* bytes that hold any of them */

/* cp in another case, as UTF-8 in to; returns its bytes. */
size_t trx_unicode_case(
    uint32_t cp, enum trx_unicode_form form, char to[TRX_UNICODE_CASE_MAX]);

/* Bytes of white space at the start (at the end) of s. */
size_t trx_unicode_space_before(struct trx_str s);
size_t trx_unicode_space_after(struct trx_str s);

#endif
