/* The bytes of a seek table, for its writer and its checker. */
#ifndef TRX_ZSTREAM_TABLE_H
#define TRX_ZSTREAM_TABLE_H

#include <stdint.h>

#include "common/base/bytes.h"
#include "common/zstream/format.h"

static inline void
trx_zstd_table_entry(uint8_t entry[TRX_ZSTD_TABLE_ENTRY], uint32_t compressed,
    uint32_t decompressed, uint32_t checksum)
{
	trx_le32_put(entry, compressed);
	trx_le32_put(entry + 4, decompressed);
	trx_le32_put(entry + 8, checksum);
}

static inline void
trx_zstd_table_footer(uint8_t footer[TRX_ZSTD_TABLE_FOOTER], uint32_t frames)
{
	trx_le32_put(footer, frames);
	footer[4] = TRX_ZSTD_TABLE_CHECKSUMS;
	trx_le32_put(footer + 5, TRX_ZSTD_TABLE_MAGIC);
}

#endif
