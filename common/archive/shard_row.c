#include <inttypes.h>
#include <stdio.h>

#include "common/archive/shard_row.h"

static const char *const suffixes[TRX_SHARD_PARTS] = { "ids.npy", "mask.npy",
	"segs.npy", "json" };

void
trx_shard_name(
    char name[TRX_SHARD_NAME], uint64_t index, enum trx_shard_part part)
{
	snprintf(
	    name, TRX_SHARD_NAME, "%012" PRIu64 ".%s", index, suffixes[part]);
}

/* Count the trained tokens of a segment. */
static int
check_mask(const struct trx_shard_row *row, const uint32_t seg[3],
    uint64_t *trained, struct trx_error *err)
{
	uint32_t i;

	for (i = seg[0]; i < seg[2]; i++) {
		if (row->mask[i] > 1)
			return trx_error_set(err, TRX_INPUT,
			    "mask[%" PRIu32 "] is neither 0 nor 1", i);
		if (row->mask[i] == 1 && (i == seg[0] || i < seg[1]))
			return trx_error_set(err, TRX_INPUT,
			    "mask[%" PRIu32 "] is 1 in a context", i);
		*trained += row->mask[i];
	}
	return 0;
}

int
trx_shard_check(
    const struct trx_shard_row *row, uint64_t *trained, struct trx_error *err)
{
	uint32_t at = 0;
	size_t i;

	*trained = 0;
	for (i = 0; i < row->nsegs; i++) {
		const uint32_t *seg = row->segs[i];

		if (seg[0] != at || seg[1] < seg[0] || seg[2] < seg[1] ||
		    seg[2] == seg[0] || seg[2] > row->nids)
			return trx_error_set(
			    err, TRX_INPUT, "the segments do not tile the row");
		if (check_mask(row, seg, trained, err) == -1)
			return -1;
		at = seg[2];
	}
	if (at != row->nids || at == 0)
		return trx_error_set(
		    err, TRX_INPUT, "the segments do not tile the row");
	return 0;
}
