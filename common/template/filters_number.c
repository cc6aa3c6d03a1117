#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/template/arith.h"
#include "common/template/bytes.h"
#include "common/template/filters_number.h"
#include "common/template/number.h"
#include "common/template/ops.h"
#include "common/template/scan.h"

int
trx_filter_abs(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	const struct trx_value *v = &call->self, zero = trx_value_int(0);

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	if (!trx_number_is(v))
		return trx_run_fail(
		    run, "bad operand type for abs(): '%s'", trx_value_type(v));
	if (v->kind == TRX_V_FLOAT)
		*out = trx_value_float(fabs(v->u.real));
	else if (trx_number_compare(v, &zero) < 0)
		return trx_number_negate(run, v, out);
	else
		trx_arith_plain(v, out);
	return 0;
}

/* int(float(v)), the second try: 1, 0 where the default is to stand, -1. */
static int
int_of_float(
    struct trx_run *run, const struct trx_value *v, struct trx_value *out)
{
	double d = 0;
	int rc = 0;

	if (v->kind == TRX_V_STR)
		rc = trx_scan_float(run, v->u.str, &d);
	if (rc != 1 || !isfinite(d))
		return rc == -1 ? -1 : 0;
	return trx_number_from_float(run, d, out) == -1 ? -1 : 1;
}

/*
 * int(v), or int(v, base) of a str: 1, 0 as Python's TypeError or ValueError,
 * -1.
 */
static int
to_int(struct trx_run *run, const struct trx_value *v,
    const struct trx_value *base, struct trx_value *out)
{
	int64_t i = 10;

	if (v->kind == TRX_V_STR) {
		if (base->kind != TRX_V_MISSING && !trx_number_integral(base))
			return 0;
		if (base->kind != TRX_V_MISSING &&
		    trx_number_index(run, base, &i) == -1)
			return -1;
		return trx_scan_int(run, v->u.str, i, out);
	}
	if (!trx_number_is(v) || (v->kind == TRX_V_FLOAT && isnan(v->u.real)))
		return 0;
	if (v->kind == TRX_V_FLOAT)
		return trx_number_from_float(run, v->u.real, out) == -1 ? -1
									: 1;
	trx_arith_plain(v, out);
	return 1;
}

/* *v, which is bytes, as the str of the same digits if it is ASCII.  0 or -1.
 */
static int
bytes_as_str(
    struct trx_run *run, const struct trx_value **v, struct trx_value *ascii)
{
	struct trx_str s;
	size_t i;

	if (trx_bytes_raw(run, *v, &s) == -1)
		return -1;
	for (i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return 0;
	*ascii = trx_value_str(s);
	*v = ascii;
	return 0;
}

int
trx_filter_int(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "default", "base" };
	const struct trx_value *v = &call->self;
	struct trx_value args[2], ascii;
	int rc;

	if (trx_call_bind(run, call, names, 2, 0, args) == -1)
		return -1;
	if (v->kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, v);
	if (v->kind == TRX_V_BYTES) {
		/* Python takes no base for them. */
		args[1].kind = TRX_V_MISSING;
		if (bytes_as_str(run, &v, &ascii) == -1)
			return -1;
	}
	if ((rc = to_int(run, v, &args[1], out)) == 0)
		rc = int_of_float(run, v, out);
	if (rc == 0)
		*out =
		    args[0].kind == TRX_V_MISSING ? trx_value_int(0) : args[0];
	return rc == -1 ? -1 : 0;
}

int
trx_filter_float(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "default" };
	const struct trx_value *v = &call->self;
	struct trx_value fallback, ascii;
	double d = 0;
	int rc = 0;

	if (trx_call_bind(run, call, names, 1, 0, &fallback) == -1)
		return -1;
	if (v->kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, v);
	if (v->kind == TRX_V_BYTES && bytes_as_str(run, &v, &ascii) == -1)
		return -1;
	if (v->kind == TRX_V_STR)
		rc = trx_scan_float(run, v->u.str, &d);
	else if (trx_number_is(v))
		rc = trx_number_to_float(run, v, &d) == -1 ? -1 : 1;
	if (rc == 1)
		*out = trx_value_float(d);
	else if (rc == 0)
		*out = fallback.kind == TRX_V_MISSING ? trx_value_float(0)
						      : fallback;
	return rc == -1 ? -1 : 0;
}

/* d rounded to a multiple of 10^n, half to even, by its exact digits. */
static double
round_tens(double d, int n)
{
	char text[DBL_MAX_10_EXP + 16];
	int whole = snprintf(text, sizeof(text), "%.0f", trunc(fabs(d)));
	bool more;

	if (n < whole) {
		snprintf(text, sizeof(text), "%.*e", whole - 1 - n, d);
		return strtod(text, NULL);
	}
	/* Nothing of d is left; more than half of the unit becomes one. */
	more = text[0] > '5' ||
	       (text[0] == '5' &&
		   (trunc(d) != d || strspn(text + 1, "0") < strlen(text + 1)));
	if (n > whole || !more)
		return copysign(0, d);
	snprintf(text, sizeof(text), "1e%d", n);
	return copysign(strtod(text, NULL), d);
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
	else if (fabs(d) < 0x1p53) {
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
	int64_t digits = 0;

	if (!trx_number_is(v))
		return trx_run_fail(run,
		    "type %s doesn't define __round__ method",
		    trx_value_type(v));
	if (precision->kind == TRX_V_NONE) {
		if (v->kind != TRX_V_FLOAT)
			return trx_arith_plain(v, out);
		return trx_number_from_float(run,
		    isfinite(v->u.real) ? nearbyint(v->u.real) : v->u.real,
		    out);
	}
	if (precision->kind != TRX_V_MISSING &&
	    trx_number_index(run, precision, &digits) == -1)
		return -1;
	if (v->kind == TRX_V_FLOAT)
		return round_float(run, v->u.real, digits, out);
	if (digits >= 0)
		return trx_arith_plain(v, out);
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
