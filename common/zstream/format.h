/* The zstd format's numbers (RFC 8878; zstd's seekable format 0.1.0). */
#ifndef TRX_ZSTREAM_FORMAT_H
#define TRX_ZSTREAM_FORMAT_H

#define TRX_ZSTD_MAGIC 0xfd2fb528u

/* Sixteen magics begin a skippable frame; its length, u32, follows. */
#define TRX_ZSTD_SKIPPABLE 0x184d2a50u
#define TRX_ZSTD_SKIPPABLE_MASK 0xfffffff0u
#define TRX_ZSTD_SKIPPABLE_HEAD 8

/* The seek table: a skippable frame of entries, then a footer. */
#define TRX_ZSTD_TABLE 0x184d2a5eu
#define TRX_ZSTD_TABLE_ENTRY 12 /* compressed, decompressed, checksum: u32 */
#define TRX_ZSTD_TABLE_FOOTER 9 /* frames u32, descriptor u8, magic u32 */
#define TRX_ZSTD_TABLE_CHECKSUMS 0x80
#define TRX_ZSTD_TABLE_MAGIC 0x8f92eab1u

#endif
