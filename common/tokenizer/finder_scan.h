/* The next of some bytes in a text, by vectors where the machine has them. */
#ifndef TRX_TOKENIZER_FINDER_SCAN_H
#define TRX_TOKENIZER_FINDER_SCAN_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A set of bytes.  For vectors: byte b is one of them only if the bits of
 * low[b & 15] and of high[b >> 4] meet.
 */
struct trx_finder_bytes {
	bool has[256];
	uint8_t low[16], high[16];
};

void trx_finder_bytes_set(struct trx_finder_bytes *set, const bool has[256]);

/* The first byte of the set from p on, or end. */
const uint8_t *trx_finder_bytes_next(
    const struct trx_finder_bytes *set, const uint8_t *p, const uint8_t *end);

#endif
