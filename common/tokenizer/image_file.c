#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cli/output.h"
#include "common/digest/crc32c.h"
#include "common/tokenizer/build_id.h"
#include "common/tokenizer/image_parts.h"

/*
 * The file is this header, then the sections, each aligned, zeros between them.
 * It is for the machine that wrote it: numbers are as memory has them.
 */
struct header {
	char magic[8];
	uint8_t build[TRX_BUILD_ID_SIZE];
	uint32_t crc;	 /* of all bytes behind this member */
	uint64_t size;	 /* of the file */
	char source[64]; /* the SHA-256 of what it was compiled from, in hex */
	struct {
		uint64_t at, n; /* at 0: there is none */
	} sections[TRX_IMAGE_SECTIONS];
};

static const char magic[8] = "TRXimage";

enum { CRC_FROM = offsetof(struct header, size) };

static uint64_t
align(uint64_t n)
{
	return (n + TRX_IMAGE_ALIGNMENT - 1) / TRX_IMAGE_ALIGNMENT *
	       TRX_IMAGE_ALIGNMENT;
}

static const char zeros[TRX_IMAGE_ALIGNMENT];

static uint64_t
padding(uint64_t n)
{
	return align(n) - n;
}

/* Lay the sections out, and take the checksum of what will be written. */
static void
make_header(const struct trx_image *image, const char *source, struct header *h)
{
	const struct trx_image_part *s = image->sections;
	uint64_t at = align(sizeof(*h));
	size_t i;

	memset(h, 0, sizeof(*h));
	memcpy(h->magic, magic, sizeof(magic));
	trx_build_id(h->build);
	memcpy(h->source, source, sizeof(h->source));
	for (i = 0; i < TRX_IMAGE_SECTIONS; i++) {
		if (s[i].data == NULL)
			continue;
		h->sections[i].at = at;
		h->sections[i].n = s[i].n;
		at = align(at + s[i].n);
	}
	h->size = at;
	h->crc =
	    trx_crc32c(0, (const char *)h + CRC_FROM, sizeof(*h) - CRC_FROM);
	h->crc = trx_crc32c(h->crc, zeros, padding(sizeof(*h)));
	for (i = 0; i < TRX_IMAGE_SECTIONS; i++) {
		h->crc = trx_crc32c(h->crc, s[i].data, s[i].n);
		h->crc = trx_crc32c(h->crc, zeros, padding(s[i].n));
	}
}

static int
write_padded(
    struct trx_output *o, const void *p, size_t n, struct trx_error *err)
{
	if (trx_output_write(o, p, n, err) == -1)
		return -1;
	return trx_output_write(o, zeros, padding(n), err);
}

int
trx_image_write(const struct trx_image *image, const char *path,
    const char *source, struct trx_error *err)
{
	struct trx_output *o = trx_output_create(path, err);
	struct header h;
	int r = o == NULL ? -1 : 0;
	size_t i;

	if (r == 0) {
		make_header(image, source, &h);
		r = write_padded(o, &h, sizeof(h), err);
	}
	for (i = 0; r == 0 && i < TRX_IMAGE_SECTIONS; i++)
		if (image->sections[i].data != NULL)
			r = write_padded(o, image->sections[i].data,
			    image->sections[i].n, err);
	if (r == 0)
		r = trx_output_commit(o, err);
	trx_output_free(o);
	return r;
}

/* Is the map, of size bytes, what this build wrote for that source? */
static bool
is_sound(const void *map, uint64_t size, const char *source)
{
	const struct header *h = map;
	uint8_t build[TRX_BUILD_ID_SIZE];
	size_t i;

	if (!trx_build_id(build) || size < sizeof(*h) ||
	    memcmp(h->magic, magic, sizeof(magic)) != 0 ||
	    memcmp(h->build, build, sizeof(build)) != 0 || h->size != size ||
	    memcmp(h->source, source, sizeof(h->source)) != 0 ||
	    h->crc !=
		trx_crc32c(0, (const char *)map + CRC_FROM, size - CRC_FROM))
		return false;
	for (i = 0; i < TRX_IMAGE_SECTIONS; i++)
		if (h->sections[i].at % TRX_IMAGE_ALIGNMENT != 0 ||
		    h->sections[i].at > size ||
		    h->sections[i].n > size - h->sections[i].at)
			return false;
	return true;
}

/* Map the file, if nobody else can have written it. */
static void *
map_file(int fd, size_t *size)
{
	struct stat st;
	void *map;

	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode) ||
	    st.st_uid != geteuid() || (st.st_mode & (S_IWGRP | S_IWOTH)) != 0 ||
	    st.st_size <= 0)
		return NULL;
	*size = (size_t)st.st_size;
	map = mmap(NULL, *size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	return map == MAP_FAILED ? NULL : map;
}

struct trx_image *
trx_image_map(const char *path, const char *source, struct trx_error *err)
{
	struct trx_image *image = trx_image_new(err);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	const struct header *h;
	size_t i;

	if (image != NULL && fd != -1)
		image->map = map_file(fd, &image->size);
	if (fd != -1)
		close(fd);
	if (image == NULL || image->map == NULL ||
	    !is_sound(image->map, image->size, source)) {
		trx_image_free(image);
		trx_error_set(
		    err, TRX_INPUT, "%s: no image of this build", path);
		return NULL;
	}
	/* The check has seen all of it; most of it will not be asked for. */
	madvise(image->map, image->size, MADV_DONTNEED);
	h = image->map;
	for (i = 0; i < TRX_IMAGE_SECTIONS; i++)
		if (h->sections[i].at != 0)
			image->sections[i] = (struct trx_image_part){
				(char *)image->map + h->sections[i].at,
				h->sections[i].n
			};
	return image;
}
