#include <string.h>

#include "common/base/utf8.h"
#include "common/tokenizer/alphabet.h"
#include "common/tokenizer/bpe_cuts.h"
#include "common/ucd/ucd.h"

static void
add_pair(struct trx_bpe_cuts *c, uint32_t left, uint32_t right)
{
	uint32_t h = trx_bpe_pair_hash(left, right);

	c->pairs[h / 64] |= (uint64_t)1 << h % 64;
}

static uint32_t
last_char(struct trx_str s)
{
	const uint8_t *p = (const uint8_t *)s.p + s.n - 1;

	while ((*p & 0xc0) == 0x80)
		p--;
	return trx_ucd_get(p);
}

/* Is the token a byte of fallback, <0xXX>? */
static bool
is_fallback(struct trx_str s)
{
	return s.n == 6 && memcmp(s.p, "<0x", 3) == 0 && s.p[5] == '>';
}

/* Mark code points of the BMP; there are no cuts beside the others. */
static void
mark(uint64_t *marks, uint32_t from, uint32_t n)
{
	for (; n > 0 && from < 0x10000; from++, n--)
		marks[from / 64] |= (uint64_t)1 << from % 64;
}

static void
add_char_merges(struct trx_bpe_cuts *c, const struct trx_bpe_tables *t)
{
	struct trx_str left, right;
	uint32_t cp;
	size_t i;

	for (cp = 0; cp < 0x10000; cp++)
		if (t->start[cp] != TRX_BPE_NONE)
			mark(c->known, cp, 1);
	c->fallback_apart = 1;
	for (i = 0; i < t->n; i++) {
		left = trx_vocab_text(t->vocab, t->merges[i].left);
		right = trx_vocab_text(t->vocab, t->merges[i].right);
		if (is_fallback(left) || is_fallback(right))
			c->fallback_apart = 0;
		if (left.n > 0 && right.n > 0)
			add_pair(c, last_char(left),
			    trx_ucd_get((const uint8_t *)right.p));
	}
}

/* A character at the edge of a token, or as much of it as the token has. */
struct edge {
	bool whole;
	uint32_t cp;	  /* of whole ones */
	uint32_t from, n; /* of parts of a first one: what may begin so */
};

static bool
is_rest(const uint8_t *p, size_t n)
{
	while (n > 0 && (p[n - 1] & 0xc0) == 0x80)
		n--;
	return n == 0;
}

/* The first character of bytes.  Returns false where none begins there. */
static bool
first_edge(struct trx_str s, struct edge *e)
{
	const uint8_t *p = (const uint8_t *)s.p;
	size_t width, has;

	if (s.n == 0 || (p[0] & 0xc0) == 0x80 || p[0] >= 0xf8)
		return false;
	width = trx_ucd_width(p);
	has = s.n < width ? s.n : width;
	if (!is_rest(p + 1, has - 1))
		return false;
	e->whole = has == width;
	if (e->whole) {
		e->cp = trx_ucd_get(p);
		return true;
	}
	e->from = width == 2 ? (p[0] & 0x1fu) << 6 : (p[0] & 0xfu) << 12;
	e->n = width == 2 ? 64 : 4096;
	if (width == 3 && has == 2) {
		e->from |= (p[1] & 0x3fu) << 6;
		e->n = 64;
	}
	if (width == 4)
		e->n = 0;
	return true;
}

/* The last character of bytes.  Returns false where none ends there. */
static bool
last_edge(struct trx_str s, struct edge *e)
{
	const uint8_t *p = (const uint8_t *)s.p + s.n, *begin = p;
	size_t n;

	for (n = 1; n <= 4 && n <= s.n; n++) {
		begin = p - n;
		if ((*begin & 0xc0) != 0x80)
			break;
	}
	if (s.n == 0 || n > 4)
		return false;
	e->whole = n <= s.n;
	if (!e->whole)
		return true;
	if (*begin >= 0xf8 || trx_ucd_width(begin) != n)
		return false;
	e->cp = trx_ucd_get(begin);
	return true;
}

/*
 * What joins characters of which a merge has a part only is not told from what
 * joins others that have that part: there are few of those.
 */
static void
add_byte_merge(
    struct trx_bpe_cuts *c, struct trx_str left, struct trx_str right)
{
	struct edge a = { 0 }, b = { 0 };

	if (!last_edge(left, &a) || !first_edge(right, &b))
		return;
	if (a.whole && b.whole)
		add_pair(c, a.cp, b.cp);
	else if (a.whole)
		mark(c->behind, a.cp, 1);
	else if (b.whole)
		mark(c->before, b.cp, 1);
	else
		mark(c->before, b.from, b.n);
}

