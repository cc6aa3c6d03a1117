#include <gmp.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/template/number.h"

/* Bits of the longest integer that is computed with. */
#define MAX_BITS ((size_t)TRX_NUMBER_DIGITS * 10 / 3)

static int
too_large(struct trx_run *run)
{
	return trx_run_fail(
	    run, "an integer has more than %d digits", TRX_NUMBER_DIGITS);
}

/* Begin z as the integer v.  The digits are few: GMP never runs out. */
static void
begin(mpz_t z, const struct trx_value *v)
{
	char text[TRX_NUMBER_DIGITS + 3];
	int64_t i;

	if (trx_value_integer(v, &i)) {
		mpz_init_set_si(z, i);
		return;
	}
	memcpy(text, v->u.str.p, v->u.str.n);
	text[v->u.str.n] = '\0';
	mpz_init_set_str(z, text, 10);
}

/* z as a value, and freed. */
static int
finish(struct trx_run *run, mpz_t z, struct trx_value *out)
{
	size_t n;
	char *p;
	int rc = -1;

	if (mpz_fits_slong_p(z)) {
		*out = trx_value_int(mpz_get_si(z));
		rc = 0;
	} else if (mpz_sizeinbase(z, 2) > MAX_BITS) {
		too_large(run);
	} else if (trx_run_charge(run, mpz_sizeinbase(z, 2) / 64) == 0 &&
		   (p = trx_run_alloc(run, mpz_sizeinbase(z, 10) + 2)) !=
		       NULL) {
		mpz_get_str(p, 10, z);
		n = strlen(p);
		*out =
		    (struct trx_value){ .kind = TRX_V_BIG, .u.str = { p, n } };
		rc = 0;
	}
	mpz_clear(z);
	return rc;
}

/* m * 2^exponent, m >= 0 having at most 64 bits, rounded once. */
static double
scale(uint64_t m, long exponent)
{
	return ldexp((double)m, exponent > 4096	   ? 4096
				: exponent < -4096 ? -4096
						   : (int)exponent);
}

/* |z| as a float, to the nearest; HUGE_VAL where there is none. */
static double
nearest(const mpz_t z)
{
	size_t bits = mpz_sizeinbase(z, 2);
	uint64_t m;
	mpz_t top;
	long shift = bits > 64 ? (long)bits - 64 : 0;

	mpz_init(top);
	mpz_tdiv_q_2exp(top, z, (mp_bitcnt_t)shift);
	m = mpz_get_ui(top);
	/* What was cut off decides ties. */
	if (shift > 0 && mpz_scan1(z, 0) < (mp_bitcnt_t)shift)
		m |= 1;
	mpz_clear(top);
	return scale(m, shift);
}

/*
 * a / b, rounded once: a quotient of 62 or 63 bits, the last of which says
 * whether there is a rest.
 */
static int
divide(struct trx_run *run, mpz_t a, mpz_t b, struct trx_value *out)
{
	bool minus = (mpz_sgn(a) < 0) != (mpz_sgn(b) < 0);
	long shift =
	    (long)mpz_sizeinbase(b, 2) - (long)mpz_sizeinbase(a, 2) + 62;
	uint64_t m;
	mpz_t rest;
	double d;

	mpz_init(rest);
	mpz_abs(a, a);
	mpz_abs(b, b);
	if (shift > 0)
		mpz_mul_2exp(a, a, (mp_bitcnt_t)shift);
	else
		mpz_mul_2exp(b, b, (mp_bitcnt_t)-shift);
	mpz_tdiv_qr(a, rest, a, b);
	m = mpz_get_ui(a);
	if (mpz_sgn(rest) != 0)
		m |= 1;
	mpz_clear(rest);
	d = m == 0 ? 0 : scale(m, -shift);
	if (isinf(d))
		return trx_run_fail(
		    run, "integer division result too large for a float");
	if (m != 0 && d < 2.2250738585072014e-308)
		return trx_run_refuse(run, "so small a quotient");
	*out = trx_value_float(minus ? -d : d);
	return 0;
}

