/* A row as one JSON object a line, as trx-cat --json and rejects have it. */
#ifndef TRX_EXAMPLE_JSON_H
#define TRX_EXAMPLE_JSON_H

#include "common/base/buf.h"
#include "common/record/row.h"

/*
 * Append row's object (trx-cat(1) lists its keys).  Failure of memory shows in
 * out->failed.
 */
void trx_example_json(const struct trx_row *row, struct trx_buf *out);

#endif
