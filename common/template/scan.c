#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/template/number.h"
#include "common/template/scan.h"
#include "common/template/unicode.h"

#define NO_DIGIT 99

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Python knows a space beyond ASCII by Unicode, within it as C does. */
static char
plain(uint32_t cp)
{
	int digit;

	if (cp < 0x7f)
		return (char)cp;
	if (cp > 0x7f && trx_unicode_space(cp))
		return ' ';
	digit = trx_unicode_decimal(cp);
	return digit == -1 ? '?' : (char)('0' + digit);
}

/*
 * s in ASCII, without white space around it, terminated: what no number has
 * becomes '?'.  .p is NULL with the run failed.
 */
static struct trx_str
to_ascii(struct trx_run *run, struct trx_str s)
{
	struct trx_str out = { .p = NULL };
	size_t i;
	char *p;

	if (trx_run_charge(run, s.n / 8) == -1 ||
	    (p = trx_run_alloc(run, s.n + 1)) == NULL)
		return out;
	for (i = 0; i < s.n; i += trx_unicode_width(s.p + i))
		p[out.n++] = plain(trx_unicode_get(s.p + i));
	while (out.n > 0 && is_space(p[out.n - 1]))
		out.n--;
	p[out.n] = '\0';
	while (is_space(*p)) {
		p++;
		out.n--;
	}
	out.p = p;
	return out;
}

/* The value of an ASCII digit or letter as a digit, or NO_DIGIT. */
static int
digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'z' ? c - 'a' + 10 : NO_DIGIT;
}

/* The base that a prefix such as 0x at p stands for, or 0. */
static int
prefix_base(const char *p)
{
	if (p[0] != '0')
		return 0;
	switch (p[1] | 0x20) {
	case 'x':
		return 16;
	case 'o':
		return 8;
	case 'b':
		return 2;
	default:
		return 0;
	}
}

/* The digits at p, up to the end, put together at to: how many; 0 if wrong. */
static size_t
gather(const char *p, int base, char *to)
{
	size_t n = 0;

	for (; *p != '\0'; p++) {
		if (*p == '_') {
			/* Only between digits. */
			if (p[1] == '_' || p[1] == '\0' || n == 0)
				return 0;
			continue;
		}
		if (digit_value(*p) >= base)
			return 0;
		to[n++] = *p;
	}
	return n;
}

int
trx_scan_int(
    struct trx_run *run, struct trx_str s, int64_t base, struct trx_value *out)
{
	struct trx_str text = to_ascii(run, s);
	const char *p = text.p;
	bool minus, zero_only = false;
	size_t n, zeros;
	char *digits;

	if (p == NULL || (digits = trx_run_alloc(run, text.n + 2)) == NULL)
		return -1;
	if ((base != 0 && base < 2) || base > 36 ||
	    memchr(p, '\0', text.n) != NULL)
		return 0;
	minus = *p == '-';
	p += minus || *p == '+';
	if (prefix_base(p) != 0 && (base == 0 || base == prefix_base(p))) {
		base = prefix_base(p);
		p += 2 + (p[2] == '_');
	} else if (base == 0) {
		base = 10;
		zero_only = *p == '0';
	}
	digits[0] = '-';
	if ((n = gather(p, (int)base, digits + 1)) == 0 ||
	    ((base & (base - 1)) != 0 && n > TRX_NUMBER_PRINTED))
		return 0;
	for (zeros = 0; zeros + 1 < n && digits[1 + zeros] == '0'; zeros++)
		;
	if (zero_only && digits[1 + zeros] != '0')
		return 0;
	digits += zeros;
	digits[0] = '-';
	text = (struct trx_str){ .p = digits + !minus, .n = n - zeros + minus };
	if (base == 10)
		*out = trx_value_from_digits(text);
	else if (trx_run_charge(run, 2 * n) == -1 ||
		 trx_number_from_base(
		     text, (int)base, run->arena, out, run->err) == -1)
		return -1;
	return 1;
}

