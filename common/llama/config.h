/*
 * What tokenizer_config.json and the files beside it say of a slow
 * LlamaTokenizer, read as its from_pretrained reads them.
 */
#ifndef TRX_LLAMA_CONFIG_H
#define TRX_LLAMA_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/str.h"

struct trx_token_spec {
	struct trx_str content; /* empty: there is none */
	/*
	 * Given as a string alone: flags of the same token in
	 * added_tokens_decoder stand.  Else these flags replace them.
	 */
	bool plain;
	bool lstrip, rstrip, single_word;
};

/* In the order in which tokens that are new get their ids. */
enum trx_token_name {
	TRX_TOKEN_BOS,
	TRX_TOKEN_EOS,
	TRX_TOKEN_UNK,
	TRX_TOKEN_SEP,
	TRX_TOKEN_PAD,
	TRX_TOKEN_CLS,
	TRX_TOKEN_MASK,
	TRX_TOKEN_NAMES
};

struct trx_token_config {
	struct trx_token_spec named[TRX_TOKEN_NAMES];
	struct trx_token_spec *additional; /* additional_special_tokens */
	size_t nadditional;
	/* added_tokens_decoder, in the file's order; the ids differ. */
	struct trx_token_spec *added;
	uint32_t *added_ids;
	size_t nadded;
	bool legacy;
	bool add_prefix_space;
	bool add_bos_token;
	bool add_eos_token;
	/* generation_config.json's eos_token_id. */
	uint32_t *ends;
	size_t nends;
};

/*
 * Read the files of dir (a path that ends in '/', or "") that are there; the
 * result is the arena's.  What trx_special_* and the tokenizer would not
 * reproduce is refused by name.  Returns 0, or -1 with err set.
 */
int trx_token_config_read(const char *dir, struct trx_arena *a,
    struct trx_token_config *out, struct trx_error *err);

#endif
