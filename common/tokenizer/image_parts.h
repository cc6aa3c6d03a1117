/* What an image is made of, for image.c and image_file.c. */
#ifndef TRX_TOKENIZER_IMAGE_PARTS_H
#define TRX_TOKENIZER_IMAGE_PARTS_H

#include <stddef.h>

#include "common/tokenizer/image.h"

#define TRX_IMAGE_ALIGNMENT 64u /* a cache line */

struct trx_image_part {
	void *data; /* owned, or in map; NULL: there is none */
	size_t n;
};

struct trx_image {
	struct trx_image_part sections[TRX_IMAGE_SECTIONS];
	void *map; /* of a file; NULL: built in memory */
	size_t size;
};

#endif
