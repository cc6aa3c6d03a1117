#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zstd.h>
#include <zstd_errors.h>

#include "common/base/buf.h"
#include "common/base/bytes.h"
#include "common/zstream/format.h"
#include "common/zstream/in.h"

#define STREAM_WINDOW_LOG 27

/* The frame header descriptor's place after the magic, and its flag. */
#define AT_DESCRIPTOR 4
#define HAS_CHECKSUM 0x04

enum state { BETWEEN, IN_FRAME, IN_SKIPPABLE };

struct trx_zin {
	int fd;
	char *name;
	struct trx_zin_options options;
	bool sniffed;
	bool zstd;
	bool eof; /* read(2) has returned 0 */
	ZSTD_DCtx *dctx;
	unsigned char *in; /* TRX_ZIN_PEEK bytes, pos..len of them unused */
	size_t pos;
	size_t len;
	uint64_t offset; /* of in[pos] in the file */
	uint64_t out;	 /* bytes given to the caller */
	enum state state;
	uint64_t begin; /* offset of this frame */
	struct trx_zin_frame frame;
	bool checksum;	       /* this frame has one */
	unsigned char last[4]; /* this frame's last bytes so far */
	uint32_t magic;	       /* of this skippable frame */
	uint32_t left;	       /* of its content */
	struct trx_buf content;
};

struct trx_zin *
trx_zin_open(int fd, const char *name, struct trx_error *err)
{
	struct trx_zin *z = calloc(1, sizeof(*z));

	if (z == NULL) {
		close(fd);
		goto err0;
	}
	z->fd = fd;
	z->options.window_log = STREAM_WINDOW_LOG;
	if ((z->name = strdup(name)) == NULL)
		goto err1;
	if ((z->in = malloc(TRX_ZIN_PEEK)) == NULL)
		goto err1;
	return z;
err1:
	trx_zin_close(z);
err0:
	trx_error_memory(err);
	return NULL;
}

/* read(2), once, however often a signal comes between. */
static ssize_t
read_some(struct trx_zin *z, void *buf, size_t n, struct trx_error *err)
{
	ssize_t got;

	if (z->eof)
		return 0;
	do
		got = read(z->fd, buf, n);
	while (got == -1 && errno == EINTR);
	if (got == -1)
		return trx_error_set(err, TRX_MACHINE, "%s: read:", z->name);
	z->eof = got == 0;
	return got;
}

/* Read until n bytes (at most TRX_ZIN_PEEK) are unused, or the file ends. */
static int
want(struct trx_zin *z, size_t n, struct trx_error *err)
{
	ssize_t got;

	if (z->len - z->pos >= n)
		return 0;
	memmove(z->in, z->in + z->pos, z->len - z->pos);
	z->len -= z->pos;
	z->pos = 0;
	while (z->len < n && !z->eof) {
		got = read_some(z, z->in + z->len, TRX_ZIN_PEEK - z->len, err);
		if (got == -1)
			return -1;
		z->len += (size_t)got;
	}
	return 0;
}

static void
use(struct trx_zin *z, size_t n)
{
	z->pos += n;
	z->offset += n;
}

static bool
is_skippable(uint32_t magic)
{
	return (magic & TRX_ZSTD_SKIPPABLE_MASK) == TRX_ZSTD_SKIPPABLE;
}

/* Find out whether the file is zstd. */
static int
sniff(struct trx_zin *z, struct trx_error *err)
{
	uint32_t magic;

	if (z->sniffed)
		return 0;
	if (want(z, 4, err) == -1)
		return -1;
	z->sniffed = true;
	if (z->len - z->pos < 4)
		return 0;
	magic = trx_le32_get(z->in + z->pos);
	if (magic != TRX_ZSTD_MAGIC && !is_skippable(magic))
		return 0;
	if ((z->dctx = ZSTD_createDCtx()) == NULL)
		return trx_error_memory(err);
	z->zstd = true;
	return 0;
}

/*
 * Decode what is in z->in into buf, from a fresh start, as far as it goes.
 * Damage is left for trx_zin_read to see.
 */
static ssize_t
peek_zstd(struct trx_zin *z, void *buf, size_t n, struct trx_error *err)
{
	ZSTD_inBuffer in = { z->in, z->len, 0 };
	ZSTD_outBuffer out = { buf, n, 0 };
	size_t before, r;

	ZSTD_DCtx_reset(z->dctx, ZSTD_reset_session_only);
	do {
		before = in.pos + out.pos;
		r = ZSTD_decompressStream(z->dctx, &out, &in);
	} while (!ZSTD_isError(r) && out.pos < n && in.pos + out.pos > before);
	ZSTD_DCtx_reset(z->dctx, ZSTD_reset_session_only);
	if (ZSTD_getErrorCode(r) == ZSTD_error_memory_allocation)
		return trx_error_memory(err);
	return (ssize_t)out.pos;
}

