/* Decomposition and composition of code points, Hangul syllables too. */
#ifndef TRX_UCD_DECOMPOSE_H
#define TRX_UCD_DECOMPOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The most code points that one is made of. */
#define TRX_UCD_PARTS 18

/*
 * Write the whole decomposition of cp, canonical or else compatible, to parts.
 * Returns their number: 1, and cp itself, where it has none.
 */
size_t trx_ucd_decompose(
    uint32_t cp, bool compatible, uint32_t parts[TRX_UCD_PARTS]);

/* What two code points compose to, or 0. */
uint32_t trx_ucd_compose(uint32_t first, uint32_t second);

#endif
