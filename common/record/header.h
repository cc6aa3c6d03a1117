/*
 * The header of a segment: what it holds, with what it may be joined, and how
 * it came to be.  Canonical JSON, the same bytes for the same input and
 * options (trx-records(5)).
 */
#ifndef TRX_RECORD_HEADER_H
#define TRX_RECORD_HEADER_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/error.h"
#include "common/json/value.h"
#include "common/record/row.h"

#define TRX_HEADER_FORMAT 1
#define TRX_HEADER_MAX ((size_t)16 * 1024 * 1024) /* bytes */

/* The header's JSON object; its memory is the arena's that it was made in. */
struct trx_header {
	struct trx_json json;
};

/* Make the header that a chain begins with: of text, no stages yet. */
int trx_header_init(
    struct trx_header *h, struct trx_arena *a, struct trx_error *err);

/*
 * Read and check a header's payload; bytes are copied into the arena.
 * Returns 0, or -1 with err set, TRX_INPUT where it is none, or of a newer
 * format.
 */
int trx_header_parse(struct trx_header *h, struct trx_str bytes,
    struct trx_arena *a, struct trx_error *err);

enum trx_kind trx_header_kind(const struct trx_header *h);

/* The largest id + 1 of a stream of tokens; 0 in a stream of text. */
uint32_t trx_header_vocab_size(const struct trx_header *h);

/* Of text becomes of tokens. */
int trx_header_set_tokens(
    struct trx_header *h, struct trx_arena *a, struct trx_error *err);

/*
 * The objects compat (equal in segments that may be mixed) and special (token
 * ids), to be added to with trx_json_set.
 */
struct trx_json *trx_header_compat(struct trx_header *h);
struct trx_json *trx_header_special(struct trx_header *h);

/*
 * Append a stage: the filter's name and this version, and an object of the
 * options that change the data.
 */
int trx_header_add_stage(struct trx_header *h, const char *name,
    struct trx_json options, struct trx_arena *a, struct trx_error *err);

/* Append the header's bytes to out. */
int trx_header_write(
    const struct trx_header *h, struct trx_buf *out, struct trx_error *err);

/* May records of these two be mixed in one stream?  0, or -1 with err set. */
int trx_header_compatible(const struct trx_header *a,
    const struct trx_header *b, struct trx_error *err);

#endif
