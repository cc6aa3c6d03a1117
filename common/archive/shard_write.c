#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/archive/manifest.h"
#include "common/archive/npy.h"
#include "common/archive/pattern.h"
#include "common/archive/seal.h"
#include "common/archive/shard.h"
#include "common/archive/shard_row.h"
#include "common/archive/tarball.h"
#include "common/base/buf.h"
#include "common/base/bytes.h"
#include "common/cli/output.h"
#include "common/digest/sha256.h"
#include "common/zstream/frames.h"

#define FRAME_SIZE \
	(1u << 20) /* a frame ends with the member that passes it \
		    */
#define SHARD_BYTES (1ull << 30)

struct trx_shards {
	char *text; /* what pattern borrows */
	struct trx_pattern pattern;
	bool compress;
	uint64_t shard_bytes;
	uint32_t vocab_size;
	struct trx_buf header;
	struct trx_output **outputs; /* of all shards, the last being written */
	size_t noutputs;
	uint64_t row;		      /* the next one's index in the run */
	struct trx_manifest manifest; /* of the shard being written, so far */
	struct trx_tarball *tar;
	struct trx_sha256 *tar_sha;
	uint64_t tar_bytes;
	struct trx_zframes *zframes; /* NULL: not compressed */
	struct trx_sha256 *frames_sha;
	struct trx_buf frame;	/* the tar's bytes that are not in one yet */
	struct trx_buf scratch; /* an array as it is stored */
};

/* The bytes of the compressed file. */
static int
take_compressed(void *ctx, const void *p, size_t n, struct trx_error *err)
{
	struct trx_shards *s = ctx;

	trx_sha256_add(s->frames_sha, p, n);
	return trx_output_write(s->outputs[s->noutputs - 1], p, n, err);
}

/* The bytes of the tar. */
static int
take_tar(void *ctx, const void *p, size_t n, struct trx_error *err)
{
	struct trx_shards *s = ctx;

	trx_sha256_add(s->tar_sha, p, n);
	s->tar_bytes += n;
	if (!s->compress)
		return trx_output_write(s->outputs[s->noutputs - 1], p, n, err);
	trx_buf_add(&s->frame, p, n);
	return s->frame.failed ? trx_error_memory(err) : 0;
}

static int
end_frame(struct trx_shards *s, struct trx_error *err)
{
	if (trx_zframes_add(s->zframes, s->frame.data, s->frame.len, err) == -1)
		return -1;
	trx_buf_reset(&s->frame);
	return 0;
}

/* End a member; a frame too, if it is full. */
static int
end_member(struct trx_shards *s, struct trx_error *err)
{
	if (trx_tarball_end(s->tar, err) == -1)
		return -1;
	return s->frame.len < FRAME_SIZE ? 0 : end_frame(s, err);
}

static int
add_text(struct trx_shards *s, const char *name, struct trx_str text,
    uint64_t max, struct trx_error *err)
{
	if (text.n > max)
		return trx_error_set(err, TRX_INPUT,
		    "%s of %zu bytes: the limit is %" PRIu64, name, text.n,
		    max);
	if (trx_tarball_begin(s->tar, name, text.n, err) == -1 ||
	    trx_tarball_data(s->tar, text.p, text.n, err) == -1)
		return -1;
	return end_member(s, err);
}

/* Add an array, whose bytes are data[0..trx_npy_size). */
static int
add_array(struct trx_shards *s, const char *name, const struct trx_npy *npy,
    const void *data, struct trx_error *err)
{
	uint64_t size = trx_npy_size(npy);
	char head[TRX_NPY_HEAD];

	trx_npy_put(npy, head);
	if (trx_tarball_begin(s->tar, name, sizeof(head) + size, err) == -1 ||
	    trx_tarball_data(s->tar, head, sizeof(head), err) == -1 ||
	    trx_tarball_data(s->tar, data, (size_t)size, err) == -1)
		return -1;
	return end_member(s, err);
}

static void
free_shard(struct trx_shards *s)
{
	trx_tarball_free(s->tar);
	trx_zframes_free(s->zframes);
	trx_sha256_free(s->tar_sha);
	trx_sha256_free(s->frames_sha);
	s->tar = NULL;
	s->zframes = NULL;
	s->tar_sha = NULL;
	s->frames_sha = NULL;
}

