/*
 * Tables of two levels, of 128 code points each; generated, as
 * tests/oracle/ucd_tables.py says.  Read them through common/ucd/ucd.h.
 */
#ifndef TRX_UCD_TABLES_H
#define TRX_UCD_TABLES_H

#include <stdint.h>

extern const uint16_t trx_ucd_category_index[];
extern const uint8_t trx_ucd_category_blocks[][128];

#endif
