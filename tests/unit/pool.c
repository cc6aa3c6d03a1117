/*
 * pool THREADS JOBS [fill|drain AT]: jobs that take a random time must be
 * drained in order, each once.  With fill or drain, that call fails at job AT:
 * what was filled before a failing fill is drained, and nothing after a failing
 * drain.  Prints what was drained.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cli/pool.h"

struct test {
	unsigned long jobs, filled, drained, fail_at;
	const char *failing;
};

struct job {
	unsigned long number;
	unsigned long square; /* the work */
};

static void *
job_new(void *ctx, struct trx_error *err)
{
	(void)ctx;
	(void)err;
	return calloc(1, sizeof(struct job));
}

static void
job_free(void *ctx, void *job)
{
	(void)ctx;
	free(job);
}

static int
fill(void *ctx, void *p, struct trx_error *err)
{
	struct test *t = ctx;
	struct job *job = p;

	if (strcmp(t->failing, "fill") == 0 && t->filled == t->fail_at)
		return trx_error_set(err, TRX_INPUT, "fill failed");
	if (t->filled == t->jobs)
		return 0;
	job->number = t->filled++;
	return 1;
}

static void
work(void *ctx, void *p, unsigned thread)
{
	struct job *job = p;

	(void)ctx;
	(void)thread;
	usleep((useconds_t)(job->number * 7919 % 400));
	job->square = job->number * job->number;
}

static int
drain(void *ctx, void *p, struct trx_error *err)
{
	struct test *t = ctx;
	struct job *job = p;

	if (strcmp(t->failing, "drain") == 0 && t->drained == t->fail_at)
		return trx_error_set(err, TRX_MACHINE, "drain failed");
	if (job->number != t->drained ||
	    job->square != job->number * job->number) {
		printf("out of order at %lu\n", t->drained);
		exit(9);
	}
	t->drained++;
	return 0;
}

int
main(int argc, char **argv)
{
	static const struct trx_pool_ops ops = { job_new, job_free, fill, work,
		drain };
	struct test t = { .failing = argc > 4 ? argv[3] : "" };
	struct trx_error err;
	int rc;

	if (argc < 3)
		return 9;
	t.jobs = strtoul(argv[2], NULL, 10);
	t.fail_at = argc > 4 ? strtoul(argv[4], NULL, 10) : 0;
	rc = trx_pool_run(&ops, &t, (unsigned)strtoul(argv[1], NULL, 10), &err);
	printf("%lu drained%s%s\n", t.drained, rc == -1 ? ": " : "",
	    rc == -1 ? err.text : "");
	return rc == -1 ? (int)err.status : 0;
}
