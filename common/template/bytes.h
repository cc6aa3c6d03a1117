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

/* Append repr(v). */
void trx_bytes_repr(const struct trx_value *v, struct trx_buf *b);

/* item in v: 1, 0, or -1 as Python's TypeError and ValueError. */
int trx_bytes_contain(struct trx_run *run, const struct trx_value *v,
    const struct trx_value *item);

#endif
