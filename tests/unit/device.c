/* Exercises common/device, with devices that are late, broken or unfaithful. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/device/backend.h"
#include "common/device/device.h"

#define CHECK(what) \
	do { \
		if (!(what)) { \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, \
			    __LINE__, #what); \
			exit(1); \
		} \
	} while (0)

#define QUEUE 4096
#define NEVER UINT64_MAX

/* A copy that was asked for. */
struct copy {
	char *dst;
	const char *src;
	size_t n;
	bool in;
	uint64_t ticket; /* done when this one is waited for */
};

/*
 * A device whose copies happen as late as they may: in `wait`.  Its call
 * number fail_at fails, and byte number corrupt_at of those copied to it
 * arrives changed.
 */
static struct late {
	struct copy queue[QUEUE];
	size_t queued;
	uint64_t ticket;
	uint64_t calls, fail_at;
	uint64_t copied, corrupt_at;
	uint64_t read_back;
	bool overlapped; /* a wait left other copies under way */
	long live;	 /* allocations not given back */
} late;

static void
late_reset(uint64_t fail_at, uint64_t corrupt_at)
{
	late = (struct late){ .fail_at = fail_at, .corrupt_at = corrupt_at };
}

/* 0, or -1 where this call is the one that fails. */
static int
call(struct trx_error *err)
{
	if (late.calls++ == late.fail_at)
		return trx_error_set(err, TRX_MACHINE, "broken");
	return 0;
}

static void *
late_open(unsigned index, struct trx_error *err)
{
	CHECK(index == 7);
	return call(err) == 0 ? &late : NULL;
}

static void
late_close(void *state)
{
	CHECK(state == &late);
	CHECK(late.live == 0);
	CHECK(late.fail_at != NEVER || late.queued == 0);
}

static void *
late_alloc(
    void *state, enum trx_device_memory where, size_t n, struct trx_error *err)
{
	(void)state;
	(void)where;
	CHECK(n > 0);
	if (call(err) == -1)
		return NULL;
	late.live++;
	return malloc(n);
}

static void
late_release(void *state, enum trx_device_memory where, void *p)
{
	(void)state;
	(void)where;
	CHECK(p != NULL);
	late.live--;
	free(p);
}

static int
enqueue(void *dst, const void *src, size_t n, bool in, struct trx_error *err)
{
	if (call(err) == -1)
		return -1;
	CHECK(n > 0 && late.queued < QUEUE);
	late.queue[late.queued++] = (struct copy){
		.dst = dst,
		.src = src,
		.n = n,
		.in = in,
		.ticket = late.ticket + 1,
	};
	return 0;
}

static int
late_in(
    void *state, void *block, const void *host, size_t n, struct trx_error *err)
{
	(void)state;
	return enqueue(block, host, n, true, err);
}

static int
late_out(
    void *state, void *host, const void *block, size_t n, struct trx_error *err)
{
	(void)state;
	return enqueue(host, block, n, false, err);
}

static int
late_mark(void *state, uint64_t *ticket, struct trx_error *err)
{
	(void)state;
	if (call(err) == -1)
		return -1;
	*ticket = ++late.ticket;
	return 0;
}

static void
do_copy(const struct copy *c)
{
	memcpy(c->dst, c->src, c->n);
	if (!c->in) {
		late.read_back += c->n;
		return;
	}
	if (late.corrupt_at >= late.copied &&
	    late.corrupt_at - late.copied < c->n)
		c->dst[late.corrupt_at - late.copied] ^= 0x10;
	late.copied += c->n;
}

static int
late_wait(void *state, uint64_t ticket, struct trx_error *err)
{
	size_t i;

	(void)state;
	CHECK(ticket > 0 && ticket <= late.ticket);
	for (i = 0; i < late.queued && late.queue[i].ticket <= ticket; i++)
		do_copy(&late.queue[i]);
	late.queued -= i;
	late.overlapped |= late.queued > 0;
	memmove(late.queue, late.queue + i, late.queued * sizeof(*late.queue));
	return call(err);
}

static const struct trx_device_backend late_backend = {
	.open = late_open,
	.close = late_close,
	.alloc = late_alloc,
	.release = late_release,
	.copy_in = late_in,
	.copy_out = late_out,
	.mark = late_mark,
	.wait = late_wait,
};

/* Bytes without a short period, so that misplaced ones show. */
static void
fill(unsigned char *p, size_t n, uint32_t seed)
{
	size_t i;

	for (i = 0; i < n; i++) {
		seed = seed * 1664525U + 1013904223U;
		p[i] = (unsigned char)(seed >> 24);
	}
}

