/* Names resolved: which variable of which function each one is. */
#ifndef TRX_TEMPLATE_SYMBOLS_H
#define TRX_TEMPLATE_SYMBOLS_H

#include "common/template/tree.h"

/*
 * Give every name of t its slot and every scope its loads, by the rules of
 * Jinja's compiler; refuse unknown filters, tests and globals.  Returns 0, or
 * -1 with err `LINE: cause`.
 */
int trx_symbols_run(struct trx_template *t, struct trx_error *err);

#endif
