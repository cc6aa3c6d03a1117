/*
 * The seal of a compressed shard: a skippable frame after the data's with the
 * SHA-256 of all that is before it, since some bits of a zstd frame can flip
 * and still give the same data.  After it the seek table.
 */
#ifndef TRX_ARCHIVE_SEAL_H
#define TRX_ARCHIVE_SEAL_H

#include "common/base/buf.h"
#include "common/base/error.h"
#include "common/digest/sha256.h"
#include "common/zstream/in.h"

#define TRX_SEAL_MAGIC 0x184d2a54u

/* Append the content of a seal: digest, and the versions of zstd and of the
 * library that wrote the tar. */
void trx_seal_put(struct trx_buf *b,
    const unsigned char digest[TRX_SHA256_SIZE], const char *tar_version);

/* Checks the frames of a shard while it is read. */
struct trx_seal;

/* Returns NULL with err set on failure.  Freed with trx_seal_free. */
struct trx_seal *trx_seal_new(struct trx_error *err);

/* What a trx_zin must be given to be watched; borrowed until trx_seal_free. */
struct trx_zin_watch trx_seal_watch(struct trx_seal *s);

/* Was all there?  Asked at the end of the file.  0, or -1 with err set. */
int trx_seal_finish(const struct trx_seal *s, struct trx_error *err);

/* NULL is fine. */
void trx_seal_free(struct trx_seal *s);

#endif
