/* Numbers in text, as Python's int() and float() read a str. */
#ifndef TRX_TEMPLATE_SCAN_H
#define TRX_TEMPLATE_SCAN_H

#include "common/template/value.h"

/*
 * s as an integer in a base, 0 for that of its prefix.  Returns 1; 0 as
 * Python's ValueError, for a base that there is not too; or -1.
 */
int trx_scan_int(
    struct trx_run *run, struct trx_str s, int64_t base, struct trx_value *out);

/* s as a float, likewise. */
int trx_scan_float(struct trx_run *run, struct trx_str s, double *out);

/* s as float.fromhex() reads it; -1 where it is too large as well. */
int trx_scan_hex(struct trx_run *run, struct trx_str s, double *out);

#endif
