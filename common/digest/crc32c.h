/* CRC-32C (Castagnoli; RFC 3720, appendix B.4), in hardware where it is. */
#ifndef TRX_DIGEST_CRC32C_H
#define TRX_DIGEST_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/*
 * Extend crc (0 to begin) over n bytes.  The CRC of a whole is that of its
 * pieces one after the other.
 */
uint32_t trx_crc32c(uint32_t crc, const void *p, size_t n);

/* The same by table, on any machine: what the hardware path must equal. */
uint32_t trx_crc32c_table(uint32_t crc, const void *p, size_t n);

/*
 * A CRC that is stored beside the data it covers is stored masked, since the
 * CRC of data that holds CRCs is weak (the TFRecord and LevelDB formats' rule:
 * rotate right by 15, add 0xa282ead8).
 */
static inline uint32_t
trx_crc32c_mask(uint32_t crc)
{
	return ((crc >> 15) | (crc << 17)) + 0xa282ead8U;
}

#endif
