/*
 * Messages as vLLM 0.33.0 gives them to a template: parse_chat_messages of
 * vllm/renderers/chat_utils/chat_message.py, and what its hf.py does to
 * `developer` messages that a template does not know.
 */
#ifndef TRX_CHAT_OPENAI_MESSAGES_H
#define TRX_CHAT_OPENAI_MESSAGES_H

#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/chat/openai_format.h"
#include "common/json/value.h"

/*
 * *out are the messages (as trx_openai_request_messages gives them; not
 * changed), each with the keys role
 * and content, then, where they apply: tool_calls, reasoning and
 * reasoning_content of an assistant, tool_call_id of a tool, name, task, tools
 * of a developer.  Values are shared with the input, new ones are a's; no two
 * messages share a string.  *origins is that of struct trx_openai_row.
 * developer: does the template know that role?  Returns 0, or -1 with err set:
 * what vLLM fails on, images and other media (their place in the text depends
 * on the model), and arguments of tool calls that trx cannot hold.
 */
int trx_openai_messages_rewrite(const struct trx_json *messages,
    enum trx_openai_format format, bool developer, struct trx_arena *a,
    struct trx_json *out, const int32_t **origins, struct trx_error *err);

/*
 * Is there a message with an image, or anything else that is no text?  Returns
 * 0, or -1 with err saying where.
 */
int trx_openai_messages_refuse_media(
    const struct trx_json *messages, struct trx_error *err);

#endif
