#include <float.h>
#include <gmp.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/template/number.h"

#define INT64_TEXT 21	/* of any int64 with a NUL */
#define DOUBLE_TEXT 320 /* of any double's whole part, likewise */

_Static_assert(ULONG_MAX >= UINT64_MAX, "GMP hands out 64 bits as a long");

static bool
is_minus(struct trx_str digits)
{
	return digits.p[0] == '-';
}

/* Two integers by their decimal text. */
static int
compare_texts(struct trx_str a, struct trx_str b)
{
	int cmp;

	if (is_minus(a) != is_minus(b))
		return is_minus(a) ? -1 : 1;
	cmp = a.n != b.n ? (a.n < b.n ? -1 : 1) : memcmp(a.p, b.p, a.n);
	cmp = (cmp > 0) - (cmp < 0);
	return is_minus(a) ? -cmp : cmp;
}

/* i against d, which is not NaN. */
static int
compare_int_float(int64_t i, double d)
{
	double whole = floor(d);

	if (d >= 0x1p63)
		return -1;
	if (d < -0x1p63)
		return 1;
	if (i != (int64_t)whole)
		return i < (int64_t)whole ? -1 : 1;
	return d > whole ? -1 : 0;
}

/* A BIG against d, which is not NaN. */
static int
compare_big_float(const struct trx_value *big, double d)
{
	int sign = is_minus(big->u.str) ? -1 : 1;
	char text[DOUBLE_TEXT];
	int n;

	if (isinf(d))
		return d > 0 ? -1 : 1;
	if (d >= -0x1p63 && d < 0x1p63)
		return sign;
	n = snprintf(text, sizeof(text), "%.0f", d);
	return compare_texts(
	    big->u.str, (struct trx_str){ .p = text, .n = (size_t)n });
}

static int
compare_with_float(const struct trx_value *a, double d)
{
	int64_t i;

	if (isnan(d))
		return 2;
	if (a->kind == TRX_V_FLOAT)
		return isnan(a->u.real) ? 2 : (a->u.real > d) - (a->u.real < d);
	if (trx_value_integer(a, &i))
		return compare_int_float(i, d);
	return compare_big_float(a, d);
}

int
trx_number_compare(const struct trx_value *a, const struct trx_value *b)
{
	int64_t i, j;
	int cmp;

	if (b->kind == TRX_V_FLOAT)
		return compare_with_float(a, b->u.real);
	if (a->kind == TRX_V_FLOAT) {
		cmp = compare_with_float(b, a->u.real);
		return cmp == 2 ? 2 : -cmp;
	}
	if (a->kind == TRX_V_BIG && b->kind == TRX_V_BIG)
		return compare_texts(a->u.str, b->u.str);
	if (a->kind == TRX_V_BIG)
		return is_minus(a->u.str) ? -1 : 1;
	if (b->kind == TRX_V_BIG)
		return is_minus(b->u.str) ? 1 : -1;
	trx_value_integer(a, &i);
	trx_value_integer(b, &j);
	return (i > j) - (i < j);
}

int
trx_number_negate(
    struct trx_run *run, const struct trx_value *v, struct trx_value *out)
{
	struct trx_str s = { 0 };
	int64_t i;
	char *p;

	if (trx_value_integer(v, &i) && i != INT64_MIN) {
		*out = trx_value_int(-i);
		return 0;
	}
	if (v->kind == TRX_V_INT) {
		s = TRX_STR("9223372036854775808");
	} else if (is_minus(v->u.str)) {
		s.p = v->u.str.p + 1;
		s.n = v->u.str.n - 1;
	} else {
		s.n = v->u.str.n + 1;
		if (trx_run_charge(run, s.n / 64) == -1 ||
		    (p = trx_run_alloc(run, s.n)) == NULL)
			return -1;
		p[0] = '-';
		memcpy(p + 1, v->u.str.p, s.n - 1);
		s.p = p;
	}
	/* -2^63 is an int64 again. */
	*out = trx_value_from_digits(s);
	return 0;
}

