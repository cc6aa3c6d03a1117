/*
 * The chat layer of one model: which template, and which variables it gets,
 * as `transformers` 5's apply_chat_template does.
 */
#ifndef TRX_TEMPLATE_CHAT_H
#define TRX_TEMPLATE_CHAT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/error.h"
#include "common/json/value.h"

struct trx_chat; /* opaque, immutable once opened: threads may share it */

/*
 * Open the templates and special tokens of a model folder (NULL: none; a path
 * of a file in it serves as well), and compile them.  Templates are, first
 * come:
 *   - template_file (NULL: none), alone;
 *   - chat_template.jinja and additional_chat_templates/NAME.jinja;
 *   - chat_template of tokenizer_config.json: a string, or a list of
 *     {"name", "template"}.
 * Of the named ones `tool_use` serves rows with tools and `default` all others;
 * only these two are compiled.  Returns NULL with err set.  Freed with
 * trx_chat_free.
 */
struct trx_chat *trx_chat_open(
    const char *model, const char *template_file, struct trx_error *err);

/* NULL is fine. */
void trx_chat_free(struct trx_chat *c);

/*
 * SHA-256 (64 hex digits; borrowed from c) of everything that decides the
 * text: of each template, by name in byte order, then of each special-token
 * variable, by name: "template" or "token", a zero byte, the name, a zero byte,
 * the text (templates: newlines as Jinja normalises them), a zero byte.
 */
const char *trx_chat_sha256(const struct trx_chat *c);

struct trx_chat_input {
	const struct trx_json *messages;  /* an array */
	size_t nmessages;		  /* render only the first n */
	const struct trx_json *tools;	  /* NULL or JSON null: None */
	const struct trx_json *documents; /* likewise */
	const struct trx_json *kwargs;	  /* an object, or NULL: none */
	bool add_generation_prompt;
};

/*
 * Append the rendered conversation to *out; values live in a until its next
 * reset.  The variables are messages, tools, documents and
 * add_generation_prompt; then those of kwargs; then the special tokens.
 * Returns 0, or -1 with err set and nothing appended; an empty conversation
 * is an error.
 */
int trx_chat_render(const struct trx_chat *c, const struct trx_chat_input *in,
    struct trx_arena *a, struct trx_buf *out, struct trx_error *err);

#endif
