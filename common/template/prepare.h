/* What a template prints, put so that a rendering has less to do. */
#ifndef TRX_TEMPLATE_PREPARE_H
#define TRX_TEMPLATE_PREPARE_H

#include "common/template/tree.h"

#define TRX_PREPARE_TERMS 32 /* terms of a sum that is printed term by term */

/*
 * Make every PRINT of a string constant DATA, and DATA that stands side by side
 * one; give every PRINT of a + b + ... its terms, those that are string
 * constants as texts; mark the items that need not be looked for as attributes,
 * make relations of comparisons of two, and take apart what `not` stands
 * before. Returns 0, or -1 with err set.
 */
int trx_prepare_run(struct trx_template *t, struct trx_error *err);

#endif