int
trx_number_to_float(struct trx_run *run, const struct trx_value *v, double *out)
{
	char text[DOUBLE_TEXT];
	int64_t i;

	if (v->kind == TRX_V_FLOAT) {
		*out = v->u.real;
	} else if (trx_value_integer(v, &i)) {
		*out = (double)i;
	} else {
		*out = HUGE_VAL;
		if (v->u.str.n < sizeof(text)) {
			memcpy(text, v->u.str.p, v->u.str.n);
			text[v->u.str.n] = '\0';
			*out = strtod(text, NULL);
		}
		if (isinf(*out))
			return trx_run_fail(
			    run, "int too large to convert to float");
	}
	return 0;
}

int
trx_number_from_float(struct trx_run *run, double d, struct trx_value *out)
{
	char text[DOUBLE_TEXT];
	struct trx_str s = { .p = text };

	if (isnan(d))
		return trx_run_fail(run, "cannot convert float NaN to integer");
	if (isinf(d))
		return trx_run_fail(
		    run, "cannot convert float infinity to integer");
	if (d >= -0x1p63 && d < 0x1p63) {
		*out = trx_value_int((int64_t)d);
		return 0;
	}
	s.n = (size_t)snprintf(text, sizeof(text), "%.0f", d);
	if ((s = trx_run_copy(run, s)).p == NULL)
		return -1;
	*out = trx_value_from_digits(s);
	return 0;
}

int
trx_number_index(struct trx_run *run, const struct trx_value *v, int64_t *out)
{
	if (trx_value_integer(v, out))
		return 0;
	if (v->kind != TRX_V_BIG)
		return trx_run_fail(run,
		    "'%s' object cannot be interpreted as an integer",
		    trx_value_type(v));
	*out = is_minus(v->u.str) ? INT64_MIN : INT64_MAX;
	return 0;
}

/* -- what GMP does; every integer here has at most TRX_NUMBER_BITS -- */

static int
too_large(struct trx_error *err)
{
	return trx_error_set(err, TRX_INPUT, "an integer is too large");
}

/* The decimal digits of v, about. */
static size_t
width(const struct trx_value *v)
{
	return v->kind == TRX_V_BIG ? v->u.str.n : INT64_TEXT;
}

/* Steps for reading or writing n digits: long ones take more each. */
static size_t
cost(size_t n)
{
	return 4 + n * (1 + n / 16384) / 16;
}

/* z, not initialised yet, is v.  Returns 0, or -1 with z not to be cleared. */
static int
load(struct trx_run *run, mpz_t z, const struct trx_value *v)
{
	char *text;
	int64_t i;

	if (trx_value_integer(v, &i)) {
		mpz_init_set_si(z, (long)i);
		return 0;
	}
	if ((text = malloc(v->u.str.n + 1)) == NULL)
		return trx_error_memory(run->err);
	memcpy(text, v->u.str.p, v->u.str.n);
	text[v->u.str.n] = '\0';
	mpz_init_set_str(z, text, 10);
	free(text);
	return 0;
}

/* *out is z, in the arena. */
static int
store(struct trx_arena *a, const mpz_t z, struct trx_value *out,
    struct trx_error *err)
{
	char *p;

	if (mpz_fits_slong_p(z)) {
		*out = trx_value_int(mpz_get_si(z));
		return 0;
	}
	if (mpz_sizeinbase(z, 2) > TRX_NUMBER_BITS)
		return too_large(err);
	/* A sign, a NUL. */
	if ((p = trx_arena_alloc(a, mpz_sizeinbase(z, 10) + 2)) == NULL)
		return trx_error_memory(err);
	mpz_get_str(p, 10, z);
	*out = (struct trx_value){ .kind = TRX_V_BIG, .u.str = trx_str(p) };
	return 0;
}

/*
 * x * 2^exponent as a float, rounded half to even.  x has at least 55 bits
 * unless the result is below the normal floats, and its lowest bit also stands
 * for all that was cut off.
 */
