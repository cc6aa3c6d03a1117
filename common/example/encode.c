#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/example/encode.h"

struct trx_encoder {
	struct trx_tokenizer_worker *tokenizer;
	const struct trx_tokenizer_info *info;
	struct trx_encode_options options;
	struct trx_ids ids, joint;
	struct trx_buf guards;	/* struct trx_range: what users wrote */
	struct trx_buf trained; /* a byte for each id: 0 or 1 */
};

struct trx_encoder *
trx_encoder_new(const struct trx_tokenizer *tokenizer,
    const struct trx_encode_options *options, struct trx_error *err)
{
	struct trx_encoder *e = calloc(1, sizeof(*e));

	if (e == NULL) {
		trx_error_memory(err);
		return NULL;
	}
	e->tokenizer = trx_tokenizer_worker_new(tokenizer, err);
	if (e->tokenizer == NULL) {
		free(e);
		return NULL;
	}
	e->info = trx_tokenizer_info(tokenizer);
	e->options = *options;
	return e;
}

void
trx_encoder_free(struct trx_encoder *e)
{
	if (e == NULL)
		return;
	trx_tokenizer_worker_free(e->tokenizer);
	trx_ids_free(&e->ids);
	trx_ids_free(&e->joint);
	trx_buf_free(&e->guards);
	trx_buf_free(&e->trained);
	free(e);
}

/* Give the ids from the n-th on their mark, up to the last one there is. */
static int
mark_ids(struct trx_encoder *e, char trained, struct trx_error *err)
{
	size_t n = e->ids.n - e->trained.len;
	char *to = trx_buf_reserve(&e->trained, n);

	if (to == NULL)
		return trx_error_memory(err);
	memset(to, trained, n);
	e->trained.len += n;
	return 0;
}

/* Mark the ids from `first` on, whose bytes lie in parts of both kinds. */
static int
mark_mixed(struct trx_encoder *e, size_t first, const struct trx_part *p,
    const struct trx_part *end, uint64_t *counts, struct trx_error *err)
{
	uint32_t base = p->begin, from = base, to;
	bool trained, frozen;
	const struct trx_part *q;
	size_t i;

	for (i = first; i < e->ids.n; i++, from = to) {
		to = base + e->ids.ends[i];
		trained = frozen = false;
		while (p + 1 < end && p->end <= from)
			p++;
		for (q = p; q < end && q->begin < to; q++)
			if (q->flags & TRX_PART_TRAINED)
				trained = true;
			else
				frozen = true;
		counts[TRX_ENCODE_STRADDLING] += trained && frozen;
		trx_buf_addc(&e->trained, trained && to > from);
	}
	return e->trained.failed ? trx_error_memory(err) : 0;
}

/* The ranges, in the text from p on, that the template did not print. */
static int
guard(struct trx_encoder *e, const struct trx_part *p,
    const struct trx_part *end, struct trx_tokenizer_input *in,
    struct trx_error *err)
{
	const uint32_t base = p->begin;
	struct trx_range r;

	trx_buf_reset(&e->guards);
	while (p < end) {
		r = (struct trx_range){ p->begin - base, p->end - base };
		if (p++->flags & TRX_PART_PRINTED)
			continue;
		for (; p < end && !(p->flags & TRX_PART_PRINTED); p++)
			r.end = p->end - base;
		trx_buf_add(&e->guards, &r, sizeof(r));
	}
	if (e->guards.failed)
		return trx_error_memory(err);
	in->guards = (const struct trx_range *)e->guards.data;
	in->nguards = e->guards.len / sizeof(r);
	return 0;
}

/* Tokenize the text of the parts from p to end, with ends or not. */
static int
tokenize(struct trx_encoder *e, const struct trx_group *g,
    const struct trx_part *p, const struct trx_part *end, bool ends,
    struct trx_ids *out, uint64_t *counts, struct trx_error *err)
{
	struct trx_tokenizer_input in = { .text = { g->text.p + p->begin,
					      (end - 1)->end - p->begin },
		.want_ends = ends };

	if (e->options.in_text != TRX_SPECIAL_IN_TEXT_ALLOW &&
	    guard(e, p, end, &in, err) == -1)
		return -1;
	if (trx_tokenizer_encode(e->tokenizer, &in, out, err) == -1)
		return -1;
	counts[TRX_ENCODE_AS_TEXT] += in.nguarded;
	return 0;
}

