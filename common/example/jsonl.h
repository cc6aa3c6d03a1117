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

struct trx_jsonl_row {
	bool has_id;
	struct trx_str id;
	/*
	 * The context: the text, or, where messages is not NULL, what the chat
	 * template prints for the first `decision` of them.
	 */
	struct trx_str context;
	const struct trx_json *messages; /* an array */
	uint32_t decision;
	const struct trx_json *tools; /* these three NULL where absent */
	const struct trx_json *documents;
	const struct trx_json *kwargs; /* chat_template_kwargs, an object */
	struct trx_str continuation;
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
 * Make the example of text: `context`, which holds the context's text, gets the
 * continuation appended; the two are parts that are tokenized apart.  What out
 * holds is the arena's.  Returns as trx_jsonl_row.
 */
enum trx_reason trx_jsonl_example(const struct trx_jsonl_row *row,
    struct trx_str id, struct trx_buf *context, struct trx_arena *a,
    struct trx_row *out, struct trx_error *err);

/* The reason that names a document's fault. */
enum trx_reason trx_jsonl_reason(enum trx_json_fault fault);

#endif
