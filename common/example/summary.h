/* The line that ends every run: what came in, what went out, what did not. */
#ifndef TRX_EXAMPLE_SUMMARY_H
#define TRX_EXAMPLE_SUMMARY_H

#include "common/record/ledger.h"

/* Print it on standard error; counts that are 0 are left out. */
void trx_summary(
    const struct trx_tally *t, const struct trx_count *counts, size_t ncounts);

#endif