/* Create the next shard's output, under its temporary name. */
static int
open_output(struct trx_shards *s, struct trx_error *err)
{
	struct trx_buf path = TRX_BUF_INIT;
	struct trx_output **outputs;
	int rc = -1;

	outputs = realloc(s->outputs, (s->noutputs + 1) * sizeof(*s->outputs));
	if (outputs == NULL)
		return trx_error_memory(err);
	s->outputs = outputs;
	trx_pattern_name(&s->pattern, s->noutputs, &path);
	if (path.failed) {
		trx_error_memory(err);
		goto out;
	}
	outputs[s->noutputs] = trx_output_create(path.data, err);
	if (outputs[s->noutputs] == NULL)
		goto out;
	s->noutputs++;
	rc = 0;
out:
	trx_buf_free(&path);
	return rc;
}

/* Begin the next shard of the run. */
static int
begin_shard(struct trx_shards *s, struct trx_error *err)
{
	struct trx_manifest m = { .shard = s->noutputs };

	memcpy(m.previous, s->manifest.tar_sha256, sizeof(m.previous));
	s->manifest = m;
	s->tar_bytes = 0;
	if (open_output(s, err) == -1 ||
	    (s->tar_sha = trx_sha256_new(err)) == NULL ||
	    (s->tar = trx_tarball_new(take_tar, s, err)) == NULL)
		return -1;
	if (s->compress && ((s->frames_sha = trx_sha256_new(err)) == NULL ||
			       (s->zframes = trx_zframes_new(
				    take_compressed, s, err)) == NULL))
		return -1;
	return add_text(s, TRX_SHARD_HEADER, trx_buf_str(&s->header),
	    TRX_SHARD_HEADER_MAX, err);
}

/* Write the last frame, the seal and the seek table. */
static int
end_compressed(struct trx_shards *s, struct trx_error *err)
{
	unsigned char digest[TRX_SHA256_SIZE];

	if (end_frame(s, err) == -1 ||
	    trx_sha256_bytes(s->frames_sha, digest, err) == -1)
		return -1;
	trx_buf_reset(&s->scratch);
	trx_seal_put(&s->scratch, digest, trx_tarball_version());
	if (s->scratch.failed)
		return trx_error_memory(err);
	if (trx_zframes_skippable(s->zframes, TRX_SEAL_MAGIC, s->scratch.data,
		s->scratch.len, err) == -1)
		return -1;
	return trx_zframes_table(s->zframes, err);
}

/* Finish the shard, with a trailer if it is the last one. */
static int
end_shard(
    struct trx_shards *s, const struct trx_json *trailer, struct trx_error *err)
{
	s->manifest.last = trailer != NULL;
	s->manifest.shards = s->noutputs;
	s->manifest.trailer = trailer;
	trx_buf_reset(&s->scratch);
	if (trx_sha256_hex(s->tar_sha, s->manifest.tar_sha256, err) == -1 ||
	    trx_manifest_put(&s->manifest, &s->scratch, err) == -1 ||
	    add_text(s, TRX_SHARD_MANIFEST, trx_buf_str(&s->scratch),
		TRX_SHARD_MANIFEST_MAX, err) == -1 ||
	    trx_tarball_close(s->tar, err) == -1)
		return -1;
	if (s->compress && end_compressed(s, err) == -1)
		return -1;
	free_shard(s);
	return trx_output_sync(s->outputs[s->noutputs - 1], err);
}

struct trx_shards *
trx_shards_create(const char *pattern, const struct trx_shard_options *options,
    struct trx_str header, uint32_t vocab_size, struct trx_error *err)
{
	struct trx_shards *s = calloc(1, sizeof(*s));

	if (s == NULL)
		goto err0;
	s->compress = options->compress;
	s->shard_bytes =
	    options->shard_bytes == 0 ? SHARD_BYTES : options->shard_bytes;
	s->vocab_size = vocab_size;
	trx_buf_adds(&s->header, header);
	if ((s->text = strdup(pattern)) == NULL || s->header.failed)
		goto err1;
	if (trx_pattern_parse(&s->pattern, s->text,
		s->compress ? ".tar.zst" : ".tar", err) == -1 ||
	    begin_shard(s, err) == -1) {
		trx_shards_free(s);
		return NULL;
	}
	return s;
err1:
	trx_shards_free(s);
err0:
	trx_error_memory(err);
	return NULL;
}

/* Store ids in scratch, as the vocabulary's size asks. */
static int
store_ids(struct trx_shards *s, const struct trx_shard_row *row,
    struct trx_npy *npy, struct trx_error *err)
{
	bool u2 = s->vocab_size <= TRX_SHARD_U2_VOCAB;
	size_t i;
	char *to;

