#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/tokenizer/alphabet.h"
#include "common/tokenizer/bpe.h"
#include "common/tokenizer/bpe_chars.h"
#include "common/ucd/ucd.h"

enum { BMP = 0x10000 };

/*
 * The least ranks of the merges that a token has a part in: any, and those with
 * a token before it, or behind it, that may end, or begin, at the edge of a
 * character: of one of ASCII, of another one.
 */
struct least {
	uint32_t any, before[2], behind[2];
};

enum { ASCII, WIDE };

static void
lower(uint32_t *least, uint32_t rank)
{
	if (rank < *least)
		*least = rank;
}

/* The first and the last byte that a token stands for; false: none. */
static bool
edges(const struct trx_vocab *vocab, uint32_t id, struct trx_buf *b,
    uint8_t *first, uint8_t *last)
{
	trx_buf_reset(b);
	if (trx_alphabet_decode(trx_vocab_text(vocab, id), b) == -1 ||
	    b->len == 0)
		return false;
	*first = (uint8_t)b->data[0];
	*last = (uint8_t)b->data[b->len - 1];
	return true;
}

static struct least *
find_least(
    const struct trx_vocab *vocab, const struct trx_merge *merges, size_t n)
{
	struct least *least = malloc((size_t)vocab->size * sizeof(*least));
	struct trx_buf b = TRX_BUF_INIT;
	const struct trx_merge *m;
	uint8_t first, last, unused;
	size_t i;

	if (least == NULL)
		return NULL;
	memset(least, 0xff, (size_t)vocab->size * sizeof(*least));
	for (i = 0; i < n; i++) {
		m = &merges[i];
		lower(&least[m->left].any, m->rank);
		lower(&least[m->right].any, m->rank);
		if (edges(vocab, m->left, &b, &unused, &last) && last < 0xc0)
			lower(&least[m->right].before[last >= 0x80], m->rank);
		if (edges(vocab, m->right, &b, &first, &unused) &&
		    (first & 0xc0) != 0x80)
			lower(&least[m->left].behind[first >= 0x80], m->rank);
	}
	trx_buf_free(&b);
	return least;
}

/*
 * What the bytes of a character merge to, or TRX_BPE_NONE where a neighbour may
 * have a say; with TRX_BPE_AMONG_WIDE where one of ASCII may.  As long as each
 * of its merges has a lesser rank than any that its first or last token could
 * have with what is beside it, that one never comes first; and as long as the
 * whole takes part in no merge of a lesser rank than its own ones, it makes no
 * difference that it is there from the start.
 */
static uint32_t
merge_char(const struct trx_merges *m, const struct least *least,
    const uint32_t *start, uint32_t cp)
{
	uint8_t utf8[4];
	uint32_t ids[4], most = 0, flag = 0;
	size_t n = trx_ucd_put(utf8, cp), i, best;
	const struct trx_merge *found, *pair;

	for (i = 0; i < n; i++)
		if ((ids[i] = start[utf8[i]]) == TRX_BPE_NONE)
			return TRX_BPE_NONE;
	for (; n > 1; n--) {
		pair = &trx_merges_none;
		for (i = best = 0; i + 1 < n; i++) {
			found = trx_merges_find(m, ids[i], ids[i + 1]);
			if (found->rank < pair->rank) {
				pair = found;
				best = i;
			}
		}
		if (pair->rank == TRX_MERGE_NONE ||
		    least[ids[0]].before[WIDE] < pair->rank ||
		    least[ids[n - 1]].behind[WIDE] < pair->rank)
			return TRX_BPE_NONE;
		if (least[ids[0]].before[ASCII] < pair->rank ||
		    least[ids[n - 1]].behind[ASCII] < pair->rank)
			flag = TRX_BPE_AMONG_WIDE;
		most = pair->rank > most ? pair->rank : most;
		ids[best] = pair->id;
		for (i = best + 1; i + 1 < n; i++)
			ids[i] = ids[i + 1];
	}
	return least[ids[0]].any > most ? ids[0] | flag : TRX_BPE_NONE;
}

int
trx_bpe_chars_build(const struct trx_vocab *vocab,
    const struct trx_merge *merges, size_t n, const uint32_t *start,
    struct trx_image *image, struct trx_error *err)
{
	uint32_t *chars = trx_image_add(
	    image, TRX_IMAGE_BPE_CHARS, BMP * sizeof(*chars), err);
	struct least *least;
	struct trx_merges m;
	uint32_t cp;

	if (chars == NULL || trx_merges_open(image, &m, err) == -1)
		return -1;
	if ((least = find_least(vocab, merges, n)) == NULL)
		return trx_error_memory(err);
	for (cp = 0; cp < BMP; cp++)
		chars[cp] = cp < 0x80 || (cp >= 0xd800 && cp < 0xe000)
				? TRX_BPE_NONE
				: merge_char(&m, least, start, cp);
	free(least);
	return 0;
}
