/* The steps of a pre-tokenizer, from tokenizer.json. */
#ifndef TRX_TOKENIZER_PRETOKENIZER_LOAD_H
#define TRX_TOKENIZER_PRETOKENIZER_LOAD_H

#include "common/tokenizer/pretokenizer_steps.h"

struct trx_pretokenizer_steps {
	struct trx_pretokenizer_step *at; /* n of them, the arena's */
	size_t n, cap;
	bool is_bytes; /* the last one was ByteLevel */
};

/* As trx_pretokenizer_new.  Returns 0, or -1 with err set. */
int trx_pretokenizer_load(const struct trx_json *spec, struct trx_arena *a,
    struct trx_pretokenizer_steps *out, struct trx_error *err);

#endif
