/*
 * Python's numbers: bool, int of any size, float.  Integers outside int64 are
 * held as decimal digits and computed by GMP, which is met here alone.
 */
#ifndef TRX_TEMPLATE_NUMBER_H
#define TRX_TEMPLATE_NUMBER_H

#include "common/base/arena.h"
#include "common/template/tree.h"
#include "common/template/value.h"

/* Digits of the longest integer that is computed with. */
#define TRX_NUMBER_DIGITS 20000

/* Digits of the longest integer that Python reads or prints. */
#define TRX_NUMBER_PRINTED 4300

/* Is v a bool, int or float? */
static inline bool
trx_number_is(const struct trx_value *v)
{
	return v->kind == TRX_V_INT || v->kind == TRX_V_BOOL ||
	       v->kind == TRX_V_FLOAT || v->kind == TRX_V_BIG;
}

/* a op b of two numbers, for +, -, *, /, //, % and **.  Returns 0 or -1. */
int trx_number_op(struct trx_run *run, enum trx_op op,
    const struct trx_value *a, const struct trx_value *b,
    struct trx_value *out);

/* -v of a number. */
int trx_number_negate(
    struct trx_run *run, const struct trx_value *v, struct trx_value *out);

/*
 * Compare two numbers exactly: *cmp is -1, 0, 1, or 2 where one is NaN.
 * Returns 0 or -1.
 */
int trx_number_compare(struct trx_run *run, const struct trx_value *a,
    const struct trx_value *b, int *cmp);

/* float(v) of a number, rounded as Python does.  Returns 0 or -1. */
int trx_number_to_float(
    struct trx_run *run, const struct trx_value *v, double *out);

/* int(d): its whole part.  Returns 0, or -1 for an infinity and NaN. */
int trx_number_from_float(struct trx_run *run, double d, struct trx_value *out);

/*
 * The integer whose digits in that base (2 to 36) are s, with a sign or
 * without.  Returns 0; -1 where it is too long.
 */
int trx_number_from_text(
    struct trx_run *run, struct trx_str s, int base, struct trx_value *out);

/*
 * The decimal digits of the integer whose digits in base 2, 8 or 16 are s, in
 * the arena; .p is NULL when memory runs out.
 */
struct trx_str trx_number_decimal(
    struct trx_str s, int base, struct trx_arena *a);

/* Bits of |v|, and how many of them are set, of an integer. */
size_t trx_number_bits(const struct trx_value *v, size_t *set);

/* round(v, digits) of an integer, digits < 0. */
int trx_number_round(struct trx_run *run, const struct trx_value *v,
    int64_t digits, struct trx_value *out);

/* d as numerator and denominator, d being finite. */
int trx_number_ratio(struct trx_run *run, double d, struct trx_value out[2]);

#endif