/* The bytes that a token stands for, in b; empty: it is of no bytes. */
static struct trx_str
bytes_of(const struct trx_bpe_tables *t, uint32_t id, struct trx_buf *b)
{
	trx_buf_reset(b);
	if (trx_alphabet_decode(trx_vocab_text(t->vocab, id), b) == -1)
		trx_buf_reset(b);
	return trx_buf_str(b);
}

static int
add_byte_merges(struct trx_bpe_cuts *c, const struct trx_bpe_tables *t,
    struct trx_error *err)
{
	struct trx_buf left = TRX_BUF_INIT, right = TRX_BUF_INIT;
	bool failed;
	size_t i;

	for (i = 0; i < t->n; i++)
		add_byte_merge(c, bytes_of(t, t->merges[i].left, &left),
		    bytes_of(t, t->merges[i].right, &right));
	failed = left.failed || right.failed;
	trx_buf_free(&left);
	trx_buf_free(&right);
	return failed ? trx_error_memory(err) : 0;
}

/* Room for the merges of one token. */
struct room {
	struct trx_merges merges;
	struct trx_buf bytes, symbols, work;
};

/* Is that what merges make of its bytes?  Returns 1, 0, or -1 (memory). */
static int
is_reached(const struct trx_bpe_tables *t, uint32_t id, struct trx_str s,
    struct room *r)
{
	struct trx_symbol *symbols;
	size_t i, n;

	trx_buf_reset(&r->symbols);
	symbols = (struct trx_symbol *)trx_buf_reserve(
	    &r->symbols, s.n * sizeof(*symbols));
	if (symbols == NULL)
		return -1;
	for (i = 0; i < s.n; i++)
		symbols[i] = (struct trx_symbol){ t->start[(uint8_t)s.p[i]],
			(uint32_t)i + 1 };
	n = trx_merges_apply(&r->merges, symbols, s.n, &r->work);
	if (n == SIZE_MAX)
		return -1;
	return n == 1 && symbols[0].id == id;
}

/*
 * Where pieces that are tokens are not merged: no such piece is cut, and no
 * piece is cut off that only looking it up, not merging, makes a token.
 */
static int
add_tokens(struct trx_bpe_cuts *c, const struct trx_bpe_tables *t,
    struct room *r, struct trx_error *err)
{
	const uint8_t *p, *end;
	uint32_t id, first, cp;
	struct trx_str s;
	int reached;

	for (id = 0; id < t->vocab->size; id++) {
		s = bytes_of(t, id, &r->bytes);
		if (s.n == 0 || !trx_utf8_valid(s))
			continue;
		p = (const uint8_t *)s.p;
		end = p + s.n;
		first = cp = trx_ucd_get(p);
		for (p += trx_ucd_width(p); p < end; p += trx_ucd_width(p)) {
			add_pair(c, cp, trx_ucd_get(p));
			cp = trx_ucd_get(p);
		}
		if ((reached = is_reached(t, id, s, r)) == -1)
			return trx_error_memory(err);
		if (!reached) {
			mark(c->before, first, 1);
			mark(c->behind, cp, 1);
		}
	}
	return r->bytes.failed ? trx_error_memory(err) : 0;
}

static int
build_bytes(struct trx_bpe_cuts *c, const struct trx_bpe_tables *t,
    const struct trx_image *image, struct trx_error *err)
{
	struct room r = { 0 };
	int rc = add_byte_merges(c, t, err);

	if (rc == 0 && t->ignore_merges)
		rc = trx_merges_open(image, &r.merges, err);
	if (rc == 0 && t->ignore_merges)
		rc = add_tokens(c, t, &r, err);
	trx_buf_free(&r.bytes);
	trx_buf_free(&r.symbols);
	trx_buf_free(&r.work);
	return rc;
}

/* Does the model know all bytes? */
static bool
has_bytes(const uint32_t *start)
{
	int byte;

	for (byte = 0; byte < 256; byte++)
		if (start[byte] == TRX_BPE_NONE)
			return false;
	return true;
}

int
trx_bpe_cuts_build(const struct trx_bpe_tables *t, struct trx_image *image,
    struct trx_error *err)
{
	struct trx_bpe_cuts *c;

	/* An unknown byte, or a piece that is looked up whole, looks over cuts.
	 */
	if (t->input == TRX_BPE_BYTES ? !has_bytes(t->start) : t->ignore_merges)
		return 0;
	c = trx_image_add(image, TRX_IMAGE_BPE_CUTS, sizeof(*c), err);
	if (c == NULL)
		return -1;
	if (t->input == TRX_BPE_BYTES)
		return build_bytes(c, t, image, err);
	add_char_merges(c, t);
	return 0;
}
