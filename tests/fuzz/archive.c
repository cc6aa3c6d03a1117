/* Arbitrary bytes given to the reader of shards, by way of a memory file. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/archive/shard.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Where what was read goes, so that it is read. */
static volatile uint64_t touched;

/* Read zin, taken, to its end or its first fault; touch every row. */
static void
read_rows(struct trx_zin *zin)
{
	struct trx_shard_reader *r;
	struct trx_shard_row row;
	struct trx_error err;
	uint64_t index;
	size_t i;

	if ((r = trx_shard_open(zin, &err)) == NULL)
		return;
	while (trx_shard_next(r, &row, &index, &err) == 1)
		for (i = 0; i < row.nids; i++)
			touched = row.ids[i] + row.mask[i];
	trx_shard_close(r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	char first[TRX_SHARD_PEEK];
	struct trx_error err;
	struct trx_zin *zin;

	if (fd == -1 || write(fd, data, size) != (ssize_t)size ||
	    lseek(fd, 0, SEEK_SET) == -1)
		abort();
	if ((zin = trx_zin_open(fd, "fuzz", &err)) == NULL)
		return 0;
	/* Both kinds of start: after a peek and without one. */
	if (size % 2 == 0)
		trx_zin_peek(zin, first, sizeof(first), &err);
	read_rows(zin);
	return 0;
}