	*npy = (struct trx_npy){ .type = u2 ? TRX_NPY_U2 : TRX_NPY_I4,
		.rows = row->nids };
	trx_buf_reset(&s->scratch);
	if ((to = trx_buf_reserve(&s->scratch, trx_npy_size(npy))) == NULL)
		return trx_error_memory(err);
	for (i = 0; i < row->nids; i++) {
		if (row->ids[i] >= s->vocab_size || row->ids[i] > INT32_MAX)
			return trx_error_set(err, TRX_INPUT,
			    "token id %" PRIu32 " is not below %" PRIu32,
			    row->ids[i], s->vocab_size);
		if (u2)
			trx_le16_put(to + 2 * i, (uint16_t)row->ids[i]);
		else
			trx_le32_put(to + 4 * i, row->ids[i]);
	}
	return 0;
}

static int
store_segs(struct trx_shards *s, const struct trx_shard_row *row,
    struct trx_error *err)
{
	size_t i;

	trx_buf_reset(&s->scratch);
	for (i = 0; i < row->nsegs; i++) {
		trx_buf_add32(&s->scratch, row->segs[i][0]);
		trx_buf_add32(&s->scratch, row->segs[i][1]);
		trx_buf_add32(&s->scratch, row->segs[i][2]);
	}
	return s->scratch.failed ? trx_error_memory(err) : 0;
}

/* Write the members of a row that has been checked. */
static int
add_members(struct trx_shards *s, const struct trx_shard_row *row,
    struct trx_error *err)
{
	const struct trx_npy mask = { .type = TRX_NPY_U1, .rows = row->nids };
	const struct trx_npy segs = {
		.type = TRX_NPY_I4, .rows = row->nsegs, .columns = 3
	};
	char name[TRX_SHARD_NAME];
	struct trx_npy ids;

	trx_shard_name(name, s->row, TRX_SHARD_IDS);
	if (store_ids(s, row, &ids, err) == -1 ||
	    add_array(s, name, &ids, s->scratch.data, err) == -1)
		return -1;
	trx_shard_name(name, s->row, TRX_SHARD_MASK);
	if (add_array(s, name, &mask, row->mask, err) == -1)
		return -1;
	trx_shard_name(name, s->row, TRX_SHARD_SEGS);
	if (store_segs(s, row, err) == -1 ||
	    add_array(s, name, &segs, s->scratch.data, err) == -1)
		return -1;
	trx_shard_name(name, s->row, TRX_SHARD_JSON);
	return add_text(s, name, row->json, TRX_SHARD_MEMBER_MAX, err);
}

int
trx_shards_add(struct trx_shards *s, const struct trx_shard_row *row,
    struct trx_error *err)
{
	uint64_t trained;

	if (row->nids >= TRX_SHARD_IDS_MAX || s->row == TRX_SHARD_ROWS_MAX)
		return trx_error_set(err, TRX_INPUT,
		    "row %" PRIu64 ": too large for an archive", s->row);
	if (s->manifest.rows > 0 && s->tar_bytes > s->shard_bytes &&
	    (end_shard(s, NULL, err) == -1 || begin_shard(s, err) == -1))
		return -1;
	if (trx_shard_check(row, &trained, err) == -1 ||
	    add_members(s, row, err) == -1)
		return err->status == TRX_INPUT
			   ? trx_error_at(err, "row %" PRIu64, s->row)
			   : -1;
	s->row++;
	s->manifest.rows++;
	s->manifest.examples += row->nsegs;
	s->manifest.tokens += row->nids;
	s->manifest.trained += trained;
	return 0;
}

int
trx_shards_commit(
    struct trx_shards *s, const struct trx_json *trailer, struct trx_error *err)
{
	size_t i;

	if (end_shard(s, trailer, err) == -1)
		return -1;
	for (i = 0; i < s->noutputs; i++)
		if (trx_output_commit(s->outputs[i], err) == -1)
			return -1;
	return 0;
}

void
trx_shards_free(struct trx_shards *s)
{
	size_t i;

	if (s == NULL)
		return;
	free_shard(s);
	for (i = 0; i < s->noutputs; i++)
		trx_output_free(s->outputs[i]);
	free(s->outputs);
	trx_buf_free(&s->header);
	trx_buf_free(&s->frame);
	trx_buf_free(&s->scratch);
	free(s->text);
	free(s);
}