static int
big_power(struct trx_run *run, mpz_t a, mpz_t b)
{
	size_t bits = mpz_sizeinbase(a, 2);

	if (mpz_cmpabs_ui(a, 1) <= 0) {
		/* 0, 1 and -1: all that matters is whether b is odd. */
		if (mpz_sgn(b) == 0)
			mpz_set_ui(a, 1);
		else if (mpz_sgn(a) < 0 && mpz_even_p(b))
			mpz_set_ui(a, 1);
		return 0;
	}
	if (mpz_cmp_ui(b, MAX_BITS) > 0 ||
	    bits * mpz_get_ui(b) > MAX_BITS + bits)
		return too_large(run);
	mpz_pow_ui(a, a, mpz_get_ui(b));
	return 0;
}

/* a op b into a, of integers of any size; not / and no negative power. */
static int
big_op(struct trx_run *run, enum trx_op op, mpz_t a, mpz_t b)
{
	switch (op) {
	case TRX_OP_ADD:
		mpz_add(a, a, b);
		return 0;
	case TRX_OP_SUB:
		mpz_sub(a, a, b);
		return 0;
	case TRX_OP_MUL:
		if (mpz_sizeinbase(a, 2) + mpz_sizeinbase(b, 2) > MAX_BITS + 2)
			return too_large(run);
		mpz_mul(a, a, b);
		return 0;
	case TRX_OP_FLOORDIV:
		mpz_fdiv_q(a, a, b);
		return 0;
	case TRX_OP_MOD:
		mpz_fdiv_r(a, a, b);
		return 0;
	default:
		return big_power(run, a, b);
	}
}

static int
integers(struct trx_run *run, enum trx_op op, const struct trx_value *a,
    const struct trx_value *b, struct trx_value *out)
{
	mpz_t x, y;
	int rc;

	if (trx_run_charge(run, 50) == -1)
		return -1;
	begin(x, a);
	begin(y, b);
	if (op == TRX_OP_DIV) {
		rc = divide(run, x, y, out);
		mpz_clear(x);
	} else if ((rc = big_op(run, op, x, y)) == 0) {
		rc = finish(run, x, out);
	} else {
		mpz_clear(x);
	}
	mpz_clear(y);
	return rc;
}

static int
zero_division(struct trx_run *run, enum trx_op op, bool real)
{
	if (op == TRX_OP_DIV)
		return trx_run_fail(
		    run, "%sdivision by zero", real ? "float " : "");
	if (op == TRX_OP_MOD)
		return trx_run_fail(run, "%s",
		    real ? "float modulo" : "integer modulo by zero");
	return trx_run_fail(run, "%s",
	    real ? "float floor division by zero"
		 : "integer division or modulo by zero");
}

/* a op b where both fit int64: 1 done, 0 the result may not. */
static int
small_op(enum trx_op op, int64_t a, int64_t b, struct trx_value *out)
{
	int64_t v = 0;

	switch (op) {
	case TRX_OP_ADD:
		if (__builtin_add_overflow(a, b, &v))
			return 0;
		break;
	case TRX_OP_SUB:
		if (__builtin_sub_overflow(a, b, &v))
			return 0;
		break;
	case TRX_OP_MUL:
		if (__builtin_mul_overflow(a, b, &v))
			return 0;
		break;
	case TRX_OP_FLOORDIV:
		if (b == -1)
			return 0;
		v = a / b - (a % b != 0 && (a < 0) != (b < 0));
		break;
	case TRX_OP_MOD:
		v = b == -1 ? 0 : a % b;
		v += v != 0 && (v < 0) != (b < 0) ? b : 0;
		break;
	case TRX_OP_DIV:
		if (a > (1LL << 53) || a < -(1LL << 53) || b > (1LL << 53) ||
		    b < -(1LL << 53))
			return 0;
		*out = trx_value_float((double)a / (double)b);
		return 1;
	default:
		return 0;
	}
	*out = trx_value_int(v);
	return 1;
}

static int
float_power(struct trx_run *run, double a, double b, struct trx_value *out)
{
	double v;

	if (a == 0 && b < 0)
		return trx_run_fail(
		    run, "0.0 cannot be raised to a negative power");
	if (a < 0 && isfinite(a) && isfinite(b) && floor(b) != b)
		return trx_run_refuse(run, "a complex number");
	v = pow(a, b);
	if (isinf(v) && isfinite(a) && isfinite(b))
		return trx_run_fail(run, "Numerical result out of range");
	*out = trx_value_float(v);
	return 0;
}

