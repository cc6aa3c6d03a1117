/* The filters that make text of text. */
#ifndef TRX_TEMPLATE_FILTERS_TEXT_H
#define TRX_TEMPLATE_FILTERS_TEXT_H

#include "common/template/call.h"

trx_call_fn trx_filter_center;
trx_call_fn trx_filter_indent;
trx_call_fn trx_filter_truncate;
trx_call_fn trx_filter_wordcount;

#endif
