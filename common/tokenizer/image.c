#include <stdlib.h>
#include <string.h>

#include "common/tokenizer/image.h"

enum { ALIGNMENT = 64 }; /* a cache line */

struct section {
	void *data; /* owned; NULL: there is none */
	size_t n;
};

struct trx_image {
	struct section sections[TRX_IMAGE_SECTIONS];
};

struct trx_image *
trx_image_new(struct trx_error *err)
{
	struct trx_image *image = calloc(1, sizeof(*image));

	if (image == NULL)
		trx_error_memory(err);
	return image;
}

void *
trx_image_add(struct trx_image *image, enum trx_image_section section, size_t n,
    struct trx_error *err)
{
	struct section *s = &image->sections[section];
	size_t room = n < SIZE_MAX - ALIGNMENT
			  ? (n / ALIGNMENT + 1) * ALIGNMENT
			  : SIZE_MAX / ALIGNMENT * ALIGNMENT;

	free(s->data);
	s->n = n;
	s->data = aligned_alloc(ALIGNMENT, room);
	if (s->data == NULL) {
		trx_error_memory(err);
		return NULL;
	}
	return memset(s->data, 0, room);
}

const void *
trx_image_get(
    const struct trx_image *image, enum trx_image_section section, size_t *n)
{
	const struct section *s = &image->sections[section];

	*n = s->data == NULL ? 0 : s->n;
	return s->data;
}

void
trx_image_free(struct trx_image *image)
{
	size_t i;

	if (image == NULL)
		return;
	for (i = 0; i < TRX_IMAGE_SECTIONS; i++)
		free(image->sections[i].data);
	free(image);
}
