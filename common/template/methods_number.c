#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "common/template/arith.h"
#include "common/template/methods_number.h"
#include "common/template/number.h"
#include "common/template/scan.h"
#include "common/template/text.h"

int
trx_method_number_ratio(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	const struct trx_value *v = &call->self;
	struct trx_value *two = trx_run_calloc(run, 2, sizeof(*two));

	if (two == NULL || trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	*out = trx_value_seq(TRX_V_TUPLE, two, 2);
	if (v->kind == TRX_V_FLOAT && !isfinite(v->u.real))
		return trx_run_fail(
		    run, "cannot convert NaN or Infinity to integer ratio");
	if (v->kind == TRX_V_FLOAT)
		return trx_number_ratio(run, v->u.real, two);
	two[1] = trx_value_int(1);
	return trx_arith_plain(v, &two[0]);
}

int
trx_method_number_bit_count(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	size_t length, set;

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1 ||
	    trx_number_bits(run, &call->self, &length, &set) == -1)
		return -1;
	*out = trx_value_int((int64_t)set);
	return 0;
}

int
trx_method_number_bit_length(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	size_t length, set;

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1 ||
	    trx_number_bits(run, &call->self, &length, &set) == -1)
		return -1;
	*out = trx_value_int((int64_t)length);
	return 0;
}

int
trx_method_number_conjugate(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	return trx_arith_plain(&call->self, out);
}

int
trx_method_number_is_integer(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	double d = call->self.u.real;

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	*out = trx_value_bool(isfinite(d) && floor(d) == d);
	return 0;
}

int
trx_method_number_hex(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	const uint64_t fraction = ((uint64_t)1 << (DBL_MANT_DIG - 1)) - 1;
	double d = call->self.u.real;
	const char *sign = signbit(d) ? "-" : "";
	char text[TRX_TEXT_NUMBER];
	int n, exponent;

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	*out = trx_value_str(TRX_STR(""));
	if (!isfinite(d))
		return trx_text_str(run, &call->self, &out->u.str);
	/* C leaves open how %a writes what is below the normal floats. */
	d = fabs(d);
	exponent = d < DBL_MIN ? DBL_MIN_EXP - 1 : ilogb(d);
	if (d == 0)
		n = snprintf(text, sizeof(text), "%s0x0.0p+0", sign);
	else
		n = snprintf(text, sizeof(text), "%s0x%d.%013" PRIx64 "p%+d",
		    sign, d >= DBL_MIN,
		    (uint64_t)ldexp(d, DBL_MANT_DIG - 1 - exponent) & fraction,
		    exponent);
	out->u.str =
	    trx_run_copy(run, (struct trx_str){ .p = text, .n = (size_t)n });
	return out->u.str.p == NULL ? -1 : 0;
}

int
trx_method_number_fromhex(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "*string" };
	struct trx_value arg;
	struct trx_str s;
	double d;
	int rc;

	if (trx_call_bind(run, call, names, 1, 1, &arg) == -1 ||
	    trx_call_str(run, call, &arg, &s) == -1 ||
	    (rc = trx_scan_hex(run, s, &d)) == -1)
		return -1;
	if (rc == 0)
		return trx_run_fail(
		    run, "invalid hexadecimal floating-point string");
	*out = trx_value_float(d);
	return 0;
}

int
trx_method_number_attr(
    const struct trx_value *v, struct trx_str name, struct trx_value *out)
{
	bool real = v->kind == TRX_V_FLOAT;

	if (trx_str_is(name, "real") ||
	    (!real && trx_str_is(name, "numerator")))
		trx_arith_plain(v, out);
	else if (trx_str_is(name, "imag"))
		*out = real ? trx_value_float(0) : trx_value_int(0);
	else if (!real && trx_str_is(name, "denominator"))
		*out = trx_value_int(1);
	else
		return 0;
	return 1;
}
