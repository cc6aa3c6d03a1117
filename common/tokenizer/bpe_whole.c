#include <string.h>

#include "common/tokenizer/bpe_pieces.h"

/* A piece being turned into symbols. */
struct reading {
	const struct trx_bpe *b;
	struct trx_symbol *to; /* room for one a byte, and prefix and suffix */
	size_t n;
	bool unk; /* an unknown token waits to be written */
	uint32_t unk_end;
};

static void
put(struct reading *r, uint32_t id, uint32_t end)
{
	if (r->n > 0 && end < r->to[r->n - 1].end)
		end = r->to[r->n - 1].end;
	r->to[r->n++] = (struct trx_symbol){ id, end };
}

static void
flush_unk(struct reading *r)
{
	if (r->unk)
		put(r, (uint32_t)r->b->unk, r->unk_end);
	r->unk = false;
}

/*
 * The tokens of the bytes of a character that is not in the vocabulary, if all
 * of them are there.  As in the reference an unknown token that waits goes on
 * waiting.
 */
static bool
fall_back(struct reading *r, struct trx_str s, uint32_t begin, uint32_t end)
{
	const uint8_t *p = (const uint8_t *)s.p;
	size_t i;

	if (!r->b->byte_fallback)
		return false;
	for (i = 0; i < s.n; i++)
		if (r->b->fallback[p[i]] == TRX_BPE_NONE)
			return false;
	for (i = 0; i < s.n; i++)
		put(r, r->b->fallback[p[i]],
		    s.n == end - begin ? begin + (uint32_t)i + 1 : end);
	return true;
}

/* A character, as the string that the vocabulary has or has not. */
static void
read_char(struct reading *r, int64_t id, struct trx_str s, uint32_t begin,
    uint32_t end)
{
	if (id != -1) {
		flush_unk(r);
		put(r, (uint32_t)id, end);
	} else if (!fall_back(r, s, begin, end) && r->b->unk != -1) {
		if (!r->b->fuse_unk)
			flush_unk(r);
		r->unk = true;
		r->unk_end = end;
	}
}

/* Characters with continuing_subword_prefix or end_of_word_suffix. */
static int
read_affixed(struct reading *r, struct trx_str piece, struct trx_buf *text)
{
	const uint8_t *p = (const uint8_t *)piece.p;
	uint8_t utf8[4];
	size_t at = 0, next;
	uint32_t cp;

	for (; at < piece.n; at = next) {
		next = at + trx_bpe_char(r->b, p + at, &cp);
		trx_buf_reset(text);
		if (at > 0)
			trx_buf_adds(text, r->b->prefix);
		trx_buf_add(text, utf8, trx_ucd_put(utf8, cp));
		if (next == piece.n)
			trx_buf_adds(text, r->b->suffix);
		if (text->failed)
			return -1;
		read_char(r, trx_vocab_find(&r->b->vocab, trx_buf_str(text)),
		    trx_buf_str(text), (uint32_t)at, (uint32_t)next);
	}
	return 0;
}

/*
 * The token that the character at offset i of a piece is, whatever is beside
 * it, or TRX_BPE_NONE where that is not known.
 */
static inline uint32_t
whole_char(const struct trx_bpe *b, struct trx_str piece, size_t i)
{
	const uint8_t *p = (const uint8_t *)piece.p;
	size_t next = i + trx_ucd_width(p + i);
	uint32_t id;

	if (p[i] < 0xc0 || p[i] >= 0xf0)
		return TRX_BPE_NONE;
	id = b->chars[trx_ucd_get(p + i)];
	if (id == TRX_BPE_NONE || (id & TRX_BPE_AMONG_WIDE) == 0)
		return id;
	return (i > 0 && p[i - 1] < 0x80) || (next < piece.n && p[next] < 0x80)
		   ? TRX_BPE_NONE
		   : id & ~TRX_BPE_AMONG_WIDE;
}

static void
read_bytes(struct reading *r, struct trx_str piece)
{
	const uint8_t *p = (const uint8_t *)piece.p;
	uint8_t utf8[4];
	uint32_t id;
	size_t i;

	for (i = 0; i < piece.n; i++) {
		if (p[i] >= 0x80 && !r->unk &&
		    (id = whole_char(r->b, piece, i)) != TRX_BPE_NONE) {
			i += trx_ucd_width(p + i) - 1;
			put(r, id, (uint32_t)i + 1);
			continue;
		}
		id = r->b->start[p[i]];
		if (id != TRX_BPE_NONE && !r->unk)
			put(r, id, (uint32_t)i + 1);
		else
			read_char(r, id == TRX_BPE_NONE ? -1 : (int64_t)id,
			    (struct trx_str){ (const char *)utf8,
				trx_ucd_put(utf8, trx_alphabet_char(p[i])) },
			    (uint32_t)i, (uint32_t)i + 1);
	}
}

static void
read_chars(struct reading *r, struct trx_str piece)
{
	const uint8_t *p = (const uint8_t *)piece.p;
	struct trx_str s;
	uint8_t utf8[4];
	size_t at = 0, next;
	uint32_t cp, id;

	for (; at < piece.n; at = next) {
		next = at + trx_bpe_char(r->b, p + at, &cp);
		if (cp < 0x10000 && (id = r->b->start[cp]) != TRX_BPE_NONE &&
		    !r->unk) {
			put(r, id, (uint32_t)next);
			continue;
		}
		s = (struct trx_str){ (const char *)utf8,
			trx_ucd_put(utf8, cp) };
		read_char(r, trx_vocab_find(&r->b->vocab, s), s, (uint32_t)at,
		    (uint32_t)next);
	}
}

/* How many symbols a byte of a piece can be, but for suffix. */
static size_t
symbols_per_byte(const struct trx_bpe *b)
{
	static const size_t bytes[] = { [TRX_BPE_CHARS] = 1,
		[TRX_BPE_SPACES] = 3, /* of U+2581 */
		[TRX_BPE_BYTES] = 2 };

	return b->byte_fallback ? bytes[b->input] + b->prefix.n : 1;
}

int
trx_bpe_whole(const struct trx_bpe *b, struct trx_str piece,
    struct trx_bpe_room *room, struct trx_buf *buf, size_t *n,
    struct trx_error *err)
{
	struct reading r = { .b = b };
	size_t most = piece.n * symbols_per_byte(b) + b->suffix.n;
	int failed = 0;

	trx_buf_reset(buf);
	r.to = (struct trx_symbol *)trx_buf_reserve(
	    buf, (most + 1) * sizeof(*r.to));
	if (r.to == NULL)
		return trx_error_memory(err);
	if (b->prefix.n + b->suffix.n > 0)
		failed = read_affixed(&r, piece, &room->text);
	else if (b->input == TRX_BPE_BYTES)
		read_bytes(&r, piece);
	else
		read_chars(&r, piece);
	flush_unk(&r);
	*n = failed == -1
		 ? SIZE_MAX
		 : trx_merges_apply(&b->merges, r.to, r.n, &room->work);
	return *n == SIZE_MAX ? trx_error_memory(err) : 0;
}

int
trx_bpe_append(struct trx_ids *out, const struct trx_symbol *s, size_t n,
    uint32_t base, struct trx_error *err)
{
	size_t i;

	if (trx_ids_reserve(out, n) == -1)
		return trx_error_memory(err);
	for (i = 0; i < n; i++) {
		out->ids[out->n + i] = s[i].id;
		if (out->keeps_ends)
			out->ends[out->n + i] = s[i].end + base;
	}
	out->n += n;
	return 0;
}
