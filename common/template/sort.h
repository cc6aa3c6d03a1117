/* The filters that sort. */
#ifndef TRX_TEMPLATE_SORT_H
#define TRX_TEMPLATE_SORT_H

#include "common/template/call.h"

trx_call_fn trx_sort_dict; /* dictsort */

#endif
