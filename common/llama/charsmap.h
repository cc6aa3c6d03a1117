/* Whether a SentencePiece model's normalization table is sound. */
#ifndef TRX_LLAMA_CHARSMAP_H
#define TRX_LLAMA_CHARSMAP_H

#include "common/base/error.h"
#include "common/base/str.h"

/*
 * Check a precompiled_charsmap: a u32 length, a double-array trie of that
 * length, and the replacements, each ended by a NUL.  The library follows it
 * blindly.  Returns 0, or -1 with err set.
 */
int trx_charsmap_check(struct trx_str map, struct trx_error *err);

#endif
