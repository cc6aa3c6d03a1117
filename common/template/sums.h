/* Sums that are printed, so that a rendering need not build them. */
#ifndef TRX_TEMPLATE_SUMS_H
#define TRX_TEMPLATE_SUMS_H

#include "common/template/tree.h"

#define TRX_SUMS_MAX 32 /* terms of a sum that is printed term by term */

/*
 * Give every PRINT of a + b + ... its terms as its list, string constants that
 * stand side by side (not the first) as one.  Returns 0, or -1 with err set.
 */
int trx_sums_run(struct trx_template *t, struct trx_error *err);

#endif