static double
scale(uint64_t x, int exponent)
{
	int bits = x == 0 ? 0 : 64 - __builtin_clzll(x);
	int extra =
	    bits > DBL_MIN_EXP - exponent ? bits : DBL_MIN_EXP - exponent;
	uint64_t low, half;

	extra -= DBL_MANT_DIG;
	half = (uint64_t)1 << (extra - 1);
	low = x & (2 * half - 1);
	x -= low;
	if (low > half || (low == half && (x & (2 * half)) != 0))
		x += 2 * half;
	return ldexp((double)x, exponent);
}

/* |a| / |b| as Python's int / int: correctly rounded, which two conversions
 * would not be.  a and b are changed. */
static double
quotient(mpz_t a, mpz_t b)
{
	long diff = (long)mpz_sizeinbase(a, 2) - (long)mpz_sizeinbase(b, 2);
	long shift =
	    (diff > DBL_MIN_EXP ? diff : DBL_MIN_EXP) - DBL_MANT_DIG - 2;
	uint64_t x;
	mpz_t rest;

	if (mpz_sgn(a) == 0 || diff < DBL_MIN_EXP - DBL_MANT_DIG - 2)
		return 0;
	if (diff > DBL_MAX_EXP + 1)
		return HUGE_VAL;
	mpz_abs(a, a);
	mpz_abs(b, b);
	if (shift < 0)
		mpz_mul_2exp(a, a, (mp_bitcnt_t)-shift);
	else
		mpz_mul_2exp(b, b, (mp_bitcnt_t)shift);
	mpz_init(rest);
	mpz_tdiv_qr(a, rest, a, b);
	x = mpz_get_ui(a) | (mpz_sgn(rest) != 0);
	mpz_clear(rest);
	return scale(x, (int)shift);
}

static int
divide(struct trx_run *run, mpz_t a, mpz_t b, struct trx_value *out)
{
	bool minus = (mpz_sgn(a) < 0) != (mpz_sgn(b) < 0);
	double d = quotient(a, b);

	if (isinf(d))
		return trx_run_fail(
		    run, "integer division result too large for a float");
	*out = trx_value_float(minus ? -d : d);
	return 0;
}

/* z = a ** b, b not negative. */
static int
power(struct trx_run *run, mpz_t z, const mpz_t a, const mpz_t b)
{
	size_t bits = mpz_sizeinbase(a, 2);

	if (mpz_cmpabs_ui(a, 1) <= 0) {
		/* 0, 1 and -1 take any exponent. */
		mpz_set(z, a);
		if (mpz_even_p(b))
			mpz_set_ui(z, mpz_sgn(b) == 0 || mpz_sgn(a) != 0);
		return 0;
	}
	/* The result has more than (bits - 1) * b bits. */
	if (mpz_cmp_ui(b, TRX_NUMBER_BITS / (bits - 1)) > 0)
		return too_large(run->err);
	if (trx_run_charge(run, cost(bits * mpz_get_ui(b) / 3)) == -1)
		return -1;
	mpz_pow_ui(z, a, mpz_get_ui(b));
	return 0;
}

static int
operate(struct trx_run *run, enum trx_op op, mpz_t a, mpz_t b,
    struct trx_value *out)
{
	mpz_t z;
	int rc = 0;

	if (op == TRX_OP_DIV)
		return divide(run, a, b, out);
	if (op == TRX_OP_MUL &&
	    mpz_sizeinbase(a, 2) + mpz_sizeinbase(b, 2) > TRX_NUMBER_BITS + 1)
		return too_large(run->err);
	mpz_init(z);
	if (op == TRX_OP_ADD)
		mpz_add(z, a, b);
	else if (op == TRX_OP_SUB)
		mpz_sub(z, a, b);
	else if (op == TRX_OP_MUL)
		mpz_mul(z, a, b);
	else if (op == TRX_OP_FLOORDIV)
		mpz_fdiv_q(z, a, b);
	else if (op == TRX_OP_MOD)
		mpz_fdiv_r(z, a, b);
	else
		rc = power(run, z, a, b);
	if (rc == 0)
		rc = store(run->arena, z, out, run->err);
	mpz_clear(z);
	return rc;
}