/* a // b and a % b as Python's float_divmod has them. */
static void
float_divmod(double a, double b, double *quotient, double *rest)
{
	double v = fmod(a, b), whole = (a - v) / b;

	if (v != 0 && (b < 0) != (v < 0)) {
		v += b;
		whole -= 1;
	} else if (v == 0) {
		v = copysign(0.0, b);
	}
	*rest = v;
	*quotient = whole != 0 ? floor(whole) + (whole - floor(whole) > 0.5)
			       : copysign(0.0, a / b);
}

static int
floats(struct trx_run *run, enum trx_op op, double a, double b,
    struct trx_value *out)
{
	double quotient, rest;

	if ((op == TRX_OP_DIV || op == TRX_OP_FLOORDIV || op == TRX_OP_MOD) &&
	    b == 0)
		return zero_division(run, op, true);
	switch (op) {
	case TRX_OP_ADD:
		*out = trx_value_float(a + b);
		return 0;
	case TRX_OP_SUB:
		*out = trx_value_float(a - b);
		return 0;
	case TRX_OP_MUL:
		*out = trx_value_float(a * b);
		return 0;
	case TRX_OP_DIV:
		*out = trx_value_float(a / b);
		return 0;
	case TRX_OP_POW:
		return float_power(run, a, b, out);
	default:
		float_divmod(a, b, &quotient, &rest);
		*out = trx_value_float(op == TRX_OP_MOD ? rest : quotient);
		return 0;
	}
}

static bool
is_zero(const struct trx_value *v)
{
	int64_t i;

	return trx_value_integer(v, &i) && i == 0;
}

static bool
is_negative(const struct trx_value *v)
{
	int64_t i;

	return trx_value_integer(v, &i) ? i < 0 : v->u.str.p[0] == '-';
}

int
trx_number_op(struct trx_run *run, enum trx_op op, const struct trx_value *a,
    const struct trx_value *b, struct trx_value *out)
{
	bool real = a->kind == TRX_V_FLOAT || b->kind == TRX_V_FLOAT;
	double d, e;
	int64_t i, j;

	if (!real && op == TRX_OP_POW && is_negative(b))
		real = true;
	if (real) {
		if (trx_number_to_float(run, a, &d) == -1 ||
		    trx_number_to_float(run, b, &e) == -1)
			return -1;
		return floats(run, op, d, e, out);
	}
	if ((op == TRX_OP_DIV || op == TRX_OP_FLOORDIV || op == TRX_OP_MOD) &&
	    is_zero(b))
		return zero_division(run, op, false);
	if (trx_value_integer(a, &i) && trx_value_integer(b, &j) &&
	    small_op(op, i, j, out) == 1)
		return 0;
	return integers(run, op, a, b, out);
}

int
trx_number_negate(
    struct trx_run *run, const struct trx_value *v, struct trx_value *out)
{
	const struct trx_value zero = trx_value_int(0);

	if (v->kind == TRX_V_FLOAT) {
		*out = trx_value_float(-v->u.real);
		return 0;
	}
	return trx_number_op(run, TRX_OP_SUB, &zero, v, out);
}

/* An integer against a float that is no NaN. */
static int
compare_to_float(const struct trx_value *a, double d)
{
	int cmp;
	mpz_t z;

	if (isinf(d))
		return d > 0 ? -1 : 1;
	begin(z, a);
	cmp = mpz_cmp_d(z, d);
	mpz_clear(z);
	return (cmp > 0) - (cmp < 0);
}

int
trx_number_compare(struct trx_run *run, const struct trx_value *a,
    const struct trx_value *b, int *cmp)
{
	int64_t i, j;
	mpz_t x, y;
	int c;

	if (a->kind == TRX_V_FLOAT && b->kind == TRX_V_FLOAT) {
		*cmp = isnan(a->u.real) || isnan(b->u.real)
			   ? 2
			   : (a->u.real > b->u.real) - (a->u.real < b->u.real);
		return 0;
	}
	if (trx_value_integer(a, &i) && trx_value_integer(b, &j)) {
		*cmp = (i > j) - (i < j);
		return 0;
	}
	if (trx_run_charge(run, 10) == -1)
		return -1;
	if (b->kind == TRX_V_FLOAT) {
		*cmp = isnan(b->u.real) ? 2 : compare_to_float(a, b->u.real);
		return 0;
	}
	if (a->kind == TRX_V_FLOAT) {
		*cmp = isnan(a->u.real) ? 2 : -compare_to_float(b, a->u.real);
		return 0;
	}
	begin(x, a);
	begin(y, b);
	c = mpz_cmp(x, y);
	*cmp = (c > 0) - (c < 0);
	mpz_clear(x);
	mpz_clear(y);
	return 0;
}

