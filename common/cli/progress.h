/*
 * How far a filter is: a line on a terminal's standard error, redrawn at most
 * four times a second, and a line at each SIGUSR1, also while it waits.
 */
#ifndef TRX_CLI_PROGRESS_H
#define TRX_CLI_PROGRESS_H

#include <stdint.h>

/* Begin; installs the SIGUSR1 handler: before anything slow. */
void trx_progress_start(void);

/* The counts so far. */
void trx_progress_update(uint64_t in, uint64_t out, uint64_t rejected);

/* Clear the terminal's line, before anything else is printed. */
void trx_progress_end(void);

#endif
