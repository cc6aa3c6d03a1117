/* What a value holds: attributes, items, slices, as Jinja's sandbox gives. */
#ifndef TRX_TEMPLATE_OBJECT_H
#define TRX_TEMPLATE_OBJECT_H

#include "common/template/call.h"
#include "common/template/value.h"

/*
 * v.name; first is trx_method_find(name).  Returns 0 (an undefined value where
 * there is none), or -1.
 */
int trx_object_attr(struct trx_run *run, const struct trx_value *v,
    struct trx_str name, const struct trx_method *first, struct trx_value *out);

/* The same of v's own attributes alone: no items, as the filter attr looks. */
int trx_object_own_attr(struct trx_run *run, const struct trx_value *v,
    struct trx_str name, struct trx_value *out);

/* v[key], as trx_object_attr. */
int trx_object_item(struct trx_run *run, const struct trx_value *v,
    const struct trx_value *key, struct trx_value *out);

/* v[start:stop:step]; each may be NONE. */
int trx_object_slice(struct trx_run *run, const struct trx_value *v,
    const struct trx_value bounds[3], struct trx_value *out);

#endif
