#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/template/filters_number.h"
#include "common/template/number.h"
#include "common/template/ops.h"
#include "common/template/strings.h"
#include "common/template/unicode.h"

int
trx_filter_abs(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	const struct trx_value *v = &call->self, zero = trx_value_int(0);
	int cmp;

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	if (!trx_number_is(v))
		return trx_run_fail(
		    run, "bad operand type for abs(): '%s'", trx_value_type(v));
	if (v->kind == TRX_V_FLOAT) {
		*out = trx_value_float(fabs(v->u.real));
		return 0;
	}
	if (trx_number_compare(run, v, &zero, &cmp) == -1)
		return -1;
	return cmp < 0 ? trx_number_negate(run, v, out)
		       : trx_number_op(run, TRX_OP_ADD, v, &zero, out);
}

/*
 * The text of a number as Python's int() and float() read it: without white
 * space around it, decimal digits of any script as ASCII, in the arena with a
 * NUL behind it.  NULL with the run failed.
 */
static char *
plain_text(struct trx_run *run, struct trx_str s, size_t *n)
{
	char *p, *to;
	uint32_t cp;
	int digit;

	s = trx_strings_strip(s, NULL, true, true);
	if (trx_run_charge(run, s.n / 8) == -1 ||
	    (p = to = trx_run_alloc(run, s.n + 1)) == NULL)
		return NULL;
	for (; s.n != 0;
	     s.n -= trx_unicode_width(s.p), s.p += trx_unicode_width(s.p)) {
		cp = trx_unicode_get(s.p);
		digit = trx_unicode_decimal(cp);
		*to++ = (char)(digit >= 0  ? '0' + digit
			       : cp < 0x80 ? (int)cp
					   : '?');
	}
	*to = '\0';
	*n = (size_t)(to - p);
	return p;
}

/* The value of a digit, 36 where it is none. */
static int
digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'z' ? c - 'a' + 10 : 36;
}

/* The base that a prefix such as 0x says, 0 where there is none. */
static int
prefix_base(const char *p)
{
	if (p[0] != '0')
		return 0;
	return (p[1] | 0x20) == 'x'   ? 16
	       : (p[1] | 0x20) == 'o' ? 8
	       : (p[1] | 0x20) == 'b' ? 2
				      : 0;
}

/* Take the underscores out of digits in place; false where one stands wrong. */
static bool
squeeze(char *p, int base)
{
	char *to = p;
	bool digit = false;

	for (; *p != '\0'; p++) {
		if (*p == '_' && digit) {
			digit = false;
			continue;
		}
		if (digit_value(*p) >= base)
			return false;
		digit = true;
		*to++ = *p;
	}
	*to = '\0';
	return digit;
}

/* int(s, base): 1 with *out, 0 where it is a ValueError, -1. */
static int
read_int(
    struct trx_run *run, struct trx_str s, int64_t base, struct trx_value *out)
{
	size_t n, sign;
	char *text, *p;
	int prefix;