ssize_t
trx_zin_peek(struct trx_zin *z, void *buf, size_t n, struct trx_error *err)
{
	size_t fill = n;
	ssize_t got;

	if (sniff(z, err) == -1)
		return -1;
	for (;;) {
		if (want(z, fill, err) == -1)
			return -1;
		if (!z->zstd)
			break;
		got = peek_zstd(z, buf, n, err);
		if (got == -1 || got == (ssize_t)n || z->len < fill ||
		    z->len == TRX_ZIN_PEEK)
			return got;
		fill = z->len < TRX_ZIN_PEEK / 2 ? 2 * z->len : TRX_ZIN_PEEK;
	}
	if (n > z->len)
		n = z->len;
	memcpy(buf, z->in, n);
	return (ssize_t)n;
}

void
trx_zin_set(struct trx_zin *z, const struct trx_zin_options *options)
{
	z->options = *options;
}

static ssize_t
read_plain(struct trx_zin *z, void *buf, size_t n, struct trx_error *err)
{
	size_t have = z->len - z->pos;
	ssize_t got;

	if (have > 0) {
		if (have > n)
			have = n;
		memcpy(buf, z->in + z->pos, have);
		use(z, have);
		return (ssize_t)have;
	}
	if ((got = read_some(z, buf, n, err)) > 0)
		z->offset += (uint64_t)got;
	return got;
}

static int
cut_short(const struct trx_zin *z, const char *where, struct trx_error *err)
{
	return trx_error_set(err, TRX_INPUT,
	    "%s: cut short inside a zstd %s, at byte %" PRIu64, z->name, where,
	    z->offset + (z->len - z->pos));
}

/* Put the name before a watch's refusal. */
static int
refused(const struct trx_zin *z, struct trx_error *err)
{
	return trx_error_at(err, "%s", z->name);
}

static int
begin_skippable(struct trx_zin *z, struct trx_error *err)
{
	if (want(z, TRX_ZSTD_SKIPPABLE_HEAD, err) == -1)
		return -1;
	if (z->len - z->pos < TRX_ZSTD_SKIPPABLE_HEAD)
		return cut_short(z, "frame", err);
	z->magic = trx_le32_get(z->in + z->pos);
	z->left = trx_le32_get(z->in + z->pos + 4);
	if (z->options.watch.skippable != NULL &&
	    z->left > z->options.skippable_max)
		return trx_error_set(err, TRX_INPUT,
		    "%s: a skippable frame of %" PRIu32
		    " bytes at byte %" PRIu64 ": the limit is %zu",
		    z->name, z->left, z->offset, z->options.skippable_max);
	use(z, TRX_ZSTD_SKIPPABLE_HEAD);
	trx_buf_reset(&z->content);
	z->state = IN_SKIPPABLE;
	return 1;
}

/* Begin the next frame of either kind.  Returns 1, 0 at the end, or -1. */
static int
begin(struct trx_zin *z, struct trx_error *err)
{
	const unsigned char *p;
	size_t r;

	if (want(z, AT_DESCRIPTOR + 1, err) == -1)
		return -1;
	p = z->in + z->pos;
	if (z->len == z->pos)
		return 0;
	z->begin = z->offset;
	if (z->len - z->pos >= 4 && is_skippable(trx_le32_get(p)))
		return begin_skippable(z, err);
	if (z->len - z->pos < 4 || trx_le32_get(p) != TRX_ZSTD_MAGIC)
		return trx_error_set(err, TRX_INPUT,
		    "%s: no zstd frame begins at byte %" PRIu64
		    ": damaged, or something was appended",
		    z->name, z->offset);
	if (z->len - z->pos <= AT_DESCRIPTOR)
		return cut_short(z, "frame", err);
	z->checksum = p[AT_DESCRIPTOR] & HAS_CHECKSUM;
	if (z->options.checksums && !z->checksum)
		return trx_error_set(err, TRX_INPUT,
		    "%s: the zstd frame at byte %" PRIu64
		    " has no content checksum",
		    z->name, z->offset);
	r = ZSTD_DCtx_setParameter(
	    z->dctx, ZSTD_d_windowLogMax, z->options.window_log);
	if (ZSTD_isError(r))
		return trx_error_set(err, TRX_MACHINE, "%s: zstd: %s", z->name,
		    ZSTD_getErrorName(r));
	z->frame = (struct trx_zin_frame){ 0 };
	z->state = IN_FRAME;
	return 1;
}

