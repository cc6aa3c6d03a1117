/*
 * Integers of any size, and what they have to do with floats.  An INT or BOOL
 * is an int64; others are a BIG, by its decimal digits (a minus or none, no
 * zeros in front, nothing that fits an int64).  GMP does the work; it is met
 * here alone.
 *
 * Sizes are bounded before anything is allocated: an integer of more than
 * TRX_NUMBER_BITS fails the rendering, where Python would go on for long.
 */
#ifndef TRX_TEMPLATE_NUMBER_H
#define TRX_TEMPLATE_NUMBER_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/template/tree.h"
#include "common/template/value.h"

#define TRX_NUMBER_BITS ((size_t)1 << 20)

/* Digits of the longest integer that Python reads or prints. */
#define TRX_NUMBER_PRINTED 4300

/* Is v a bool, int or float? */
static inline bool
trx_number_is(const struct trx_value *v)
{
	return v->kind >= TRX_V_BOOL && v->kind <= TRX_V_FLOAT;
}

/* Is v a bool or int? */
static inline bool
trx_number_integral(const struct trx_value *v)
{
	return v->kind >= TRX_V_BOOL && v->kind <= TRX_V_BIG;
}

/*
 * a op b of two integers for +, -, *, /, //, % and **; b is not zero in a
 * division, nor below zero in **.  Returns 0 or -1.
 */
int trx_number_op(struct trx_run *run, enum trx_op op,
    const struct trx_value *a, const struct trx_value *b,
    struct trx_value *out);

/* -v of an integer.  Returns 0 or -1. */
int trx_number_negate(
    struct trx_run *run, const struct trx_value *v, struct trx_value *out);

/* a against b, numbers, exactly: -1, 0, 1, or 2 where one is NaN. */
int trx_number_compare(const struct trx_value *a, const struct trx_value *b);

/* float(v) of a number, rounded as Python does.  Returns 0 or -1. */
int trx_number_to_float(
    struct trx_run *run, const struct trx_value *v, double *out);

/* int(d): its whole part.  Returns 0, or -1 for an infinity and NaN. */
int trx_number_from_float(struct trx_run *run, double d, struct trx_value *out);

/*
 * v as an index: an integer, one beyond int64 as the nearest int64.  Returns
 * 0, or -1 as Python's TypeError.
 */
int trx_number_index(
    struct trx_run *run, const struct trx_value *v, int64_t *out);

/*
 * The integer that digits (at least one, a minus or none before them) are in
 * a base from 2 to 36.  Returns 0; -1 with err set where it has too many bits,
 * or memory runs out.  *out lives in the arena.
 */
int trx_number_from_base(struct trx_str digits, int base, struct trx_arena *a,
    struct trx_value *out, struct trx_error *err);

/* Is the integer v below zero? */
bool trx_number_negative(const struct trx_value *v);

/*
 * Append the digits of |v|, an integer, in base 2, 8, 10 or 16; of that in
 * lower case.  Returns 0, or -1 where Python writes no integer so long.
 */
int trx_number_digits(struct trx_run *run, const struct trx_value *v, int base,
    struct trx_buf *b);

/* Bits of |v|, and how many of them are set, of an integer: 0 or -1. */
int trx_number_bits(struct trx_run *run, const struct trx_value *v,
    size_t *length, size_t *set);

/* round(v, digits) of an integer, digits < 0.  Returns 0 or -1. */
int trx_number_round(struct trx_run *run, const struct trx_value *v,
    int64_t digits, struct trx_value *out);

/* d as numerator and denominator, d being finite.  Returns 0 or -1. */
int trx_number_ratio(struct trx_run *run, double d, struct trx_value out[2]);

#endif
