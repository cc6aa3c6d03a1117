#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/template/real.h"
#include "common/template/text.h"

/* No float has digits other than zeros after so many. */
#define PRECISION 1100
#define ROOM (PRECISION + 330)

/* Put c at s[at]; returns the new length. */
static size_t
insert(char *s, size_t n, size_t at, char c)
{
	memmove(s + at + 1, s + at, n - at);
	s[at] = c;
	return n + 1;
}

/* Where the exponent of s begins; n where it has none. */
static size_t
exponent_at(const char *s, size_t n)
{
	const char *e = memchr(s, 'e', n);

	return e == NULL ? n : (size_t)(e - s);
}

/* repr(d); alternate: with a point before any exponent too. */
static size_t
shortest(double d, bool alternate, char *s)
{
	size_t n = trx_text_float(d, s), e = exponent_at(s, n);

	if (alternate && e < n && memchr(s, '.', e) == NULL)
		n = insert(s, n, e, '.');
	return n;
}

/* Take the zeros away that end the fraction before s[end], all but `keep`. */
static size_t
cut_zeros(char *s, size_t n, size_t end, size_t keep)
{
	const char *point = memchr(s, '.', end);
	size_t low, to = end;

	if (point == NULL)
		return n;
	low = (size_t)(point - s) + 1 + keep;
	while (to > low && s[to - 1] == '0')
		to--;
	if (s[to - 1] == '.')
		to--;
	memmove(s + to, s + end, n - end);
	return n - (end - to);
}

/*
 * C's %g, by what it means: glibc's own loses zeros of %#g where rounding adds
 * a digit.  fraction: at least one digit after the point, which moves the use
 * of exponents.
 */
static size_t
general(double d, int precision, bool alternate, bool fraction, char *s)
{
	int exponent, digits = precision == 0 ? 1 : precision;
	size_t n, e;

	n = (size_t)snprintf(s, ROOM, "%#.*e", digits - 1, d);
	e = exponent_at(s, n);
	exponent = atoi(s + e + 1);
	if (exponent < -4 || exponent >= digits - fraction)
		return alternate ? n : cut_zeros(s, n, e, 0);
	n = (size_t)snprintf(s, ROOM, "%#.*f", digits - 1 - exponent, d);
	return alternate ? n : cut_zeros(s, n, n, fraction);
}

/* The finite d into s, which has ROOM bytes; precision <= PRECISION. */
static size_t
finite_text(double d, char type, int precision, unsigned flags, char *s)
{
	bool alternate = (flags & TRX_REAL_ALTERNATE) != 0;
	int n = 0;

	switch (type) {
	case 'r':
		return shortest(d, alternate, s);
	case 'e':
		n = snprintf(
		    s, ROOM, alternate ? "%#.*e" : "%.*e", precision, d);
		break;
	case 'f':
		n = snprintf(
		    s, ROOM, alternate ? "%#.*f" : "%.*f", precision, d);
		break;
	default:
		return general(d, precision, alternate,
		    (flags & TRX_REAL_FRACTION) != 0, s);
	}
	return (size_t)n;
}

/* Is the number that s[0..n) writes zero? */
static bool
zero(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n && s[i] != 'e'; i++)
		if (s[i] >= '1' && s[i] <= '9')
			return false;
	return true;
}

static void
put(struct trx_buf *b, const char *s, size_t n, bool upper)
{
	size_t i;

	for (i = 0; i < n; i++)
		trx_buf_addc(
		    b, upper && s[i] >= 'a' ? (char)(s[i] - 'a' + 'A') : s[i]);
}

int
trx_real_text(struct trx_run *run, double d, char type, int64_t precision,
    unsigned flags, struct trx_buf *b)
{
	bool upper = type < 'a';
	char text[ROOM];
	size_t n, e, start = 0, zeros = 0;

	type = upper ? (char)(type - 'A' + 'a') : type;
	if (!isfinite(d)) {
		put(b, text, trx_text_float(d, text), upper);
		return 0;
	}
	if (type != 'r' && precision > PRECISION) {
		if (type != 'g' || (flags & TRX_REAL_ALTERNATE) != 0)
			zeros = (size_t)(precision - PRECISION);
		precision = PRECISION;
	}
	if (zeros > TRX_TEMPLATE_OUTPUT)
		return trx_run_fail(run, "the template takes too much memory");
	if (trx_run_charge(run, 8 + (size_t)precision / 16 + zeros / 16) == -1)
		return -1;
	n = finite_text(d, type, (int)precision, flags, text);
	e = exponent_at(text, n);
	if ((flags & TRX_REAL_NO_MINUS_ZERO) != 0 && text[0] == '-' &&
	    zero(text, n))
		start = 1;
	put(b, text + start, e - start, upper);
	while (zeros-- > 0)
		trx_buf_addc(b, '0');
	put(b, text + e, n - e, upper);
	return 0;
}
