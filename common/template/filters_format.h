/* The filters format and filesizeformat. */
#ifndef TRX_TEMPLATE_FILTERS_FORMAT_H
#define TRX_TEMPLATE_FILTERS_FORMAT_H

#include "common/template/call.h"

trx_call_fn trx_filters_format, trx_filters_format_size;

#endif
