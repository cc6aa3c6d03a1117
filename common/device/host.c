/* The host as a device: plain memory, copies done on the spot. */
#include <stdlib.h>
#include <string.h>

#include "common/device/backend.h"

struct host {
	uint64_t ticket;
};

static void *
host_open(unsigned index, struct trx_error *err)
{
	struct host *h = calloc(1, sizeof(*h));

	(void)index;
	if (h == NULL)
		trx_error_memory(err);
	return h;
}

static void
host_close(void *state)
{
	free(state);
}

static void *
host_alloc(
    void *state, enum trx_device_memory where, size_t n, struct trx_error *err)
{
	void *p = malloc(n);

	(void)state;
	(void)where;
	if (p == NULL)
		trx_error_memory(err);
	return p;
}

static void
host_release(void *state, enum trx_device_memory where, void *p)
{
	(void)state;
	(void)where;
	free(p);
}

static int
host_copy(
    void *state, void *dst, const void *src, size_t n, struct trx_error *err)
{
	(void)state;
	(void)err;
	memcpy(dst, src, n);
	return 0;
}

static int
host_mark(void *state, uint64_t *ticket, struct trx_error *err)
{
	struct host *h = state;

	(void)err;
	*ticket = ++h->ticket;
	return 0;
}

static int
host_wait(void *state, uint64_t ticket, struct trx_error *err)
{
	(void)state;
	(void)ticket;
	(void)err;
	return 0;
}

const struct trx_device_backend trx_device_host = {
	.open = host_open,
	.close = host_close,
	.alloc = host_alloc,
	.release = host_release,
	.copy_in = host_copy,
	.copy_out = host_copy,
	.mark = host_mark,
	.wait = host_wait,
};
