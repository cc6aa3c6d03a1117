/* str.translate(), and str.maketrans(), which makes its tables. */
#ifndef TRX_TEMPLATE_TRANSLATE_H
#define TRX_TEMPLATE_TRANSLATE_H

#include "common/template/call.h"

trx_call_fn trx_translate, trx_translate_table;

#endif
