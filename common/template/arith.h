/* Python's arithmetic of bools, integers and floats. */
#ifndef TRX_TEMPLATE_ARITH_H
#define TRX_TEMPLATE_ARITH_H

#include "common/template/tree.h"
#include "common/template/value.h"

/*
 * a op b of two numbers for +, -, *, /, //, % and **.  Returns 0, or -1 as
 * Python's ZeroDivisionError or OverflowError; a complex result is refused.
 */
int trx_arith_binary(struct trx_run *run, enum trx_op op,
    const struct trx_value *a, const struct trx_value *b,
    struct trx_value *out);

/* +v of a number: a bool becomes an integer.  Returns 0. */
int trx_arith_plain(const struct trx_value *v, struct trx_value *out);

/* -v of a number (of a bool an integer).  Returns 0 or -1. */
int trx_arith_negate(
    struct trx_run *run, const struct trx_value *v, struct trx_value *out);

#endif
