/*
 * What Jinja's folding of constants lets a template see.  Jinja replaces a
 * constant expression by its value's repr() in the Python code that it makes:
 * an infinity or NaN there is a name that does not exist, an integer of more
 * than 4300 digits cannot be written, and of -8 ** n the minus comes last.
 * What has no slices has an undefined one, and a dict's key that cannot be
 * hashed is an error though it is never run.  (A print tag that is constant as
 * a whole is text before that.)
 */
#ifndef TRX_TEMPLATE_FOLD_H
#define TRX_TEMPLATE_FOLD_H

#include "common/template/tree.h"

/* Change t's tree so that it does the same.  Returns 0, or -1 with err
 * `LINE: cause`. */
int trx_fold_run(struct trx_template *t, struct trx_error *err);

#endif
