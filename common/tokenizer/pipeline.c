#include <stdlib.h>
#include <string.h>

#include "common/tokenizer/cache.h"
#include "common/tokenizer/pipeline_parts.h"

/* Pieces that are cut at a time. */
enum { PIECES = 256 };

struct trx_pipeline_worker {
	const struct trx_pipeline *p;
	struct trx_cache *cache;
	struct trx_bpe_room bpe;
	struct trx_buf work, prepended;
	struct trx_normalizer_room normalizer;
	struct trx_pieces pieces;
	struct trx_piece cut[PIECES], fine[PIECES];
	size_t first; /* of out's tokens are not of this text */
};

/* Where the bytes of a text that is cut into pieces stand in the whole one. */
struct place {
	const uint32_t *piece; /* by the pre-tokenizer; NULL: where they are */
	size_t split;	       /* where that text is in the normalized one */
	const uint32_t *norm;  /* by the normalizer */
	size_t base;	       /* where the gap is in the whole text */
};

/* The end, in the whole text, of the first n bytes of the text that is cut. */
static uint32_t
find_end(const struct place *at, size_t n)
{
	if (at->piece != NULL && n > 0)
		n = at->piece[n - 1];
	n += at->split;
	if (at->norm != NULL && n > 0)
		n = at->norm[n - 1];
	return (uint32_t)(n + at->base);
}

/* The model, for the cache. */
static int
encode_piece(
    void *ctx, struct trx_str piece, struct trx_ids *out, struct trx_error *err)
{
	struct trx_pipeline_worker *w = ctx;

	switch (w->p->plan.kind) {
	case TRX_MODEL_BPE:
		return trx_bpe_encode(&w->p->bpe, piece, &w->bpe, out, err);
	case TRX_MODEL_WORDPIECE:
		return trx_wordpiece_encode(
		    w->p->wordpiece, piece, &w->work, out, err);
	default:
		return trx_unigram_encode(
		    w->p->unigram, piece, &w->work, out, err);
	}
}

/*
 * The ends, in a piece, of the tokens that out got for it since it had `first`:
 * by their lengths where those make up the piece, else the model tells.
 */
static int
find_ends(struct trx_pipeline_worker *w, struct trx_str piece, size_t first,
    struct trx_ids *out, struct trx_error *err)
{
	const struct trx_bpe *bpe = &w->p->bpe;
	size_t i, end = 0;

	if (w->p->plan.kind == TRX_MODEL_BPE) {
		for (i = first; i < out->n; i++) {
			end += bpe->lengths[out->ids[i]];
			out->ends[i] = (uint32_t)end;
		}
		if (end == piece.n)
			return 0;
	}
	out->n = first;
	return encode_piece(w, piece, out, err);
}

/* The ids of pieces of a text; at says where it stands if ends are wanted. */
static int
encode_pieces(struct trx_pipeline_worker *w, struct trx_str text,
    const struct trx_piece *pieces, size_t n, const struct place *at,
    struct trx_ids *out, struct trx_error *err)
{
	const uint8_t *p = (const uint8_t *)text.p;
	size_t i, k, first;
	uint32_t end;

	if (at == NULL)
		return trx_cache_encode(
		    w->cache, p, p + text.n, pieces, n, out, err);
	for (i = 0; i < n; i++) {
		first = out->n;
		if (trx_cache_encode(w->cache, p, p + text.n, &pieces[i], 1,
			out, err) == -1 ||
		    find_ends(w,
			(struct trx_str){ text.p + pieces[i].begin,
			    pieces[i].end - pieces[i].begin },
			first, out, err) == -1)
			return -1;
		for (k = first; k < out->n; k++) {
			end = find_end(at, out->ends[k] + pieces[i].begin);
			if (k > w->first && end < out->ends[k - 1])
				end = out->ends[k - 1];
			out->ends[k] = end;
		}
	}
	return 0;
}

/* Is a piece long, with more than ASCII in it? */
static bool
is_long(const uint8_t *text, const struct trx_piece *p)
{
	uint32_t i;

	if (p->end - p->begin <= TRX_CACHE_SHORT)
		return false;
	for (i = p->begin; i < p->end; i++)
		if (text[i] >= 0x80)
			return true;
	return false;
}

