/* The model Unigram of a tokenizer.json. */
#ifndef TRX_TOKENIZER_UNIGRAM_H
#define TRX_TOKENIZER_UNIGRAM_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/json/value.h"
#include "common/tokenizer/image.h"
#include "common/tokenizer/vocab.h"

struct trx_unigram; /* immutable: shared by threads */

/*
 * Add the sections of "model" that Unigram needs to an image: the vocabulary
 * too.  Scores are the doubles that the reference reads.  Returns 0, or -1
 * with err set.
 */
int trx_unigram_build(const struct trx_json *model, struct trx_image *image,
    struct trx_error *err);

/*
 * From the members of "model" but for its vocabulary, and the image, which is
 * borrowed.  What it allocates is the arena's.  Returns NULL with err set.
 */
struct trx_unigram *trx_unigram_new(const struct trx_json *model,
    const struct trx_image *image, struct trx_arena *a, struct trx_error *err);

/*
 * Append the ids of piece, not empty; ends are offsets in piece.  Those of
 * byte tokens go byte by byte.  work is room of the thread's: 16 bytes for
 * each byte of the piece.  The time is linear in the piece and in the longest
 * string of the vocabulary.  Returns 0, or -1 with err set: memory, or
 * TRX_INPUT where a character is unknown and the model has no unk_id.
 */
int trx_unigram_encode(const struct trx_unigram *u, struct trx_str piece,
    struct trx_buf *work, struct trx_ids *out, struct trx_error *err);

#endif
