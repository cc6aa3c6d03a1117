/* The `loop` of a for. */
#ifndef TRX_TEMPLATE_LOOP_H
#define TRX_TEMPLATE_LOOP_H

#include "common/template/call.h"
#include "common/template/iter.h"

struct trx_loop {
	struct trx_iter *items;
	struct trx_value over; /* what is iterated; MISSING if filtered */
	int64_t index0;
	int64_t length;		   /* -1 until asked for */
	struct trx_value previous; /* MISSING before the second turn */
	struct trx_value current;
	struct trx_value after;	  /* one item read ahead, or MISSING */
	struct trx_value changed; /* what loop.changed() saw last: a tuple */
	/* Of a recursive one, which loop() runs again; else NULL. */
	const struct trx_node *node;
	struct trx_frame *outer; /* of the function around it */
	int64_t depth0;
};

/* Step: *item is the next item; 1, 0 at the end, -1. */
int trx_loop_next(
    struct trx_run *run, struct trx_loop *loop, struct trx_value *item);

/* loop.name; undefined where there is no such attribute */
int trx_loop_attr(struct trx_run *run, struct trx_loop *loop,
    struct trx_str name, struct trx_value *out);

/* loop(v): its text. */
int trx_loop_call(struct trx_run *run, struct trx_loop *loop,
    const struct trx_call *call, struct trx_value *out);

trx_call_fn trx_loop_cycle;   /* loop.cycle(a, b, ...) */
trx_call_fn trx_loop_changed; /* loop.changed(v, ...) */

#endif
