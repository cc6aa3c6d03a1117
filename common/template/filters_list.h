/* The filters that take lists apart, or one thing out of them. */
#ifndef TRX_TEMPLATE_FILTERS_LIST_H
#define TRX_TEMPLATE_FILTERS_LIST_H

#include "common/template/call.h"

trx_call_fn trx_filter_attr;
trx_call_fn trx_filter_batch;
trx_call_fn trx_filter_first;
trx_call_fn trx_filter_last;
trx_call_fn trx_filter_random;
trx_call_fn trx_filter_reverse;
trx_call_fn trx_filter_slice;
trx_call_fn trx_filter_sum;

#endif
