/* What a filter says on standard error: one line at a time, `trx-x: ...`. */
#ifndef TRX_CLI_MESSAGE_H
#define TRX_CLI_MESSAGE_H

#include "common/base/error.h"

/* The name before each line; borrowed. */
void trx_message_name(const char *name);
const char *trx_message_program(void);

/* Print a line, control bytes masked, with one write(2). */
void trx_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * Print err's line (after a usage error also where help is) and return its
 * status: `return trx_message_fail(&err);` ends a main.
 */
int trx_message_fail(const struct trx_error *err);

#endif
