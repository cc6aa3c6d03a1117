/* placeholder */
#ifndef TRX_UCD_TABLES_H
#define TRX_UCD_TABLES_H
#include <stdint.h>
extern const uint8_t trx_ucd_category_index[];
extern const uint8_t trx_ucd_category_blocks[][128];
#endif
