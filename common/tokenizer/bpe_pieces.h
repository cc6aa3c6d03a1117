/* How a BPE model's pieces become tokens: what its files share. */
#ifndef TRX_TOKENIZER_BPE_PIECES_H
#define TRX_TOKENIZER_BPE_PIECES_H

#include "common/tokenizer/alphabet.h"
#include "common/tokenizer/bpe.h"
#include "common/ucd/ucd.h"

/* The next character at p: what the model sees, and its bytes in the piece. */
static inline size_t
trx_bpe_char(const struct trx_bpe *b, const uint8_t *p, uint32_t *cp)
{
	if (b->input == TRX_BPE_BYTES) {
		*cp = trx_alphabet_char(*p);
		return 1;
	}
	*cp = trx_ucd_get(p);
	if (b->input == TRX_BPE_SPACES && *cp == ' ')
		*cp = 0x2581;
	return trx_ucd_width(p);
}

/*
 * The tokens of a piece, all of it at once, into buf as struct trx_symbol, *n
 * of them.  Returns 0, or -1 with err set (memory).
 */
int trx_bpe_whole(const struct trx_bpe *b, struct trx_str piece,
    struct trx_bpe_room *room, struct trx_buf *buf, size_t *n,
    struct trx_error *err);

/* Append n tokens whose ends are less by base. */
int trx_bpe_append(struct trx_ids *out, const struct trx_symbol *s, size_t n,
    uint32_t base, struct trx_error *err);

/* A piece longer than this is taken in windows. */
#define TRX_BPE_WINDOW (1u << 16)

/* As trx_bpe_encode, into ids that keep ends, for a model without
 * continuing_subword_prefix and such. */
int trx_bpe_windows(const struct trx_bpe *b, struct trx_str piece,
    struct trx_bpe_room *room, struct trx_ids *out, struct trx_error *err);

#endif
