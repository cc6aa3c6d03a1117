/*
 * Tables of two levels, of 128 code points each; generated, as
 * tests/oracle/ucd_tables.py says.  Read them through common/ucd/ucd.h.
 */
#ifndef TRX_UCD_TABLES_H
#define TRX_UCD_TABLES_H

#include <stddef.h>
#include <stdint.h>

extern const uint16_t trx_ucd_category_index[];
extern const uint8_t trx_ucd_category_blocks[][128];
extern const uint16_t trx_ucd_properties_index[];
extern const uint16_t trx_ucd_properties_blocks[][128];
extern const uint16_t trx_ucd_grapheme_index[];
extern const uint8_t trx_ucd_grapheme_blocks[][128];
extern const uint16_t trx_ucd_form_index[];
extern const uint16_t trx_ucd_form_blocks[][128];

/* Of 64 code points each, up to U+2FFFF: forms in which one is looked at. */
extern const uint8_t trx_ucd_form_rows[];

/* Mappings: offsets in the pool, of a length and as many bytes; 0: none. */
extern const uint16_t trx_ucd_canonical_index[];
extern const uint16_t trx_ucd_canonical_blocks[][128];
extern const uint16_t trx_ucd_compatible_index[];
extern const uint16_t trx_ucd_compatible_blocks[][128];
extern const uint16_t trx_ucd_lower_index[];
extern const uint16_t trx_ucd_lower_blocks[][128];
extern const uint8_t trx_ucd_pool[];

/* What composes: the pairs, and where they are, plus 1, by their hash. */
struct trx_ucd_pair {
	uint32_t first, second, both;
};
extern const struct trx_ucd_pair trx_ucd_pairs[];
extern const uint16_t trx_ucd_pair_slots[4096];

static inline uint32_t
trx_ucd_pair_hash(uint32_t first, uint32_t second)
{
	return (first * 31 + second) * UINT32_C(0x9e3779b1) >> 20;
}

#endif
