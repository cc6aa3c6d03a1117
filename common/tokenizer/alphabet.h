/* The alphabet of ByteLevel: a printable character for each of 256 bytes. */
#ifndef TRX_TOKENIZER_ALPHABET_H
#define TRX_TOKENIZER_ALPHABET_H

#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/str.h"

/* The code point that stands for the byte. */
uint32_t trx_alphabet_char(uint8_t byte);

/*
 * Append the bytes that a string (well-formed UTF-8) of such characters stands
 * for.  Returns 0, or -1 where one of its characters is none of them.
 */
int trx_alphabet_decode(struct trx_str s, struct trx_buf *out);

#endif
