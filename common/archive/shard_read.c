#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/archive/manifest.h"
#include "common/archive/npy.h"
#include "common/archive/seal.h"
#include "common/archive/shard.h"
#include "common/archive/shard_row.h"
#include "common/archive/untar.h"
#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/bytes.h"
#include "common/json/reader.h"
#include "common/zstream/frames.h"

#define SKIPPABLE_MAX (1u << 24)
#define KEY_DIGITS 12

struct trx_shard_reader {
	struct trx_zin *zin;
	struct trx_seal *seal;
	struct trx_untar *untar;
	struct trx_buf header;
	struct trx_buf part[TRX_SHARD_PARTS]; /* of this row, decoded */
	struct trx_buf text;		      /* the manifest's */
	struct trx_arena arena;		      /* its tree */
	struct trx_json manifest;
	struct trx_manifest counted; /* what was read so far */
	enum trx_npy_type ids_type;  /* of all rows, once there is one */
	uint64_t first;		     /* index of the first row */
	bool done;
};

bool
trx_shard_begins(const void *p, size_t n)
{
	unsigned char block[TRX_USTAR_BLOCK];
	char name[TRX_USTAR_NAME];
	uint64_t size;

	if (n < sizeof(block))
		return false;
	memcpy(block, p, sizeof(block));
	return memcmp(block, TRX_SHARD_HEADER, sizeof(TRX_SHARD_HEADER)) == 0 &&
	       trx_ustar_get(block, name, &size) == 0;
}

/* Put the source and the row before an error about its content. */
static int
at_row(const struct trx_shard_reader *r, uint64_t index, struct trx_error *err)
{
	return trx_error_at(
	    err, "%s: row %" PRIu64, trx_zin_name(r->zin), index);
}

static int
bad_member(const struct trx_shard_reader *r, const char *name, const char *why,
    struct trx_error *err)
{
	return trx_error_set(err, TRX_INPUT, "%s: member %s: %s",
	    trx_zin_name(r->zin), name, why);
}

/* Read a member of text, or its rest, into b. */
static int
read_text(struct trx_shard_reader *r, const char *name, uint64_t size,
    uint64_t max, struct trx_buf *b, struct trx_error *err)
{
	if (size > max)
		return bad_member(r, name, "larger than the limit", err);
	trx_buf_reset(b);
	return trx_untar_rest(r->untar, b, err);
}

static int
read_header(struct trx_shard_reader *r, struct trx_error *err)
{
	const char *name;
	uint64_t size;

	if (trx_untar_next(r->untar, &name, &size, err) == -1)
		return -1;
	if (strcmp(name, TRX_SHARD_HEADER) != 0)
		return bad_member(
		    r, name, "a shard begins with " TRX_SHARD_HEADER, err);
	return read_text(r, name, size, TRX_SHARD_HEADER_MAX, &r->header, err);
}

struct trx_shard_reader *
trx_shard_open(struct trx_zin *zin, struct trx_error *err)
{
	struct trx_zin_options options = {
		.window_log = TRX_ZFRAMES_WINDOW_LOG,
		.checksums = true,
		.ratio = TRX_ZFRAMES_RATIO,
		.skippable_max = SKIPPABLE_MAX,
	};
	struct trx_shard_reader *r = calloc(1, sizeof(*r));

	if (r == NULL) {
		trx_zin_close(zin);
		trx_error_memory(err);
		return NULL;
	}
	r->zin = zin;
	if ((r->seal = trx_seal_new(err)) == NULL)
		goto err;
	options.watch = trx_seal_watch(r->seal);
	trx_zin_set(zin, &options);
	if ((r->untar = trx_untar_new(zin, err)) == NULL ||
	    read_header(r, err) == -1)
		goto err;
	return r;
err:
	trx_shard_close(r);
	return NULL;
}

struct trx_str
trx_shard_header(const struct trx_shard_reader *r)
{
	return trx_buf_str(&r->header);
}

/* Read the array that this member, of size bytes, is: its raw data. */
static int
read_array(struct trx_shard_reader *r, const char *name, uint64_t size,
    struct trx_npy *npy, struct trx_buf *b, struct trx_error *err)
{
	char head[TRX_NPY_HEAD];

