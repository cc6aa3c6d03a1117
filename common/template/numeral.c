#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "common/template/digit.h"
#include "common/template/numeral.h"
#include "common/template/unicode.h"

#define DIGITS_MAX 4300 /* Python refuses longer integers */
#define WHOLE_MAX 320	/* bytes of the largest float without a fraction */

static bool
blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * s in ASCII: decimal digits and white space by what they are, '?' for what
 * no number holds; without white space at its ends, and terminated.
 */
static int
to_ascii(struct trx_run *run, struct trx_str s, struct trx_str *out)
{
	char *to = trx_run_alloc(run, s.n + 1);
	size_t i, n = 0;
	uint32_t cp;
	int value;

	if (to == NULL || trx_run_charge(run, s.n / 8) == -1)
		return -1;
	for (i = 0; i < s.n; i += trx_unicode_width(s.p + i)) {
		cp = trx_unicode_get(s.p + i);
		value = trx_digit_value(cp);
		to[n++] = value != -1		  ? (char)('0' + value)
			  : cp != 0 && cp < 0x7f  ? (char)cp
			  : trx_unicode_space(cp) ? ' '
						  : '?';
	}
	while (n > 0 && blank(to[n - 1]))
		n--;
	to[n] = '\0';
	for (i = 0; i < n && blank(to[i]);)
		i++;
	*out = (struct trx_str){ .p = to + i, .n = n - i };
	return 0;
}

/* Take single underscores between digits out of s; false for any other. */
static bool
drop_underscores(struct trx_str s, char *to, size_t *n)
{
	size_t i;

	*n = 0;
	for (i = 0; i < s.n; i++) {
		if (s.p[i] != '_')
			to[(*n)++] = s.p[i];
		else if (i == 0 || !digit(s.p[i - 1]) || i + 1 == s.n ||
			 !digit(s.p[i + 1]))
			return false;
	}
	to[*n] = '\0';
	return true;
}

/* Is the terminated s a decimal float, or the name of a special one? */
static bool
is_float(const char *s)
{
	size_t whole = 0, part = 0;

	s += *s == '+' || *s == '-';
	if (strcasecmp(s, "inf") == 0 || strcasecmp(s, "infinity") == 0 ||
	    strcasecmp(s, "nan") == 0)
		return true;
	for (; digit(*s); s++)
		whole++;
	if (*s == '.')
		for (s++; digit(*s); s++)
			part++;
	if (whole + part == 0)
		return false;
	if (*s == 'e' || *s == 'E') {
		s++;
		s += *s == '+' || *s == '-';
		if (!digit(*s))
			return false;
		while (digit(*s))
			s++;
	}
	return *s == '\0';
}

static int
float_of_text(struct trx_run *run, struct trx_str s, double *out)
{
	struct trx_str text;
	char *plain;
	size_t n;

	if (to_ascii(run, s, &text) == -1 ||
	    (plain = trx_run_alloc(run, text.n + 1)) == NULL)
		return -1;
	if (!drop_underscores(text, plain, &n) || !is_float(plain))
		return trx_run_fail(run,
		    "could not convert string to float: '%.*s'",
		    (int)(s.n > 300 ? 300 : s.n), s.n == 0 ? "" : s.p);
	*out = strtod(plain, NULL);
	return 0;
}

static int
int_of_text(struct trx_run *run, struct trx_str s, struct trx_value *out)
{
	struct trx_str text, digits;
	size_t i, n, sign;
	char *plain;

	if (to_ascii(run, s, &text) == -1 ||
	    (plain = trx_run_alloc(run, text.n + 1)) == NULL)
		return -1;
	sign = text.n != 0 && (text.p[0] == '-' || text.p[0] == '+');
	if (!drop_underscores(text, plain, &n) || n == sign)
		goto invalid;
	for (i = sign; i < n; i++)
		if (!digit(plain[i]))
			goto invalid;
	if (n - sign > DIGITS_MAX)
		return trx_run_fail(run, "an integer has too many digits");
	for (i = sign; i + 1 < n && plain[i] == '0';)
		i++;
	/* The sign stands right before the first digit that counts. */
	if (text.p[0] == '-')
		plain[--i] = '-';
	digits = (struct trx_str){ .p = plain + i, .n = n - i };
	*out = trx_value_from_digits(digits);
	return 0;
invalid:
	return trx_run_fail(run,
	    "invalid literal for int() with base 10: '%.*s'",
	    (int)(s.n > 300 ? 300 : s.n), s.n == 0 ? "" : s.p);
}

static int
int_of_float(struct trx_run *run, double d, struct trx_value *out)
{
	char text[WHOLE_MAX];
	struct trx_str s;

	if (isnan(d))
		return trx_run_fail(run, "cannot convert float NaN to integer");
	if (isinf(d))
		return trx_run_fail(
		    run, "cannot convert float infinity to integer");
	if (fabs(d) < 9e18) {
		*out = trx_value_int((int64_t)d);
		return 0;
	}
	s.p = text;
	s.n = (size_t)snprintf(text, sizeof(text), "%.0f", d);
	if ((s = trx_run_copy(run, s)).p == NULL)
		return -1;
	*out = trx_value_from_digits(s);
	return 0;
}

int
trx_numeral_int(
    struct trx_run *run, const struct trx_value *v, struct trx_value *out)
{
	int64_t i;

	if (v->kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, v);
	if (v->kind == TRX_V_STR)
		return int_of_text(run, v->u.str, out);
	if (v->kind == TRX_V_FLOAT)
		return int_of_float(run, v->u.real, out);
	if (v->kind == TRX_V_BIG)
		*out = *v;
	else if (trx_value_integer(v, &i))
		*out = trx_value_int(i);
	else
		return trx_run_fail(run, "a real number is required, not %s",
		    trx_value_type(v));
	return 0;
}

int
trx_numeral_float(struct trx_run *run, const struct trx_value *v, double *out)
{
	int64_t i;

	if (v->kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, v);
	if (v->kind == TRX_V_STR)
		return float_of_text(run, v->u.str, out);
	if (v->kind == TRX_V_FLOAT) {
		*out = v->u.real;
	} else if (trx_value_integer(v, &i)) {
		*out = (double)i;
	} else if (v->kind == TRX_V_BIG) {
		if (float_of_text(run, v->u.str, out) == -1)
			return -1;
		if (isinf(*out))
			return trx_run_fail(
			    run, "int too large to convert to float");
	} else {
		return trx_run_fail(
		    run, "must be real number, not %s", trx_value_type(v));
	}
	return 0;
}