/*
 * The ids of a pre-tokenizer's pieces; of a model of bytes, long ones are cut
 * where that changes nothing, and so looked up and not merged.  Those of ASCII
 * alone have next to no such places.
 */
static int
encode_long(struct trx_pipeline_worker *w, struct trx_str text,
    const struct trx_piece *pieces, size_t n, const struct place *at,
    struct trx_ids *out, struct trx_error *err)
{
	const uint8_t *s = (const uint8_t *)text.p;
	const struct trx_bpe *bpe = &w->p->bpe;
	struct trx_piece rest;
	size_t i = 0, k = n;
	bool cut;

	if (bpe->cuts != NULL)
		for (k = 0; k < n && !is_long(s, &pieces[k]); k++)
			;
	if (k == n)
		return encode_pieces(w, text, pieces, n, at, out, err);
	for (k = 0; k < n; k++) {
		cut = is_long(s, &pieces[k]);
		for (rest = pieces[k]; rest.begin < rest.end;
		     rest.begin = w->fine[i - 1].end) {
			if (i == PIECES) {
				if (encode_pieces(w, text, w->fine, i, at, out,
					err) == -1)
					return -1;
				i = 0;
			}
			if (cut)
				i += trx_bpe_cut(bpe, s, rest.begin, rest.end,
				    w->fine + i, PIECES - i);
			else
				w->fine[i++] = rest;
		}
	}
	return encode_pieces(w, text, w->fine, i, at, out, err);
}

/*
 * The ids of the bytes begin to end of a text that the model takes as one, cut
 * where that changes nothing, or by the scanner.
 */
static int
encode_cut(struct trx_pipeline_worker *w, struct trx_str text, size_t begin,
    size_t end, const struct place *at, struct trx_ids *out,
    struct trx_error *err)
{
	const struct trx_pipeline *p = w->p;
	const uint8_t *s = (const uint8_t *)text.p;
	size_t n;
	int r;

	while (begin < end) {
		n = 1;
		if (p->scanner != NULL)
			n = trx_scanner_cut(
			    p->scanner, s, begin, end, w->cut, PIECES);
		else if (p->bpe.cuts != NULL)
			n = trx_bpe_cut(&p->bpe, s, begin, end, w->cut, PIECES);
		else
			w->cut[0] = (struct trx_piece){ (uint32_t)begin,
				(uint32_t)end };
		r = p->scanner != NULL
			? encode_long(w, text, w->cut, n, at, out, err)
			: encode_pieces(w, text, w->cut, n, at, out, err);
		if (r == -1)
			return -1;
		begin = w->cut[n - 1].end;
	}
	return 0;
}

static bool
begins_with_space(struct trx_str s)
{
	return s.p[0] == ' ' ||
	       (s.n >= 3 && memcmp(s.p, "\xe2\x96\x81", 3) == 0);
}

/* Text that is not normalized, where the model takes spaces for U+2581. */
static int
encode_spaces(struct trx_pipeline_worker *w, struct trx_str text, size_t base,
    bool ends, struct trx_ids *out, struct trx_error *err)
{
	const enum trx_prepend prepend = w->p->plan.prepend;
	const struct place place = { .base = base };
	const struct place *at = ends ? &place : NULL;
	size_t first = out->n, end = text.n, i;
	struct trx_str s;

	if (prepend == TRX_PREPEND_NEVER ||
	    (prepend != TRX_PREPEND_ALWAYS && begins_with_space(text)) ||
	    (prepend == TRX_PREPEND_FIRST && base > 0))
		return encode_cut(w, text, 0, text.n, at, out, err);
	/* The first piece, with a space before it, is made; the rest stands. */
	if (w->p->bpe.cuts != NULL) {
		trx_bpe_cut(
		    &w->p->bpe, (const uint8_t *)text.p, 0, text.n, w->cut, 1);
		end = w->cut[0].end;
	}
	trx_buf_reset(&w->prepended);
	trx_buf_addc(&w->prepended, ' ');
	trx_buf_add(&w->prepended, text.p, end);
	if (w->prepended.failed)
		return trx_error_memory(err);
	s = trx_buf_str(&w->prepended);
	if (encode_cut(w, s, 0, s.n, at, out, err) == -1)
		return -1;
	for (i = first; ends && i < out->n; i++)
		out->ends[i] -= out->ends[i] > base;
	return encode_cut(w, text, end, text.n, at, out, err);
}