	if (size > TRX_SHARD_MEMBER_MAX)
		return bad_member(r, name, "larger than the limit", err);
	if (trx_untar_read(r->untar, head, sizeof(head), err) == -1)
		return -1;
	if (trx_npy_get(head, npy) == -1 ||
	    trx_npy_size(npy) != size - sizeof(head))
		return bad_member(
		    r, name, "not the array that trx-archive(5) asks for", err);
	trx_buf_reset(b);
	return trx_untar_rest(r->untar, b, err);
}

static int
wrong_array(
    const struct trx_shard_reader *r, const char *name, struct trx_error *err)
{
	return bad_member(r, name, "an array of another type or shape", err);
}

/* Turn the n integers in b, of two bytes or four, into uint32_t. */
static int
decode(struct trx_buf *b, size_t n, bool u2, struct trx_error *err)
{
	uint32_t *to;
	size_t i;

	if (u2 && trx_buf_reserve(b, 2 * n) == NULL)
		return trx_error_memory(err);
	to = (uint32_t *)(void *)b->data;
	/* From the end: a wider one takes the room of those after it. */
	for (i = n; i-- > 0;)
		to[i] = u2 ? trx_le16_get(b->data + 2 * i)
			   : trx_le32_get(b->data + 4 * i);
	b->len = 4 * n;
	return 0;
}

static int
read_ids(struct trx_shard_reader *r, const char *name, uint64_t size,
    struct trx_shard_row *row, struct trx_error *err)
{
	struct trx_buf *b = &r->part[TRX_SHARD_IDS];
	struct trx_npy npy;
	size_t i;

	if (read_array(r, name, size, &npy, b, err) == -1)
		return -1;
	if (npy.columns != 0 || npy.type == TRX_NPY_U1 ||
	    npy.rows >= TRX_SHARD_IDS_MAX ||
	    (r->counted.rows > 0 && npy.type != r->ids_type))
		return wrong_array(r, name, err);
	r->ids_type = npy.type;
	row->nids = (size_t)npy.rows;
	if (decode(b, row->nids, npy.type == TRX_NPY_U2, err) == -1)
		return -1;
	row->ids = (const uint32_t *)(void *)b->data;
	for (i = 0; i < row->nids; i++)
		if (row->ids[i] > INT32_MAX)
			return bad_member(r, name, "a negative id", err);
	return 0;
}

static int
read_mask(struct trx_shard_reader *r, const char *name, uint64_t size,
    struct trx_shard_row *row, struct trx_error *err)
{
	struct trx_buf *b = &r->part[TRX_SHARD_MASK];
	struct trx_npy npy;

	if (read_array(r, name, size, &npy, b, err) == -1)
		return -1;
	if (npy.columns != 0 || npy.type != TRX_NPY_U1 || npy.rows != row->nids)
		return wrong_array(r, name, err);
	row->mask = (const uint8_t *)b->data;
	return 0;
}

static int
read_segs(struct trx_shard_reader *r, const char *name, uint64_t size,
    struct trx_shard_row *row, struct trx_error *err)
{
	struct trx_buf *b = &r->part[TRX_SHARD_SEGS];
	struct trx_npy npy;

	if (read_array(r, name, size, &npy, b, err) == -1)
		return -1;
	if (npy.columns != 3 || npy.type != TRX_NPY_I4 || npy.rows > row->nids)
		return wrong_array(r, name, err);
	row->nsegs = (size_t)npy.rows;
	if (decode(b, 3 * row->nsegs, false, err) == -1)
		return -1;
	row->segs = (const uint32_t(*)[3])(void *)b->data;
	return 0;
}

static int
read_json(struct trx_shard_reader *r, const char *name, uint64_t size,
    struct trx_shard_row *row, struct trx_error *err)
{
	struct trx_buf *b = &r->part[TRX_SHARD_JSON];

	if (read_text(r, name, size, TRX_SHARD_MEMBER_MAX, b, err) == -1)
		return -1;
	row->json = trx_buf_str(b);
	return 0;
}

