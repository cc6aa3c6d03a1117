#include "common/tokenizer/rewrite.h"

void
trx_rewrite_begin(struct trx_rewrite *w, struct trx_str from, bool want_ends,
    struct trx_mapped *to)
{
	*w = (struct trx_rewrite){
		.to = to, .from = from, .want_ends = want_ends
	};
	trx_buf_reset(&to->text);
	trx_buf_reset(&to->ends);
}

/* Room for the ends of n bytes, or NULL. */
static uint32_t *
reserve_ends(struct trx_rewrite *w, size_t n)
{
	struct trx_buf *b = &w->to->ends;
	/* The buffer is aligned, and holds nothing but these. */
	uint32_t *ends =
	    (uint32_t *)(void *)trx_buf_reserve(b, n * sizeof(*ends));

	if (ends != NULL)
		b->len += n * sizeof(*ends);
	return ends;
}

static void
copy(struct trx_rewrite *w, size_t to)
{
	size_t n = to - w->done, i;
	uint32_t *ends;

	trx_buf_adds(&w->to->text, (struct trx_str){ w->from.p + w->done, n });
	if (w->want_ends && n != 0) {
		if ((ends = reserve_ends(w, n)) == NULL)
			return;
		for (i = 0; i < n; i++)
			ends[i] = (uint32_t)(w->done + i + 1);
		w->end = to;
	}
	w->done = to;
}

void
trx_rewrite_cut(struct trx_rewrite *w, size_t begin, size_t end)
{
	w->changed = true;
	if (w->done < begin)
		copy(w, begin);
	w->done = end;
}

void
trx_rewrite_add(struct trx_rewrite *w, struct trx_str s, size_t end)
{
	uint32_t *ends;
	size_t i;

	w->changed = true;
	trx_buf_adds(&w->to->text, s);
	if (!w->want_ends || s.n == 0)
		return;
	/* What was put into another order ends with what ends last. */
	if (w->end < end)
		w->end = end;
	if ((ends = reserve_ends(w, s.n)) == NULL)
		return;
	for (i = 0; i < s.n; i++)
		ends[i] = (uint32_t)w->end;
}

int
trx_rewrite_end(struct trx_rewrite *w)
{
	if (!w->changed)
		return 0;
	if (w->done < w->from.n)
		copy(w, w->from.n);
	return w->to->text.failed || w->to->ends.failed ? -1 : 1;
}
