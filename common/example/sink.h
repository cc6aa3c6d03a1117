/*
 * Where packed rows go: to standard output as a stream, or to the shards of a
 * run.  Nothing stands under its final name before trx_sink_end.
 */
#ifndef TRX_EXAMPLE_SINK_H
#define TRX_EXAMPLE_SINK_H

#include <stdbool.h>

#include "common/archive/shard.h"
#include "common/record/header.h"
#include "common/record/row.h"
#include "common/record/stream.h"

struct trx_sink;

/*
 * pattern NULL: standard output; else as trx_shards_create has it.  Borrowed.
 * NULL with err set on failure.
 */
struct trx_sink *trx_sink_open(const char *pattern,
    const struct trx_shard_options *options, struct trx_error *err);

/* The header, the rows, the trailer.  0, or -1 with err set. */
int trx_sink_begin(
    struct trx_sink *s, const struct trx_header *h, struct trx_error *err);
int trx_sink_row(
    struct trx_sink *s, const struct trx_row *row, struct trx_error *err);
int trx_sink_end(
    struct trx_sink *s, const struct trx_json *trailer, struct trx_error *err);

/* As trx_stream_fail; shards are not told. */
void trx_sink_fail(struct trx_sink *s, const char *filter,
    struct trx_str inherited, const struct trx_error *why);

/* NULL is fine. */
void trx_sink_free(struct trx_sink *s);

#endif
