/* str % args: formatting in the manner of C's printf. */
#ifndef TRX_TEMPLATE_PERCENT_H
#define TRX_TEMPLATE_PERCENT_H

#include "common/template/value.h"

/*
 * *out is format % args: args is a tuple, a mapping or the one argument.
 * format is a STR; of Markup the arguments are escaped and *out is Markup.
 * Returns 0, or -1 as Python's exceptions.
 */
int trx_percent(struct trx_run *run, const struct trx_value *format,
    const struct trx_value *args, struct trx_value *out);

#endif
