#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/archive/ustar.h"

/* Where the fields stand (POSIX, pax, "ustar Interchange Format"). */
enum {
	AT_NAME = 0,
	AT_MODE = 100,
	AT_UID = 108,
	AT_GID = 116,
	AT_SIZE = 124,
	AT_MTIME = 136,
	AT_CHECKSUM = 148,
	AT_TYPE = 156,
	AT_MAGIC = 257,
	AT_DEVMAJOR = 329,
	AT_DEVMINOR = 337
};

#define SIZE_DIGITS 11

static void
put(unsigned char *block, size_t at, const char *text)
{
	memcpy(block + at, text, strlen(text));
}

void
trx_ustar_put(
    unsigned char block[TRX_USTAR_BLOCK], const char *name, uint64_t size)
{
	unsigned sum = 0;
	char text[24];
	size_t i;

	memset(block, 0, TRX_USTAR_BLOCK);
	put(block, AT_NAME, name);
	put(block, AT_MODE, "000444 ");
	put(block, AT_UID, "000000 ");
	put(block, AT_GID, "000000 ");
	snprintf(text, sizeof(text), "%011" PRIo64 " ", size);
	put(block, AT_SIZE, text);
	put(block, AT_MTIME, "00000000000 ");
	put(block, AT_CHECKSUM, "        ");
	put(block, AT_TYPE, "0");
	memcpy(block + AT_MAGIC, "ustar\00000", 8);
	put(block, AT_DEVMAJOR, "000000 ");
	put(block, AT_DEVMINOR, "000000 ");
	for (i = 0; i < TRX_USTAR_BLOCK; i++)
		sum += block[i];
	snprintf(text, sizeof(text), "%06o", sum);
	memcpy(block + AT_CHECKSUM, text, 7);
}

int
trx_ustar_get(const unsigned char block[TRX_USTAR_BLOCK],
    char name[TRX_USTAR_NAME], uint64_t *size)
{
	unsigned char same[TRX_USTAR_BLOCK];
	size_t i;

	if (block[AT_NAME] == '\0' || block[TRX_USTAR_NAME - 1] != '\0')
		return -1;
	*size = 0;
	for (i = 0; i < SIZE_DIGITS; i++) {
		if (block[AT_SIZE + i] < '0' || block[AT_SIZE + i] > '7')
			return -1;
		*size = *size << 3 | (uint64_t)(block[AT_SIZE + i] - '0');
	}
	trx_ustar_put(same, (const char *)block + AT_NAME, *size);
	if (memcmp(block, same, TRX_USTAR_BLOCK) != 0)
		return -1;
	memcpy(name, block + AT_NAME, TRX_USTAR_NAME);
	return 0;
}
