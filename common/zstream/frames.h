/*
 * zstd written as independent frames, each with its content checksum and
 * size: the same bytes for the same input and libzstd, damage is seen, and a
 * seek table at the end gives random access (zstd's seekable format 0.1.0).
 */
#ifndef TRX_ZSTREAM_FRAMES_H
#define TRX_ZSTREAM_FRAMES_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"

/*
 * Data is never made to expand more than this times (after
 * TRX_ZIN_RATIO_FROM bytes): what would is stored as it is, so that a reader
 * with this ratio limit takes whatever was written here.
 */
#define TRX_ZFRAMES_RATIO 1000

/* Windows are at most 2^TRX_ZFRAMES_WINDOW_LOG bytes. */
#define TRX_ZFRAMES_WINDOW_LOG 23

struct trx_zframes;

/* Takes n bytes that are to be written.  0, or -1 with err set. */
typedef int trx_zframes_sink(
    void *ctx, const void *p, size_t n, struct trx_error *err);

/* Returns NULL with err set on failure.  Freed with trx_zframes_free. */
struct trx_zframes *trx_zframes_new(
    trx_zframes_sink *sink, void *ctx, struct trx_error *err);

/*
 * Write n bytes, fewer than 2^32, as one frame.  Returns 0, or -1 with err
 * set.
 */
int trx_zframes_add(
    struct trx_zframes *z, const void *p, size_t n, struct trx_error *err);

/* Write a skippable frame: magic as in zstream/format.h, n bytes of content. */
int trx_zframes_skippable(struct trx_zframes *z, uint32_t magic, const void *p,
    size_t n, struct trx_error *err);

/* Write the seek table of the frames so far; the last thing in a file. */
int trx_zframes_table(struct trx_zframes *z, struct trx_error *err);

/* NULL is fine. */
void trx_zframes_free(struct trx_zframes *z);

/* libzstd's name and version, for --version. */
const char *trx_zstream_version(void);

#endif
