/* What a row carries beside its own members: the rest, as it stood. */
#ifndef TRX_EXAMPLE_METADATA_H
#define TRX_EXAMPLE_METADATA_H

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/json/value.h"

/*
 * The members of object but those named in skip (which ends with NULL), as a
 * JSON object: each byte for byte as it was read, minified.  *out is the
 * arena's.  Returns 0, or -1 with err set (memory).
 */
int trx_metadata(const struct trx_json *object, const char *const *skip,
    struct trx_arena *a, struct trx_str *out, struct trx_error *err);

#endif
