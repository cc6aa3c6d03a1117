#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* Bytes of digits, single underscores allowed between them, at s[i]. */
static size_t
decimals(struct trx_str s, size_t i)
{
	size_t start = i;

	while (
	    i < s.n && (is_digit(s.p[i]) ||
			   (s.p[i] == '_' && i > start && i + 1 < s.n &&
			       is_digit(s.p[i + 1]) && is_digit(s.p[i - 1]))))
		i++;
	return i - start;
}

static int
base_of(char c)
{
	c |= 0x20;
	return c == 'x' ? 16 : c == 'o' ? 8 : c == 'b' ? 2 : 10;
}

/* Bytes of 0x..., 0o... or 0b... at s, or 0. */
static size_t
based(struct trx_str s)
{
	size_t i = 2;
	int base, v;

	if (s.n < 3 || s.p[0] != '0' || (base = base_of(s.p[1])) == 10)
		return 0;
	for (; i < s.n; i++) {
		if (s.p[i] == '_' && s.p[i - 1] != '_' && i + 1 < s.n)
			v = hex_value(s.p[i + 1]);
		else
			v = hex_value(s.p[i]);
		if (v < 0 || v >= base)
			break;
	}
	return i > 2 ? i : 0;
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
		return whole;
	/* Python has no 007: only zeros may follow a zero. */
	for (n = 1; n < whole && (s.p[n] == '0' || s.p[n] == '_'); n++)
		;
	return s.p[n - 1] == '_' ? n - 1 : n;
}

int
trx_literal_digits(struct trx_str s, struct trx_arena *a, struct trx_str *out,
    struct trx_error *err)
{
	char *p = trx_arena_alloc(a, s.n + 24);
	size_t i, n = 0;

	if (p == NULL)
		return trx_error_memory(err);
	for (i = 0; i < s.n; i++)
		if (s.p[i] != '_')
			p[n++] = s.p[i];
	p[n] = '\0';
	if (n > 2 && base_of(p[1]) != 10) {
		*out = trx_number_decimal(
		    (struct trx_str){ p + 2, n - 2 }, base_of(p[1]), a);
		return out->p == NULL ? trx_error_memory(err) : 0;
	}
	for (i = 0; i + 1 < n && p[i] == '0' && p[i + 1] == '0'; i++)
		;
	*out = (struct trx_str){ .p = p + i, .n = n - i };
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
	return v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff) ? -1 : v;
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
		return trx_error_set(
		    err, TRX_INPUT, "'\\N' escapes are not supported yet");
	if ((unsigned char)c >= 0x80)
		return trx_error_set(err, TRX_INPUT,
		    "a backslash before such a character is not supported yet");
	*to = '\\';
	return 1;
}

int
trx_literal_unescape(struct trx_str s, struct trx_arena *a, struct trx_str *out,
    struct trx_error *err)
{
	char *p = trx_arena_alloc(a, s.n + 4);
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
