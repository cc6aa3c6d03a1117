/*
 * Arrays that grow in the memory of a device: a CUDA device, or the host
 * standing in for one.  Bytes are appended through two staging buffers per
 * array, one filled while the other is copied, into blocks that never move.
 *
 * A device and its arrays belong to one thread at a time.
 */
#ifndef TRX_DEVICE_DEVICE_H
#define TRX_DEVICE_DEVICE_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"

struct trx_device;
struct trx_device_array;

enum trx_device_flag {
	/* Copy every staging buffer back and compare before it is reused. */
	TRX_DEVICE_VERIFY = 1
};

/*
 * Open a device by name: "host", "cuda:N", or NULL for the default, which is
 * cuda:0 wherever this program knows CUDA and there is a CUDA driver, and else
 * the host (trx_device_note says why).  flags: 0 or TRX_DEVICE_VERIFY.
 * Returns NULL and sets TRX_USAGE for any other name, TRX_MACHINE for a device
 * that is not there or does not work.  Freed with trx_device_close.
 */
struct trx_device *trx_device_open(
    const char *name, unsigned flags, struct trx_error *err);

/* Give the device back; its arrays have been freed before.  NULL is fine. */
void trx_device_close(struct trx_device *d);

/* "host" or "cuda:N".  Borrowed until the device is closed. */
const char *trx_device_name(const struct trx_device *d);

/*
 * One line that the user should see about the choice of the device (the
 * default fell back to the host), or NULL.  Borrowed until the device is
 * closed.
 */
const char *trx_device_note(const struct trx_device *d);

/* "CUDA runtime 13.0" or "built without CUDA".  Borrowed for ever. */
const char *trx_device_version(void);

/*
 * An empty array on d.  name stands in messages and is borrowed until the
 * array is freed.  Memory is taken as it fills.  NULL: memory ran out.  Freed
 * with trx_device_array_free.
 */
struct trx_device_array *trx_device_array_new(
    struct trx_device *d, const char *name, struct trx_error *err);

/* Wait for copies under way and free everything.  NULL is fine. */
void trx_device_array_free(struct trx_device_array *a);

/*
 * Append n bytes; p may be reused at once.  A failed or (TRX_DEVICE_VERIFY)
 * unfaithful copy may show only in a later append or in the flush.  Returns 0,
 * or -1 with TRX_MACHINE; after that the array can only be freed.
 */
int trx_device_append(
    struct trx_device_array *a, const void *p, size_t n, struct trx_error *err);

/*
 * Wait until all that was appended is in device memory, and compared if
 * TRX_DEVICE_VERIFY asks for it.  More may be appended afterwards.  Returns as
 * trx_device_append.
 */
int trx_device_flush(struct trx_device_array *a, struct trx_error *err);

/*
 * Flush, then copy the n bytes at `offset` back to dst.  Returns as
 * trx_device_append; TRX_USAGE for a range that is not all in the array.
 */
int trx_device_read(struct trx_device_array *a, uint64_t offset, void *dst,
    size_t n, struct trx_error *err);

/* The bytes appended so far, those still in staging included. */
uint64_t trx_device_array_bytes(const struct trx_device_array *a);

#endif
