/*
 * A shard's tar read, strictly: only header blocks of trx_ustar_put's, only
 * zero bytes as padding, nothing after the end.  So what a hostile tar may
 * do needs no thought: it is refused.
 */
#ifndef TRX_ARCHIVE_UNTAR_H
#define TRX_ARCHIVE_UNTAR_H

#include <stddef.h>
#include <stdint.h>

#include "common/archive/ustar.h"
#include "common/base/buf.h"
#include "common/base/error.h"
#include "common/digest/sha256.h"
#include "common/zstream/in.h"

struct trx_untar;

/*
 * zin is borrowed until trx_untar_free.  Returns NULL with err set on
 * failure.
 */
struct trx_untar *trx_untar_new(struct trx_zin *zin, struct trx_error *err);

/*
 * Go to the next member; the data of the one before must have been read.
 * *name is borrowed until the next call.  Returns 0, or -1 with err set: also
 * at the end of the tar, which must come after the manifest only.
 */
int trx_untar_next(struct trx_untar *t, const char **name, uint64_t *size,
    struct trx_error *err);

/*
 * The SHA-256 of all bytes before this member's header.  Only before its data
 * are read.  0, or -1 with err set.
 */
int trx_untar_digest(
    struct trx_untar *t, char hex[TRX_SHA256_HEX], struct trx_error *err);

/* Read the next n bytes of this member's data; it must have them.  0, -1. */
int trx_untar_read(
    struct trx_untar *t, void *buf, size_t n, struct trx_error *err);

/*
 * Append the rest of this member's data to b, which grows as they come.
 * Returns 0, or -1 with err set.
 */
int trx_untar_rest(
    struct trx_untar *t, struct trx_buf *b, struct trx_error *err);

/* Read the tar's end and the file's.  Returns 0, or -1 with err set. */
int trx_untar_end(struct trx_untar *t, struct trx_error *err);

/* NULL is fine. */
void trx_untar_free(struct trx_untar *t);

#endif
