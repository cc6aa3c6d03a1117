#include <string.h>

#include "common/tokenizer/alphabet.h"
#include "common/tokenizer/bpe.h"
#include "common/tokenizer/bpe_cuts.h"
#include "common/ucd/ucd.h"

#define SPACE_SIGN 0x2581u

/*
 * A piece longer than a window is taken in windows.  Of each all tokens are
 * kept but those that end in its last MARGIN bytes.
 */
enum { WINDOW = 1 << 16, MARGIN = 1024 };

/* A member that may be absent or null.  Returns 0, or -1 with err set. */
static int
read_bool(const struct trx_json *model, const char *key, bool *out,
    struct trx_error *err)
{
	const struct trx_json *v = trx_json_get(model, key);

	*out = false;
	if (trx_json_is_null(v))
		return 0;
	if (v->type != TRX_JSON_BOOL)
		return trx_error_set(
		    err, TRX_INPUT, "model.%s: not true or false", key);
	*out = v->u.boolean;
	return 0;
}

static int
read_text(const struct trx_json *model, const char *key, struct trx_str *out,
    struct trx_error *err)
{
	*out = (struct trx_str){ "", 0 };
	if (trx_json_get_string(model, key, out) == -1)
		return trx_error_set(
		    err, TRX_INPUT, "model.%s: not a string", key);
	return 0;
}

static int
refuse_dropout(const struct trx_json *model, struct trx_error *err)
{
	const struct trx_json *v = trx_json_get(model, "dropout");

	if (trx_json_is_null(v) ||
	    (v->type == TRX_JSON_NUMBER && trx_json_to_double(v) == 0))
		return 0;
	return trx_error_set(err, TRX_INPUT,
	    "model.dropout: ids that chance decides are not supported");
}

static int
refuse_unknown(const struct trx_json *model, struct trx_error *err)
{
	static const char *const known[] = { "type", "dropout", "unk_token",
		"continuing_subword_prefix", "end_of_word_suffix", "fuse_unk",
		"byte_fallback", "ignore_merges", "vocab", "merges" };
	size_t i, k;

	for (i = 0; i < model->u.object.n; i++) {
		for (k = 0; k < sizeof(known) / sizeof(*known); k++)
			if (trx_str_is(
				model->u.object.members[i].key, known[k]))
				break;
		if (k == sizeof(known) / sizeof(*known))
			return trx_error_set(err, TRX_INPUT,
			    "model.%.*s: not known",
			    (int)model->u.object.members[i].key.n,
			    model->u.object.members[i].key.p);
	}
	return 0;
}

static int
read_unk(struct trx_bpe *b, const struct trx_json *model, struct trx_error *err)
{
	struct trx_str unk;

	b->unk = -1;
	if (read_text(model, "unk_token", &unk, err) == -1)
		return -1;
	if (trx_json_is_null(trx_json_get(model, "unk_token")))
		return 0;
	b->unk = trx_vocab_find(&b->vocab, unk);
	if (b->unk == -1)
		return trx_error_set(err, TRX_INPUT,
		    "model.unk_token: '%.*s' is not in the vocabulary",
		    (int)unk.n, unk.p);
	return 0;
}

static int
read_settings(
    struct trx_bpe *b, const struct trx_json *model, struct trx_error *err)
{
	if (refuse_dropout(model, err) == -1 ||
	    refuse_unknown(model, err) == -1 ||
	    read_bool(model, "fuse_unk", &b->fuse_unk, err) == -1 ||
	    read_bool(model, "byte_fallback", &b->byte_fallback, err) == -1 ||
	    read_bool(model, "ignore_merges", &b->ignore_merges, err) == -1 ||
	    read_text(model, "continuing_subword_prefix", &b->prefix, err) ==
		-1 ||
	    read_text(model, "end_of_word_suffix", &b->suffix, err) == -1)
		return -1;
	return read_unk(b, model, err);
}

static void
find_fallback(struct trx_bpe *b)
{
	static const char hex[] = "0123456789ABCDEF";
	char s[] = "<0x00>";
	int64_t id;
	int byte;

	for (byte = 0; byte < 256; byte++) {
		s[3] = hex[byte >> 4];
		s[4] = hex[byte & 15];
		id = trx_vocab_find(&b->vocab, trx_str(s));
		b->fallback[byte] = id == -1 ? TRX_BPE_NONE : (uint32_t)id;
	}
}

