/* The filters for HTML and URLs. */
#ifndef TRX_TEMPLATE_FILTERS_HTML_H
#define TRX_TEMPLATE_FILTERS_HTML_H

#include "common/template/call.h"

trx_call_fn trx_filter_escape;
trx_call_fn trx_filter_forceescape;
trx_call_fn trx_filter_striptags;
trx_call_fn trx_filter_urlencode;
trx_call_fn trx_filter_xmlattr;

#endif
