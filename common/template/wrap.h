/* The filter wordwrap: paragraphs in lines of a width. */
#ifndef TRX_TEMPLATE_WRAP_H
#define TRX_TEMPLATE_WRAP_H

#include "common/template/call.h"

trx_call_fn trx_wrap_words;

#endif