int
trx_bpe_open(struct trx_bpe *b, const struct trx_json *model,
    enum trx_bpe_input input, const struct trx_image *image,
    struct trx_error *err)
{
	size_t n, nchars, nlengths;

	*b = (struct trx_bpe){ .input = input };
	if (trx_vocab_open(image, &b->vocab, err) == -1 ||
	    trx_merges_open(image, &b->merges, err) == -1)
		return -1;
	b->start = trx_image_get(image, TRX_IMAGE_BPE_START, &n);
	b->chars = trx_image_get(image, TRX_IMAGE_BPE_CHARS, &nchars);
	b->lengths = trx_image_get(image, TRX_IMAGE_BPE_LENGTHS, &nlengths);
	if (n / sizeof(*b->start) != (input == TRX_BPE_BYTES ? 256 : 65536) ||
	    (input == TRX_BPE_BYTES && nchars / sizeof(*b->chars) != 65536) ||
	    nlengths / sizeof(*b->lengths) != b->vocab.size)
		return trx_error_set(err, TRX_INPUT, "no table of characters");
	if (read_settings(b, model, err) == -1)
		return -1;
	find_fallback(b);
	/* Looking whole pieces up, or marking their ends, looks over cuts. */
	if (input == TRX_BPE_BYTES || b->ignore_merges || b->prefix.n > 0 ||
	    b->suffix.n > 0)
		return 0;
	return trx_bpe_cuts_open(b, image, err);
}

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

