/*
 * The trie of the added tokens, and where transformers' Trie.split cuts a text
 * with it.
 */
#ifndef TRX_LLAMA_TRIE_H
#define TRX_LLAMA_TRIE_H

#include <stddef.h>

#include "common/base/buf.h"
#include "common/base/error.h"
#include "common/base/str.h"

struct trx_trie;

/* Empty.  Returns NULL with err set (memory).  Freed with trx_trie_free. */
struct trx_trie *trx_trie_new(struct trx_error *err);

/* Add a word (UTF-8, not empty).  Returns 0, or -1 with err set (memory). */
int trx_trie_add(
    struct trx_trie *t, struct trx_str word, struct trx_error *err);

/*
 * Append to cuts, as size_t, the byte offsets at which the text is cut, from
 * 0 to text.n, rising.  states is room to work in.  Returns 0, or -1 with err
 * set (memory).
 */
int trx_trie_cut(const struct trx_trie *t, struct trx_str text,
    struct trx_buf *cuts, struct trx_buf *states, struct trx_error *err);

/* NULL is fine. */
void trx_trie_free(struct trx_trie *t);

#endif
