/*
 * Images of tokenizers in the user's cache folder, $XDG_CACHE_HOME/trx or
 * ~/.cache/trx: named by the SHA-256 of their source, which is found again by
 * what stat says of it.  The folder may be deleted at any time.
 */
#ifndef TRX_TOKENIZER_IMAGE_CACHE_H
#define TRX_TOKENIZER_IMAGE_CACHE_H

#include <stdbool.h>
#include <sys/stat.h>

#include "common/base/buf.h"
#include "common/tokenizer/image.h"

struct trx_image_cache {
	struct trx_buf folder; /* ends in '/'; empty: there is none */
};

/* Find the folder, and make it where it is not there. */
void trx_image_cache_open(struct trx_image_cache *c);

/* Do both tell of one file with the same bytes? */
bool trx_image_cache_same(const struct stat *a, const struct stat *b);

/* The SHA-256, in hex, of the file that stat said that of, if it is known. */
bool trx_image_cache_recall(
    const struct trx_image_cache *c, const struct stat *st, char sha256[65]);

/* The image of the source of that SHA-256, or NULL. */
struct trx_image *trx_image_cache_get(
    const struct trx_image_cache *c, const char *sha256);

/*
 * Keep what stat said of a source, and its image (NULL: it is there already).
 * Of all images only the newest are kept, 1 GiB of them.  Failures are no
 * matter.
 */
void trx_image_cache_keep(const struct trx_image_cache *c,
    const struct stat *st, const char *sha256, const struct trx_image *image);

void trx_image_cache_close(struct trx_image_cache *c);

#endif
