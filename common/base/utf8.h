/* Well-formed UTF-8, as Unicode has it: no surrogates, nothing overlong. */
#ifndef TRX_BASE_UTF8_H
#define TRX_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/str.h"

/* Bytes of the well-formed character that s, not empty, begins with, or 0. */
size_t trx_utf8_width(struct trx_str s);

/* Is all of s well-formed? */
bool trx_utf8_valid(struct trx_str s);

#endif
