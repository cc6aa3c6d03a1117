/* The globals cycler() and joiner(), and what they give. */
#ifndef TRX_TEMPLATE_CYCLER_H
#define TRX_TEMPLATE_CYCLER_H

#include "common/template/call.h"

/* A cycler; of a joiner items has the separator, and pos is whether used. */
struct trx_cycler {
	struct trx_value items; /* TUPLE */
	size_t pos;
};

trx_call_fn trx_cycler_new; /* cycler(a, b, ...) */
trx_call_fn trx_joiner_new; /* joiner(sep) */

trx_call_fn trx_cycler_next; /* methods */
trx_call_fn trx_cycler_reset;

/* Call a joiner. */
int trx_joiner_call(struct trx_run *run, struct trx_cycler *joiner,
    const struct trx_call *call, struct trx_value *out);

/* The attribute of a cycler or joiner: 1 with *out, 0 where there is none. */
int trx_cycler_attr(
    const struct trx_value *v, struct trx_str name, struct trx_value *out);

#endif
