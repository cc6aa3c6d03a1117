/* The text of floats in a given form, as CPython writes them. */
#ifndef TRX_TEMPLATE_REAL_H
#define TRX_TEMPLATE_REAL_H

#include "common/base/buf.h"
#include "common/template/run.h"

enum {
	TRX_REAL_ALTERNATE = 1, /* keep the point, and zeros of 'g' */
	TRX_REAL_FRACTION = 2,	/* of 'g': a digit after the point */
	TRX_REAL_NO_MINUS_ZERO = 4
};

/*
 * Append d.  type is one of eEfFgG as in C's printf, or 'r' for the text that
 * repr(d) is (precision does not count then); flags are of those above.
 * Returns 0, or -1 where the text would be too long.
 */
int trx_real_text(struct trx_run *run, double d, char type, int64_t precision,
    unsigned flags, struct trx_buf *b);

#endif
