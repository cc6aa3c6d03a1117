/* Python's `is`: whether two values are one object. */
#ifndef TRX_TEMPLATE_SAME_H
#define TRX_TEMPLATE_SAME_H

#include "common/template/value.h"

/*
 * Are a and b the same object?  1 or 0; -1 with the rendering failed where
 * that depends on how CPython keeps its objects, or cannot be known here.
 */
int trx_same(
    struct trx_run *run, const struct trx_value *a, const struct trx_value *b);

#endif
