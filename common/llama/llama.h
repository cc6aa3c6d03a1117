/* A slow LlamaTokenizer: text to ids, over the SentencePiece library. */
#ifndef TRX_LLAMA_LLAMA_H
#define TRX_LLAMA_LLAMA_H

#include <stdbool.h>

#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/base/str.h"
#include "common/llama/config.h"
#include "common/llama/special.h"

struct trx_llama;

/*
 * Load the model, a serialized ModelProto, with those settings; special is
 * filled in, its memory the arena's.  Returns NULL with err set.  Freed with
 * trx_llama_free.
 */
struct trx_llama *trx_llama_new(struct trx_str model,
    const struct trx_token_config *config, struct trx_arena *a,
    struct trx_special_tokens *special, struct trx_error *err);

/* The largest id + 1, added tokens included. */
uint32_t trx_llama_vocab_size(const struct trx_llama *l);

/* As trx_tokenizer_encode. */
int trx_llama_encode(const struct trx_llama *l, struct trx_str text,
    bool want_ends, struct trx_ids *out, struct trx_error *err);

/* NULL is fine. */
void trx_llama_free(struct trx_llama *l);

#endif
