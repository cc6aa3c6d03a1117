/*
 * The chat layer of one model: which template, and which variables it gets,
 * as apply_chat_template of `transformers` 5.0 to 5.18 does.
 */
#ifndef TRX_CHAT_CHAT_H
#define TRX_CHAT_CHAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/error.h"
#include "common/json/value.h"
#include "common/template/template.h"

struct trx_chat; /* opaque, immutable once opened: threads may share it */

struct trx_chat_options {
	const char *model; /* a folder, or a file in it; NULL: none */
	/* Instead of the model's: one of them by name, or a file; or NULL. */
	const char *template;
	const char *const *vars;    /* KEY=JSON, ends with NULL; NULL: none */
	const struct trx_date *now; /* borrowed; NULL: no date is known */
	bool openai; /* rows are read as vLLM's server reads requests */
};

/*
 * Open the templates and special tokens (common/chat/files.h says
 * which) and compile them.  Of named templates `tool_use` serves rows with
 * tools and `default` all others; only these two are compiled.  Returns NULL
 * with err set.  Freed with trx_chat_free.
 */
struct trx_chat *trx_chat_open(
    const struct trx_chat_options *options, struct trx_error *err);

/* NULL is fine. */
void trx_chat_free(struct trx_chat *c);

/*
 * SHA-256 (64 hex digits; borrowed from c) of everything that decides the
 * text: of each template, by name in byte order, then of each special-token
 * variable, by name: "template" or "token", a zero byte, the name, a zero byte,
 * the text (templates: newlines as Jinja normalises them), a zero byte.
 */
const char *trx_chat_sha256(const struct trx_chat *c);

/* The BOS (EOS) token's text; .p is NULL where the model names none. */
struct trx_str trx_chat_bos(const struct trx_chat *c);
struct trx_str trx_chat_eos(const struct trx_chat *c);

/* Are any special tokens known?  Without a model there are none. */
bool trx_chat_has_special(const struct trx_chat *c);

/*
 * The special token that is found first in text: *at is its offset, and it is
 * returned; .p is NULL where there is none.  Special tokens are those that the
 * model's tokenizer_config.json, special_tokens_map.json and, from
 * trx_chat_know_added on, tokenizer.json name.
 */
struct trx_str trx_chat_special(
    const struct trx_chat *c, struct trx_str text, size_t *at);

/* Read tokenizer.json for trx_chat_special, while no other thread has c. */
int trx_chat_know_added(struct trx_chat *c, struct trx_error *err);

/* The template for rows without tools (or with them); may be NULL. */
const struct trx_template *trx_chat_template(
    const struct trx_chat *c, bool tools);

/* Which text of which message the output is made of. */
struct trx_chat_trace {
	struct trx_template_trace trace;
	/* Of each of trace's inputs its message's index; -1: several's. */
	const int32_t *messages;
};

struct trx_chat_input {
	const struct trx_json *messages;  /* an array */
	size_t nmessages;		  /* render only the first n */
	const struct trx_json *tools;	  /* NULL or JSON null: None */
	const struct trx_json *documents; /* likewise */
	const struct trx_json *kwargs;	  /* an object, or NULL: none */
	bool add_generation_prompt;
	bool continue_final_message;  /* end inside the last message */
	struct trx_chat_trace *trace; /* to be filled, in the arena; or NULL */
};

/*
 * Append the rendered conversation to *out; values live in a until its next
 * reset.  The variables are messages, tools, documents and
 * add_generation_prompt; then those of kwargs; then those of the options; then
 * the special tokens.  Where the options have openai, what is rendered is what
 * common/chat/openai.h makes of the row's first n messages.  Returns 0, or
 * -1 with err set and nothing appended; an empty conversation is an error.
 */
int trx_chat_render(const struct trx_chat *c, const struct trx_chat_input *in,
    struct trx_arena *a, struct trx_buf *out, struct trx_error *err);

/*
 * Where the output has the text of a message, whole and once: 1 with the
 * output's bytes *begin to *end; 0 where the template changed, dropped or
 * repeated it.  text is the very string of the message that was rendered, not
 * empty; openai keeps those of content.
 */
int trx_chat_find_text(const struct trx_chat_trace *trace, struct trx_str text,
    size_t *begin, size_t *end);

#endif
