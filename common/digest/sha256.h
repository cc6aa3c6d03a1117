/* SHA-256 (FIPS 180-4), by libcrypto. */
#ifndef TRX_DIGEST_SHA256_H
#define TRX_DIGEST_SHA256_H

#include <stddef.h>

#include "common/base/error.h"

#define TRX_SHA256_SIZE 32 /* bytes of a digest */
#define TRX_SHA256_HEX 65  /* its lower-case hex digits and a NUL */

struct trx_sha256; /* a digest in progress */

/* Returns NULL with err set on failure.  Freed with trx_sha256_free. */
struct trx_sha256 *trx_sha256_new(struct trx_error *err);

/* Add n bytes. */
void trx_sha256_add(struct trx_sha256 *s, const void *p, size_t n);

/*
 * The digest of what was added so far, as bytes or as hex digits; more may be
 * added afterwards.  Return 0, or -1 with err set.
 */
int trx_sha256_bytes(const struct trx_sha256 *s,
    unsigned char out[TRX_SHA256_SIZE], struct trx_error *err);
int trx_sha256_hex(const struct trx_sha256 *s, char hex[TRX_SHA256_HEX],
    struct trx_error *err);

/* The digest of n bytes at once.  Returns 0, or -1 with err set. */
int trx_sha256_of(
    const void *p, size_t n, char hex[TRX_SHA256_HEX], struct trx_error *err);

/* NULL is fine. */
void trx_sha256_free(struct trx_sha256 *s);

/* libcrypto's name and version, for --version. */
const char *trx_sha256_version(void);

#endif
