/* A rejected row: how it is named, and its line in the rejects file. */
#ifndef TRX_EXAMPLE_REJECT_H
#define TRX_EXAMPLE_REJECT_H

#include <stdbool.h>

#include "common/base/buf.h"
#include "common/base/error.h"
#include "common/cli/rejects.h"
#include "common/example/source.h"
#include "common/record/reason.h"
#include "common/record/row.h"

struct trx_reject {
	const char *stage;
	enum trx_reason reason;
	const char *source; /* of the row: a file's name */
	uint64_t number;    /* its line or record there */
	bool line;	    /* which of the two */
	struct trx_str id;  /* empty where it is not known */
	struct trx_str message;
	struct trx_str row; /* its JSON; empty where there is none */
};

/*
 * Write its line to the rejects file, where there is one; else the run stops.
 * Returns 0, or -1 with err set.
 */
int trx_reject_give(const struct trx_reject *r, struct trx_rejects *rejects,
    struct trx_error *err);

/* The same of a record that was read, whose first example names it. */
int trx_reject_record(const char *stage, enum trx_reason reason,
    const char *message, const struct trx_source_event *event,
    const struct trx_row *row, struct trx_rejects *rejects,
    struct trx_error *err);

/*
 * Append the line of JSONL as JSON: as it stood where it was read as JSON, else
 * as a string, U+FFFD in place of what is no UTF-8.
 */
void trx_reject_line(
    struct trx_buf *out, struct trx_str line, enum trx_reason reason);

#endif