int
trx_number_op(struct trx_run *run, enum trx_op op, const struct trx_value *a,
    const struct trx_value *b, struct trx_value *out)
{
	mpz_t x, y;
	int rc;

	/* Most of the time goes into reading and writing the digits. */
	if (trx_run_charge(run, 2 * (cost(width(a)) + cost(width(b)))) == -1 ||
	    load(run, x, a) == -1)
		return -1;
	rc = load(run, y, b);
	if (rc == 0) {
		rc = operate(run, op, x, y, out);
		mpz_clear(y);
	}
	mpz_clear(x);
	return rc;
}

int
trx_number_from_base(struct trx_str digits, int base, struct trx_arena *a,
    struct trx_value *out, struct trx_error *err)
{
	char *text;
	mpz_t z;
	int rc;

	if (digits.n > TRX_NUMBER_BITS + 1)
		return too_large(err);
	if ((text = malloc(digits.n + 1)) == NULL)
		return trx_error_memory(err);
	memcpy(text, digits.p, digits.n);
	text[digits.n] = '\0';
	mpz_init_set_str(z, text, base);
	free(text);
	rc = store(a, z, out, err);
	mpz_clear(z);
	return rc;
}

bool
trx_number_negative(const struct trx_value *v)
{
	return v->kind == TRX_V_BIG ? is_minus(v->u.str)
				    : v->kind == TRX_V_INT && v->u.integer < 0;
}

int
trx_number_digits(
    struct trx_run *run, const struct trx_value *v, int base, struct trx_buf *b)
{
	mpz_t z;
	char *text;

	if (base == 10 && v->kind == TRX_V_BIG &&
	    v->u.str.n - is_minus(v->u.str) > TRX_NUMBER_PRINTED)
		return trx_run_fail(run,
		    "Exceeds the limit (%d digits) for integer string "
		    "conversion",
		    TRX_NUMBER_PRINTED);
	if (trx_run_charge(run, cost(width(v))) == -1 || load(run, z, v) == -1)
		return -1;
	mpz_abs(z, z);
	text = trx_buf_reserve(b, mpz_sizeinbase(z, base) + 1);
	if (text != NULL)
		b->len += strlen(mpz_get_str(text, base, z));
	mpz_clear(z);
	return 0;
}

int
trx_number_bits(
    struct trx_run *run, const struct trx_value *v, size_t *length, size_t *set)
{
	mpz_t z;

	if (trx_run_charge(run, cost(width(v))) == -1 || load(run, z, v) == -1)
		return -1;
	mpz_abs(z, z);
	*length = mpz_sgn(z) == 0 ? 0 : mpz_sizeinbase(z, 2);
	*set = mpz_popcount(z);
	mpz_clear(z);
	return 0;
}

int
trx_number_round(struct trx_run *run, const struct trx_value *v, int64_t digits,
    struct trx_value *out)
{
	mpz_t z, unit, rest;
	int cmp, rc;

	if (digits < -(int64_t)width(v)) {
		*out = trx_value_int(0);
		return 0;
	}
	if (trx_run_charge(run, 3 * cost(width(v))) == -1 ||
	    load(run, z, v) == -1)
		return -1;
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
	rc = store(run->arena, z, out, run->err);
	mpz_clear(z);
	return rc;
}

int
trx_number_ratio(struct trx_run *run, double d, struct trx_value out[2])
{
	mpq_t q;
	int rc;

	mpq_init(q);
	mpq_set_d(q, d);
	rc = store(run->arena, mpq_numref(q), &out[0], run->err);
	if (rc == 0)
		rc = store(run->arena, mpq_denref(q), &out[1], run->err);
	mpq_clear(q);
	return rc;
}
