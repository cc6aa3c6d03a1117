/*
 * Chat rows as vLLM's server reads them: what version 0.33.0, with transformers
 * 5.20, pydantic 2.14 and the openai package 3.54, does to the messages, tools,
 * documents and template arguments of a request to /v1/chat/completions before
 * the template is rendered.
 * Models that vLLM renders without their template (gpt-oss, DeepSeek-V3.2 and
 * -V4, Kimi-K3, Cohere, Mistral's own tokenizer) are not meant.
 */
#ifndef TRX_CHAT_OPENAI_H
#define TRX_CHAT_OPENAI_H

#include <stdbool.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/chat/openai_format.h"
#include "common/chat/openai_variables.h"
#include "common/json/value.h"

/* What is to be known of a template. */
struct trx_openai {
	enum trx_openai_format format;
	bool developer; /* does it know the role `developer`? */
	struct trx_openai_variables variables;
};

/*
 * Find that out from a template's source, as it is written; name is for
 * messages.  Lists and names are allocated in a.  Returns 0, or -1 with err
 * set.
 */
int trx_openai_study(struct trx_str source, const char *name,
    struct trx_arena *a, struct trx_openai *out, struct trx_error *err);

/* A row: what stands in it, or NULL. */
struct trx_openai_row {
	const struct trx_json *messages;
	const struct trx_json *tools;
	const struct trx_json *documents;
	const struct trx_json *kwargs; /* chat_template_kwargs */
	/*
	 * In what was rewritten: of each message the index of the one that it
	 * was, -1 where it was several; NULL: they stand as they stood.
	 */
	const int32_t *origins;
};

/*
 * *out is the row as the template gets it: messages (always an array), tools
 * and documents (NULL: None), and of kwargs those that become variables.  in
 * is not changed; values are shared with it, new ones are a's.  What a server
 * defaults to when a row does not say, such as add_generation_prompt (true), is
 * the caller's.  Returns 0, or -1 with err set: what the server fails on, and
 * what trx does not do as vLLM does, by name.
 */
int trx_openai_rewrite(const struct trx_openai *o,
    const struct trx_openai_row *in, struct trx_arena *a,
    struct trx_openai_row *out, struct trx_error *err);

#endif