int
trx_number_to_float(struct trx_run *run, const struct trx_value *v, double *out)
{
	int64_t i;
	mpz_t z;

	if (v->kind == TRX_V_FLOAT) {
		*out = v->u.real;
		return 0;
	}
	if (trx_value_integer(v, &i)) {
		*out = (double)i;
		return 0;
	}
	begin(z, v);
	*out = mpz_sgn(z) < 0 ? -nearest(z) : nearest(z);
	mpz_clear(z);
	if (isinf(*out))
		return trx_run_fail(run, "int too large to convert to float");
	return 0;
}

int
trx_number_from_float(struct trx_run *run, double d, struct trx_value *out)
{
	mpz_t z;

	if (isnan(d))
		return trx_run_fail(run, "cannot convert float NaN to integer");
	if (isinf(d))
		return trx_run_fail(
		    run, "cannot convert float infinity to integer");
	mpz_init_set_d(z, d);
	return finish(run, z, out);
}

int
trx_number_from_text(
    struct trx_run *run, struct trx_str s, int base, struct trx_value *out)
{
	char *text;
	mpz_t z;

	if (s.n > TRX_NUMBER_DIGITS)
		return too_large(run);
	if ((text = trx_run_alloc(run, s.n + 1)) == NULL)
		return -1;
	if (s.n != 0 && s.p[0] == '+') {
		s.p++;
		s.n--;
	}
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	mpz_init_set_str(z, text, base);
	return finish(run, z, out);
}

struct trx_str
trx_number_decimal(struct trx_str s, int base, struct trx_arena *a)
{
	struct trx_str out = { NULL, 0 };
	char *text = trx_arena_copy(a, s), *p;
	mpz_t z;

	if (text == NULL)
		return out;
	mpz_init_set_str(z, text, base);
	if ((p = trx_arena_alloc(a, mpz_sizeinbase(z, 10) + 2)) != NULL) {
		mpz_get_str(p, 10, z);
		out = trx_str(p);
	}
	mpz_clear(z);
	return out;
}

size_t
trx_number_bits(const struct trx_value *v, size_t *set)
{
	size_t bits;
	mpz_t z;

	begin(z, v);
	mpz_abs(z, z);
	bits = mpz_sgn(z) == 0 ? 0 : mpz_sizeinbase(z, 2);
	*set = mpz_popcount(z);
	mpz_clear(z);
	return bits;
}

int
trx_number_round(struct trx_run *run, const struct trx_value *v, int64_t digits,
    struct trx_value *out)
{
	mpz_t z, unit, rest;
	int cmp;

	if (digits < -TRX_NUMBER_DIGITS) {
		*out = trx_value_int(0);
		return 0;
	}
	begin(z, v);
	mpz_init(rest);
	mpz_init(unit);
	mpz_ui_pow_ui(unit, 10, (unsigned long)-digits);
	/* z = q * unit + rest, 0 <= rest < unit; half goes to the even q. */
	mpz_fdiv_qr(z, rest, z, unit);
	mpz_mul_2exp(rest, rest, 1);
	cmp = mpz_cmp(rest, unit);
	if (cmp > 0 || (cmp == 0 && mpz_odd_p(z)))
		mpz_add_ui(z, z, 1);
	mpz_mul(z, z, unit);
	mpz_clear(rest);
	mpz_clear(unit);
	return finish(run, z, out);
}

int
trx_number_ratio(struct trx_run *run, double d, struct trx_value out[2])
{
	mpq_t q;
	mpz_t over, under;

	mpq_init(q);
	mpq_set_d(q, d);
	mpz_init_set(over, mpq_numref(q));
	mpz_init_set(under, mpq_denref(q));
	mpq_clear(q);
	if (finish(run, over, &out[0]) == -1) {
		mpz_clear(under);
		return -1;
	}
	return finish(run, under, &out[1]);
}
