/*
 * The content of a message as vLLM 0.33.0 gives it to a template
 * (parse_chat_message_content_parts and what calls it).
 */
#ifndef TRX_CHAT_OPENAI_CONTENT_H
#define TRX_CHAT_OPENAI_CONTENT_H

#include <stdbool.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/chat/openai_format.h"
#include "common/json/value.h"

/* Is there an image in content (may be NULL), or anything else but text? */
bool trx_openai_content_has_media(const struct trx_json *content);

/*
 * *out is content (NULL: there is none; else null, a string or an array of
 * strings and objects) as one string, or as a list of parts, each with a type
 * that is a string of its own.
 * system: it is a system message's.  Returns 0, or -1 with err set: parts that
 * are no text, or that vLLM does not know.
 */
int trx_openai_content_rewrite(const struct trx_json *content,
    enum trx_openai_format format, bool system, struct trx_arena *a,
    struct trx_json *out, struct trx_error *err);

/* A tool's content: a list of nothing but texts becomes one string. */
int trx_openai_content_flatten(
    struct trx_arena *a, struct trx_json *content, struct trx_error *err);

/*
 * *out is the strings of a list with `between` between them; a single one stays
 * the slice that it is.  Returns 0, or -1 where there is something else in it.
 */
int trx_openai_content_join(const struct trx_json *texts, const char *between,
    struct trx_arena *a, struct trx_json *out, struct trx_error *err);

#endif
