/*
 * encode_speed MODEL TEXTS SECONDS THREADS: how fast texts become ids, for
 * scripts/bench.
 *
 * TEXTS (each: its length, u32 little-endian, and its bytes) is read before.
 * What is timed is the first pass over the texts, every cache empty, and then
 * passes for that many seconds, of which the best counts.  One thread is timed
 * by the processor time it took, since other processes run too; several by the
 * clock.  Prints the MB/s of the first pass and of the best, the tokens, and
 * the SHA-256 of each text's number of tokens (u32) and its ids.
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/digest/sha256.h"
#include "common/tokenizer/tokenizer.h"

#define MAX_THREADS 64
#define BLOCK 16 /* texts that a thread takes at once */

struct text {
	struct trx_str bytes;
	size_t worker, first, n; /* where its ids are: of which worker, which */
};

static struct worker {
	pthread_t thread;
	struct trx_tokenizer_worker *state; /* its caches */
	struct trx_ids ids;
	struct trx_error err;
} workers[MAX_THREADS];

static struct text *texts;
static size_t ntexts, nbytes, nthreads;
static atomic_size_t next;

static double
now(void)
{
	struct timespec t;

	clock_gettime(
	    nthreads == 1 ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Point texts into the file's bytes, n of them.  Returns 0, or -1. */
static int
find_texts(const char *p, size_t n)
{
	size_t at = 0, cap = 0;
	uint32_t length;

	while (n - at >= sizeof length) {
		if (ntexts == cap) {
			cap = cap == 0 ? 1024 : 2 * cap;
			texts = realloc(texts, cap * sizeof *texts);
			if (texts == NULL)
				return -1;
		}
		memcpy(&length, p + at, sizeof length);
		at += sizeof length;
		if (length > n - at)
			return -1;
		texts[ntexts++] = (struct text){ .bytes = { p + at, length } };
		nbytes += length;
		at += length;
	}
	return at == n ? 0 : -1;
}

/* Returns the bytes of the file, which texts points into, or NULL. */
static char *
read_texts(const char *path)
{
	FILE *f = fopen(path, "rb");
	char *p = NULL;
	long n = -1;

	if (f != NULL && fseek(f, 0, SEEK_END) == 0 && (n = ftell(f)) > 0 &&
	    fseek(f, 0, SEEK_SET) == 0 && (p = malloc((size_t)n)) != NULL &&
	    (fread(p, 1, (size_t)n, f) != (size_t)n ||
		find_texts(p, (size_t)n) == -1)) {
		free(p);
		p = NULL;
	}
	if (f != NULL)
		fclose(f);
	return p;
}

/* One worker's part of a pass.  Returns NULL, or the worker that failed. */
static void *
work(void *arg)
{
	struct trx_tokenizer_input in = { 0 };
	struct worker *w = arg;
	struct text *t;
	size_t at, end;

	w->ids.n = 0;
	while ((at = atomic_fetch_add(&next, BLOCK)) < ntexts) {
		end = ntexts - at < BLOCK ? ntexts : at + BLOCK;
		for (t = texts + at; t < texts + end; t++) {
			t->worker = (size_t)(w - workers);
			t->first = w->ids.n;
			in.text = t->bytes;
			if (trx_tokenizer_encode(
				w->state, &in, &w->ids, &w->err) == -1)
				return w;
			t->n = w->ids.n - t->first;
		}
	}
	return NULL;
}

/* Encode all once.  Returns the MB/s, or -1 with err set. */
static double
pass(struct trx_error *err)
{
	double start = now(), took;
	void *failed, *any = NULL;
	size_t i;

	atomic_store(&next, 0);
	for (i = 1; i < nthreads; i++)
		if (pthread_create(
			&workers[i].thread, NULL, work, &workers[i]) != 0)
			abort();
	any = work(&workers[0]);
	for (i = 1; i < nthreads; i++) {
		pthread_join(workers[i].thread, &failed);
		any = failed != NULL ? failed : any;
	}
	took = now() - start;
	if (any == NULL)
		return (double)nbytes / took / 1e6;
	*err = ((struct worker *)any)->err;
	return -1;
}

/* The digest of the last pass.  Returns the tokens, or -1 with err set. */
static int64_t
digest(char hex[TRX_SHA256_HEX], struct trx_error *err)
{
	struct trx_sha256 *sha = trx_sha256_new(err);
	int64_t tokens = 0;
	uint32_t n;
	size_t i;

	if (sha == NULL)
		return -1;
	for (i = 0; i < ntexts; i++) {
		n = (uint32_t)texts[i].n;
		trx_sha256_add(sha, &n, sizeof n);
		trx_sha256_add(sha,
		    workers[texts[i].worker].ids.ids + texts[i].first,
		    n * sizeof n);
		tokens += n;
	}
	if (trx_sha256_hex(sha, hex, err) == -1)
		tokens = -1;
	trx_sha256_free(sha);
	return tokens;
}

static int
make_workers(const struct trx_tokenizer *t, struct trx_error *err)
{
	size_t i;

	for (i = 0; i < nthreads; i++)
		if ((workers[i].state = trx_tokenizer_worker_new(t, err)) ==
		    NULL)
			return -1;
	return 0;
}

static int
measure(double seconds, struct trx_error *err)
{
	char hex[TRX_SHA256_HEX], again[TRX_SHA256_HEX];
	double first = pass(err), best = 0, one, start = now();
	int64_t tokens;

	if (first < 0 || (tokens = digest(hex, err)) == -1)
		return -1;
	do {
		if ((one = pass(err)) < 0)
			return -1;
		best = one > best ? one : best;
	} while (now() - start < seconds);
	if (digest(again, err) == -1)
		return -1;
	if (strcmp(hex, again) != 0)
		return trx_error_set(
		    err, TRX_INPUT, "the ids of a later pass differ");
	printf("%.2f %.2f %" PRId64 " %s\n", first, best, tokens, hex);
	return 0;
}

int
main(int argc, char **argv)
{
	struct trx_tokenizer_options options = { .ignore_truncation = true };
	struct trx_error err = { .status = TRX_USAGE };
	struct trx_tokenizer *t = NULL;
	char *bytes = NULL;
	int rc = -1;
	size_t i;

	if (argc != 5 || (nthreads = strtoul(argv[4], NULL, 10)) == 0 ||
	    nthreads > MAX_THREADS)
		return TRX_USAGE;
	if ((bytes = read_texts(argv[2])) == NULL)
		trx_error_set(&err, TRX_INPUT, "%s: no texts", argv[2]);
	else if ((t = trx_tokenizer_open(argv[1], &options, &err)) != NULL &&
		 make_workers(t, &err) == 0)
		rc = measure(strtod(argv[3], NULL), &err);
	if (rc == -1)
		fprintf(stderr, "encode_speed: %s\n", err.text);
	for (i = 0; i < nthreads; i++) {
		trx_tokenizer_worker_free(workers[i].state);
		trx_ids_free(&workers[i].ids);
	}
	trx_tokenizer_free(t);
	free(texts);
	free(bytes);
	return rc == 0 ? TRX_OK : (int)err.status;
}
