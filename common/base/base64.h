/* Base64 (RFC 4648, section 4), as strict as it can be. */
#ifndef TRX_BASE_BASE64_H
#define TRX_BASE_BASE64_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/str.h"

/*
 * Decode s to out, which has room for s.n / 4 * 3 bytes, and their number to
 * *n.  Returns 0, or -1 where s is not base64: padding, no white space, and no
 * stray bits.
 */
int trx_base64_decode(struct trx_str s, uint8_t *out, size_t *n);

#endif
