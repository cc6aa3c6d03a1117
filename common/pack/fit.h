/*
 * Best fit over lengths: which items share a bin.
 *
 * Items come in windows.  Those of a window are placed longest first (equal
 * ones by input order), each into the open bin that has the least room left
 * for it, the one touched last among equals, else into a new one: best-fit
 * decreasing (D. S. Johnson, 1973), with the bins that are still open carried
 * from window to window.  The bins' room is indexed by a bitmap of 64-way
 * levels, so that a placement costs a few bit scans whatever the number of
 * bins.  The same lengths give the same bins.
 */
#ifndef TRX_PACK_FIT_H
#define TRX_PACK_FIT_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"

struct trx_fit;

/* Bins hold `capacity` (at least 1).  NULL with err set on failure. */
struct trx_fit *trx_fit_new(uint32_t capacity, struct trx_error *err);

/*
 * Place a window of n items; lengths[i] is 1 to capacity.  bins[i] is set to
 * the number of item i's bin: numbers of open bins, small ones and used again
 * once their bin is closed.  Returns 0, or -1 with err set (memory).
 */
int trx_fit_window(struct trx_fit *f, const uint32_t *lengths, size_t n,
    uint32_t *bins, struct trx_error *err);

/*
 * Close the fullest bin if more than `keep` are open, or if it has no room.
 * Returns 1 with its number in *bin, or 0 where none is to be closed.
 */
int trx_fit_close(struct trx_fit *f, size_t keep, uint32_t *bin);

/* NULL is fine. */
void trx_fit_free(struct trx_fit *f);

#endif