/* The next character of a piece: what the model sees, and its bytes. */
static size_t
next_char(const struct trx_bpe *b, const uint8_t *p, uint32_t *cp)
{
	if (b->input == TRX_BPE_BYTES) {
		*cp = trx_alphabet_char(*p);
		return 1;
	}
	*cp = trx_ucd_get(p);
	if (b->input == TRX_BPE_SPACES && *cp == ' ')
		*cp = SPACE_SIGN;
	return trx_ucd_width(p);
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
		next = at + next_char(r->b, p + at, &cp);
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
		next = at + next_char(r->b, p + at, &cp);
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

/* The tokens of a piece, all of it at once, into buf. */
static int
encode_whole(const struct trx_bpe *b, struct trx_str piece,
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

static int
append(struct trx_ids *out, const struct trx_symbol *s, size_t n, uint32_t base,
    struct trx_error *err)
{
	size_t i;

	if (trx_ids_reserve(out, n) == -1)
		return trx_error_memory(err);
	for (i = 0; i < n; i++) {
		out->ids[out->n + i] = s[i].id;
		out->ends[out->n + i] = s[i].end + base;
	}
	out->n += n;
	return 0;
}

/* A long piece, taken in windows. */
struct windows {
	const struct trx_bpe *b;
	struct trx_str piece;
	uint32_t base;
	struct trx_bpe_room *room;
	struct trx_ids *out;
	size_t first; /* of out's tokens are before the piece's */
};

/* Does a character begin at that offset of the piece? */
static bool
begins_char(const struct windows *w, size_t at)
{
	return at == w->piece.n || ((uint8_t)w->piece.p[at] & 0xc0) != 0x80;
}

/* Where in the piece the first i of out's tokens end. */
static size_t
place(const struct windows *w, size_t i)
{
	return i == w->first ? 0 : w->out->ends[i - 1] - w->base;
}

/*
 * The tokens of both sides of the place where window s begins are those of
 * their text, as long as the last of one side and the first of the other are
 * those of theirs: a merge over that place would be made there as well, since
 * up to the first such merge each side goes its own way.  Is it so?
 */
static int
fits(struct windows *w, const struct trx_symbol *s, size_t n, size_t begin,
    bool *fit, struct trx_error *err)
{
	const struct trx_ids *out = w->out;
	size_t i = out->n, k = 0, m, q;
	struct trx_str text;
	const struct trx_symbol *t;

	*fit = true;
	if (i == w->first || n == 0)
		return 0;
	do
		i--;
	while (i > w->first && !begins_char(w, place(w, i)));
	do
		k++;
	while (k < n && !begins_char(w, begin + s[k - 1].end));
	text = (struct trx_str){ w->piece.p + place(w, i),
		begin + s[k - 1].end - place(w, i) };
	if (encode_whole(w->b, text, w->room, &w->room->check, &m, err) == -1)
		return -1;
	t = (const struct trx_symbol *)w->room->check.data;
	*fit = m == out->n - i + k;
	for (q = 0; *fit && q < m; q++)
		*fit = t[q].id == (q < out->n - i ? out->ids[i + q]
						  : s[q - (out->n - i)].id);
	return 0;
}

/* How many of a window's tokens, which ends at end, are kept. */
static size_t
kept(const struct windows *w, const struct trx_symbol *s, size_t n,
    size_t begin, size_t end)
{
	if (end == w->piece.n)
		return n;
	while (n > 0 && (begin + s[n - 1].end + MARGIN > end ||
			    !begins_char(w, begin + s[n - 1].end)))
		n--;
	return n;
}

/*
 * Take tokens back, to begin the next window earlier; it is twice as long, and
 * so comes to an end.
 */
static size_t
step_back(struct windows *w, size_t size)
{
	size_t n = size / WINDOW;

	for (; n > 0 && w->out->n > w->first; n--)
		w->out->n--;
	while (!begins_char(w, place(w, w->out->n)))
		w->out->n--;
	return size * 2;
}

static int
encode_windows(struct windows *w, struct trx_error *err)
{
	size_t size = WINDOW, begin = 0, end, n;
	const struct trx_symbol *s;
	bool fit;

	do {
		end = w->piece.n - begin > size ? begin + size : w->piece.n;
		while (!begins_char(w, end))
			end--;
		if (encode_whole(w->b,
			(struct trx_str){ w->piece.p + begin, end - begin },
			w->room, &w->room->symbols, &n, err) == -1)
			return -1;
		s = (const struct trx_symbol *)w->room->symbols.data;
		if (fits(w, s, n, begin, &fit, err) == -1)
			return -1;
		n = fit ? kept(w, s, n, begin, end) : 0;
		if (append(w->out, s, n, w->base + (uint32_t)begin, err) == -1)
			return -1;
		if (n == 0)
			size = step_back(w, size);
		begin = place(w, w->out->n);
	} while (!fit || end < w->piece.n);
	return 0;
}

/* The id of a piece that is a token as it stands, or -1. */
static int64_t
find_whole(const struct trx_bpe *b, struct trx_str piece, struct trx_buf *text)
{
	const uint8_t *p = (const uint8_t *)piece.p;
	uint8_t utf8[4];
	size_t at = 0;
	uint32_t cp;

	trx_buf_reset(text);
	while (at < piece.n) {
		at += next_char(b, p + at, &cp);
		trx_buf_add(text, utf8, trx_ucd_put(utf8, cp));
	}
	return text->failed ? -1 : trx_vocab_find(&b->vocab, trx_buf_str(text));
}

int
trx_bpe_encode(const struct trx_bpe *b, struct trx_str piece, uint32_t base,
    struct trx_bpe_room *room, struct trx_ids *out, struct trx_error *err)
{
	struct windows w = { .b = b,
		.piece = piece,
		.base = base,
		.room = room,
		.out = out,
		.first = out->n };
	struct trx_symbol whole = { .end = (uint32_t)piece.n };
	int64_t id;
	size_t n;

	if (b->ignore_merges &&
	    (id = find_whole(b, piece, &room->text)) != -1) {
		whole.id = (uint32_t)id;
		return append(out, &whole, 1, base, err);
	}
	if (piece.n > WINDOW && b->prefix.n + b->suffix.n == 0)
		return encode_windows(&w, err);
	if (encode_whole(b, piece, room, &room->symbols, &n, err) == -1)
		return -1;
	return append(
	    out, (const struct trx_symbol *)room->symbols.data, n, base, err);
}

void
trx_bpe_room_free(struct trx_bpe_room *room)
{
	trx_buf_free(&room->symbols);
	trx_buf_free(&room->check);
	trx_buf_free(&room->work);
	trx_buf_free(&room->text);
}
