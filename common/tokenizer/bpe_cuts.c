#include "common/tokenizer/bpe_cuts.h"
#include "common/ucd/ucd.h"

#define SPACE_SIGN 0x2581u

static inline bool
is_pair(const struct trx_bpe *b, uint32_t left, uint32_t right)
{
	uint32_t h = trx_bpe_pair_hash(left, right);

	return b->cuts->pairs[h / 64] >> h % 64 & 1;
}

static inline bool
is_marked(const uint64_t *marks, uint32_t cp)
{
	return marks[cp / 64] >> cp % 64 & 1;
}

/* Is the character in the vocabulary? */
static inline bool
is_known(const struct trx_bpe *b, uint32_t cp)
{
	uint8_t utf8[4];

	if (cp < 0x10000)
		return is_marked(b->cuts->known, cp);
	return trx_vocab_find(&b->vocab, (struct trx_str){ (const char *)utf8,
					     trx_ucd_put(utf8, cp) }) != -1;
}

/* May no cut stand between these two? */
static bool
joined(const struct trx_bpe *b, uint32_t left, uint32_t right)
{
	if (b->input == TRX_BPE_BYTES)
		return left >= 0x10000 || right >= 0x10000 ||
		       is_marked(b->cuts->behind, left) ||
		       is_marked(b->cuts->before, right) ||
		       is_pair(b, left, right);
	if (b->input == TRX_BPE_SPACES) {
		left = left == ' ' ? SPACE_SIGN : left;
		right = right == ' ' ? SPACE_SIGN : right;
	}
	if (!is_known(b, left) || !is_known(b, right))
		return !b->fallback_apart;
	return is_pair(b, left, right);
}

/* Is every character that is not in the vocabulary bytes of fallback? */
static bool
falls_back(const struct trx_bpe *b)
{
	int byte;

	for (byte = 0; byte < 256; byte++)
		if (b->fallback[byte] == TRX_BPE_NONE)
			return false;
	return b->byte_fallback;
}

int
trx_bpe_cuts_open(
    struct trx_bpe *b, const struct trx_image *image, struct trx_error *err)
{
	size_t n;
	const struct trx_bpe_cuts *c =
	    trx_image_get(image, TRX_IMAGE_BPE_CUTS, &n);
	uint32_t left, right;

	if (c == NULL)
		return 0;
	if (n != sizeof(*c))
		return trx_error_set(err, TRX_INPUT, "no set of cuts");
	b->cuts = c;
	b->fallback_apart = c->fallback_apart && falls_back(b);
	for (left = 0; left < 128; left++)
		for (right = 0; right < 128; right++)
			if (!joined(b, left, right))
				b->ascii_cuts[left][right / 64] |=
				    (uint64_t)1 << right % 64;
	return 0;
}

/*
 * Cut ASCII from c->at on, whose character before is ASCII too, up to anything
 * else; n pieces at most.  A piece is written at each byte, and counts if it is
 * one: whether it is, is not for branches to guess.
 */
static size_t
cut_ascii(const struct trx_bpe *b, const uint8_t *text, size_t *at,
    size_t *begin, size_t end, struct trx_piece *pieces, size_t n)
{
	size_t i = 0, from = *begin, p = *at;
	uint8_t left = text[p - 1], right;
	bool cut;

	for (; p < end && i < n && (right = text[p]) < 0x80; p++) {
		cut = b->ascii_cuts[left][right / 64] >> right % 64 & 1;
		pieces[i] = (struct trx_piece){ (uint32_t)from, (uint32_t)p };
		i += cut;
		from = cut ? p : from;
		left = right;
	}
	*at = p;
	*begin = from;
	return i;
}

size_t
trx_bpe_cut(const struct trx_bpe *b, const uint8_t *text, size_t begin,
    size_t end, struct trx_piece *pieces, size_t n)
{
	size_t at = begin, i = 0;
	uint32_t left, right;

	if (begin == end || n == 0)
		return 0;
	left = trx_ucd_get(text + at);
	at += trx_ucd_width(text + at);
	while (at < end && i < n) {
		right = trx_ucd_get(text + at);
		if (left < 128 && right < 128) {
			i += cut_ascii(
			    b, text, &at, &begin, end, pieces + i, n - i);
			left = text[at - 1];
			continue;
		}
		if (!joined(b, left, right)) {
			pieces[i++] =
			    (struct trx_piece){ (uint32_t)begin, (uint32_t)at };
			begin = at;
		}
		left = right;
		at += trx_ucd_width(text + at);
	}
	if (i < n)
		pieces[i++] =
		    (struct trx_piece){ (uint32_t)begin, (uint32_t)end };
	return i;
}
