/* Growing arrays, and the two staging buffers that feed each of them. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/device/backend.h"
#include "common/device/device.h"

struct block {
	char *p; /* owned; an address on the device */
	size_t size;
	size_t used; /* bytes handed to copies */
};

/*
 * A staging buffer is empty (used 0), filling, or busy: on its way.  What it
 * holds goes to one place in one block.
 */
struct half {
	char *data; /* owned; NULL until first used */
	char *echo; /* owned; what verifying reads back */
	size_t used;
	size_t limit; /* no more fits the block, or the buffer */
	size_t block; /* where it goes: a block and the place in it */
	size_t at;
	uint64_t ticket;
	bool busy;
};

struct trx_device_array {
	struct trx_device *d; /* borrowed */
	const char *name;     /* borrowed */
	struct half halves[2];
	unsigned turn;	      /* the half that fills, or is next to */
	struct block *blocks; /* owned; all full but the last */
	size_t count;
	uint64_t bytes;
};

struct trx_device_array *
trx_device_array_new(
    struct trx_device *d, const char *name, struct trx_error *err)
{
	struct trx_device_array *a = calloc(1, sizeof(*a));

	if (a == NULL) {
		trx_error_memory(err);
		return NULL;
	}
	a->d = d;
	a->name = name;
	return a;
}

static void
free_half(struct trx_device *d, struct half *h)
{
	if (h->data != NULL)
		d->backend->release(d->state, TRX_DEVICE_STAGING, h->data);
	if (h->echo != NULL)
		d->backend->release(d->state, TRX_DEVICE_STAGING, h->echo);
}

/* No copy may be under way, after a failure either, when memory goes. */
static void
drain(struct trx_device *d)
{
	struct trx_error ignored;
	uint64_t ticket;

	if (d->backend->mark(d->state, &ticket, &ignored) == 0)
		d->backend->wait(d->state, ticket, &ignored);
}

void
trx_device_array_free(struct trx_device_array *a)
{
	size_t i;

	if (a == NULL)
		return;
	drain(a->d);
	free_half(a->d, &a->halves[0]);
	free_half(a->d, &a->halves[1]);
	for (i = 0; i < a->count; i++)
		a->d->backend->release(
		    a->d->state, TRX_DEVICE_BLOCK, a->blocks[i].p);
	free(a->blocks);
	free(a);
}

/* Add an empty block, twice as large as the last within the limit. */
static int
grow(struct trx_device_array *a, struct trx_error *err)
{
	const struct trx_device_sizes *sizes = &a->d->sizes;
	size_t size = sizes->block;
	struct block *blocks;
	void *p;

	if (a->count > 0) {
		size = a->blocks[a->count - 1].size;
		size =
		    size > sizes->block_max / 2 ? sizes->block_max : size * 2;
	}
	blocks = reallocarray(a->blocks, a->count + 1, sizeof(*blocks));
	if (blocks == NULL)
		return trx_error_memory(err);
	a->blocks = blocks;
	p = a->d->backend->alloc(a->d->state, TRX_DEVICE_BLOCK, size, err);
	if (p == NULL)
		return -1;
	blocks[a->count++] = (struct block){ .p = p, .size = size };
	return 0;
}

static int
allocate_half(struct trx_device *d, struct half *h, struct trx_error *err)
{
	if (h->data == NULL)
		h->data = d->backend->alloc(
		    d->state, TRX_DEVICE_STAGING, d->sizes.half, err);
	if (h->data == NULL)
		return -1;
	if (d->verify && h->echo == NULL)
		h->echo = d->backend->alloc(
		    d->state, TRX_DEVICE_STAGING, d->sizes.half, err);
	return d->verify && h->echo == NULL ? -1 : 0;
}

/* Compare what was read back with what was sent. */
static int
compare(const struct half *h, struct trx_error *err)
{
	size_t i;

	if (memcmp(h->data, h->echo, h->used) == 0)
		return 0;
	for (i = 0; h->data[i] == h->echo[i]; i++)
		;
	return trx_error_set(err, TRX_MACHINE,
	    "block %zu, byte %zu: wrote 0x%02x, read back 0x%02x", h->block,
	    h->at + i, (unsigned char)h->data[i], (unsigned char)h->echo[i]);
}

/* Make a half that is on its way empty. */
static int
settle(struct trx_device *d, struct half *h, struct trx_error *err)
{
	if (!h->busy)
		return 0;
	h->busy = false;
	if (d->backend->wait(d->state, h->ticket, err) == -1)
		return -1;
	if (d->verify && compare(h, err) == -1)
		return -1;
	h->used = 0;
	return 0;
}