/* Append n bytes in pieces of `piece`, with a flush after every `every`. */
static void
put(struct trx_device_array *a, const unsigned char *p, size_t n, size_t piece,
    size_t every)
{
	struct trx_error err;
	size_t i, part;

	for (i = 0; n > 0; i++) {
		part = piece < n ? piece : n;
		CHECK(trx_device_append(a, p, part, &err) == 0);
		p += part;
		n -= part;
		if (every > 0 && i % every == every - 1)
			CHECK(trx_device_flush(a, &err) == 0);
	}
}

/* Read back everything, nothing, and pieces, some across blocks. */
static void
compare(struct trx_device_array *a, const unsigned char *p, size_t n)
{
	unsigned char *got = malloc(n + 1);
	struct trx_error err;
	size_t at, part;

	CHECK(got != NULL);
	CHECK(trx_device_array_bytes(a) == n);
	memset(got, 0xee, n + 1);
	CHECK(trx_device_read(a, 0, got, n, &err) == 0);
	CHECK(memcmp(got, p, n) == 0 && got[n] == 0xee);
	CHECK(trx_device_read(a, n, got, 0, &err) == 0);
	for (at = 0; at < n; at += n / 13 + 1) {
		part = n / 5 < n - at ? n / 5 : n - at;
		CHECK(trx_device_read(a, at, got, part, &err) == 0);
		CHECK(memcmp(got, p + at, part) == 0);
	}
	CHECK(trx_device_read(a, 1, got, n, &err) == -1);
	CHECK(err.status == TRX_USAGE);
	CHECK(trx_device_read(a, (uint64_t)n + 1, got, 0, &err) == -1);
	free(got);
}

/* Two arrays fed in turns through one device. */
static void
round_trip(const struct trx_device_backend *b, struct trx_device_sizes sizes,
    size_t piece, unsigned flags)
{
	unsigned char first[900], second[900];
	struct trx_device_array *a1, *a2;
	struct trx_error err;
	struct trx_device *d;
	size_t i;

	late_reset(NEVER, NEVER);
	fill(first, sizeof(first), 1);
	fill(second, sizeof(second), 2);
	d = trx_device_open_backend(b, 7, "test", sizes, flags, &err);
	CHECK(d != NULL);
	a1 = trx_device_array_new(d, "one", &err);
	a2 = trx_device_array_new(d, "two", &err);
	CHECK(a1 != NULL && a2 != NULL);
	CHECK(trx_device_flush(a1, &err) == 0);
	compare(a1, first, 0);
	for (i = 0; i < sizeof(first); i += 300) {
		put(a1, first + i, 300, piece, 0);
		put(a2, second + i, 300, piece, 3);
	}
	compare(a1, first, sizeof(first));
	compare(a2, second, sizeof(second));
	put(a1, second, sizeof(second), piece, 0);
	CHECK(trx_device_array_bytes(a1) == 1800);
	trx_device_array_free(a2);
	trx_device_array_free(a1);
	trx_device_close(d);
}

/* Pieces below, at, above and not dividing buffers and blocks. */
static int
staging(void)
{
	static const size_t halves[] = { 1, 7, 64 };
	static const size_t blocks[] = { 1, 5, 64, 100, 256, 4000 };
	static const size_t pieces[] = { 1, 7, 63, 64, 65, 128, 300 };
	struct trx_device_sizes sizes;
	size_t h, b, p;
	unsigned flags;

	for (h = 0; h < sizeof(halves) / sizeof(*halves); h++)
		for (b = 0; b < sizeof(blocks) / sizeof(*blocks); b++)
			for (p = 0; p < sizeof(pieces) / sizeof(*pieces); p++)
				for (flags = 0; flags < 4; flags++) {
					sizes.half = halves[h];
					sizes.block = blocks[b];
					sizes.block_max =
					    blocks[b] * (flags & 2 ? 3 : 1);
					round_trip(&trx_device_host, sizes,
					    pieces[p], flags & 1);
					round_trip(&late_backend, sizes,
					    pieces[p], flags & 1);
				}
	return 0;
}

static const struct trx_device_sizes small = { 64, 100, 200 };

