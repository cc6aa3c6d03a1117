/*
 * The types of messages and tools that vLLM's server accepts: those of the
 * openai package 3.54 and of vLLM 0.33.0, as pydantic 2.14 checks them.
 *
 * A message may be of several types that have much in common.  pydantic takes
 * the one that knows most of its keys, and puts these first, in the order of
 * the type.  The parts of content and tool calls of the chosen type are checked
 * only then, so that a part can be right for one role and wrong for another.
 */
#ifndef TRX_CHAT_OPENAI_TYPES_H
#define TRX_CHAT_OPENAI_TYPES_H

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/json/value.h"

/*
 * *out is what pydantic makes of a message: keys in its order, lists of parts
 * and calls checked.  Values are shared with v, new ones are a's.  Types of
 * media are left out: v must have none.  Returns 0, or -1 with err set.
 */
int trx_openai_types_message(const struct trx_json *v, struct trx_arena *a,
    struct trx_json *out, struct trx_error *err);

/* Likewise for a tool of the request; keys that it does not know are gone. */
int trx_openai_types_tool(const struct trx_json *v, struct trx_arena *a,
    struct trx_json *out, struct trx_error *err);

#endif
