/*
 * Pre-tokenizers that many models share, cut by hand-written scanners: the
 * pieces are those of their regular expressions, which the general matcher
 * (pretokenizer.h) has too.
 */
#ifndef TRX_TOKENIZER_SCANNER_H
#define TRX_TOKENIZER_SCANNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/json/value.h"
#include "common/tokenizer/pretokenizer.h"

struct trx_scanner;

/*
 * The scanner for the value of "pre_tokenizer", or NULL where none is known.
 * All of them end in ByteLevel: their pieces are bytes for the model.
 */
const struct trx_scanner *trx_scanner_find(const struct trx_json *spec);

/*
 * Cut the bytes from begin on, up to end, of a text (well-formed UTF-8) into at
 * most n pieces.  A piece begins at begin, and the text that is cut ends at
 * end.  Returns how many there are; they reach end if there is room.
 */
size_t trx_scanner_cut(const struct trx_scanner *s, const uint8_t *text,
    size_t begin, size_t end, struct trx_piece *pieces, size_t n);

#endif
