#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "common/tokenizer/image_parts.h"

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
	struct trx_image_part *s = &image->sections[section];
	size_t room =
	    n < SIZE_MAX - TRX_IMAGE_ALIGNMENT
		? (n / TRX_IMAGE_ALIGNMENT + 1) * TRX_IMAGE_ALIGNMENT
		: SIZE_MAX / TRX_IMAGE_ALIGNMENT * TRX_IMAGE_ALIGNMENT;

	free(s->data);
	s->n = n;
	s->data = aligned_alloc(TRX_IMAGE_ALIGNMENT, room);
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
	const struct trx_image_part *s = &image->sections[section];

	*n = s->data == NULL ? 0 : s->n;
	return s->data;
}

void
trx_image_free(struct trx_image *image)
{
	size_t i;

	if (image == NULL)
		return;
	if (image->map != NULL)
		munmap(image->map, image->size);
	else
		for (i = 0; i < TRX_IMAGE_SECTIONS; i++)
			free(image->sections[i].data);
	free(image);
}
