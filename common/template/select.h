/* The filters that work item by item, lazily: map, select and their kin. */
#ifndef TRX_TEMPLATE_SELECT_H
#define TRX_TEMPLATE_SELECT_H

#include "common/template/call.h"

trx_call_fn trx_select_map;
trx_call_fn trx_select_select;
trx_call_fn trx_select_reject;
trx_call_fn trx_select_selectattr;
trx_call_fn trx_select_rejectattr;

/* Is it one of those above?  They look at the running template. */
bool trx_select_is(trx_call_fn *filter);
/* Fails where a part of an attribute is digits but no number.  0 or -1. */
int trx_select_check(struct trx_run *run, const struct trx_value *attribute);

/*
 * The item's attribute as filters name it: "a.b.0" is three subscripts.
 * fallback (may be NULL or MISSING) stands for undefined ones.
 */
int trx_select_attribute(struct trx_run *run, const struct trx_value *item,
    const struct trx_value *attribute, const struct trx_value *fallback,
    struct trx_value *out);

#endif
