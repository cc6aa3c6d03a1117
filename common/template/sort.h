/* The filters that compare items: sort, unique, min and their like. */
#ifndef TRX_TEMPLATE_SORT_H
#define TRX_TEMPLATE_SORT_H

#include "common/template/call.h"

trx_call_fn trx_sort_dict; /* dictsort */
trx_call_fn trx_sort_list; /* sort */
trx_call_fn trx_sort_unique;
trx_call_fn trx_sort_min;
trx_call_fn trx_sort_max;
trx_call_fn trx_sort_groups; /* groupby */

/* Sort n pointers to pairs by their keys, which are strings or numbers. */
int trx_sort_pairs(
    struct trx_run *run, const struct trx_pair **pairs, size_t n);

#endif
