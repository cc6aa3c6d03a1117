/*
 * What vLLM's server makes of a chat completion request before it looks at the
 * template: ChatCompletionRequest of vLLM 0.33.0.
 */
#ifndef TRX_CHAT_OPENAI_REQUEST_H
#define TRX_CHAT_OPENAI_REQUEST_H

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/json/value.h"

/*
 * *out are the messages (a JSON array; not changed) as the server has them
 * once they are checked; none may have media in it.  Values are shared with
 * the input, new ones are a's.  Returns 0, or -1 with err set: what the server
 * refuses.
 */
int trx_openai_request_messages(const struct trx_json *messages,
    struct trx_arena *a, struct trx_json *out, struct trx_error *err);

/*
 * Likewise for tools (an array): *out is the list that templates get, each tool
 * with the keys type and function, the latter with name, description and
 * parameters (null where they are not given), then strict and defer_loading if
 * they are.
 */
int trx_openai_request_tools(const struct trx_json *tools, struct trx_arena *a,
    struct trx_json *out, struct trx_error *err);

/* Are documents a list of objects whose values are strings?  0, or -1. */
int trx_openai_request_documents(
    const struct trx_json *documents, struct trx_error *err);

#endif
