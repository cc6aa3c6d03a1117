/*
 * A ustar archive written, by libarchive: the one place that meets it.  The
 * bytes are the same everywhere; a libarchive that would write others is an
 * error, and so is all that it would mend in silence.
 */
#ifndef TRX_ARCHIVE_TARBALL_H
#define TRX_ARCHIVE_TARBALL_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"

struct trx_tarball;

/* Takes the archive's next n bytes.  0, or -1 with err set. */
typedef int trx_tarball_sink(
    void *ctx, const void *p, size_t n, struct trx_error *err);

/* Returns NULL with err set on failure.  Freed with trx_tarball_free. */
struct trx_tarball *trx_tarball_new(
    trx_tarball_sink *sink, void *ctx, struct trx_error *err);

/*
 * A member: its name (shorter than TRX_USTAR_NAME) and size, its data in
 * pieces, its end; then every byte of it has reached the sink.  Each returns
 * 0, or -1 with err set; ending a member that has not had size bytes, or
 * giving it more, is TRX_MACHINE.
 */
int trx_tarball_begin(struct trx_tarball *t, const char *name, uint64_t size,
    struct trx_error *err);
int trx_tarball_data(
    struct trx_tarball *t, const void *p, size_t n, struct trx_error *err);
int trx_tarball_end(struct trx_tarball *t, struct trx_error *err);

/* Write the two zero blocks.  Nothing may follow.  0, or -1 with err set. */
int trx_tarball_close(struct trx_tarball *t, struct trx_error *err);

/* NULL is fine. */
void trx_tarball_free(struct trx_tarball *t);

/* libarchive's name and version, for --version. */
const char *trx_tarball_version(void);

#endif
