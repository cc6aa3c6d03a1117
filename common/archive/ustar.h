/* The header block of a member of a shard's tar (POSIX ustar). */
#ifndef TRX_ARCHIVE_USTAR_H
#define TRX_ARCHIVE_USTAR_H

#include <stddef.h>
#include <stdint.h>

#define TRX_USTAR_BLOCK 512
#define TRX_USTAR_NAME 100	     /* a name's longest, with a NUL */
#define TRX_USTAR_MAX 0x1ffffffffULL /* a size's largest: 11 octal digits */
#define TRX_USTAR_END 1024	     /* zero bytes after the last member */

/*
 * Write the block of a regular file: mode 0444, owner and time 0, no owner's
 * name.  name is shorter than TRX_USTAR_NAME, size at most TRX_USTAR_MAX.
 */
void trx_ustar_put(
    unsigned char block[TRX_USTAR_BLOCK], const char *name, uint64_t size);

/*
 * Read a block: the only one taken is what trx_ustar_put gives, whatever else
 * a tar may hold (links, sparse files, extensions).  Returns 0, or -1.
 */
int trx_ustar_get(const unsigned char block[TRX_USTAR_BLOCK],
    char name[TRX_USTAR_NAME], uint64_t *size);

/* How many zero bytes follow a member's data. */
static inline size_t
trx_ustar_padding(uint64_t size)
{
	return (size_t)(-size % TRX_USTAR_BLOCK);
}

#endif
