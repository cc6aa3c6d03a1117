/* The filter pprint: Python's pprint.pformat(). */
#ifndef TRX_TEMPLATE_PPRINT_H
#define TRX_TEMPLATE_PPRINT_H

#include "common/template/call.h"

trx_call_fn trx_pprint;

#endif
