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

enum trx_loop_attribute {
	TRX_LOOP_NONE,
	TRX_LOOP_INDEX,
	TRX_LOOP_INDEX0,
	TRX_LOOP_FIRST,
	TRX_LOOP_LAST,
	TRX_LOOP_LENGTH,
	TRX_LOOP_REVINDEX,
	TRX_LOOP_REVINDEX0,
	TRX_LOOP_PREV,
	TRX_LOOP_NEXT,
	TRX_LOOP_DEPTH,
	TRX_LOOP_DEPTH0,
	TRX_LOOP_NATTRS
};

/* The attribute of that name, or NONE. */
enum trx_loop_attribute trx_loop_find(struct trx_str name);

/* *out is an attribute, not NONE, of loop.  Returns 0 or -1. */
int trx_loop_attr(struct trx_run *run, struct trx_loop *loop,
    enum trx_loop_attribute which, struct trx_value *out);

/* loop(v): its text. */
int trx_loop_call(struct trx_run *run, struct trx_loop *loop,
    const struct trx_call *call, struct trx_value *out);

trx_call_fn trx_loop_cycle;   /* loop.cycle(a, b, ...) */
trx_call_fn trx_loop_changed; /* loop.changed(v, ...) */

#endif
