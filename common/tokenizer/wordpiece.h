/* The model WordPiece of a tokenizer.json. */
#ifndef TRX_TOKENIZER_WORDPIECE_H
#define TRX_TOKENIZER_WORDPIECE_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/json/value.h"
#include "common/tokenizer/vocab.h"

struct trx_wordpiece; /* immutable: shared by threads */

/*
 * From the members of "model" but for its vocabulary, which is vocab.  Strings
 * are borrowed; what it allocates is the arena's.  An unk_token that is not in
 * the vocabulary is refused.  Returns NULL with err set.
 */
struct trx_wordpiece *trx_wordpiece_new(const struct trx_json *model,
    const struct trx_vocab *vocab, struct trx_arena *a, struct trx_error *err);

/*
 * Append the ids of piece, not empty; ends are offsets in piece.  work is room
 * of the thread's.  Returns 0, or -1 with err set (memory).
 */
int trx_wordpiece_encode(const struct trx_wordpiece *w, struct trx_str piece,
    struct trx_buf *work, struct trx_ids *out, struct trx_error *err);

#endif
