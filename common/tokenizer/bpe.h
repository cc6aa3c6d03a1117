/*
 * The model BPE of a tokenizer.json: pieces to ids, by merges.
 *
 * A model of bytes, behind a ByteLevel pre-tokenizer, is given the bytes
 * themselves, and takes each as its character of ByteLevel's alphabet; any
 * other one is given well-formed UTF-8.
 */
#ifndef TRX_TOKENIZER_BPE_H
#define TRX_TOKENIZER_BPE_H

#include <stdbool.h>

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/base/str.h"
#include "common/json/value.h"
#include "common/tokenizer/image.h"
#include "common/tokenizer/merges.h"
#include "common/tokenizer/pretokenizer.h"
#include "common/tokenizer/vocab.h"

/* What a piece's characters are to the model. */
enum trx_bpe_input {
	TRX_BPE_CHARS,
	TRX_BPE_SPACES, /* U+0020 stands for U+2581 */
	TRX_BPE_BYTES
};

struct trx_bpe_cuts; /* of bpe_cuts.h */

/* How a BPE model begins: the settings in "model" beside its tables. */
struct trx_bpe {
	struct trx_vocab vocab;
	struct trx_merges merges;
	enum trx_bpe_input input;
	/*
	 * The id of a byte's character (256 of them), or of a code point of
	 * the BMP; TRX_BPE_NONE: not in the vocabulary.
	 */
	const uint32_t *start;
	/*
	 * Of bytes: for each code point of the BMP the id that its bytes merge
	 * to whatever is around them, or TRX_BPE_NONE; with TRX_BPE_AMONG_WIDE
	 * it must not be ASCII.
	 */
	const uint32_t *chars;
	/* The bytes of a piece that each id stands for, as a rule. */
	const uint16_t *lengths;
	/* NULL where nothing is known of cuts, see trx_bpe_cut. */
	const struct trx_bpe_cuts *cuts;
	uint64_t ascii_cuts[128][2];
	size_t longest; /* bytes of a piece that is one token, at most */
	uint8_t alphabet[256][2]; /* UTF-8 of bytes; the second may be 0 */
	bool fallback_apart;	  /* bytes and characters never merge */
	bool byte_fallback, fuse_unk, ignore_merges;
	int64_t unk;		/* -1: none */
	uint32_t fallback[256]; /* the id of <0xXX>, or TRX_BPE_NONE */
	struct trx_str prefix;	/* continuing_subword_prefix; may be empty */
	struct trx_str suffix;	/* end_of_word_suffix */
};

#define TRX_BPE_NONE UINT32_MAX
#define TRX_BPE_AMONG_WIDE (UINT32_C(1) << 31)

/* What a thread needs; all zero is a valid one. */
struct trx_bpe_room {
	struct trx_buf symbols, check, work, text;
};

/*
 * Add what BPE needs of "model" to an image.  Returns 0, or -1 with err set,
 * TRX_INPUT where the model is broken or not to be reproduced.
 */
int trx_bpe_build(const struct trx_json *model, enum trx_bpe_input input,
    struct trx_image *image, struct trx_error *err);

/*
 * Read the members of "model" but for vocabulary and merges, which the image
 * has; strings and image are borrowed.  Returns 0, or -1 with err set.
 */
int trx_bpe_open(struct trx_bpe *b, const struct trx_json *model,
    enum trx_bpe_input input, const struct trx_image *image,
    struct trx_error *err);

/*
 * Append the ids of a piece, not empty, to ids that keep ends: these are
 * offsets in it.
 * Beside its ids it takes memory for a part of a long piece only.  Returns 0,
 * or -1 with err set (memory).
 */
int trx_bpe_encode(const struct trx_bpe *b, struct trx_str piece,
    struct trx_bpe_room *room, struct trx_ids *out, struct trx_error *err);

/*
 * Cut the bytes from begin on, up to end, of a text into pieces whose ids, one
 * after the other, are those of the whole; n of them at most.  Returns how many
 * there are; they reach end if there is room.
 *
 * A merge that joins what lies on both sides of a cut has a left part that ends
 * with the character before it, and a right part that begins with the one
 * behind.  So where no merge has such parts the cut changes nothing.
 */
size_t trx_bpe_cut(const struct trx_bpe *b, const uint8_t *text, size_t begin,
    size_t end, struct trx_piece *pieces, size_t n);

void trx_bpe_room_free(struct trx_bpe_room *room);

#endif