/* Gather, or pass over, the content of a skippable frame. */
static int
skip(struct trx_zin *z, struct trx_error *err)
{
	const struct trx_zin_watch *watch = &z->options.watch;
	size_t n;

	while (z->left > 0) {
		if (want(z, 1, err) == -1)
			return -1;
		if ((n = z->len - z->pos) == 0)
			return cut_short(z, "skippable frame", err);
		if (n > z->left)
			n = z->left;
		if (watch->skippable != NULL)
			trx_buf_add(&z->content, z->in + z->pos, n);
		use(z, n);
		z->left -= (uint32_t)n;
	}
	z->state = BETWEEN;
	if (watch->skippable == NULL)
		return 0;
	if (z->content.failed)
		return trx_error_memory(err);
	if (watch->skippable(
		watch->ctx, z->magic, trx_buf_str(&z->content), err) == -1)
		return refused(z, err);
	return 0;
}

/* n bytes of this frame are decoded: count them, show them, keep the last. */
static void
consumed(struct trx_zin *z, size_t n)
{
	const unsigned char *p = z->in + z->pos;
	size_t tail = n < sizeof(z->last) ? n : sizeof(z->last);

	if (n == 0)
		return;
	memmove(z->last, z->last + tail, sizeof(z->last) - tail);
	memcpy(z->last + sizeof(z->last) - tail, p + n - tail, tail);
	z->frame.compressed += n;
	if (z->options.watch.compressed != NULL)
		z->options.watch.compressed(z->options.watch.ctx, p, n);
	use(z, n);
}

static int
end_frame(struct trx_zin *z, struct trx_error *err)
{
	const struct trx_zin_watch *watch = &z->options.watch;

	z->state = BETWEEN;
	if (z->checksum)
		z->frame.checksum = trx_le32_get(z->last);
	if (watch->frame != NULL &&
	    watch->frame(watch->ctx, &z->frame, err) == -1)
		return refused(z, err);
	return 0;
}

static int
bad_frame(const struct trx_zin *z, size_t result, struct trx_error *err)
{
	if (ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation)
		return trx_error_memory(err);
	return trx_error_set(err, TRX_INPUT,
	    "%s: the zstd frame at byte %" PRIu64 " is damaged: %s", z->name,
	    z->begin, ZSTD_getErrorName(result));
}

/* Decode a piece of this frame.  Returns how much came out, or -1. */
static ssize_t
decode(struct trx_zin *z, void *buf, size_t n, struct trx_error *err)
{
	ZSTD_inBuffer in = { z->in + z->pos, z->len - z->pos, 0 };
	ZSTD_outBuffer out = { buf, n, 0 };
	uint64_t ratio = z->options.ratio;
	size_t r;

	r = ZSTD_decompressStream(z->dctx, &out, &in);
	if (ZSTD_isError(r))
		return bad_frame(z, r, err);
	consumed(z, in.pos);
	z->frame.decompressed += out.pos;
	z->out += out.pos;
	if (ratio != 0 && z->out > TRX_ZIN_RATIO_FROM &&
	    (z->out - TRX_ZIN_RATIO_FROM) / ratio > z->offset)
		return trx_error_set(err, TRX_INPUT,
		    "%s: expands more than %" PRIu64 " times, at byte %" PRIu64,
		    z->name, ratio, z->offset);
	if (r == 0)
		return end_frame(z, err) == -1 ? -1 : (ssize_t)out.pos;
	if (out.pos == 0 && z->pos == z->len) {
		if (want(z, 1, err) == -1)
			return -1;
		if (z->pos == z->len)
			return cut_short(z, "frame", err);
	}
	return (ssize_t)out.pos;
}

ssize_t
trx_zin_read(struct trx_zin *z, void *buf, size_t n, struct trx_error *err)
{
	ssize_t got = 0;
	int more;

	if (sniff(z, err) == -1)
		return -1;
	if (!z->zstd)
		return read_plain(z, buf, n, err);
	while (got == 0) {
		if (z->state == BETWEEN) {
			if ((more = begin(z, err)) != 1)
				return more;
		} else if (z->state == IN_SKIPPABLE) {
			if (skip(z, err) == -1)
				return -1;
		} else {
			got = decode(z, buf, n, err);
		}
	}
	return got;
}

bool
trx_zin_compressed(const struct trx_zin *z)
{
	return z->zstd;
}

const char *
trx_zin_name(const struct trx_zin *z)
{
	return z->name;
}

void
trx_zin_close(struct trx_zin *z)
{
	if (z == NULL)
		return;
	close(z->fd);
	ZSTD_freeDCtx(z->dctx);
	trx_buf_free(&z->content);
	free(z->in);
	free(z->name);
	free(z);
}
