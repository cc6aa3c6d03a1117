#include <stdlib.h>
#include <string.h>

#include "common/archive/seal.h"
#include "common/base/bytes.h"
#include "common/digest/crc32c.h"
#include "common/zstream/frames.h"
#include "common/zstream/table.h"

/* Where the fields stand (trx-archive(5)). */
enum {
	AT_SYNC = 0,
	AT_VERSION = 8,
	AT_TEXT_SIZE = 12,
	AT_DIGEST = 16,
	AT_TEXT = AT_DIGEST + TRX_SHA256_SIZE
};

#define SYNC "\xffTRXsea\xfe" /* as that of a stream's frame */
#define SYNC_SIZE 8
#define VERSION 1
#define CRC_SIZE 4
#define TEXT_MAX 1024

struct trx_seal {
	struct trx_sha256 *data;    /* of the frames */
	struct trx_sha256 *entries; /* of the seek table that they call for */
	uint32_t frames;
	bool sealed;
	bool tabled;
};

void
trx_seal_put(struct trx_buf *b, const unsigned char digest[TRX_SHA256_SIZE],
    const char *tar_version)
{
	size_t begin = b->len, text = begin + AT_TEXT;

	trx_buf_add(b, SYNC, SYNC_SIZE);
	trx_buf_add32(b, VERSION);
	trx_buf_add32(b, 0);
	trx_buf_add(b, digest, TRX_SHA256_SIZE);
	trx_buf_addf(b, "%s, %s", trx_zstream_version(), tar_version);
	if (b->failed)
		return;
	trx_le32_put(b->data + begin + AT_TEXT_SIZE, (uint32_t)(b->len - text));
	trx_buf_add32(
	    b, trx_crc32c_mask(trx_crc32c(0, b->data + begin, b->len - begin)));
}

struct trx_seal *
trx_seal_new(struct trx_error *err)
{
	struct trx_seal *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		trx_error_memory(err);
		return NULL;
	}
	if ((s->data = trx_sha256_new(err)) == NULL ||
	    (s->entries = trx_sha256_new(err)) == NULL) {
		trx_seal_free(s);
		return NULL;
	}
	return s;
}

static void
see_compressed(void *ctx, const void *p, size_t n)
{
	struct trx_seal *s = ctx;

	trx_sha256_add(s->data, p, n);
}

static int
see_frame(void *ctx, const struct trx_zin_frame *frame, struct trx_error *err)
{
	struct trx_seal *s = ctx;
	uint8_t entry[TRX_ZSTD_TABLE_ENTRY];

	if (s->sealed)
		return trx_error_set(
		    err, TRX_INPUT, "a zstd frame follows the seal");
	if (frame->compressed > UINT32_MAX || frame->decompressed > UINT32_MAX)
		return trx_error_set(
		    err, TRX_INPUT, "a zstd frame of 4 GiB or more");
	s->frames++;
	trx_zstd_table_entry(entry, (uint32_t)frame->compressed,
	    (uint32_t)frame->decompressed, frame->checksum);
	trx_sha256_add(s->entries, entry, sizeof(entry));
	return 0;
}

static int
damaged_seal(struct trx_error *err)
{
	return trx_error_set(err, TRX_INPUT, "the seal is damaged");
}

static int
see_seal(struct trx_seal *s, struct trx_str c, struct trx_error *err)
{
	unsigned char digest[TRX_SHA256_SIZE];
	uint32_t crc;

	if (c.n < AT_TEXT + CRC_SIZE || c.n > AT_TEXT + TEXT_MAX + CRC_SIZE)
		return damaged_seal(err);
	crc = trx_crc32c_mask(trx_crc32c(0, c.p, c.n - CRC_SIZE));
	if (trx_le32_get(c.p + c.n - CRC_SIZE) != crc ||
	    memcmp(c.p + AT_SYNC, SYNC, SYNC_SIZE) != 0)
		return damaged_seal(err);
	if (trx_le32_get(c.p + AT_VERSION) != VERSION)
		return trx_error_set(
		    err, TRX_INPUT, "the seal is of a newer format");
	if (trx_le32_get(c.p + AT_TEXT_SIZE) != c.n - AT_TEXT - CRC_SIZE)
		return damaged_seal(err);
	if (trx_sha256_bytes(s->data, digest, err) == -1)
		return -1;
	if (memcmp(c.p + AT_DIGEST, digest, TRX_SHA256_SIZE) != 0)
		return trx_error_set(err, TRX_INPUT,
		    "the compressed bytes are not those that were sealed: "
		    "damaged");
	s->sealed = true;
	return 0;
}

static int
see_table(struct trx_seal *s, struct trx_str c, struct trx_error *err)
{
	uint64_t entries = (uint64_t)s->frames * TRX_ZSTD_TABLE_ENTRY;
	unsigned char want[TRX_SHA256_SIZE], digest[TRX_SHA256_SIZE];
	uint8_t footer[TRX_ZSTD_TABLE_FOOTER];
	struct trx_sha256 *got;
	int rc;

	trx_zstd_table_footer(footer, s->frames);
	if (c.n != entries + TRX_ZSTD_TABLE_FOOTER ||
	    memcmp(c.p + entries, footer, sizeof(footer)) != 0)
		goto bad;
	if ((got = trx_sha256_new(err)) == NULL)
		return -1;
	trx_sha256_add(got, c.p, entries);
	rc = trx_sha256_bytes(got, digest, err);
	trx_sha256_free(got);
	if (rc == -1 || trx_sha256_bytes(s->entries, want, err) == -1)
		return -1;
	if (memcmp(want, digest, sizeof(want)) != 0)
		goto bad;
	s->tabled = true;
	return 0;
bad:
	return trx_error_set(err, TRX_INPUT,
	    "the seek table is not that of the frames before it: damaged");
}

static int
see_skippable(
    void *ctx, uint32_t magic, struct trx_str content, struct trx_error *err)
{
	struct trx_seal *s = ctx;

	if (magic == TRX_SEAL_MAGIC && !s->sealed)
		return see_seal(s, content, err);
	if (magic == TRX_ZSTD_TABLE && s->sealed && !s->tabled)
		return see_table(s, content, err);
	return trx_error_set(err, TRX_INPUT,
	    "a skippable zstd frame that does not belong there: damaged, or "
	    "something was appended");
}

struct trx_zin_watch
trx_seal_watch(struct trx_seal *s)
{
	return (struct trx_zin_watch){
		.ctx = s,
		.compressed = see_compressed,
		.frame = see_frame,
		.skippable = see_skippable,
	};
}

int
trx_seal_finish(const struct trx_seal *s, struct trx_error *err)
{
	if (!s->sealed)
		return trx_error_set(err, TRX_INPUT,
		    "no seal: cut short, or compressed by another program");
	if (!s->tabled)
		return trx_error_set(
		    err, TRX_INPUT, "no seek table: cut short");
	return 0;
}

void
trx_seal_free(struct trx_seal *s)
{
	if (s == NULL)
		return;
	trx_sha256_free(s->data);
	trx_sha256_free(s->entries);
	free(s);
}
