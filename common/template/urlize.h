/* The filter urlize: links in a text become HTML's. */
#ifndef TRX_TEMPLATE_URLIZE_H
#define TRX_TEMPLATE_URLIZE_H

#include "common/template/call.h"

trx_call_fn trx_urlize;

#endif
