#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/template/charname.h"
#include "common/template/literal.h"
#include "common/template/number.h"
#include "common/template/unicode.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int
hex_value(char c)
{
	if (is_digit(c))
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Bytes of the decimal digit, of any script, at s[i], or 0. */
static size_t
digit_at(struct trx_str s, size_t i)
{
	if (i >= s.n || trx_unicode_decimal(trx_unicode_get(s.p + i)) == -1)
		return 0;
	return trx_unicode_width(s.p + i);
}

/* Bytes of digits, single underscores allowed between them, at s[i]. */
static size_t
decimals(struct trx_str s, size_t i)
{
	size_t start = i, n, under;

	for (;; i += under + n) {
		under = i > start && i < s.n && s.p[i] == '_';
		if ((n = digit_at(s, i + under)) == 0)
			return i - start;
	}
}

static int
base_of(char c)
{
	c |= 0x20;
	return c == 'x' ? 16 : c == 'o' ? 8 : c == 'b' ? 2 : 10;
}

/* Bytes of the digit of a base at s[i], or 0. */
static size_t
based_digit(struct trx_str s, size_t i, int base)
{
	/* Beyond ASCII there are digits of base 16 alone. */
	if (base == 16 && digit_at(s, i) != 0)
		return digit_at(s, i);
	return i < s.n && hex_value(s.p[i]) != -1 && hex_value(s.p[i]) < base;
}

/* Bytes of 0x..., 0o... or 0b... at s, or 0. */
static size_t
based(struct trx_str s)
{
	size_t i, n, under;
	int base;

	if (s.n < 3 || s.p[0] != '0' || (base = base_of(s.p[1])) == 10)
		return 0;
	for (i = 2;; i += under + n) {
		under = i < s.n && s.p[i] == '_';
		if ((n = based_digit(s, i + under, base)) == 0)
			return i > 2 ? i : 0;
	}
}

size_t
trx_literal_number(struct trx_str s, bool after_dot, bool *real)
{
	size_t whole = decimals(s, 0), end = whole, n;

	*real = false;
	if (whole == 0)
		return 0;
	if (!after_dot) {
		if (end < s.n && s.p[end] == '.' &&
		    (n = decimals(s, end + 1)) != 0) {
			end += 1 + n;
			*real = true;
		}
		if (end + 1 < s.n && (s.p[end] | 0x20) == 'e') {
			size_t sign =
			    s.p[end + 1] == '+' || s.p[end + 1] == '-';

			if ((n = decimals(s, end + 1 + sign)) != 0) {
				end += 1 + sign + n;
				*real = true;
			}
		}
		if (*real)
			return end;
	}
	if ((n = based(s)) != 0)
		return n;
	if (s.p[0] != '0')
		return is_digit(s.p[0]) ? whole : 0;
	/* Python has no 007: only zeros may follow a zero. */
	for (n = 1; n < whole && (s.p[n] == '0' || s.p[n] == '_'); n++)
		;
	return s.p[n - 1] == '_' ? n - 1 : n;
}

/* s in ASCII and without underscores, at p, terminated; its length. */
static size_t
plain(struct trx_str s, char *p)
{
	size_t i, n = 0;
	int digit;

	for (i = 0; i < s.n; i += trx_unicode_width(s.p + i)) {
		digit = trx_unicode_decimal(trx_unicode_get(s.p + i));
		if (digit != -1)
			p[n++] = (char)('0' + digit);
		else if (s.p[i] != '_')
			p[n++] = s.p[i];
	}
	p[n] = '\0';
	return n;
}

int
trx_literal_value(struct trx_str s, bool real, struct trx_arena *a,
    struct trx_value *out, struct trx_error *err)
{
	char *p = trx_arena_alloc(a, s.n + 1);
	struct trx_str digits = { .p = p };
	size_t i;

	if (p == NULL)
		return trx_error_memory(err);
	digits.n = plain(s, p);
	if (real) {
		for (i = 0; i < s.n; i++)
			if ((unsigned char)s.p[i] >= 0x80)
				return trx_error_set(err, TRX_INPUT,
				    "invalid character in a number");
		*out = trx_value_float(strtod(p, NULL));
		return 0;
	}
	if (digits.n > 2 && base_of(p[1]) != 10) {
		digits.p += 2;
		digits.n -= 2;
		return trx_number_from_base(digits, base_of(p[1]), a, out, err);
	}
	if (digits.n > TRX_NUMBER_PRINTED)
		return trx_error_set(err, TRX_INPUT,
		    "Exceeds the limit (%d digits) for integer string "
		    "conversion",
		    TRX_NUMBER_PRINTED);
	*out = trx_value_from_digits(digits);
	return 0;
}

size_t
trx_literal_quoted(struct trx_str s)
{
	size_t i;

	for (i = 1; i < s.n; i++) {
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == s.p[0])
			return i + 1;
	}
	return 0;
}

