/* The filters that lay text out, or make it safe for HTML and URLs. */
#ifndef TRX_TEMPLATE_FILTERS_TEXT_H
#define TRX_TEMPLATE_FILTERS_TEXT_H

#include "common/template/call.h"

trx_call_fn trx_filter_center;
trx_call_fn trx_filter_escape;
trx_call_fn trx_filter_forceescape;
trx_call_fn trx_filter_indent;
trx_call_fn trx_filter_striptags;
trx_call_fn trx_filter_truncate;
trx_call_fn trx_filter_urlencode;
trx_call_fn trx_filter_wordcount;
trx_call_fn trx_filter_wordwrap;
trx_call_fn trx_filter_xmlattr;

#endif
