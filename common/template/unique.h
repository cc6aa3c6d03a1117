/* The filter unique: each item once, lazily. */
#ifndef TRX_TEMPLATE_UNIQUE_H
#define TRX_TEMPLATE_UNIQUE_H

#include "common/template/call.h"

trx_call_fn trx_unique;

#endif
