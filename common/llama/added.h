/*
 * Added tokens: the strings that a text is split at before the model sees it,
 * as the slow tokenizers of transformers do it, whims included.
 */
#ifndef TRX_LLAMA_ADDED_H
#define TRX_LLAMA_ADDED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/str.h"

struct trx_llama_token {
	struct trx_str content; /* not empty */
	uint32_t id;
	bool splits;	  /* texts are split at it; else only looked up */
	bool lstrip;	  /* swallows the white space on its left */
	bool rstrip;	  /* on its right */
	bool single_word; /* only between spaces */
	bool special;	  /* one of all_special_tokens */
};

struct trx_added; /* a set of them; immutable */

/*
 * The contents must differ; they and the tokens are copied.  Returns NULL with
 * err set (memory).  Freed with trx_added_free.
 */
struct trx_added *trx_added_new(
    const struct trx_llama_token *tokens, size_t n, struct trx_error *err);

/* The token of exactly that content, or NULL. */
const struct trx_llama_token *trx_added_find(
    const struct trx_added *a, struct trx_str content);

/* A run of bytes of the text that was split. */
struct trx_added_chunk {
	size_t begin, end;
};

struct trx_added_part {
	/* Never empty; borrowed from the text, or from the split. */
	struct trx_str text;
	/* NULL: text for the model. */
	const struct trx_llama_token *token;
	/*
	 * Where it stands in the text: chunks[first..last].  More than one
	 * where a single_word token was put back into its neighbour.
	 */
	size_t first, last;
};

/* The parts of a text; all zero is a valid empty one, to be used again. */
struct trx_added_split {
	struct trx_added_part *parts;
	struct trx_added_chunk *chunks;
	size_t nparts, nchunks;
	struct trx_added_room *room; /* private */
};

/*
 * Split text (UTF-8) into s, which is overwritten.  The time is linear in
 * text.  Returns 0, or -1 with err set (memory).
 */
int trx_added_split(const struct trx_added *a, struct trx_str text,
    struct trx_added_split *s, struct trx_error *err);

/*
 * Where in the text that was split the first n bytes of the part's text end;
 * of a token that swallowed white space on its right: behind that.
 */
size_t trx_added_place(const struct trx_added_split *s,
    const struct trx_added_part *part, size_t n);

/* Free what it owns and make it empty. */
void trx_added_split_free(struct trx_added_split *s);

/* NULL is fine. */
void trx_added_free(struct trx_added *a);

#endif