static size_t
decimals(const char *p)
{
	size_t n = 0;

	while (p[n] >= '0' && p[n] <= '9')
		n++;
	return n;
}

/* Is p, up to its end, inf or nan, after its sign? */
static bool
is_special(const char *p)
{
	return strcasecmp(p, "inf") == 0 || strcasecmp(p, "infinity") == 0 ||
	       strcasecmp(p, "nan") == 0;
}

/* Is p, after its sign, a number with or without point and exponent? */
static bool
is_decimal(const char *p)
{
	size_t n = decimals(p);

	p += n;
	if (*p == '.') {
		p++;
		n += decimals(p);
		p += decimals(p);
	}
	if (n == 0)
		return false;
	if ((*p | 0x20) == 'e') {
		p += 1 + (p[1] == '+' || p[1] == '-');
		if ((n = decimals(p)) == 0)
			return false;
		p += n;
	}
	return *p == '\0';
}

/* Take out the underscores, which stand only between decimal digits. */
static bool
without_underscores(char *p)
{
	char *to = p, before = '\0';

	for (; *p != '\0'; p++) {
		if (*p != '_')
			*to++ = *p;
		else if (digit_value(before) > 9 || digit_value(p[1]) > 9)
			return false;
		before = *p;
	}
	*to = '\0';
	return true;
}

int
trx_scan_float(struct trx_run *run, struct trx_str s, double *out)
{
	struct trx_str text = to_ascii(run, s);
	char *p = (char *)text.p, *number;

	if (p == NULL)
		return -1;
	if (memchr(p, '\0', text.n) != NULL || !without_underscores(p))
		return 0;
	number = p + (*p == '-' || *p == '+');
	if (!is_special(number) && !is_decimal(number))
		return 0;
	*out = strtod(p, NULL);
	return 1;
}

/* Hexadecimal digits and at most one point at p, one digit at least: bytes. */
static size_t
hex_digits(const char *p)
{
	size_t n = 0, points = 0;

	for (; digit_value(p[n]) < 16 || (p[n] == '.' && points == 0); n++)
		points += p[n] == '.';
	return n == points ? 0 : n;
}

static bool
is_hex(const char *p)
{
	size_t n = hex_digits(p);

	if (n == 0)
		return false;
	p += n;
	if ((*p | 0x20) == 'p') {
		p += 1 + (p[1] == '+' || p[1] == '-');
		if ((n = decimals(p)) == 0)
			return false;
		p += n;
	}
	return *p == '\0';
}

/* The text of a hexadecimal float as C reads it: sign, 0x, the rest. */
static char *
with_prefix(struct trx_run *run, struct trx_str s)
{
	char *copy = trx_run_alloc(run, s.n + 3), *to = copy;
	const char *p = s.p;

	if (copy == NULL)
		return NULL;
	if (*p == '-' || *p == '+')
		*to++ = *p++;
	if (prefix_base(p) == 16)
		p += 2;
	if (!is_hex(p)) {
		*copy = '\0';
		return copy;
	}
	memcpy(to, "0x", 2);
	memcpy(to + 2, p, s.n - (size_t)(p - s.p) + 1);
	return copy;
}

int
trx_scan_hex(struct trx_run *run, struct trx_str s, double *out)
{
	char *text;
	size_t i;

	for (i = 0; i < s.n; i++)
		if (s.p[i] <= 0)
			return 0;
	if ((s = to_ascii(run, s)).p == NULL)
		return -1;
	if (is_special(s.p + (*s.p == '-' || *s.p == '+'))) {
		*out = strtod(s.p, NULL);
		return 1;
	}
	if ((text = with_prefix(run, s)) == NULL)
		return -1;
	if (*text == '\0')
		return 0;
	*out = strtod(text, NULL);
	if (isinf(*out))
		return trx_run_fail(
		    run, "hexadecimal value too large to represent as a float");
	return 1;
}
