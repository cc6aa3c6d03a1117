/*
 * The names of the shards of a run: a pattern with one %0Nd in it, and %% for
 * each other percent sign.
 */
#ifndef TRX_ARCHIVE_PATTERN_H
#define TRX_ARCHIVE_PATTERN_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/error.h"
#include "common/base/str.h"

struct trx_pattern {
	struct trx_str before; /* the %0Nd; borrowed, as after */
	struct trx_str after;
	int width; /* N, 1 to 9 */
};

/*
 * Split text, borrowed by p, which must end in suffix.  Returns 0, or -1 with
 * err set, TRX_USAGE.
 */
int trx_pattern_parse(struct trx_pattern *p, const char *text,
    const char *suffix, struct trx_error *err);

/* Append the name of shard index, and a NUL. */
void trx_pattern_name(
    const struct trx_pattern *p, uint64_t index, struct trx_buf *out);

#endif
