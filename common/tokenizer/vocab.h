/*
 * A vocabulary: strings and their ids, as flat arrays that a compiled image
 * holds.
 */
#ifndef TRX_TOKENIZER_VOCAB_H
#define TRX_TOKENIZER_VOCAB_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/str.h"
#include "common/json/value.h"
#include "common/tokenizer/image.h"

/* Ids are less than it. */
enum { TRX_VOCAB_MAX = (1 << 24) - 1 };

struct trx_vocab {
	const uint32_t *offsets; /* size + 1 of them, into bytes */
	const char *bytes;
	const uint32_t *slots; /* private: by hash */
	uint32_t nslots;       /* a power of two */
	uint32_t size;	       /* the largest id + 1 */
};

/* One string and its id. */
struct trx_vocab_entry {
	struct trx_str text;
	uint32_t id;
};

/*
 * Add a vocabulary's sections to an image.  Of equal strings the last one is
 * found; ids that have no string have an empty one that is not found.  Two
 * strings of one id are refused.  Returns 0, or -1 with err set.
 */
int trx_vocab_build(const struct trx_vocab_entry *entries, size_t n,
    struct trx_image *image, struct trx_error *err);

/* Build it from a JSON object of strings and their ids. */
int trx_vocab_build_object(const struct trx_json *vocab,
    struct trx_image *image, struct trx_error *err);

/* Borrow the image's vocabulary.  Returns 0, or -1 with err set. */
int trx_vocab_open(
    const struct trx_image *image, struct trx_vocab *v, struct trx_error *err);

/* The id of s, or -1. */
int64_t trx_vocab_find(const struct trx_vocab *v, struct trx_str s);

/* The string of an id less than size. */
static inline struct trx_str
trx_vocab_text(const struct trx_vocab *v, uint32_t id)
{
	return (struct trx_str){ v->bytes + v->offsets[id],
		v->offsets[id + 1] - v->offsets[id] };
}

#endif
