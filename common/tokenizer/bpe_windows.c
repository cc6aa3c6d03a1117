#include "common/tokenizer/bpe_pieces.h"

/* Of each window all tokens are kept but those that end in so many bytes. */
enum { MARGIN = 1024 };

/* A long piece, taken in windows. */
struct windows {
	const struct trx_bpe *b;
	struct trx_str piece;
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
	return i == w->first ? 0 : w->out->ends[i - 1];
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
	if (trx_bpe_whole(w->b, text, w->room, &w->room->check, &m, err) == -1)
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
	size_t n = size / TRX_BPE_WINDOW;

	for (; n > 0 && w->out->n > w->first; n--)
		w->out->n--;
	while (!begins_char(w, place(w, w->out->n)))
		w->out->n--;
	return size * 2;
}

static int
encode_windows(struct windows *w, struct trx_error *err)
{
	size_t size = TRX_BPE_WINDOW, begin = 0, end, n;
	const struct trx_symbol *s;
	bool fit;

	do {
		end = w->piece.n - begin > size ? begin + size : w->piece.n;
		while (!begins_char(w, end))
			end--;
		if (trx_bpe_whole(w->b,
			(struct trx_str){ w->piece.p + begin, end - begin },
			w->room, &w->room->symbols, &n, err) == -1)
			return -1;
		s = (const struct trx_symbol *)w->room->symbols.data;
		if (fits(w, s, n, begin, &fit, err) == -1)
			return -1;
		n = fit ? kept(w, s, n, begin, end) : 0;
		if (trx_bpe_append(w->out, s, n, (uint32_t)begin, err) == -1)
			return -1;
		if (n == 0)
			size = step_back(w, size);
		begin = place(w, w->out->n);
	} while (!fit || end < w->piece.n);
	return 0;
}

int
trx_bpe_windows(const struct trx_bpe *b, struct trx_str piece,
    struct trx_bpe_room *room, struct trx_ids *out, struct trx_error *err)
{
	struct windows w = { .b = b,
		.piece = piece,
		.room = room,
		.out = out,
		.first = out->n };

	return encode_windows(&w, err);
}
