/* What a model's folder says of its chats: templates and special tokens. */
#ifndef TRX_CHAT_FILES_H
#define TRX_CHAT_FILES_H

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/str.h"
#include "common/json/value.h"

/* A template's source or a special token, by its name. */
struct trx_chat_named {
	char *name;
	struct trx_str text;
};

struct trx_chat_names {
	struct trx_chat_named *at;
	size_t n;
	size_t cap;
};

struct trx_chat_files {
	struct trx_chat_names templates; /* in byte order of their names */
	struct trx_chat_names tokens;	 /* named ones: bos_token; likewise */
	struct trx_chat_names added;	 /* all special tokens, unnamed */
	struct trx_arena *arena;	 /* owns names and texts */
};

/*
 * Read them from a model's folder (NULL: none; the path of a file in it serves
 * as well).  Templates are, first come: template alone, if it is not NULL: one
 * of the model's by its name, or a file; chat_template.jinja and
 * additional_chat_templates/NAME.jinja; chat_template of
 * tokenizer_config.json.  Special tokens are those of tokenizer_config.json
 * and, where it has no added_tokens_decoder, of special_tokens_map.json, as
 * `transformers` 5 reads them.  f->arena is the caller's.  Returns 0, or -1
 * with err set.
 */
int trx_chat_files_read(struct trx_chat_files *f, const char *model,
    const char *template, struct trx_error *err);

/*
 * Add what tokenizer.json marks as special to f->added.  It may be large, and
 * few need it.  Returns 0 (also where there is none) or -1.
 */
int trx_chat_files_read_added(
    struct trx_chat_files *f, const char *model, struct trx_error *err);

/* The text of that name; .p is NULL where there is none. */
struct trx_str trx_chat_names_get(
    const struct trx_chat_names *names, const char *name);

#endif
