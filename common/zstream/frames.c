#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zstd.h>

#include "common/base/buf.h"
#include "common/base/bytes.h"
#include "common/zstream/format.h"
#include "common/zstream/frames.h"
#include "common/zstream/in.h"
#include "common/zstream/table.h"

#define LEVEL 3

#define BLOCK_MAX 131072u /* the format's limit */
#define BLOCK_HEAD 3
#define CHECKSUM_SIZE 4

struct trx_zframes {
	trx_zframes_sink *sink;
	void *ctx;
	ZSTD_CCtx *cctx;
	struct trx_buf frame;
	struct trx_buf table; /* the entries */
	uint32_t frames;
	uint64_t in;
	uint64_t out; /* of compressed frames */
};

struct trx_zframes *
trx_zframes_new(trx_zframes_sink *sink, void *ctx, struct trx_error *err)
{
	struct trx_zframes *z = calloc(1, sizeof(*z));

	if (z == NULL)
		goto err0;
	z->sink = sink;
	z->ctx = ctx;
	if ((z->cctx = ZSTD_createCCtx()) == NULL)
		goto err1;
	if (ZSTD_isError(ZSTD_CCtx_setParameter(
		z->cctx, ZSTD_c_compressionLevel, LEVEL)) ||
	    ZSTD_isError(
		ZSTD_CCtx_setParameter(z->cctx, ZSTD_c_contentSizeFlag, 1)) ||
	    ZSTD_isError(
		ZSTD_CCtx_setParameter(z->cctx, ZSTD_c_checksumFlag, 1)))
		goto err1;
	return z;
err1:
	trx_zframes_free(z);
err0:
	trx_error_memory(err);
	return NULL;
}

/*
 * Make z->frame the frame of the n bytes at p in raw blocks.  Its checksum is
 * taken from the compressed frame that it replaces.
 */
static void
store(struct trx_zframes *z, const unsigned char *p, size_t n)
{
	/* Checksum, content size in 4 bytes; a window of 2 MiB. */
	static const unsigned char shape[] = { 0x84, 0x58 };
	unsigned char checksum[CHECKSUM_SIZE];
	uint32_t block, head;

	memcpy(checksum, z->frame.data + z->frame.len - CHECKSUM_SIZE,
	    CHECKSUM_SIZE);
	trx_buf_reset(&z->frame);
	trx_buf_add32(&z->frame, TRX_ZSTD_MAGIC);
	trx_buf_add(&z->frame, shape, sizeof(shape));
	trx_buf_add32(&z->frame, (uint32_t)n);
	while (n > 0) {
		block = n < BLOCK_MAX ? (uint32_t)n : BLOCK_MAX;
		head = block << 3 | (block == n);
		trx_buf_add16(&z->frame, (uint16_t)head);
		trx_buf_addc(&z->frame, (char)(head >> 16));
		trx_buf_add(&z->frame, p, block);
		p += block;
		n -= block;
	}
	trx_buf_add(&z->frame, checksum, CHECKSUM_SIZE);
}

/* Would n more bytes, however small they get, pass a reader's ratio limit? */
static bool
expands_too_much(const struct trx_zframes *z, size_t n)
{
	return z->in + n > TRX_ZIN_RATIO_FROM &&
	       (z->in + n - TRX_ZIN_RATIO_FROM) / TRX_ZFRAMES_RATIO >= z->out;
}

int
trx_zframes_add(
    struct trx_zframes *z, const void *p, size_t n, struct trx_error *err)
{
	uint8_t entry[TRX_ZSTD_TABLE_ENTRY];
	size_t bound = ZSTD_compressBound(n), size;
	char *to;

	trx_buf_reset(&z->frame);
	if ((to = trx_buf_reserve(&z->frame, bound)) == NULL)
		return trx_error_memory(err);
	size = ZSTD_compress2(z->cctx, to, bound, p, n);
	if (ZSTD_isError(size))
		return trx_error_set(
		    err, TRX_MACHINE, "zstd: %s", ZSTD_getErrorName(size));
	z->frame.len = size;
	if (expands_too_much(z, n))
		store(z, p, n);
	if (z->frame.failed)
		return trx_error_memory(err);
	z->frames++;
	z->in += n;
	z->out += z->frame.len;
	trx_zstd_table_entry(entry, (uint32_t)z->frame.len, (uint32_t)n,
	    trx_le32_get(z->frame.data + z->frame.len - CHECKSUM_SIZE));
	trx_buf_add(&z->table, entry, sizeof(entry));
	return z->sink(z->ctx, z->frame.data, z->frame.len, err);
}

int
trx_zframes_skippable(struct trx_zframes *z, uint32_t magic, const void *p,
    size_t n, struct trx_error *err)
{
	uint8_t head[TRX_ZSTD_SKIPPABLE_HEAD];

	trx_le32_put(head, magic);
	trx_le32_put(head + 4, (uint32_t)n);
	if (z->sink(z->ctx, head, sizeof(head), err) == -1)
		return -1;
	return z->sink(z->ctx, p, n, err);
}

int
trx_zframes_table(struct trx_zframes *z, struct trx_error *err)
{
	uint8_t footer[TRX_ZSTD_TABLE_FOOTER];

	trx_zstd_table_footer(footer, z->frames);
	trx_buf_add(&z->table, footer, sizeof(footer));
	if (z->table.failed)
		return trx_error_memory(err);
	return trx_zframes_skippable(
	    z, TRX_ZSTD_TABLE, z->table.data, z->table.len, err);
}

void
trx_zframes_free(struct trx_zframes *z)
{
	if (z == NULL)
		return;
	ZSTD_freeCCtx(z->cctx);
	trx_buf_free(&z->frame);
	trx_buf_free(&z->table);
	free(z);
}

const char *
trx_zstream_version(void)
{
	static char text[32];

	snprintf(text, sizeof(text), "libzstd %s", ZSTD_versionString());
	return text;
}
