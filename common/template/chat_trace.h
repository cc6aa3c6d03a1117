/* The texts of a conversation, so that a trace knows them. */
#ifndef TRX_TEMPLATE_CHAT_TRACE_H
#define TRX_TEMPLATE_CHAT_TRACE_H

#include "common/template/chat.h"

/*
 * Make the first n messages' strings the inputs of trace, in arena a.  Returns
 * 0, or -1 with err set (memory).
 */
int trx_chat_trace_begin(const struct trx_json *messages, size_t n,
    struct trx_arena *a, struct trx_chat_trace *trace, struct trx_error *err);

#endif
