#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "common/cli/pool.h"

/* A place of the ring: a job that waits for, or has had, a worker. */
struct slot {
	void *job;
	bool done;
};

struct pool {
	const struct trx_pool_ops *ops;
	void *ctx;
	struct slot *ring;
	size_t nring;
	/* Counts of jobs; the lock guards them and the slots' flags. */
	size_t filled, taken, drained;
	bool closing;
	pthread_mutex_t lock;
	pthread_cond_t more;  /* for workers */
	pthread_cond_t ready; /* for the caller */
};

struct worker {
	struct pool *pool;
	unsigned number;
	pthread_t thread;
};

static void *
work(void *arg)
{
	struct worker *w = arg;
	struct pool *p = w->pool;
	struct slot *s;

	pthread_mutex_lock(&p->lock);
	for (;;) {
		while (p->taken == p->filled && !p->closing)
			pthread_cond_wait(&p->more, &p->lock);
		if (p->closing)
			break;
		s = &p->ring[p->taken++ % p->nring];
		pthread_mutex_unlock(&p->lock);
		p->ops->work(p->ctx, s->job, w->number);
		pthread_mutex_lock(&p->lock);
		s->done = true;
		pthread_cond_signal(&p->ready);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

/* Wait for the oldest job and drain it. */
static int
drain_one(struct pool *p, struct trx_error *err)
{
	struct slot *s = &p->ring[p->drained % p->nring];

	pthread_mutex_lock(&p->lock);
	while (!s->done)
		pthread_cond_wait(&p->ready, &p->lock);
	pthread_mutex_unlock(&p->lock);
	p->drained++;
	return p->ops->drain(p->ctx, s->job, err);
}

/* Fill, hand out and drain until there is no more; the workers run. */
static int
feed(struct pool *p, struct trx_error *err)
{
	struct trx_error late;
	struct slot *s;
	int rc;

	for (;;) {
		if (p->filled - p->drained == p->nring &&
		    drain_one(p, err) == -1)
			return -1;
		s = &p->ring[p->filled % p->nring];
		if ((rc = p->ops->fill(p->ctx, s->job, err)) <= 0)
			break;
		pthread_mutex_lock(&p->lock);
		s->done = false;
		p->filled++;
		pthread_cond_signal(&p->more);
		pthread_mutex_unlock(&p->lock);
	}
	/* What was filled before a failure still goes out. */
	while (p->drained < p->filled)
		if (drain_one(p, rc == -1 ? &late : err) == -1) {
			if (rc == -1)
				*err = late;
			return -1;
		}
	return rc;
}

static int
run_inline(const struct trx_pool_ops *ops, void *ctx, struct trx_error *err)
{
	void *job = ops->job_new(ctx, err);
	int rc;

	if (job == NULL)
		return -1;
	while ((rc = ops->fill(ctx, job, err)) == 1) {
		ops->work(ctx, job, 0);
		if ((rc = ops->drain(ctx, job, err)) == -1)
			break;
	}
	ops->job_free(ctx, job);
	return rc;
}

static unsigned
start(struct pool *p, struct worker *workers, unsigned n)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		workers[i] = (struct worker){ .pool = p, .number = i };
		if (pthread_create(
			&workers[i].thread, NULL, work, &workers[i]) != 0)
			break;
	}
	return i;
}

static void
stop(struct pool *p, struct worker *workers, unsigned n)
{
	unsigned i;

	pthread_mutex_lock(&p->lock);
	p->closing = true;
	pthread_cond_broadcast(&p->more);
	pthread_mutex_unlock(&p->lock);
	for (i = 0; i < n; i++)
		pthread_join(workers[i].thread, NULL);
}

static int
run_threads(struct pool *p, unsigned threads, struct trx_error *err)
{
	struct worker *workers = calloc(threads, sizeof(*workers));
	size_t i;
	int rc = 0;

	p->nring = 2 * (size_t)threads;
	p->ring = calloc(p->nring, sizeof(*p->ring));
	if (workers == NULL || p->ring == NULL)
		rc = trx_error_memory(err);
	for (i = 0; rc == 0 && i < p->nring; i++)
		if ((p->ring[i].job = p->ops->job_new(p->ctx, err)) == NULL)
			rc = -1;
	if (rc == 0) {
		/* Fewer threads than asked for do the same work. */
		threads = start(p, workers, threads);
		rc = threads == 0 ? trx_error_set(err, TRX_MACHINE,
					"no thread can be started")
				  : feed(p, err);
		stop(p, workers, threads);
	}
	for (i = 0; p->ring != NULL && i < p->nring; i++)
		p->ops->job_free(p->ctx, p->ring[i].job);
	free(p->ring);
	free(workers);
	return rc;
}

int
trx_pool_run(const struct trx_pool_ops *ops, void *ctx, unsigned threads,
    struct trx_error *err)
{
	struct pool pool = { .ops = ops, .ctx = ctx };
	int rc;

	if (threads <= 1)
		return run_inline(ops, ctx, err);
	pthread_mutex_init(&pool.lock, NULL);
	pthread_cond_init(&pool.more, NULL);
	pthread_cond_init(&pool.ready, NULL);
	rc = run_threads(&pool, threads, err);
	pthread_mutex_destroy(&pool.lock);
	pthread_cond_destroy(&pool.more);
	pthread_cond_destroy(&pool.ready);
	return rc;
}
