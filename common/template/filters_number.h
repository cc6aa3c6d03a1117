/* The filters of numbers. */
#ifndef TRX_TEMPLATE_FILTERS_NUMBER_H
#define TRX_TEMPLATE_FILTERS_NUMBER_H

#include "common/template/call.h"

trx_call_fn trx_filter_abs;
trx_call_fn trx_filter_float;
trx_call_fn trx_filter_int;
trx_call_fn trx_filter_round;

#endif
