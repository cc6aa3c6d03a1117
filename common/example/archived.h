/* A row to and from the form in which a shard has it (trx-archive(5)). */
#ifndef TRX_EXAMPLE_ARCHIVED_H
#define TRX_EXAMPLE_ARCHIVED_H

#include "common/archive/shard.h"
#include "common/base/arena.h"
#include "common/json/reader.h"
#include "common/record/row.h"

/*
 * Make the shard's row of a row of tokens: its arrays (and no JSON), or all of
 * it.  What out holds is the arena's, or borrowed from row.  Return 0, or -1
 * with err set (memory).
 */
int trx_archived_arrays(const struct trx_row *row, struct trx_arena *a,
    struct trx_shard_row *out, struct trx_error *err);
int trx_archived_from_row(const struct trx_row *row, struct trx_arena *a,
    struct trx_shard_row *out, struct trx_error *err);

/*
 * And back: spans are the runs of the mask, from each context's end.  What row
 * holds is the arena's, ids excepted, which are borrowed from in.  Returns 0,
 * or -1 with err set: TRX_INPUT where the JSON is not one example a segment.
 */
int trx_archived_to_row(const struct trx_shard_row *in,
    struct trx_json_reader *reader, struct trx_arena *a, struct trx_row *row,
    struct trx_error *err);

#endif
