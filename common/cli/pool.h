/*
 * Ordered workers: jobs are filled in order, worked on by several threads, and
 * drained in the order in which they were filled, so that the number of
 * threads never shows in what is written.
 */
#ifndef TRX_CLI_POOL_H
#define TRX_CLI_POOL_H

#include "common/base/error.h"

struct trx_pool_ops {
	/* A new job, reused again and again; NULL with err set on failure. */
	void *(*job_new)(void *ctx, struct trx_error *err);
	void (*job_free)(void *ctx, void *job); /* NULL is fine */
	/*
	 * Fill the job with input, in the caller's thread: 1 filled, 0 there is
	 * no more (the job is not used), -1 failed with err set (likewise).
	 */
	int (*fill)(void *ctx, void *job, struct trx_error *err);
	/* Do the work, in thread 0..threads-1; failures are kept in the job. */
	void (*work)(void *ctx, void *job, unsigned thread);
	/* Use the result, in the caller's thread: 0, or -1 with err set. */
	int (*drain)(void *ctx, void *job, struct trx_error *err);
};

/*
 * Run until fill says there is no more.  With one thread everything happens in
 * the caller's.  Where fill fails, what was filled before is still worked on
 * and drained; where drain fails, nothing more is.  At most 2 * threads jobs
 * are alive.  Returns 0, or -1 with err set.
 */
int trx_pool_run(const struct trx_pool_ops *ops, void *ctx, unsigned threads,
    struct trx_error *err);

#endif