/* A part of the normalized text that has no added token. */
static int
encode_split(struct trx_pipeline_worker *w, struct trx_str text, bool ends,
    const struct place *at, struct trx_ids *out, struct trx_error *err)
{
	bool first = at->base == 0 && at->split == 0;
	struct trx_pieces *pieces = &w->pieces;
	struct place piece = *at;
	size_t i;

	if (w->p->scanner != NULL)
		return encode_cut(
		    w, text, 0, text.n, ends ? at : NULL, out, err);
	if (trx_pretokenize(
		w->p->pretokenizer, text, first, ends, pieces, err) == -1)
		return -1;
	piece.piece = pieces->ends;
	if (w->p->plan.input == TRX_BPE_BYTES || w->p->bpe.cuts == NULL)
		return encode_long(w, pieces->text, pieces->at, pieces->n,
		    ends ? &piece : NULL, out, err);
	for (i = 0; i < pieces->n; i++)
		if (encode_cut(w, pieces->text, pieces->at[i].begin,
			pieces->at[i].end, ends ? &piece : NULL, out,
			err) == -1)
			return -1;
	return 0;
}

/* Bytes begin to end of the whole text, between added tokens. */
static int
encode_gap(struct trx_pipeline_worker *w, struct trx_finding *whole,
    size_t begin, size_t end, bool ends, struct trx_ids *out,
    struct trx_error *err)
{
	struct trx_str text = { whole->text.p + begin, end - begin };
	struct place at = { .base = begin };
	struct trx_finding search = { .guards = whole->guards,
		.nguards = whole->nguards,
		.base = begin };
	struct trx_found found;
	int r;

	if (w->p->plan.input == TRX_BPE_SPACES)
		return encode_spaces(w, text, begin, ends, out, err);
	if (trx_normalize(w->p->normalizer, text, ends || whole->nguards > 0,
		&w->normalizer, &search.text, &at.norm, err) == -1)
		return -1;
	search.ends = at.norm;
	while ((r = trx_finder_next(w->p->normalized, &search, &found, err)) ==
	       1) {
		at.split = found.begin;
		if (found.token == NULL)
			r = encode_split(w,
			    (struct trx_str){ search.text.p + found.begin,
				found.end - found.begin },
			    ends, &at, out, err);
		else if (trx_ids_push(out, found.token->id,
			     find_end(&at, found.end - found.begin)) == -1)
			r = trx_error_memory(err);
		if (r == -1)
			return -1;
	}
	whole->nguarded += search.nguarded;
	return r;
}

int
trx_pipeline_encode(struct trx_pipeline_worker *w, struct trx_finding *search,
    bool want_ends, struct trx_ids *out, struct trx_error *err)
{
	struct trx_found found;
	int r;

	w->first = out->n;
	while ((r = trx_finder_next(w->p->raw, search, &found, err)) == 1) {
		if (found.token == NULL)
			r = encode_gap(w, search, found.begin, found.end,
			    want_ends, out, err);
		else if (trx_ids_push(
			     out, found.token->id, (uint32_t)found.end) == -1)
			r = trx_error_memory(err);
		if (r == -1)
			break;
	}
	if (r == -1)
		out->n = w->first;
	return r;
}

struct trx_pipeline_worker *
trx_pipeline_worker_new(const struct trx_pipeline *p, struct trx_error *err)
{
	struct trx_pipeline_worker *w = calloc(1, sizeof(*w));

	if (w == NULL) {
		trx_error_memory(err);
		return NULL;
	}
	w->p = p;
	w->cache = trx_cache_new(p->image, encode_piece, w, err);
	if (w->cache == NULL) {
		free(w);
		return NULL;
	}
	return w;
}

void
trx_pipeline_worker_free(struct trx_pipeline_worker *w)
{
	if (w == NULL)
		return;
	trx_cache_free(w->cache);
	trx_bpe_room_free(&w->bpe);
	trx_buf_free(&w->work);
	trx_buf_free(&w->prepended);
	trx_normalizer_room_free(&w->normalizer);
	trx_pieces_free(&w->pieces);
	free(w);
}
