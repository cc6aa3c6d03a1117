/* The methods format and format_map of str, as Jinja's sandbox runs them. */
#ifndef TRX_TEMPLATE_FORMAT_H
#define TRX_TEMPLATE_FORMAT_H

#include "common/template/call.h"

trx_call_fn trx_format, trx_format_map;

#endif
