/*
 * A compiled tokenizer: named sections of flat arrays, in memory while it is
 * built, mapped from a file later.
 */
#ifndef TRX_TOKENIZER_IMAGE_H
#define TRX_TOKENIZER_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"

enum trx_image_section {
	TRX_IMAGE_META, /* JSON: what of the file has no section of its own */
	TRX_IMAGE_PLAN,
	TRX_IMAGE_ADDED_TOKENS,
	TRX_IMAGE_ADDED_BYTES,
	TRX_IMAGE_VOCAB_OFFSETS,
	TRX_IMAGE_VOCAB_BYTES,
	TRX_IMAGE_VOCAB_SLOTS,
	TRX_IMAGE_BPE_LENGTHS,
	TRX_IMAGE_BPE_MERGES,
	TRX_IMAGE_BPE_FILTER,
	TRX_IMAGE_BPE_START,
	TRX_IMAGE_BPE_CHARS,
	TRX_IMAGE_BPE_CUTS,
	TRX_IMAGE_SEEDS,
	TRX_IMAGE_UNIGRAM_SCORES,
	TRX_IMAGE_UNIGRAM_TRIE,
	TRX_IMAGE_SECTIONS
};

struct trx_image;

/* An empty one.  Returns NULL with err set (memory). */
struct trx_image *trx_image_new(struct trx_error *err);

/*
 * Add a section of n bytes, aligned to 64 and cleared, and return where they
 * are, for the caller to fill; NULL with err set (memory).  It stays where it
 * is until the image is freed.
 */
void *trx_image_add(struct trx_image *image, enum trx_image_section section,
    size_t n, struct trx_error *err);

/* The section and its bytes in *n; NULL where there is none. */
const void *trx_image_get(
    const struct trx_image *image, enum trx_image_section section, size_t *n);

/*
 * Write it to a file, which appears whole or not at all; source is the SHA-256,
 * in hex, of what it was compiled from.  Returns 0, or -1 with err set.
 */
int trx_image_write(const struct trx_image *image, const char *path,
    const char *source, struct trx_error *err);

/*
 * Map a file that trx_image_write of this very build of the program wrote for
 * this user and that source.  Returns NULL with err set where it is absent,
 * damaged, or of another.
 */
struct trx_image *trx_image_map(
    const char *path, const char *source, struct trx_error *err);

/* NULL is fine. */
void trx_image_free(struct trx_image *image);

#endif