	if ((text = p = plain_text(run, s, &n)) == NULL)
		return -1;
	if (base != 0 && (base < 2 || base > 36))
		return 0;
	sign = p[0] == '-' || p[0] == '+';
	p += sign;
	prefix = prefix_base(p);
	if (prefix != 0 && (base == 0 || base == prefix)) {
		base = prefix;
		p += 2;
		p += *p == '_';
	} else if (base == 0) {
		/* Like a literal: 0 leads only zeros. */
		if (*p == '0' && strspn(p, "0_") != strlen(p))
			return 0;
		base = 10;
	}
	if (!squeeze(p, (int)base))
		return 0;
	n = strlen(p);
	if (n > TRX_NUMBER_PRINTED && (base & (base - 1)) != 0)
		return 0;
	if (sign && text[0] == '-')
		*--p = '-';
	return trx_number_from_text(
		   run, (struct trx_str){ p, strlen(p) }, (int)base, out) == -1
		   ? -1
		   : 1;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Take underscores between digits out, in place; false where one is wrong. */
static bool
join_digits(char *p)
{
	char *to = p, before = '\0';

	for (; *p != '\0'; before = *p++) {
		if (*p != '_')
			*to++ = *p;
		else if (!is_digit(before) || !is_digit(p[1]))
			return false;
	}
	*to = '\0';
	return true;
}

/* float(s): 1 with *out, 0 where it is a ValueError, -1. */
static int
read_float(struct trx_run *run, struct trx_str s, double *out)
{
	static const char *const names[] = { "inf", "infinity", "nan" };
	char *p, *text, *end;
	size_t n, i;

	if ((text = plain_text(run, s, &n)) == NULL)
		return -1;
	if (strlen(text) != n || !join_digits(text))
		return 0;
	p = text + (text[0] == '-' || text[0] == '+');
	for (i = 0; i < 3; i++)
		if (strcasecmp(p, names[i]) == 0) {
			*out = i == 2 ? NAN : INFINITY;
			*out = text[0] == '-' ? -*out : *out;
			return 1;
		}
	/* strtod reads more than Python: hexadecimal, and parts. */
	if (!is_digit(p[0]) && !(p[0] == '.' && is_digit(p[1])))
		return 0;
	if (strspn(p, "0123456789.eE+-") != strlen(p))
		return 0;
	*out = strtod(text, &end);
	return *end == '\0';
}

/* int(float(v)), the second try: 1, 0 where the default is to stand, -1. */
static int
int_of_float(
    struct trx_run *run, const struct trx_value *v, struct trx_value *out)
{
	double d = 0;
	int rc = 0;

	if (v->kind == TRX_V_STR)
		rc = read_float(run, v->u.str, &d);
	if (rc != 1 || !isfinite(d))
		return rc == -1 ? -1 : 0;
	return trx_number_from_float(run, d, out) == -1 ? -1 : 1;
}

int
trx_filter_int(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "default", "base" };
	const struct trx_value *v = &call->self;
	struct trx_value args[2], zero = trx_value_int(0);
	int64_t base = 10;
	int rc = 0;

	if (trx_call_bind(run, call, names, 2, 0, args) == -1)
		return -1;
	if (v->kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, v);
	if (args[1].kind == TRX_V_UNDEFINED && v->kind == TRX_V_STR)
		return trx_value_fail_undefined(run, &args[1]);
	if (v->kind == TRX_V_STR && (args[1].kind == TRX_V_MISSING ||
					trx_value_integer(&args[1], &base)))
		rc = read_int(run, v->u.str, base, out);
	else if (v->kind == TRX_V_FLOAT && isnan(v->u.real))
		rc = 0;
	else if (v->kind == TRX_V_FLOAT)
		rc = trx_number_from_float(run, v->u.real, out) == -1 ? -1 : 1;
	else if (trx_number_is(v))
		rc = trx_number_op(run, TRX_OP_ADD, v, &zero, out) == -1 ? -1
									 : 1;
	if (rc == 0)
		rc = int_of_float(run, v, out);
	if (rc == 0)
		*out = args[0].kind == TRX_V_MISSING ? zero : args[0];
	return rc == -1 ? -1 : 0;
}

int
trx_filter_float(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "default" };
	const struct trx_value *v = &call->self;
	struct trx_value fallback;
	double d = 0;
	int rc = 0;

	if (trx_call_bind(run, call, names, 1, 0, &fallback) == -1)
		return -1;
	if (v->kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, v);
	if (v->kind == TRX_V_STR)
		rc = read_float(run, v->u.str, &d);
	else if (trx_number_is(v))
		rc = trx_number_to_float(run, v, &d) == -1 ? -1 : 1;
	if (rc == 1)
		*out = trx_value_float(d);
	else if (rc == 0)
		*out = fallback.kind == TRX_V_MISSING ? trx_value_float(0)
						      : fallback;
	return rc == -1 ? -1 : 0;
}

/*
 * d rounded to tens, hundreds ..., half to even: on its exact decimal digits.
 */
