/* The parts of a text, put together in order; neighbours alike become one. */
#ifndef TRX_EXAMPLE_PARTS_H
#define TRX_EXAMPLE_PARTS_H

#include <stdbool.h>

#include "common/base/arena.h"
#include "common/chat/chat.h"
#include "common/record/row.h"

struct trx_parts {
	struct trx_arena *arena; /* set by the caller; the rest is zero */
	struct trx_part *at;
	size_t n;
	size_t cap;
	bool failed; /* memory ran out */
};

/* Add bytes begin to end; nothing where there are none. */
void trx_parts_add(struct trx_parts *p, size_t begin, size_t end,
    uint32_t flags, int32_t message);

/*
 * Add bytes begin to end of a rendering, whose text is at `begin` of the parts'
 * as well: each with the message that it is from, and flags beside PRINTED.
 */
void trx_parts_add_traced(struct trx_parts *p,
    const struct trx_chat_trace *trace, size_t begin, size_t end,
    uint32_t flags);

#endif
