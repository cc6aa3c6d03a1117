/*
 * The segments that become one: they must have been made alike, and the end of
 * what is made of them lists them (trx-records(5)).
 */
#ifndef TRX_EXAMPLE_INPUTS_H
#define TRX_EXAMPLE_INPUTS_H

#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/example/source.h"
#include "common/record/header.h"

struct trx_inputs {
	struct trx_arena arena;	 /* of all that follows */
	struct trx_header first; /* the first segment's header */
	struct trx_json header;	 /* of the segment being read */
	struct trx_json trailer; /* of the segment read last */
	struct trx_json list;	 /* [{"header","trailer"}] of those read */
};

void trx_inputs_init(struct trx_inputs *in);

/*
 * A segment begins: it must be of tokens, and compatible with the first.
 * Returns 1 where it is the first, else 0, or -1 with err set.
 */
int trx_inputs_begin(struct trx_inputs *in, const struct trx_source_event *e,
    struct trx_error *err);

/* It ends, and had so many examples: its ledger must agree.  0, or -1. */
int trx_inputs_end(struct trx_inputs *in, const struct trx_source_event *e,
    uint64_t examples, struct trx_error *err);

/*
 * The trailer to go on with: that of the one segment, or, where there were
 * several, a new one that lists them.  Returns 0, or -1 with err set.
 */
int trx_inputs_trailer(
    struct trx_inputs *in, struct trx_json *trailer, struct trx_error *err);

/* Free what it owns. */
void trx_inputs_free(struct trx_inputs *in);

#endif
