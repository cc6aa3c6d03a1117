#include <errno.h>
#include <math.h>

#include "common/template/arith.h"
#include "common/template/number.h"

/* a op b where it fits: false where it does not, or is no matter of int64s. */
static bool
int_op(enum trx_op op, int64_t a, int64_t b, struct trx_value *out)
{
	const int64_t exact = (int64_t)1 << 53; /* doubles hold these */
	int64_t v;

	switch (op) {
	case TRX_OP_ADD:
		if (__builtin_add_overflow(a, b, &v))
			return false;
		break;
	case TRX_OP_SUB:
		if (__builtin_sub_overflow(a, b, &v))
			return false;
		break;
	case TRX_OP_MUL:
		if (__builtin_mul_overflow(a, b, &v))
			return false;
		break;
	case TRX_OP_FLOORDIV:
		if (a == INT64_MIN && b == -1)
			return false;
		v = a / b - (a % b != 0 && (a < 0) != (b < 0));
		break;
	case TRX_OP_MOD:
		v = b == -1 ? 0 : a % b;
		v += v != 0 && (v < 0) != (b < 0) ? b : 0;
		break;
	case TRX_OP_DIV:
		if (a > exact || a < -exact || b > exact || b < -exact)
			return false;
		*out = trx_value_float((double)a / (double)b);
		return true;
	default:
		return false;
	}
	*out = trx_value_int(v);
	return true;
}

/* Is d an odd whole number? */
static bool
is_odd(double d)
{
	return fmod(fabs(d), 2) == 1;
}

/* a ** b where one is infinite; b is not 0. */
static double
infinite_power(double a, double b)
{
	if (isinf(b)) {
		if (fabs(a) == 1)
			return 1;
		return (b > 0) == (fabs(a) > 1) ? HUGE_VAL : 0;
	}
	if (b > 0)
		return is_odd(b) ? a : HUGE_VAL;
	return is_odd(b) ? copysign(0, a) : 0;
}

/* a ** b, as CPython's float_pow decides the special cases. */
static int
float_power(struct trx_run *run, double a, double b, double *out)
{
	bool minus = false;

	if (b == 0 || a == 1) {
		*out = 1;
	} else if (isnan(a) || isnan(b)) {
		*out = a + b;
	} else if (isinf(a) || isinf(b)) {
		*out = infinite_power(a, b);
	} else if (a == 0) {
		if (b < 0)
			return trx_run_fail(
			    run, "0.0 cannot be raised to a negative power");
		*out = is_odd(b) ? a : 0;
	} else {
		if (a < 0) {
			if (b != floor(b))
				return trx_run_refuse(run, "a complex number");
			minus = is_odd(b);
			a = -a;
		}
		errno = 0;
		*out = pow(a, b);
		if (isinf(*out) || (errno != 0 && *out != 0))
			return trx_run_fail(
			    run, "(34, 'Numerical result out of range')");
		*out = minus ? -*out : *out;
	}
	return 0;
}

/* a % b, and a // b, as CPython rounds them; b is not 0. */
static double
float_divmod(double a, double b, double *rest)
{
	double v = fmod(a, b), whole = (a - v) / b, low;

	if (v != 0 && (b < 0) != (v < 0)) {
		v += b;
		whole -= 1;
	} else if (v == 0) {
		v = copysign(0, b);
	}
	*rest = v;
	if (whole == 0)
		return copysign(0, a / b);
	low = floor(whole);
	return whole - low > 0.5 ? low + 1 : low;
}

static int
float_op(struct trx_run *run, enum trx_op op, double a, double b, double *out)
{
	double rest;

	switch (op) {
	case TRX_OP_ADD:
		*out = a + b;
		return 0;
	case TRX_OP_SUB:
		*out = a - b;
		return 0;
	case TRX_OP_MUL:
		*out = a * b;
		return 0;
	case TRX_OP_POW:
		return float_power(run, a, b, out);
	default:
		break;
	}
	if (b == 0)
		return trx_run_fail(run, "%s",
		    op == TRX_OP_DIV	    ? "float division by zero"
		    : op == TRX_OP_FLOORDIV ? "float floor division by zero"
					    : "float modulo");
	if (op == TRX_OP_DIV)
		*out = a / b;
	else if (op == TRX_OP_FLOORDIV)
		*out = float_divmod(a, b, &rest);
	else
		float_divmod(a, b, out);
	return 0;
}

/* Both are integers: true where the result is one of floats all the same. */
static bool
is_float_power(enum trx_op op, const struct trx_value *b)
{
	const struct trx_value zero = trx_value_int(0);

	return op == TRX_OP_POW && trx_number_compare(b, &zero) < 0;
}

int
trx_arith_binary(struct trx_run *run, enum trx_op op, const struct trx_value *a,
    const struct trx_value *b, struct trx_value *out)
{
	double d, e;
	int64_t i, j;

	if (trx_number_integral(a) && trx_number_integral(b) &&
	    !is_float_power(op, b)) {
		if (trx_value_integer(b, &j)) {
			if (j == 0 && op >= TRX_OP_DIV && op <= TRX_OP_MOD)
				return trx_run_fail(run, "%s",
				    op == TRX_OP_DIV ? "division by zero"
						     : "integer division or "
						       "modulo by zero");
			if (trx_value_integer(a, &i) && int_op(op, i, j, out))
				return 0;
		}
		return trx_number_op(run, op, a, b, out);
	}
	if (trx_number_to_float(run, a, &d) == -1 ||
	    trx_number_to_float(run, b, &e) == -1 ||
	    float_op(run, op, d, e, &d) == -1)
		return -1;
	*out = trx_value_float(d);
	return 0;
}

int
trx_arith_plain(const struct trx_value *v, struct trx_value *out)
{
	*out = v->kind == TRX_V_BOOL ? trx_value_int(v->u.boolean) : *v;
	return 0;
}

int
trx_arith_negate(
    struct trx_run *run, const struct trx_value *v, struct trx_value *out)
{
	if (v->kind != TRX_V_FLOAT)
		return trx_number_negate(run, v, out);
	*out = trx_value_float(-v->u.real);
	return 0;
}