/* Read row index; its first member is the current one, of size bytes. */
static int
read_row(struct trx_shard_reader *r, uint64_t index, const char *name,
    uint64_t size, struct trx_shard_row *row, struct trx_error *err)
{
	static int (*const readers[TRX_SHARD_PARTS])(struct trx_shard_reader *,
	    const char *, uint64_t, struct trx_shard_row *,
	    struct trx_error *) = { read_ids, read_mask, read_segs, read_json };
	char want[TRX_SHARD_NAME];
	uint64_t trained;
	int i;

	*row = (struct trx_shard_row){ 0 };
	for (i = 0; i < TRX_SHARD_PARTS; i++) {
		if (i > 0 && trx_untar_next(r->untar, &name, &size, err) == -1)
			return -1;
		trx_shard_name(want, index, (enum trx_shard_part)i);
		if (strcmp(name, want) != 0)
			return trx_error_set(err, TRX_INPUT,
			    "%s: member %s where %s must be",
			    trx_zin_name(r->zin), name, want);
		if (readers[i](r, name, size, row, err) == -1)
			return -1;
	}
	if (trx_shard_check(row, &trained, err) == -1)
		return at_row(r, index, err);
	r->counted.rows++;
	r->counted.examples += row->nsegs;
	r->counted.tokens += row->nids;
	r->counted.trained += trained;
	return 0;
}

/* The manifest's counts against what was read. */
static int
check_manifest(const struct trx_shard_reader *r, const struct trx_manifest *m,
    struct trx_error *err)
{
	const struct trx_manifest *counted = &r->counted;

	if (m->rows != counted->rows || m->examples != counted->examples ||
	    m->tokens != counted->tokens || m->trained != counted->trained)
		return trx_error_set(
		    err, TRX_INPUT, "its counts are not those of the rows");
	if (strcmp(m->tar_sha256, counted->tar_sha256) != 0)
		return trx_error_set(err, TRX_INPUT,
		    "tar_sha256 is not that of the bytes before: damaged");
	if (m->shard == 0 && r->first != 0)
		return trx_error_set(err, TRX_INPUT,
		    "the first shard does not begin with row 0");
	return 0;
}

/* Read the manifest, the current member, and all that must follow it. */
static int
finish(struct trx_shard_reader *r, uint64_t size, struct trx_error *err)
{
	struct trx_manifest m;

	if (trx_untar_digest(r->untar, r->counted.tar_sha256, err) == -1 ||
	    read_text(r, TRX_SHARD_MANIFEST, size, TRX_SHARD_MANIFEST_MAX,
		&r->text, err) == -1)
		return -1;
	if (trx_buf_reserve(&r->text, TRX_JSON_PADDING) == NULL)
		return trx_error_memory(err);
	memset(r->text.data + r->text.len, 0, TRX_JSON_PADDING);
	if (trx_manifest_get(r->text.data, r->text.len, &r->arena, &r->manifest,
		&m, err) == -1 ||
	    check_manifest(r, &m, err) == -1)
		return trx_error_at(
		    err, "%s: the manifest", trx_zin_name(r->zin));
	if (trx_untar_end(r->untar, err) == -1)
		return -1;
	if (trx_zin_compressed(r->zin) && trx_seal_finish(r->seal, err) == -1)
		return trx_error_at(err, "%s", trx_zin_name(r->zin));
	r->done = true;
	return 0;
}

/* The index of the shard's first row, from the name of its first member. */
static uint64_t
first_index(const char *name)
{
	uint64_t index = 0;
	int i;

	for (i = 0; i < KEY_DIGITS && name[i] >= '0' && name[i] <= '9'; i++)
		index = 10 * index + (uint64_t)(name[i] - '0');
	return index;
}

int
trx_shard_next(struct trx_shard_reader *r, struct trx_shard_row *row,
    uint64_t *index, struct trx_error *err)
{
	const char *name;
	uint64_t size;

	if (r->done)
		return 0;
	if (trx_untar_next(r->untar, &name, &size, err) == -1)
		return -1;
	if (strcmp(name, TRX_SHARD_MANIFEST) == 0)
		return finish(r, size, err);
	if (r->counted.rows == 0)
		r->first = first_index(name);
	*index = r->first + r->counted.rows;
	return read_row(r, *index, name, size, row, err) == -1 ? -1 : 1;
}

const struct trx_json *
trx_shard_manifest(const struct trx_shard_reader *r)
{
	return r->done ? &r->manifest : NULL;
}

void
trx_shard_close(struct trx_shard_reader *r)
{
	int i;

	if (r == NULL)
		return;
	trx_untar_free(r->untar);
	trx_zin_close(r->zin);
	trx_seal_free(r->seal);
	for (i = 0; i < TRX_SHARD_PARTS; i++)
		trx_buf_free(&r->part[i]);
	trx_buf_free(&r->header);
	trx_buf_free(&r->text);
	trx_arena_free(&r->arena);
	free(r);
}
