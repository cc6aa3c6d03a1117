/* Python's bytes: a BYTES value is a sequence of INT, each 0 to 255. */
#ifndef TRX_TEMPLATE_BYTES_H
#define TRX_TEMPLATE_BYTES_H

#include "common/base/buf.h"
#include "common/template/call.h"

trx_call_fn trx_bytes_encode; /* str.encode() */
trx_call_fn trx_bytes_decode; /* bytes.decode() */
trx_call_fn trx_bytes_hex;    /* bytes.hex() */
trx_call_fn trx_bytes_of_int; /* int.to_bytes() */
trx_call_fn trx_bytes_to_int; /* int.from_bytes() */

/*
 * The bytes of v, in the arena: *out may be no UTF-8.  Returns 0 or -1.  (A
 * list of INT from 0 to 255 will do as well.)
 */
int trx_bytes_raw(
    struct trx_run *run, const struct trx_value *v, struct trx_str *out);

/* Append repr(v). */
void trx_bytes_repr(const struct trx_value *v, struct trx_buf *b);

/* item in v: 1, 0, or -1 as Python's TypeError and ValueError. */
int trx_bytes_contain(struct trx_run *run, const struct trx_value *v,
    const struct trx_value *item);

#endif
