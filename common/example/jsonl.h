/* A row of chat JSONL, in the three forms that trx-template(1) describes. */
#ifndef TRX_EXAMPLE_JSONL_H
#define TRX_EXAMPLE_JSONL_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/error.h"
#include "common/json/reader.h"
#include "common/json/value.h"
#include "common/record/reason.h"
#include "common/record/row.h"

/* The forms of a row. */
enum trx_jsonl_form {
	TRX_JSONL_TEXT,	    /* context, continuation */
	TRX_JSONL_DECISION, /* messages, decision_idx, better_response */
	TRX_JSONL_MESSAGES  /* messages alone */
};

struct trx_jsonl_row {
	enum trx_jsonl_form form;
	bool has_id;
	struct trx_str id;
	struct trx_str context;		 /* of a row of text */
	const struct trx_json *messages; /* an array; NULL in a row of text */
	uint32_t decision;		 /* index, of a named decision */
	const struct trx_json *tools;	 /* these three NULL where absent */
	const struct trx_json *documents;
	const struct trx_json *kwargs; /* chat_template_kwargs, an object */
	struct trx_str continuation;   /* not of messages alone */
	/* The other members: a JSON object, each as it stood, minified. */
	struct trx_str metadata;
};

/*
 * Read root, a line's JSON value.  What row holds borrows from root and the
 * arena.  Returns TRX_REASON_NONE; else why the row is rejected, with err set
 * (TRX_INPUT), row->id being valid where has_id is set.  Where memory runs out
 * err is TRX_MACHINE and the reason means nothing.
 */
enum trx_reason trx_jsonl_row(const struct trx_json *root, struct trx_arena *a,
    struct trx_jsonl_row *row, struct trx_error *err);

/*
 * Make root a row without the nulls that a table writes for columns a row does
 * not have: those among the members that are read, and at any depth in
 * messages, tools, documents and chat_template_kwargs.  Metadata stays.  Returns
 * 0, or -1 when memory runs out.
 */
int trx_jsonl_drop_null(struct trx_json *root, struct trx_arena *a);

/* Is the message the assistant's? */
bool trx_jsonl_is_assistant(const struct trx_json *message);

/*
 * The text that is all there is to learn of a message: NULL in *beyond, and
 * *text set; else *beyond names what more there is, or "content" where that is
 * no string.
 */
void trx_jsonl_message_text(
    const struct trx_json *message, struct trx_str *text, const char **beyond);

/*
 * The first n messages of a list, the last of them without these members (keys
 * ends with NULL), into *out; the tree is the arena's.  Returns 1; 0 where it
 * has none of them, or they hold nothing; -1 when memory runs out.
 */
int trx_jsonl_without(const struct trx_json *list, size_t n,
    const char *const *keys, struct trx_arena *a, struct trx_json *out);

/*
 * Append root, a row of messages alone, as a row that ends with message n - 1
 * and has this id.
 */
void trx_jsonl_cut(const struct trx_json *root, size_t n, struct trx_str id,
    struct trx_buf *b);

/* The reason that names a document's fault. */
enum trx_reason trx_jsonl_reason(enum trx_json_fault fault);

#endif