/* Make an empty half ready to be filled, and say where it will go. */
static int
prepare(struct trx_device_array *a, struct half *h, struct trx_error *err)
{
	const struct block *b = a->count > 0 ? &a->blocks[a->count - 1] : NULL;

	if (allocate_half(a->d, h, err) == -1)
		return -1;
	if (b == NULL || b->used == b->size) {
		if (grow(a, err) == -1)
			return -1;
		b = &a->blocks[a->count - 1];
	}
	h->block = a->count - 1;
	h->at = b->used;
	h->limit = b->size - b->used;
	if (h->limit > a->d->sizes.half)
		h->limit = a->d->sizes.half;
	return 0;
}

/* Send the half that fills on its way; the other one is next. */
static int
submit(struct trx_device_array *a, struct trx_error *err)
{
	const struct trx_device_backend *b = a->d->backend;
	void *state = a->d->state;
	struct half *h = &a->halves[a->turn];
	struct block *block = &a->blocks[h->block];
	char *p = block->p + h->at;

	if (b->copy_in(state, p, h->data, h->used, err) == -1)
		return -1;
	if (a->d->verify && b->copy_out(state, h->echo, p, h->used, err) == -1)
		return -1;
	if (b->mark(state, &h->ticket, err) == -1)
		return -1;
	h->busy = true;
	block->used += h->used;
	a->turn ^= 1;
	return 0;
}

static int
append(
    struct trx_device_array *a, const char *p, size_t n, struct trx_error *err)
{
	struct half *h;
	size_t part;

	while (n > 0) {
		h = &a->halves[a->turn];
		if (settle(a->d, h, err) == -1)
			return -1;
		if (h->used == 0 && prepare(a, h, err) == -1)
			return -1;
		part = h->limit - h->used;
		if (part > n)
			part = n;
		memcpy(h->data + h->used, p, part);
		h->used += part;
		a->bytes += part;
		p += part;
		n -= part;
		if (h->used == h->limit && submit(a, err) == -1)
			return -1;
	}
	return 0;
}

static int
flush(struct trx_device_array *a, struct trx_error *err)
{
	const struct half *h = &a->halves[a->turn];

	if (h->used > 0 && !h->busy && submit(a, err) == -1)
		return -1;
	/* The half whose turn it is was sent first. */
	if (settle(a->d, &a->halves[a->turn], err) == -1)
		return -1;
	return settle(a->d, &a->halves[a->turn ^ 1], err);
}

static int
read_back(struct trx_device_array *a, uint64_t offset, char *dst, size_t n,
    struct trx_error *err)
{
	const struct trx_device_backend *b = a->d->backend;
	void *state = a->d->state;
	uint64_t ticket;
	size_t i, part;

	for (i = 0; offset >= a->blocks[i].used; i++)
		offset -= a->blocks[i].used;
	for (; n > 0; i++) {
		part = a->blocks[i].used - (size_t)offset;
		if (part > n)
			part = n;
		if (b->copy_out(
			state, dst, a->blocks[i].p + offset, part, err) == -1)
			return -1;
		dst += part;
		n -= part;
		offset = 0;
	}
	if (b->mark(state, &ticket, err) == -1)
		return -1;
	return b->wait(state, ticket, err);
}

/* Name the device and the array in *err if rc is a failure; returns rc. */
static int
named(const struct trx_device_array *a, int rc, struct trx_error *err)
{
	if (rc == -1)
		trx_error_at(err, "%s: %s", a->d->name, a->name);
	return rc;
}

int
trx_device_append(
    struct trx_device_array *a, const void *p, size_t n, struct trx_error *err)
{
	return named(a, append(a, p, n, err), err);
}

int
trx_device_flush(struct trx_device_array *a, struct trx_error *err)
{
	return named(a, flush(a, err), err);
}

int
trx_device_read(struct trx_device_array *a, uint64_t offset, void *dst,
    size_t n, struct trx_error *err)
{
	int rc;

	if (offset > a->bytes || n > a->bytes - offset) {
		trx_error_set(err, TRX_USAGE,
		    "%zu bytes at %" PRIu64 " are asked for, of %" PRIu64, n,
		    offset, a->bytes);
		return named(a, -1, err);
	}
	rc = flush(a, err);
	if (rc == 0 && n > 0)
		rc = read_back(a, offset, dst, n, err);
	return named(a, rc, err);
}

uint64_t
trx_device_array_bytes(const struct trx_device_array *a)
{
	return a->bytes;
}
