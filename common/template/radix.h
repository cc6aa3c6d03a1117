/* Integers in other bases than ten. */
#ifndef TRX_TEMPLATE_RADIX_H
#define TRX_TEMPLATE_RADIX_H

#include "common/base/buf.h"
#include "common/template/value.h"

/* Is v (an INT, BOOL or BIG) below zero? */
bool trx_radix_negative(const struct trx_value *v);

/*
 * Append the digits of v (an INT, BOOL or BIG) without its sign, in lower
 * case.  base is 2, 8, 10 or 16.  Returns 0, or -1 where v has more decimal
 * digits than Python writes.
 */
int trx_radix_digits(struct trx_run *run, const struct trx_value *v,
    unsigned base, struct trx_buf *b);

#endif
