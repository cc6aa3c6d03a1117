/* Numbers as Python's int() and float() read them, from values or text. */
#ifndef TRX_TEMPLATE_NUMERAL_H
#define TRX_TEMPLATE_NUMERAL_H

#include "common/template/value.h"

/*
 * int(v): *out is an INT or BIG; a float is cut towards zero.  Returns 0, or
 * -1 as Python's TypeError, ValueError or OverflowError.
 */
int trx_numeral_int(
    struct trx_run *run, const struct trx_value *v, struct trx_value *out);

/* float(v), as trx_numeral_int. */
int trx_numeral_float(
    struct trx_run *run, const struct trx_value *v, double *out);

#endif