/* The whole life of an array; -1 at the first failure. */
static int
live(struct trx_error *err)
{
	unsigned char data[1000], got[1000];
	struct trx_device_array *a = NULL;
	struct trx_device *d;
	int rc = -1;

	fill(data, sizeof(data), 3);
	d = trx_device_open_backend(
	    &late_backend, 7, "test", small, TRX_DEVICE_VERIFY, err);
	if (d == NULL)
		goto out;
	a = trx_device_array_new(d, "ids", err);
	if (a == NULL || trx_device_append(a, data, 500, err) == -1 ||
	    trx_device_append(a, data + 500, 500, err) == -1 ||
	    trx_device_flush(a, err) == -1 ||
	    trx_device_read(a, 0, got, sizeof(got), err) == -1)
		goto out;
	CHECK(memcmp(got, data, sizeof(got)) == 0);
	rc = 0;
out:
	trx_device_array_free(a);
	trx_device_close(d);
	return rc;
}

/* Fail each call to the device in turn, until none is left to fail. */
static int
faults(void)
{
	struct trx_error err;
	uint64_t n;

	for (n = 0;; n++) {
		late_reset(n, NEVER);
		err = (struct trx_error){ 0 };
		if (live(&err) == 0 && late.calls <= n)
			break;
		if (late.calls <= n || err.status == TRX_OK)
			continue; /* the one that failed was freeing */
		CHECK(err.status == TRX_MACHINE);
		CHECK(strcmp(err.text,
			  n == 0 ? "test: broken" : "test: ids: broken") == 0);
	}
	CHECK(n > 40);
	return 0;
}

/*
 * Change byte `at` on its way to the device: with TRX_DEVICE_VERIFY that is
 * found before three buffers more have been taken, without it never.
 */
static int
corrupt(uint64_t at, unsigned flags)
{
	unsigned char data[1000], got[1000];
	struct trx_device_array *a;
	struct trx_error err;
	struct trx_device *d;
	size_t i;
	int rc = 0;

	late_reset(NEVER, at);
	fill(data, sizeof(data), 4);
	d = trx_device_open_backend(
	    &late_backend, 7, "test", small, flags, &err);
	CHECK(d != NULL);
	a = trx_device_array_new(d, "ids", &err);
	CHECK(a != NULL);
	for (i = 0; i < sizeof(data) && rc == 0; i += 10)
		rc = trx_device_append(a, data + i, 10, &err);
	CHECK(i <= at + 3 * small.half || rc == 0);
	CHECK(late.overlapped || rc == -1);
	if (rc == 0)
		rc = trx_device_flush(a, &err);
	CHECK((flags != 0) == (late.read_back > 0));
	if (rc == 0) {
		CHECK(trx_device_read(a, 0, got, sizeof(got), &err) == 0);
		CHECK((memcmp(got, data, sizeof(got)) != 0) ==
		      (at < sizeof(data)));
	}
	trx_device_array_free(a);
	trx_device_close(d);
	puts(rc == 0 ? "not seen" : err.text);
	return 0;
}

/* Open a device as a filter does, fill an array on it and read it back. */
static int
store(const char *name)
{
	const size_t n = ((size_t)50 << 20) + 5;
	struct trx_device_array *a;
	unsigned char *data;
	struct trx_error err;
	struct trx_device *d;

	d = trx_device_open(name, TRX_DEVICE_VERIFY, &err);
	if (d == NULL) {
		fprintf(stderr, "%s\n", err.text);
		return err.status;
	}
	printf("%s\n", trx_device_name(d));
	if (trx_device_note(d) != NULL)
		printf("%s\n", trx_device_note(d));
	data = malloc(n);
	CHECK(data != NULL);
	fill(data, n, 5);
	a = trx_device_array_new(d, "ids", &err);
	CHECK(a != NULL);
	put(a, data, n, 8196, 0);
	compare(a, data, n);
	trx_device_array_free(a);
	trx_device_close(d);
	free(data);
	return 0;
}

int
main(int argc, char **argv)
{
	const char *arg = argc > 2 ? argv[2] : NULL;

	if (argc < 2)
		return 2;
	if (strcmp(argv[1], "staging") == 0)
		return staging();
	if (strcmp(argv[1], "faults") == 0)
		return faults();
	if (strcmp(argv[1], "store") == 0)
		return store(arg);
	if (strcmp(argv[1], "version") == 0)
		return puts(trx_device_version()) == EOF;
	if (arg != NULL && strcmp(argv[1], "verify") == 0)
		return corrupt(strtoull(arg, NULL, 10), TRX_DEVICE_VERIFY);
	if (arg != NULL && strcmp(argv[1], "trust") == 0)
		return corrupt(strtoull(arg, NULL, 10), 0);
	return 2;
}
