/*
 * Where text came from: of every byte that a template writes, whether it is
 * the template's own or stood in one of the inputs.  What a string is made of
 * is known by where its bytes lie: slices keep their place, and what is copied
 * is noted.  What other text is made of (upper case, JSON) is nobody's.
 */
#ifndef TRX_TEMPLATE_TRACE_H
#define TRX_TEMPLATE_TRACE_H

#include "common/template/run.h"

/* Text being put together; begun with trx_text_begin. */
struct trx_text {
	struct trx_buf buf;
	const char *odd; /* type of a value in it that is no str, or NULL */
	size_t first;	 /* traced: its first piece among those of the trace */
};

/* What bytes are, as struct trx_template_piece has it. */
struct trx_trace_origin {
	int32_t input;
	uint32_t generation;
	size_t offset;
};

/* A copy's bytes and what they are. */
struct trx_trace_region {
	const char *at;
	size_t n;
	struct trx_trace_origin origin;
};

struct trx_trace {
	const struct trx_arena *template; /* what lies here is its own */
	const struct trx_arena *own;	  /* here as well; may be NULL */
	const struct trx_template_trace *want;
	size_t next;	  /* the input that was found last */
	uint32_t *sorted; /* inputs by address; NULL: not needed yet */
	struct trx_template_piece *pieces; /* of all texts being made */
	size_t npieces, cap_pieces;
	struct trx_trace_region *regions; /* ascending by address */
	size_t nregions, cap_regions;
	uint32_t generation;  /* the generation block that runs, or 0 */
	uint32_t generations; /* how many have run */
	/* As transformers records them: code points, of what has come out. */
	struct trx_template_span *spans;
	size_t nspans, cap_spans;
	bool wrote; /* anything, empty text included */
};

/* Begin a text; no other text that is begun later may outlive it. */
void trx_text_begin(struct trx_run *run, struct trx_text *t);

/* Append s, noting where it is from.  Returns 0 or -1. */
int trx_text_add(struct trx_run *run, struct trx_text *t, struct trx_str s);

/* trx_text_room and the tracing of trx_text_put where they take more. */
int trx_text_room_slow(struct trx_run *run, size_t n, size_t spare);
int trx_text_put_traced(struct trx_run *run, struct trx_str s, bool own);

/*
 * Count n bytes that the template writes, and make room for them and some
 * (few) to spare.  Returns 0 or -1.
 */
static inline int
trx_text_room(struct trx_run *run, size_t n, size_t spare)
{
	struct trx_buf *b = &run->out->buf;

	run->written += n;
	if (run->written > TRX_TEMPLATE_OUTPUT ||
	    n + spare >= b->cap - b->len || b->len > TRX_TEMPLATE_OUTPUT - n ||
	    run->trace != NULL)
		return trx_text_room_slow(run, n, spare);
	return 0;
}

/*
 * Write s, for which there is room; `own` is a text of the template itself,
 * which need not be looked for.  Returns 0 or -1.
 */
static inline int
trx_text_put(struct trx_run *run, struct trx_str s, bool own)
{
	struct trx_buf *b = &run->out->buf;

	if (s.n == 0)
		return 0;
	if (run->trace != NULL && trx_text_put_traced(run, s, own) == -1)
		return -1;
	memcpy(b->data + b->len, s.p, s.n);
	b->len += s.n;
	return 0;
}

/* Write s, whatever it is made of.  Returns 0 or -1. */
static inline int
trx_text_write(struct trx_run *run, struct trx_str s)
{
	return trx_text_room(run, s.n, 0) == -1 ? -1
						: trx_text_put(run, s, false);
}

/* Fails where t is odd, as Python does once it joins the text.  0 or -1. */
int trx_text_check(struct trx_run *run, const struct trx_text *t);

/*
 * The finished text, copied to the arena into *out; t is freed either way.
 * Returns 0, or -1 also where t is odd.
 */
int trx_text_take(struct trx_run *run, struct trx_text *t, struct trx_str *out);

/* Give a text up. */
void trx_text_drop(struct trx_run *run, struct trx_text *t);

/* Note that to, which the caller makes, is a copy of from.  Returns 0 or -1. */
int trx_trace_copy(struct trx_run *run, const char *to, struct trx_str from);

/* Around the body of a generation block: what was before is to be restored. */
uint32_t trx_trace_enter(struct trx_run *run);
void trx_trace_leave(struct trx_run *run, uint32_t before);

/* A generation block gave text, which is about to be written.  0 or -1. */
int trx_trace_generated(struct trx_run *run, struct trx_str text);

/* Fill *want with what was traced of the text at `start` on.  0 or -1. */
int trx_trace_finish(
    struct trx_run *run, size_t start, struct trx_template_trace *want);

#endif
