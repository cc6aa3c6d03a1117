/* The texts of a conversation, so that a trace knows them. */
#ifndef TRX_CHAT_TRACE_H
#define TRX_CHAT_TRACE_H

#include "common/chat/chat.h"

/*
 * Make the strings of messages the inputs of trace, in arena a.  origins has
 * each message's index in the row, or is NULL where that is its own.  Returns
 * 0, or -1 with err set (memory).
 */
int trx_chat_trace_begin(const struct trx_json *messages,
    const int32_t *origins, struct trx_arena *a, struct trx_chat_trace *trace,
    struct trx_error *err);

#endif
