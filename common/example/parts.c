#include <string.h>

#include "common/example/parts.h"

void
trx_parts_add(struct trx_parts *p, size_t begin, size_t end, uint32_t flags,
    int32_t message)
{
	struct trx_part *last = p->n == 0 ? NULL : &p->at[p->n - 1], *more;

	if (begin == end || p->failed)
		return;
	if (last != NULL && last->message == message &&
	    !(flags & TRX_PART_CUT_BEFORE) &&
	    (last->flags & ~TRX_PART_CUT_BEFORE) == flags) {
		last->end = (uint32_t)end;
		return;
	}
	if (p->n == p->cap) {
		p->cap = p->cap == 0 ? 16 : p->cap * 2;
		more = trx_arena_calloc(p->arena, p->cap, sizeof(*more));
		if (more == NULL) {
			p->failed = true;
			return;
		}
		if (p->n != 0)
			memcpy(more, p->at, p->n * sizeof(*more));
		p->at = more;
	}
	p->at[p->n++] = (struct trx_part){ .begin = (uint32_t)begin,
		.end = (uint32_t)end,
		.flags = flags,
		.message = message };
}

void
trx_parts_add_traced(struct trx_parts *p, const struct trx_chat_trace *trace,
    size_t begin, size_t end, uint32_t flags)
{
	const struct trx_template_trace *t = &trace->trace;
	const struct trx_template_piece *piece;
	size_t from, to, i;
	uint32_t printed;
	int32_t message;

	for (i = 0; i < t->npieces; i++) {
		piece = &t->pieces[i];
		from = piece->begin < begin ? begin : piece->begin;
		to = piece->end > end ? end : piece->end;
		if (from >= to)
			continue;
		printed =
		    piece->input == TRX_TEMPLATE_OWN ? TRX_PART_PRINTED : 0;
		message = piece->input < 0 ? -1 : trace->messages[piece->input];
		trx_parts_add(p, from, to, flags | printed, message);
		flags &= ~TRX_PART_CUT_BEFORE;
	}
}
