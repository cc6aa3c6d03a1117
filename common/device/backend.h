/*
 * Private to common/device and its tests: what a kind of device must offer,
 * and how one is opened with it.
 */
#ifndef TRX_DEVICE_BACKEND_H
#define TRX_DEVICE_BACKEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"

enum trx_device_memory {
	TRX_DEVICE_BLOCK,  /* on the device; the CPU never touches it */
	TRX_DEVICE_STAGING /* on the host, fit for copies that do not wait */
};

/*
 * Functions that can fail return 0 or -1 (NULL) with *err set, without the
 * name of the device: the caller puts it there.
 *
 * Copies may be queued: they are done, in order, at the latest when `wait`
 * returns for a ticket that `mark` gave after them.  Until then both ends of a
 * copy stay as they are.
 */
struct trx_device_backend {
	/* The state handed to the others, for device number `index`. */
	void *(*open)(unsigned index, struct trx_error *err);
	void (*close)(void *state);

	/* n > 0 bytes, not cleared, aligned to at least 16. */
	void *(*alloc)(void *state, enum trx_device_memory where, size_t n,
	    struct trx_error *err);
	void (*release)(void *state, enum trx_device_memory where, void *p);

	/* Queue n bytes from host memory to a place in a block. */
	int (*copy_in)(void *state, void *block, const void *host, size_t n,
	    struct trx_error *err);
	/* Queue n bytes from a place in a block to host memory. */
	int (*copy_out)(void *state, void *host, const void *block, size_t n,
	    struct trx_error *err);

	/* Tickets grow by one from 1. */
	int (*mark)(void *state, uint64_t *ticket, struct trx_error *err);
	int (*wait)(void *state, uint64_t ticket, struct trx_error *err);
};

/* In bytes, all above 0: a staging buffer, the first block, the largest. */
struct trx_device_sizes {
	size_t half;
	size_t block;
	size_t block_max;
};

struct trx_device {
	const struct trx_device_backend *backend;
	void *state; /* owned, the backend's */
	struct trx_device_sizes sizes;
	bool verify;
	char name[24];
	char note[64]; /* empty: none */
};

extern const struct trx_device_backend trx_device_host;
extern const struct trx_device_backend trx_device_cuda;

/*
 * Why no CUDA device can be there at all ("built without CUDA", "no CUDA
 * driver"), or NULL: then trx_device_cuda may be opened.
 */
const char *trx_device_cuda_absent(void);

/*
 * As trx_device_open, with a backend and sizes of the caller's; b is borrowed
 * until the device is closed.
 */
struct trx_device *trx_device_open_backend(const struct trx_device_backend *b,
    unsigned index, const char *name, struct trx_device_sizes sizes,
    unsigned flags, struct trx_error *err);

#endif
