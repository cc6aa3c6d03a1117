/* Python's operators. */
#ifndef TRX_TEMPLATE_OPS_H
#define TRX_TEMPLATE_OPS_H

#include "common/template/tree.h"
#include "common/template/value.h"

/* a op b for +, -, *, /, //, % and **.  Returns 0 or -1. */
int trx_ops_binary(struct trx_run *run, enum trx_op op,
    const struct trx_value *a, const struct trx_value *b,
    struct trx_value *out);

/* a op b for the comparisons, `in` and `not in`: 1, 0 or -1. */
int trx_ops_compare(struct trx_run *run, enum trx_op op,
    const struct trx_value *a, const struct trx_value *b);

/* -v (or +v).  Returns 0 or -1. */
int trx_ops_sign(struct trx_run *run, bool minus, const struct trx_value *v,
    struct trx_value *out);

#endif
