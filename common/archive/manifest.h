/* The manifest of a shard: its last member, its commit record. */
#ifndef TRX_ARCHIVE_MANIFEST_H
#define TRX_ARCHIVE_MANIFEST_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/error.h"
#include "common/digest/sha256.h"
#include "common/json/value.h"

struct trx_manifest {
	uint64_t shard; /* its index in the run, from 0 */
	uint64_t rows;
	uint64_t examples;
	uint64_t tokens;
	uint64_t trained;		 /* tokens whose mask is 1 */
	char tar_sha256[TRX_SHA256_HEX]; /* of the tar before this member */
	char previous[TRX_SHA256_HEX];	 /* the shard before's; "": the first */
	bool last;
	uint64_t shards; /* in the last one: how many there are */
	const struct trx_json *trailer; /* in the last one: an object */
};

/*
 * Append m as canonical JSON.  Returns 0, or -1 with err set: TRX_INPUT where
 * the trailer has a number that is no integer.
 */
int trx_manifest_put(
    const struct trx_manifest *m, struct trx_buf *out, struct trx_error *err);

/*
 * Read what trx_manifest_put wrote, and nothing else.  text[0..len) borrowed,
 * with TRX_JSON_PADDING readable bytes after it; *root, the whole of it, and
 * m->trailer are the arena's.  Returns 0, or -1 with err set.
 */
int trx_manifest_get(const char *text, size_t len, struct trx_arena *a,
    struct trx_json *root, struct trx_manifest *m, struct trx_error *err);

#endif
