/*
 * The tokens of a slow LlamaTokenizer beyond the model's pieces: what its
 * settings make of them, with the ids that transformers gives.
 */
#ifndef TRX_LLAMA_SPECIAL_H
#define TRX_LLAMA_SPECIAL_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/error.h"
#include "common/llama/added.h"
#include "common/llama/config.h"
#include "common/llama/sentencepiece.h"

struct trx_special_tokens {
	struct trx_llama_token *tokens; /* contents differ */
	size_t n;
	int64_t named[TRX_TOKEN_NAMES]; /* -1: none */
	uint32_t prefix[1];
	size_t nprefix;
	uint32_t suffix[1];
	size_t nsuffix;
	uint32_t *eot; /* ends, without eos */
	size_t neot;
};

/* What out holds is the arena's.  Returns 0, or -1 with err set. */
int trx_special_tokens_make(const struct trx_token_config *config,
    const struct trx_spm *spm, struct trx_arena *a,
    struct trx_special_tokens *out, struct trx_error *err);

/* Append the settings that decide the ids, as bytes; sorts s->tokens. */
void trx_special_tokens_describe(const struct trx_special_tokens *s,
    const struct trx_token_config *config, struct trx_buf *b);

#endif
