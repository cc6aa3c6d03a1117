/* A CUDA device, through the runtime's C interface alone. */
#include <stdio.h>
#include <stdlib.h>

#ifdef HAVE_CUDA
#include <cuda_runtime_api.h>
#endif

#include "common/device/backend.h"
#include "common/device/device.h"

#ifdef HAVE_CUDA

/*
 * More than the staging buffers that can be on their way at once.  A ticket
 * older than the ring only waits longer than it must: its event has been
 * recorded again later in the same stream.
 */
#define EVENTS 32

struct cuda {
	int index;
	cudaStream_t stream;
	cudaEvent_t events[EVENTS];
	uint64_t ticket;
	uint64_t done; /* the latest ticket waited for */
};

/* A driver's or runtime's version, as 13000, for "%d.%d". */
#define MAJOR(version) ((version) / 1000)
#define MINOR(version) ((version) % 1000 / 10)

/* The driver's version; 0: there is none; -1: it does not even say. */
static int
driver_version(void)
{
	int version;

	if (cudaDriverGetVersion(&version) != cudaSuccess)
		return -1;
	return version;
}

/* 0 if rc, which `call` returned, is fine, else -1 with *err set. */
static int
check(cudaError_t rc, const char *call, struct trx_error *err)
{
	int version;

	if (rc == cudaSuccess)
		return 0;
	version = driver_version();
	if (rc == cudaErrorInsufficientDriver && version > 0)
		return trx_error_set(err, TRX_MACHINE,
		    "the CUDA driver is too old: it is for CUDA %d.%d, "
		    "this program's runtime is %d.%d",
		    MAJOR(version), MINOR(version), MAJOR(CUDART_VERSION),
		    MINOR(CUDART_VERSION));
	return trx_error_set(err, TRX_MACHINE, "%s: %s: %s", call,
	    cudaGetErrorName(rc), cudaGetErrorString(rc));
}

static int
check_index(unsigned index, struct trx_error *err)
{
	int count = 0;
	cudaError_t rc = cudaGetDeviceCount(&count);

	if (rc == cudaErrorNoDevice || (rc == cudaSuccess && count == 0))
		return trx_error_set(err, TRX_MACHINE,
		    "the CUDA driver is there, but no CUDA device");
	if (check(rc, "cudaGetDeviceCount", err) == -1)
		return -1;
	if (index >= (unsigned)count)
		return trx_error_set(err, TRX_MACHINE,
		    "not among the CUDA devices here (%d)", count);
	return 0;
}

static void
cuda_close(void *state)
{
	struct cuda *c = state;
	int i;

	for (i = 0; i < EVENTS; i++)
		if (c->events[i] != NULL)
			cudaEventDestroy(c->events[i]);
	if (c->stream != NULL)
		cudaStreamDestroy(c->stream);
	free(c);
}

static int
set_up(struct cuda *c, struct trx_error *err)
{
	/* A wait sleeps: the cores belong to the decoding threads. */
	const unsigned flags = cudaEventDisableTiming | cudaEventBlockingSync;
	int i;

	if (check(cudaSetDevice(c->index), "cudaSetDevice", err) == -1)
		return -1;
	if (check(cudaStreamCreateWithFlags(&c->stream, cudaStreamNonBlocking),
		"cudaStreamCreateWithFlags", err) == -1)
		return -1;
	for (i = 0; i < EVENTS; i++)
		if (check(cudaEventCreateWithFlags(&c->events[i], flags),
			"cudaEventCreateWithFlags", err) == -1)
			return -1;
	return 0;
}

static void *
cuda_open(unsigned index, struct trx_error *err)
{
	struct cuda *c;

	if (check_index(index, err) == -1)
		return NULL;
	c = calloc(1, sizeof(*c));
	if (c == NULL) {
		trx_error_memory(err);
		return NULL;
	}
	c->index = (int)index;
	if (set_up(c, err) == -1) {
		cuda_close(c);
		return NULL;
	}
	return c;
}

static void *
cuda_alloc(
    void *state, enum trx_device_memory where, size_t n, struct trx_error *err)
{
	struct cuda *c = state;
	bool block = where == TRX_DEVICE_BLOCK;
	const char *call = block ? "cudaMalloc" : "cudaHostAlloc";
	cudaError_t rc;
	void *p = NULL;

	/* The current device is each thread's own. */
	if (check(cudaSetDevice(c->index), "cudaSetDevice", err) == -1)
		return NULL;
	rc = block ? cudaMalloc(&p, n)
		   : cudaHostAlloc(&p, n, cudaHostAllocDefault);
	if (check(rc, call, err) == -1) {
		trx_error_at(err, "%zu bytes", n);
		return NULL;
	}
	return p;
}

static void
cuda_release(void *state, enum trx_device_memory where, void *p)
{
	(void)state;
	if (where == TRX_DEVICE_BLOCK)
		cudaFree(p);
	else
		cudaFreeHost(p);
}

static int
cuda_copy_in(
    void *state, void *block, const void *host, size_t n, struct trx_error *err)
{
	struct cuda *c = state;

	return check(
	    cudaMemcpyAsync(block, host, n, cudaMemcpyHostToDevice, c->stream),
	    "cudaMemcpyAsync to the device", err);
}

static int
cuda_copy_out(
    void *state, void *host, const void *block, size_t n, struct trx_error *err)
{
	struct cuda *c = state;

	return check(
	    cudaMemcpyAsync(host, block, n, cudaMemcpyDeviceToHost, c->stream),
	    "cudaMemcpyAsync from the device", err);
}

static int
cuda_mark(void *state, uint64_t *ticket, struct trx_error *err)
{
	struct cuda *c = state;

	*ticket = ++c->ticket;
	return check(cudaEventRecord(c->events[*ticket % EVENTS], c->stream),
	    "cudaEventRecord", err);
}

static int
cuda_wait(void *state, uint64_t ticket, struct trx_error *err)
{
	struct cuda *c = state;

	if (ticket <= c->done)
		return 0;
	if (check(cudaEventSynchronize(c->events[ticket % EVENTS]),
		"cudaEventSynchronize", err) == -1)
		return -1;
	c->done = ticket;
	return 0;
}

const struct trx_device_backend trx_device_cuda = {
	.open = cuda_open,
	.close = cuda_close,
	.alloc = cuda_alloc,
	.release = cuda_release,
	.copy_in = cuda_copy_in,
	.copy_out = cuda_copy_out,
	.mark = cuda_mark,
	.wait = cuda_wait,
};

const char *
trx_device_cuda_absent(void)
{
	return driver_version() == 0 ? "no CUDA driver" : NULL;
}

const char *
trx_device_version(void)
{
	static char text[32];

	snprintf(text, sizeof(text), "CUDA runtime %d.%d",
	    MAJOR(CUDART_VERSION), MINOR(CUDART_VERSION));
	return text;
}

#else

const struct trx_device_backend trx_device_cuda = { 0 };

const char *
trx_device_cuda_absent(void)
{
	return trx_device_version();
}

const char *
trx_device_version(void)
{
	return "built without CUDA";
}

#endif
