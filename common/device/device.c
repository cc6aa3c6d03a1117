#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/device/backend.h"
#include "common/device/device.h"

#define MIB ((size_t)1 << 20)

/*
 * A run of a few rows takes little; a long one soon asks for memory seldom,
 * since an allocation may hold up the copies under way.
 */
static const struct trx_device_sizes default_sizes = {
	.half = 4 * MIB,
	.block = 16 * MIB,
	.block_max = 256 * MIB,
};

struct trx_device *
trx_device_open_backend(const struct trx_device_backend *b, unsigned index,
    const char *name, struct trx_device_sizes sizes, unsigned flags,
    struct trx_error *err)
{
	struct trx_device *d;

	d = calloc(1, sizeof(*d));
	if (d == NULL) {
		trx_error_memory(err);
		return NULL;
	}
	d->backend = b;
	d->sizes = sizes;
	d->verify = (flags & TRX_DEVICE_VERIFY) != 0;
	snprintf(d->name, sizeof(d->name), "%s", name);
	d->state = b->open(index, err);
	if (d->state == NULL) {
		trx_error_at(err, "%s", name);
		free(d);
		return NULL;
	}
	return d;
}

/* N of "cuda:N", written as a number is: no sign, no leading zero; or -1. */
static long
cuda_index(const char *name)
{
	static const char prefix[] = "cuda:";
	const char *digits = name + sizeof(prefix) - 1;
	size_t n;

	if (strncmp(name, prefix, sizeof(prefix) - 1) != 0)
		return -1;
	n = strspn(digits, "0123456789");
	if (n == 0 || n > 9 || digits[n] != '\0' || (n > 1 && *digits == '0'))
		return -1;
	return strtol(digits, NULL, 10);
}

static struct trx_device *
open_host(unsigned flags, struct trx_error *err)
{
	return trx_device_open_backend(
	    &trx_device_host, 0, "host", default_sizes, flags, err);
}

static struct trx_device *
open_default(unsigned flags, struct trx_error *err)
{
	const char *absent = trx_device_cuda_absent();
	struct trx_device *d;

	if (absent == NULL)
		return trx_device_open("cuda:0", flags, err);
	d = open_host(flags, err);
	if (d != NULL)
		snprintf(d->note, sizeof(d->note), "%s: rows go to host memory",
		    absent);
	return d;
}

struct trx_device *
trx_device_open(const char *name, unsigned flags, struct trx_error *err)
{
	const char *absent;
	long index;

	if (name == NULL)
		return open_default(flags, err);
	if (strcmp(name, "host") == 0)
		return open_host(flags, err);
	index = cuda_index(name);
	if (index < 0) {
		trx_error_set(err, TRX_USAGE,
		    "no such device: '%s' (host, or cuda:N)", name);
		return NULL;
	}
	absent = trx_device_cuda_absent();
	if (absent != NULL) {
		trx_error_set(err, TRX_MACHINE, "%s: %s", name, absent);
		return NULL;
	}
	return trx_device_open_backend(
	    &trx_device_cuda, (unsigned)index, name, default_sizes, flags, err);
}

void
trx_device_close(struct trx_device *d)
{
	if (d == NULL)
		return;
	d->backend->close(d->state);
	free(d);
}

const char *
trx_device_name(const struct trx_device *d)
{
	return d->name;
}

const char *
trx_device_note(const struct trx_device *d)
{
	return d->note[0] != '\0' ? d->note : NULL;
}
