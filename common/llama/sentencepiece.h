/*
 * The one place that meets the SentencePiece C++ library.  No exception leaves
 * it.
 */
#ifndef TRX_LLAMA_SENTENCEPIECE_H
#define TRX_LLAMA_SENTENCEPIECE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/str.h"

#ifdef __cplusplus
extern "C" {
#endif

struct trx_spm; /* immutable once loaded: shared by threads */

/*
 * Load a serialized model, which trx_spm_check has passed.  Without
 * dummy_prefix the model's add_dummy_prefix is overruled with false.  Returns
 * NULL with err set (TRX_INPUT where the library refuses it).  Freed with
 * trx_spm_free.
 */
struct trx_spm *trx_spm_load(
    struct trx_str model, bool dummy_prefix, struct trx_error *err);

/* How many pieces there are: ids are less than it. */
uint32_t trx_spm_size(const struct trx_spm *spm);

/* The piece of that id; borrowed until spm is freed. */
struct trx_str trx_spm_piece(const struct trx_spm *spm, uint32_t id);

/* The id of the piece, the unknown one's where there is none. */
uint32_t trx_spm_id(const struct trx_spm *spm, struct trx_str piece);

/* The id of the unknown piece. */
uint32_t trx_spm_unknown(const struct trx_spm *spm);

/*
 * Take one piece: its text (normalized, borrowed for the call), its id, and
 * the offset just after it in the text that was given.  Returns 0, or -1 to
 * stop.
 */
typedef int trx_spm_sink(
    void *arg, struct trx_str piece, uint32_t id, size_t end);

/*
 * Segment text and give sink its pieces in order; ends never go down.
 * Returns 0, or -1 with err set, untouched where sink returned -1.
 */
int trx_spm_encode(const struct trx_spm *spm, struct trx_str text,
    trx_spm_sink *sink, void *arg, struct trx_error *err);

/* The library's name and version. */
const char *trx_spm_version(void);

/* NULL is fine. */
void trx_spm_free(struct trx_spm *spm);

#ifdef __cplusplus
}
#endif

#endif