/* The code point of n hex digits at s[i], or -1. */
static int64_t
hex_escape(struct trx_str s, size_t i, size_t n)
{
	int64_t v = 0;
	size_t k;

	if (i + n > s.n)
		return -1;
	for (k = 0; k < n; k++) {
		if (hex_value(s.p[i + k]) < 0)
			return -1;
		v = v * 16 + hex_value(s.p[i + k]);
	}
	return v > 0x10ffff ? -1 : v;
}

/* What the one-letter escape \c stands for, or -1. */
static int
letter_escape(char c)
{
	static const char pairs[] = "\\\\''\"\"a\ab\bf\fn\nr\rt\tv\v";
	const char *p;

	for (p = pairs; *p != '\0'; p += 2)
		if (*p == c)
			return p[1];
	return -1;
}

/* One to three octal digits at s[*i]. */
static uint32_t
octal_escape(struct trx_str s, size_t *i)
{
	uint32_t v = 0;
	size_t end = *i + 3;

	while (*i < s.n && *i < end && s.p[*i] >= '0' && s.p[*i] <= '7')
		v = v * 8 + (uint32_t)(s.p[(*i)++] - '0');
	return v;
}

/* \N{NAME}, whose N is at s[*i], to to; bytes, or -1. */
static int
named_escape(struct trx_str s, size_t *i, char *to, struct trx_error *err)
{
	struct trx_str name = { s.p + *i + 2, 0 };
	const char *end;
	int32_t cp;

	if (*i + 1 >= s.n || s.p[*i + 1] != '{' ||
	    (end = memchr(name.p, '}', s.n - *i - 2)) == NULL)
		return trx_error_set(
		    err, TRX_INPUT, "malformed \\N character escape");
	name.n = (size_t)(end - name.p);
	if ((cp = trx_charname_find(name)) == -1)
		return trx_error_set(err, TRX_INPUT,
		    "no character is known to be named '%.*s'",
		    (int)(name.n > 100 ? 100 : name.n), name.p);
	*i += name.n + 3;
	return (int)trx_unicode_put(to, (uint32_t)cp);
}

/*
 * A backslash before the character at s[*i], beyond ASCII: Jinja makes that
 * character an escape, before which the backslash then stands for itself.
 */
static int
doubled_escape(struct trx_str s, size_t *i, char *to)
{
	uint32_t cp = trx_unicode_get(s.p + *i);
	char text[16];
	int n;

	n = snprintf(text, sizeof(text),
	    cp < 0x100	   ? "\\x%02x"
	    : cp < 0x10000 ? "\\u%04x"
			   : "\\U%08x",
	    (unsigned)cp);
	memcpy(to, text, (size_t)n);
	*i += trx_unicode_width(s.p + *i);
	return n;
}

/* The escape after the backslash at s[*i - 1] to to; bytes, or -1. */
static int
unescape(struct trx_str s, size_t *i, char *to, struct trx_error *err)
{
	char c = s.p[*i];
	size_t n = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
	int64_t cp;

	if (c == '\n') {
		(*i)++;
		return 0;
	}
	if (letter_escape(c) != -1) {
		(*i)++;
		*to = (char)letter_escape(c);
		return 1;
	}
	if (c >= '0' && c <= '7')
		return (int)trx_unicode_put(to, octal_escape(s, i));
	if (n != 0) {
		if ((cp = hex_escape(s, *i + 1, n)) == -1)
			return trx_error_set(err, TRX_INPUT,
			    "'\\%c' escape that is no character", c);
		*i += 1 + n;
		return (int)trx_unicode_put(to, (uint32_t)cp);
	}
	if (c == 'N')
		return named_escape(s, i, to, err);
	if ((unsigned char)c >= 0x80)
		return doubled_escape(s, i, to);
	*to = '\\';
	return 1;
}

int
trx_literal_unescape(struct trx_str s, struct trx_arena *a, struct trx_str *out,
    struct trx_error *err)
{
	/* A backslash and a character of two bytes become six bytes. */
	char *p = trx_arena_alloc(a, 2 * s.n + 4);
	size_t i = 0, n = 0;
	int width;

	if (p == NULL)
		return trx_error_memory(err);
	while (i < s.n) {
		if (s.p[i] != '\\') {
			p[n++] = s.p[i++];
			continue;
		}
		i++;
		if ((width = unescape(s, &i, p + n, err)) == -1)
			return -1;
		n += (size_t)width;
	}
	*out = (struct trx_str){ .p = p, .n = n };
	return 0;
}
