/*
 * Output that is checked: a buffered descriptor, standard output or a file
 * that appears under its name whole or not at all.
 */
#ifndef TRX_CLI_OUTPUT_H
#define TRX_CLI_OUTPUT_H

#include <stddef.h>

#include "common/base/error.h"

struct trx_output;

/*
 * Standard output for binary data: refused with TRX_USAGE on a terminal.
 * For text: trx_output_text.  Both NULL with err set on failure.
 */
struct trx_output *trx_output_binary(struct trx_error *err);
struct trx_output *trx_output_text(struct trx_error *err);

/*
 * A file written under a temporary name (.NAME.XXXXXX.tmp, beside it) until
 * trx_output_commit syncs and renames it.  Signals that end the process
 * (SIGINT, SIGTERM, SIGHUP) remove the temporary first.  What exists and is no
 * regular file (/dev/null, a fifo) is written to as it is; of a symbolic link
 * the file it leads to is replaced.  NULL with err set: TRX_USAGE for an empty
 * path, else TRX_MACHINE.
 */
struct trx_output *trx_output_create(const char *path, struct trx_error *err);

/*
 * Write n bytes (buffered).  Where the reader of a pipe is gone the process
 * ends by SIGPIPE, also where its parent ignored that signal.  Returns 0, or -1
 * with err set, TRX_MACHINE.
 */
int trx_output_write(
    struct trx_output *o, const void *p, size_t n, struct trx_error *err);
int trx_output_flush(struct trx_output *o, struct trx_error *err);

/*
 * Flush and finish: standard output is closed and checked, a file is synced.
 * trx_output_commit also gives a file its name, and syncs the folder;
 * trx_output_sync leaves it under its temporary name, for a later commit (with
 * nothing written between).  0, or -1 with err set.
 */
int trx_output_sync(struct trx_output *o, struct trx_error *err);
int trx_output_commit(struct trx_output *o, struct trx_error *err);

/* Free; what was not committed is removed.  NULL is fine. */
void trx_output_free(struct trx_output *o);

/*
 * Flush and close stdio's stdout after text was printed with it (help,
 * listings): prints a line and returns TRX_MACHINE when that fails, else
 * TRX_OK.
 */
int trx_output_finish(void);

#endif
