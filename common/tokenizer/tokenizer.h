/*
 * The face of every tokenizer: text to the token ids of the model's own one.
 *
 * A tokenizer.json gives the ids of Hugging Face's tokenizers 0.23.3, a
 * SentencePiece model those of transformers 4.57's slow LlamaTokenizer, loaded
 * from the same folder; what cannot be reproduced exactly is refused when the
 * model is opened, by the name of the field.
 */
#ifndef TRX_TOKENIZER_TOKENIZER_H
#define TRX_TOKENIZER_TOKENIZER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/base/range.h"
#include "common/base/str.h"

struct trx_tokenizer; /* immutable once open: shared by threads */

struct trx_tokenizer_info {
	uint32_t vocab_size; /* the largest id + 1, added tokens included */
	/*
	 * Of what decides the ids.  A tokenizer.json: of the file.  A
	 * SentencePiece model: of its bytes, legacy and add_prefix_space,
	 * every added token with its flags, the unknown token, the prefix and
	 * the suffix.
	 */
	char sha256[65];
	int64_t bos, eos, pad, unk; /* -1: none */
	/* From generation_config.json: what ends a turn, but for eos. */
	const uint32_t *eot;
	size_t neot;
	/* The special tokens that stand before and behind a text. */
	const uint32_t *prefix;
	size_t nprefix;
	const uint32_t *suffix;
	size_t nsuffix;
};

struct trx_tokenizer_options {
	/* Take a tokenizer.json that asks for truncation or padding. */
	bool ignore_truncation;
	bool no_cache; /* neither look for a compiled image nor write one */
};

/*
 * Open the tokenizer of model: a folder, or a file.  A folder is read by its
 * tokenizer.json, else by its tokenizer.model; a file not named *.json is a
 * SentencePiece model.  The tokenizer_config.json, special_tokens_map.json and
 * generation_config.json beside the model are read if they are there.  Returns
 * NULL with err set, TRX_INPUT where the model is absent, broken, or not to be
 * reproduced.  Freed with trx_tokenizer_free.
 */
struct trx_tokenizer *trx_tokenizer_open(const char *model,
    const struct trx_tokenizer_options *options, struct trx_error *err);

/* Borrowed until the tokenizer is freed. */
const struct trx_tokenizer_info *trx_tokenizer_info(
    const struct trx_tokenizer *t);

struct trx_tokenizer_worker; /* what one thread needs */

/*
 * For a tokenizer, which must outlive it.  Returns NULL with err set (memory).
 * Freed with trx_tokenizer_worker_free.
 */
struct trx_tokenizer_worker *trx_tokenizer_worker_new(
    const struct trx_tokenizer *t, struct trx_error *err);

/* A text, and what is wanted of it. */
struct trx_tokenizer_input {
	struct trx_str text; /* UTF-8, may hold NUL */
	bool want_ends;
	/*
	 * Rising, apart: special tokens whose first or last byte is in one of
	 * them are text; one that only has one inside, as "<|" and "|>" around
	 * a role, is a token.  How many were text is counted into nguarded.  A
	 * SentencePiece model has no such way: TRX_USAGE.
	 */
	const struct trx_range *guards;
	size_t nguards;
	size_t nguarded;
};

/*
 * Append the ids of a text to out, without special tokens around them.  What
 * is not UTF-8 is refused, or by a SentencePiece model replaced as its library
 * does.
 *
 * With want_ends, out->ends[i] is the offset in text just after the bytes that
 * made token i: never less than the one before, at most text.n.  White space
 * that a token swallows on its right is its own; what gave no token belongs to
 * the next one, so that only text at the very end may lie behind the last end.
 * The bytes of a character that fell back to byte tokens end one by one, or
 * all with the character where normalization changed their number.  Without
 * want_ends out need not have ends, and what it has says nothing.
 *
 * Returns 0, or -1 with err set; out then holds what it held.
 */
int trx_tokenizer_encode(struct trx_tokenizer_worker *w,
    struct trx_tokenizer_input *in, struct trx_ids *out, struct trx_error *err);

/* The SentencePiece library's name and version, for --version. */
const char *trx_tokenizer_version(void);

/* NULL is fine. */
void trx_tokenizer_worker_free(struct trx_tokenizer_worker *w);
void trx_tokenizer_free(struct trx_tokenizer *t);

#endif