/* Tokenize the text of the parts from p to end, which are one piece. */
static int
encode_piece(struct trx_encoder *e, const struct trx_group *g,
    const struct trx_part *p, const struct trx_part *end, uint64_t *counts,
    struct trx_error *err)
{
	size_t first = e->ids.n;
	bool mixed = false;
	const struct trx_part *q;

	for (q = p; q < end; q++)
		mixed |= (q->flags ^ p->flags) & TRX_PART_TRAINED;
	if (tokenize(e, g, p, end, mixed, &e->ids, counts, err) == -1)
		return -1;
	if (mixed)
		return mark_mixed(e, first, p, end, counts, err);
	return mark_ids(e, p->flags & TRX_PART_TRAINED ? 1 : 0, err);
}

/* Count an example whose tokens would be others if it were not cut. */
static int
check_boundary(struct trx_encoder *e, const struct trx_group *g,
    uint64_t *counts, struct trx_error *err)
{
	uint64_t unused[TRX_ENCODE_COUNTS] = { 0 };

	e->joint.n = 0;
	if (g->nparts == 0)
		return 0;
	if (tokenize(e, g, g->parts, g->parts + g->nparts, false, &e->joint,
		unused, err) == -1)
		return -1;
	counts[TRX_ENCODE_BOUNDARY] =
	    e->joint.n != e->ids.n ||
	    (e->ids.n > 0 && memcmp(e->joint.ids, e->ids.ids,
				 e->ids.n * sizeof(*e->ids.ids)) != 0);
	return 0;
}

static bool
begins_with_bos(const struct trx_encoder *e, const uint32_t *ids, size_t n)
{
	return n > 0 && e->info->bos >= 0 && ids[0] == (uint32_t)e->info->bos;
}

/* Does it begin with what would stand before it? */
static bool
has_prefix(const struct trx_encoder *e, size_t context)
{
	const struct trx_tokenizer_info *info = e->info;

	return begins_with_bos(e, e->ids.ids, context) ||
	       (info->nprefix > 0 && context >= info->nprefix &&
		   memcmp(e->ids.ids, info->prefix,
		       info->nprefix * sizeof(*info->prefix)) == 0);
}

static bool
wants_prefix(
    const struct trx_encoder *e, const struct trx_group *g, size_t context)
{
	switch (e->options.special) {
	case TRX_SPECIAL_ALWAYS:
		return true;
	case TRX_SPECIAL_AUTO:
		return !g->rendered && !has_prefix(e, context);
	default:
		return false;
	}
}

/* Put special tokens, which are not trained, before the id at that index. */
static int
insert(struct trx_encoder *e, size_t at, const uint32_t *ids, size_t n,
    struct trx_error *err)
{
	char *to = trx_buf_reserve(&e->trained, n);

	if (to == NULL || trx_ids_insert(&e->ids, at, ids, n) == -1)
		return trx_error_memory(err);
	to = e->trained.data + at;
	memmove(to + n, to, e->trained.len - at);
	memset(to, 0, n);
	e->trained.len += n;
	return 0;
}

/* Put special tokens around the first `context` ids. */
static int
add_special(struct trx_encoder *e, const struct trx_group *g, size_t context,
    struct trx_error *err)
{
	const struct trx_tokenizer_info *info = e->info;
	const bool prefix = wants_prefix(e, g, context);

	if (e->options.special == TRX_SPECIAL_ALWAYS &&
	    insert(e, context, info->suffix, info->nsuffix, err) == -1)
		return -1;
	return prefix ? insert(e, 0, info->prefix, info->nprefix, err) : 0;
}

/* The row's spans: the runs of trained tokens. */
static int
make_spans(const struct trx_encoder *e, struct trx_row *row,
    struct trx_arena *a, struct trx_error *err)
{
	const char *trained = e->trained.data;
	size_t i, begin, runs = 0;

