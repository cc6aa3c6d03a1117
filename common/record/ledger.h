/*
 * The ledger: at every stage, in + made = out + the sum of the rejected, and a
 * stage's in is the former's out.  The unit is the example.  It stands in the
 * trailer, the JSON object of an END frame (trx-records(5)).
 */
#ifndef TRX_RECORD_LEDGER_H
#define TRX_RECORD_LEDGER_H

#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/json/value.h"
#include "common/record/reason.h"

/* A further count of a stage, such as tokens cut: no part of the law. */
struct trx_count {
	const char *name;
	uint64_t n;
};

/* What one stage did with the examples of one segment. */
struct trx_tally {
	uint64_t in;
	uint64_t made; /* by stages that make several of one */
	uint64_t out;
	uint64_t rejected[TRX_REASONS];
};

uint64_t trx_tally_rejected(const struct trx_tally *t);

/* Add b to a. */
void trx_tally_add(struct trx_tally *a, const struct trx_tally *b);

/*
 * Add a stage to the trailer's ledger (made where there is none).  counts are
 * written where they are not 0; ncounts may be 0.
 */
int trx_ledger_add(struct trx_json *trailer, const char *stage,
    const struct trx_tally *tally, const struct trx_count *counts,
    size_t ncounts, struct trx_arena *a, struct trx_error *err);

/*
 * Check the law, and that the last stage's out is `examples`.  Returns 0, or
 * -1 with err set, TRX_INPUT, naming the stage that breaks it.
 */
int trx_ledger_check(
    const struct trx_json *trailer, uint64_t examples, struct trx_error *err);

#endif
