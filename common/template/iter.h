/* Iterating over values, as Python's for does; lazily where Python is lazy. */
#ifndef TRX_TEMPLATE_ITER_H
#define TRX_TEMPLATE_ITER_H

#include "common/template/unicode.h"
#include "common/template/value.h"

struct trx_iter;

/* *out is the next item: returns 1, 0 at the end, -1 failed. */
typedef int trx_iter_next_fn(
    struct trx_run *run, struct trx_iter *it, struct trx_value *out);

struct trx_iter {
	trx_iter_next_fn *next;
	struct trx_value over; /* what is iterated */
	size_t i;	       /* the next index or byte offset in it */
	size_t n;	       /* of a dict: its length when it began */
	void *state;	       /* of a generator; the arena's */
};

/* Iterate v from its start (a generator goes on).  Returns 0 or -1. */
int trx_iter_open(
    struct trx_run *run, const struct trx_value *v, struct trx_iter *it);

static inline int
trx_iter_next(struct trx_run *run, struct trx_iter *it, struct trx_value *out)
{
	if (trx_run_charge(run, 1) == -1)
		return -1;
	if (it->over.kind != TRX_V_LIST)
		return it->next(run, it, out);
	if (it->i >= it->over.u.seq.n)
		return 0;
	*out = it->over.u.seq.at[it->i++];
	return 1;
}

/* A generator value that takes its items from next(); -1 out of memory. */
int trx_iter_generator(struct trx_run *run, trx_iter_next_fn *next, void *state,
    struct trx_value *out);

/* list(v): *out is a LIST of v's items.  Returns 0 or -1. */
int trx_iter_list(
    struct trx_run *run, const struct trx_value *v, struct trx_value *out);

#endif