	for (i = 0; i < e->ids.n; i++)
		runs += trained[i] && (i == 0 || !trained[i - 1]);
	row->spans = trx_arena_calloc(a, runs, sizeof(*row->spans));
	if (row->spans == NULL)
		return trx_error_memory(err);
	for (i = 0; i < e->ids.n;) {
		begin = i++;
		if (!trained[begin])
			continue;
		while (i < e->ids.n && trained[i])
			i++;
		row->spans[row->nspans++] =
		    (struct trx_span){ .begin = (uint32_t)begin,
			    .end = (uint32_t)i };
	}
	return 0;
}

static enum trx_reason
make_row(const struct trx_encoder *e, struct trx_row *row, struct trx_arena *a,
    struct trx_error *err)
{
	struct trx_group *g = &row->groups[0];
	struct trx_segment *s = trx_arena_calloc(a, 1, sizeof(*s));

	if (s == NULL) {
		trx_error_memory(err);
		return TRX_REASON_NONE;
	}
	if (make_spans(e, row, a, err) == -1)
		return TRX_REASON_NONE;
	row->kind = TRX_KIND_TOKENS;
	row->ids = e->ids.ids;
	row->nids = e->ids.n;
	row->segments = s;
	row->nsegments = 1;
	s->end = (uint32_t)e->ids.n;
	s->context_end = row->nspans > 0 ? row->spans[0].begin : s->end;
	g->text = (struct trx_str){ NULL, 0 };
	g->parts = NULL;
	g->nparts = 0;
	if (row->nspans == 0 || trx_row_trained(row, s) == 0) {
		trx_error_set(err, TRX_INPUT,
		    row->nspans == 0 ? "its continuation has no tokens"
				     : "its one trained token has no context");
		return TRX_REASON_NOTHING_TRAINED;
	}
	return TRX_REASON_NONE;
}

/* Tokenize the example's pieces; *context of the ids are the first one's. */
static int
encode_pieces(struct trx_encoder *e, const struct trx_group *g, size_t *context,
    uint64_t *counts, struct trx_error *err)
{
	const struct trx_part *p = g->parts, *end = p + g->nparts, *q;

	*context = SIZE_MAX;
	e->ids.n = 0;
	trx_buf_reset(&e->trained);
	if (p == end || (p->flags & TRX_PART_CUT_BEFORE))
		*context = 0; /* an empty text has no tokens */
	for (; p < end; p = q) {
		q = p + 1;
		while (q < end && !(q->flags & TRX_PART_CUT_BEFORE))
			q++;
		if (encode_piece(e, g, p, q, counts, err) == -1)
			return -1;
		if (*context == SIZE_MAX)
			*context = e->ids.n;
	}
	return e->options.check_boundary ? check_boundary(e, g, counts, err)
					 : 0;
}

/* Is the row one that special tokens in text have no say about? */
static int
refuse_raw(const struct trx_encoder *e, const struct trx_group *g,
    struct trx_error *err)
{
	if (g->rendered || e->options.in_text == TRX_SPECIAL_IN_TEXT_ALLOW)
		return 0;
	return trx_error_set(err, TRX_USAGE,
	    "--special-in-text: of a raw example it is not known what a "
	    "template printed (only 'allow' is for those)");
}

enum trx_reason
trx_encode_row(struct trx_encoder *e, struct trx_row *row, struct trx_arena *a,
    uint64_t *counts, struct trx_error *err)
{
	const struct trx_group *g = &row->groups[0];
	const struct trx_ids *ids = &e->ids;
	size_t context;

	if (refuse_raw(e, g, err) == -1 ||
	    encode_pieces(e, g, &context, counts, err) == -1)
		return TRX_REASON_NONE;
	if (e->options.in_text == TRX_SPECIAL_IN_TEXT_REFUSE &&
	    counts[TRX_ENCODE_AS_TEXT] > 0) {
		trx_error_set(err, TRX_INPUT,
		    "text that the template did not print has a special "
		    "token's text in it");
		return TRX_REASON_SPECIAL_IN_TEXT;
	}
	if (add_special(e, g, context, err) == -1)
		return TRX_REASON_NONE;
	counts[TRX_ENCODE_TOKENS] = ids->n;
	counts[TRX_ENCODE_DOUBLE_BOS] =
	    begins_with_bos(e, ids->ids, ids->n) &&
	    begins_with_bos(e, ids->ids + 1, ids->n - 1);
	return make_row(e, row, a, err);
}
