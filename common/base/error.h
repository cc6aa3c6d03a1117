/* A failure: the exit status that it calls for, and one line that says why. */
#ifndef TRX_BASE_ERROR_H
#define TRX_BASE_ERROR_H

/* The exit statuses of every filter (trx(7)). */
enum trx_status {
	TRX_OK = 0,
	TRX_INPUT = 1, /* the input is bad or incomplete: retrying is useless */
	TRX_USAGE = 2, /* the call is wrong */
	TRX_MACHINE = 3 /* I/O, memory or a device failed: retrying may help */
};

/*
 * Every function of common/ that can fail takes a `struct trx_error *` as its
 * last argument and returns -1 (or NULL) with it filled in.  err is never NULL.
 * A function whose only failure is memory may leave it out; its header says so.
 */
struct trx_error {
	enum trx_status status;
	char text[1024]; /* one line, no newline at its end */
};

/*
 * Set *err to status and the formatted text, control bytes masked; a format
 * that ends in ':' has " strerror(errno)" appended.  Returns -1, so that
 * `return trx_error_set(...)` works.
 */
int trx_error_set(struct trx_error *err, enum trx_status status,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Put the formatted place and ": " before the text of *err.  Returns -1. */
int trx_error_at(struct trx_error *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Set *err to TRX_MACHINE "out of memory".  Returns -1. */
int trx_error_memory(struct trx_error *err);

#endif
