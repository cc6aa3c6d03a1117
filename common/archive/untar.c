#include <stdlib.h>
#include <string.h>

#include "common/archive/untar.h"

#define PIECE 65536

struct trx_untar {
	struct trx_zin *zin;
	struct trx_sha256 *digest; /* of all before the block */
	unsigned char block[TRX_USTAR_BLOCK];
	bool pending; /* the block is not in the digest yet */
	char name[TRX_USTAR_NAME];
	uint64_t left; /* of this member's data */
	size_t padding;
};

struct trx_untar *
trx_untar_new(struct trx_zin *zin, struct trx_error *err)
{
	struct trx_untar *t = calloc(1, sizeof(*t));

	if (t == NULL) {
		trx_error_memory(err);
		return NULL;
	}
	t->zin = zin;
	if ((t->digest = trx_sha256_new(err)) == NULL) {
		free(t);
		return NULL;
	}
	return t;
}

/* Say where, then why. */
static int
bad(const struct trx_untar *t, const char *why, struct trx_error *err)
{
	const char *name = trx_zin_name(t->zin);

	if (t->name[0] == '\0')
		return trx_error_set(err, TRX_INPUT, "%s: %s", name, why);
	return trx_error_set(err, TRX_INPUT, "%s: %s member %s: %s", name,
	    t->left > 0 ? "in" : "after", t->name, why);
}

static int
read_all(struct trx_untar *t, void *buf, size_t n, struct trx_error *err)
{
	unsigned char *p = buf;
	ssize_t got;

	while (n > 0) {
		if ((got = trx_zin_read(t->zin, p, n, err)) == -1)
			return -1;
		if (got == 0)
			return bad(t,
			    "the tar ends too early: cut short, or its writer "
			    "died",
			    err);
		p += got;
		n -= (size_t)got;
	}
	return 0;
}

static void
hash(struct trx_untar *t, const void *p, size_t n)
{
	if (t->pending)
		trx_sha256_add(t->digest, t->block, TRX_USTAR_BLOCK);
	t->pending = false;
	trx_sha256_add(t->digest, p, n);
}

/* Read n (at most TRX_USTAR_END) bytes that must be zero. */
static int
read_zeros(struct trx_untar *t, size_t n, struct trx_error *err)
{
	static const unsigned char zeros[TRX_USTAR_END];
	unsigned char buf[TRX_USTAR_END];

	if (read_all(t, buf, n, err) == -1)
		return -1;
	if (memcmp(buf, zeros, n) != 0)
		return bad(t, "bytes that must be zero are not: damaged", err);
	hash(t, buf, n);
	return 0;
}

int
trx_untar_next(struct trx_untar *t, const char **name, uint64_t *size,
    struct trx_error *err)
{
	if (read_zeros(t, t->padding, err) == -1 ||
	    read_all(t, t->block, TRX_USTAR_BLOCK, err) == -1)
		return -1;
	if (trx_ustar_get(t->block, t->name, size) == -1)
		return bad(t,
		    t->block[0] == '\0'
			? "no manifest at the end of the tar"
			: "a tar header that is not as in trx-archive(5): "
			  "damaged, or not a shard",
		    err);
	t->pending = true;
	t->left = *size;
	t->padding = trx_ustar_padding(*size);
	*name = t->name;
	return 0;
}

int
trx_untar_digest(
    struct trx_untar *t, char hex[TRX_SHA256_HEX], struct trx_error *err)
{
	return trx_sha256_hex(t->digest, hex, err);
}

int
trx_untar_read(struct trx_untar *t, void *buf, size_t n, struct trx_error *err)
{
	if (n > t->left)
		return bad(t, "the member is too short", err);
	if (read_all(t, buf, n, err) == -1)
		return -1;
	hash(t, buf, n);
	t->left -= n;
	return 0;
}

int
trx_untar_rest(struct trx_untar *t, struct trx_buf *b, struct trx_error *err)
{
	size_t n;
	char *to;

	while (t->left > 0) {
		n = b->len < PIECE ? PIECE : b->len;
		if (n > t->left)
			n = (size_t)t->left;
		if ((to = trx_buf_reserve(b, n)) == NULL)
			return trx_error_memory(err);
		if (trx_untar_read(t, to, n, err) == -1)
			return -1;
		b->len += n;
	}
	return 0;
}

int
trx_untar_end(struct trx_untar *t, struct trx_error *err)
{
	unsigned char byte;
	ssize_t got;

	if (read_zeros(t, t->padding, err) == -1 ||
	    read_zeros(t, TRX_USTAR_END, err) == -1 ||
	    (got = trx_zin_read(t->zin, &byte, 1, err)) == -1)
		return -1;
	if (got != 0)
		return bad(t, "something follows the end of the tar", err);
	return 0;
}

void
trx_untar_free(struct trx_untar *t)
{
	if (t == NULL)
		return;
	trx_sha256_free(t->digest);
	free(t);
}
