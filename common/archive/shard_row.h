/* What the writer and the reader of shards must agree on. */
#ifndef TRX_ARCHIVE_SHARD_ROW_H
#define TRX_ARCHIVE_SHARD_ROW_H

#include "common/archive/shard.h"

#define TRX_SHARD_HEADER "__trx__/header"
#define TRX_SHARD_MANIFEST "__trx__/manifest"

/* The members of a row, in order: KEY.ids.npy and so on. */
enum trx_shard_part {
	TRX_SHARD_IDS,
	TRX_SHARD_MASK,
	TRX_SHARD_SEGS,
	TRX_SHARD_JSON,
	TRX_SHARD_PARTS
};

/* The largest members. */
#define TRX_SHARD_HEADER_MAX (1ull << 20)
#define TRX_SHARD_MANIFEST_MAX (1ull << 24)
#define TRX_SHARD_MEMBER_MAX (1ull << 30)

/* A row's ids are fewer than this, so that each array is a member. */
#define TRX_SHARD_IDS_MAX (1ull << 26)

/* Ids are kept as <u2 where none is larger than that allows. */
#define TRX_SHARD_U2_VOCAB 65536

#define TRX_SHARD_ROWS_MAX 1000000000000ull /* keys have twelve digits */
#define TRX_SHARD_NAME 32

/* The name of a part of row index (below TRX_SHARD_ROWS_MAX). */
void trx_shard_name(
    char name[TRX_SHARD_NAME], uint64_t index, enum trx_shard_part part);

/*
 * Is the row as shard.h says?  Returns 0 with the number of mask bytes that
 * are 1 in *trained, or -1 with err set, TRX_INPUT.
 */
int trx_shard_check(
    const struct trx_shard_row *row, uint64_t *trained, struct trx_error *err);

#endif
