/* The filters that sort, group and compare. */
#ifndef TRX_TEMPLATE_FILTERS_SORT_H
#define TRX_TEMPLATE_FILTERS_SORT_H

#include "common/template/call.h"

trx_call_fn trx_filter_dictsort;
trx_call_fn trx_filter_groupby;
trx_call_fn trx_filter_max;
trx_call_fn trx_filter_min;
trx_call_fn trx_filter_sort;

/*
 * What filters compare an item by: its attribute (NONE or MISSING: itself),
 * in lower case unless case counts.  fallback as of trx_select_attribute.
 * Returns 0 or -1.
 */
int trx_filter_key(struct trx_run *run, const struct trx_value *item,
    const struct trx_value *attribute, const struct trx_value *fallback,
    bool case_sensitive, struct trx_value *out);

#endif
