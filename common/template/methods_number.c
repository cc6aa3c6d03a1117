#include <math.h>

#include "common/template/methods_number.h"
#include "common/template/number.h"

/* v as a plain number: True is 1. */
static int
plain(struct trx_run *run, const struct trx_value *v, struct trx_value *out)
{
	const struct trx_value zero = trx_value_int(0);

	if (v->kind == TRX_V_FLOAT) {
		*out = *v;
		return 0;
	}
	return trx_number_op(run, TRX_OP_ADD, v, &zero, out);
}

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
	return plain(run, v, &two[0]);
}

int
trx_method_number_bit_count(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	size_t set;

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	trx_number_bits(&call->self, &set);
	*out = trx_value_int((int64_t)set);
	return 0;
}

int
trx_method_number_bit_length(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	size_t set;

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	*out = trx_value_int((int64_t)trx_number_bits(&call->self, &set));
	return 0;
}

int
trx_method_number_conjugate(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	return plain(run, &call->self, out);
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
trx_method_number_attr(struct trx_run *run, const struct trx_value *v,
    struct trx_str name, struct trx_value *out)
{
	bool real = v->kind == TRX_V_FLOAT;

	if (trx_str_is(name, "real") ||
	    (!real && trx_str_is(name, "numerator")))
		return plain(run, v, out) == -1 ? -1 : 1;
	if (trx_str_is(name, "imag"))
		*out = real ? trx_value_float(0) : trx_value_int(0);
	else if (!real && trx_str_is(name, "denominator"))
		*out = trx_value_int(1);
	else
		return 0;
	return 1;
}
