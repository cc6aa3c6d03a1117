/*
 * --rejects FILE and --max-rejects N|P%: bad rows go to a file, and how many
 * may.  The file is JSONL, in input order; it appears by rename, even empty.
 */
#ifndef TRX_CLI_REJECTS_H
#define TRX_CLI_REJECTS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/str.h"

struct trx_rejects;

/*
 * path NULL: there is no file, and trx_rejects_wanted says false.  max NULL:
 * no bound; else a count (as a TRX_OPTION_COUNT; 0: none may be bad), or a
 * percentage of the rows such as "0.5%", with up to four digits after the
 * point.  Returns NULL with err set: TRX_USAGE where max is neither, or is
 * given without path, or path is empty; TRX_MACHINE where the file cannot be
 * made.
 */
struct trx_rejects *trx_rejects_open(
    const char *path, const char *max, struct trx_error *err);

bool trx_rejects_wanted(const struct trx_rejects *r);

/*
 * Write one row's line (a JSON object, no newline).  A bound that is a count is
 * checked here.  Returns 0; -1 with err set: TRX_INPUT where there are more
 * than the bound (as trx_rejects_check), TRX_MACHINE where writing failed.
 */
int trx_rejects_add(
    struct trx_rejects *r, struct trx_str line, struct trx_error *err);

/*
 * Check a percentage against the rows that have come in so far: before what
 * was made of them is declared complete.  Returns 0, or -1 with err set,
 * TRX_INPUT.  Where a bound is passed the file is given its name all the same,
 * since it says why.
 */
int trx_rejects_check(
    struct trx_rejects *r, uint64_t in, struct trx_error *err);

/*
 * Give the file its name.  Returns 0, or -1 with err set: TRX_MACHINE where
 * that failed, TRX_INPUT where rows came in and none went out.
 */
int trx_rejects_commit(
    struct trx_rejects *r, uint64_t in, uint64_t out, struct trx_error *err);

/* Free; a file that was not committed is removed.  NULL is fine. */
void trx_rejects_free(struct trx_rejects *r);

#endif