static double
round_tens(double d, int tens)
{
	char text[1500], *point;
	bool up, exact;
	int n, at;

	n = snprintf(text, sizeof(text), "%.1074f", fabs(d));
	point = strchr(text, '.');
	at = (int)(point - text) - tens;
	if (at < 0)
		return copysign(0.0, d);
	exact = (int)strspn(text + at + 1, "0.") == n - at - 1;
	up = text[at] > '5' ||
	     (text[at] == '5' &&
		 (!exact || (at > 0 && (text[at - 1] - '0') % 2 == 1)));
	memset(text + at, '0', (size_t)tens);
	*point = '\0';
	d = copysign(strtod(text, NULL), d);
	return up ? d + copysign(pow(10, tens), d) : d;
}

/* round(d, digits) */
static int
round_float(
    struct trx_run *run, double d, int64_t digits, struct trx_value *out)
{
	char text[400];

	if (!isfinite(d) || digits > 323) {
		*out = trx_value_float(d);
		return 0;
	}
	if (digits < -308) {
		*out = trx_value_float(copysign(0.0, d));
		return 0;
	}
	if (digits < 0)
		d = round_tens(d, (int)-digits);
	else if (fabs(d) < 1e16) {
		snprintf(text, sizeof(text), "%.*f", (int)digits, d);
		d = strtod(text, NULL);
	}
	if (isinf(d))
		return trx_run_fail(
		    run, "rounded value too large to represent");
	*out = trx_value_float(d);
	return 0;
}

/* round(v, digits), digits being NONE too. */
static int
round_common(struct trx_run *run, const struct trx_value *v,
    const struct trx_value *precision, struct trx_value *out)
{
	struct trx_value zero = trx_value_int(0);
	int64_t digits = 0;

	if (!trx_number_is(v))
		return trx_run_fail(run,
		    "type %s doesn't define __round__ method",
		    trx_value_type(v));
	if (precision->kind == TRX_V_NONE) {
		if (v->kind != TRX_V_FLOAT)
			return trx_number_op(run, TRX_OP_ADD, v, &zero, out);
		return trx_number_from_float(run,
		    isfinite(v->u.real) ? nearbyint(v->u.real) : v->u.real,
		    out);
	}
	if (precision->kind != TRX_V_MISSING &&
	    trx_call_int(run, precision, &digits) == -1)
		return -1;
	if (v->kind == TRX_V_FLOAT)
		return round_float(run, v->u.real, digits, out);
	if (digits >= 0)
		return trx_number_op(run, TRX_OP_ADD, v, &zero, out);
	return trx_number_round(run, v, digits, out);
}

/* func(v * 10**precision) / 10**precision */
static int
round_by(struct trx_run *run, const struct trx_value *v,
    const struct trx_value *precision, bool up, struct trx_value *out)
{
	const struct trx_value ten = trx_value_int(10);
	struct trx_value unit, scaled, none = trx_value_int(0);

	if (precision->kind == TRX_V_MISSING)
		precision = &none;
	if (trx_ops_binary(run, TRX_OP_POW, &ten, precision, &unit) == -1 ||
	    trx_ops_binary(run, TRX_OP_MUL, v, &unit, &scaled) == -1)
		return -1;
	if (!trx_number_is(&scaled))
		return trx_run_fail(run, "must be real number, not %s",
		    trx_value_type(&scaled));
	if (scaled.kind == TRX_V_FLOAT &&
	    trx_number_from_float(run,
		up ? ceil(scaled.u.real) : floor(scaled.u.real), &scaled) == -1)
		return -1;
	return trx_ops_binary(run, TRX_OP_DIV, &scaled, &unit, out);
}

int
trx_filter_round(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "precision", "method" };
	struct trx_value args[2];
	struct trx_str method = TRX_STR("common");

	if (trx_call_bind(run, call, names, 2, 0, args) == -1)
		return -1;
	if (args[1].kind == TRX_V_STR)
		method = args[1].u.str;
	if ((args[1].kind != TRX_V_MISSING && args[1].kind != TRX_V_STR) ||
	    (!trx_str_is(method, "common") && !trx_str_is(method, "ceil") &&
		!trx_str_is(method, "floor")))
		return trx_run_fail(
		    run, "method must be common, ceil or floor");
	if (call->self.kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, &call->self);
	if (trx_str_is(method, "common"))
		return round_common(run, &call->self, &args[0], out);
	return round_by(
	    run, &call->self, &args[0], trx_str_is(method, "ceil"), out);
}
