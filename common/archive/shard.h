/*
 * Shards: packed rows as a tar that plain tools read, sealed so that a shard
 * is whole or refused (trx-archive(5)).  The face of common/archive.
 */
#ifndef TRX_ARCHIVE_SHARD_H
#define TRX_ARCHIVE_SHARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/str.h"
#include "common/json/value.h"
#include "common/zstream/in.h"

struct trx_shard_row {
	const uint32_t *ids; /* below 2^31 */
	size_t nids;	     /* below 2^26 */
	const uint8_t *mask; /* nids bytes, 0 or 1 */
	/* Begin, context end, end: they tile the ids, in order, none empty. */
	const uint32_t (*segs)[3];
	size_t nsegs;
	struct trx_str json; /* {"examples":[...]}; not looked into */
};

/* Writing a run of shards. */

struct trx_shard_options {
	bool compress;
	/* Once the tar has passed this a new shard begins; 0: 1 GiB. */
	uint64_t shard_bytes;
};

struct trx_shards;

/*
 * Begin a run.  pattern holds exactly one %0Nd, where the shard's index goes,
 * and ends in .tar.zst, or in .tar where they are not compressed (else
 * TRX_USAGE).  header is copied: the stream header, canonical JSON.  Ids are
 * kept in two bytes if vocab_size <= 65536, else in four.  Returns NULL with
 * err set on failure.
 */
struct trx_shards *trx_shards_create(const char *pattern,
    const struct trx_shard_options *options, struct trx_str header,
    uint32_t vocab_size, struct trx_error *err);

/*
 * Write a row.  Returns 0, or -1 with err set: TRX_INPUT where the row is not
 * as above, has an id of vocab_size or more, a mask that is 1 before its
 * segment's context end or at its first token, or more than 1 GiB of JSON.
 * After a failure only trx_shards_free may follow.
 */
int trx_shards_add(struct trx_shards *s, const struct trx_shard_row *row,
    struct trx_error *err);

/*
 * End the run: finish the last shard with trailer (an object whose numbers
 * are integers; not NULL), sync all, then give them their names, in order.  A
 * run of no rows is one shard.  0, or -1 with err set.
 */
int trx_shards_commit(struct trx_shards *s, const struct trx_json *trailer,
    struct trx_error *err);

/* Free; what was not committed is removed.  NULL is fine. */
void trx_shards_free(struct trx_shards *s);

/* Reading one shard. */

/* This many bytes (trx_zin_peek) tell a shard from anything else. */
#define TRX_SHARD_PEEK 512

/* Do the first n bytes of a file, decompressed, begin a shard? */
bool trx_shard_begins(const void *p, size_t n);

struct trx_shard_reader;

/*
 * Read the shard in zin, of which nothing was read yet (it may have been
 * peeked at); its options are set here.  zin is the reader's, also on failure.
 * Returns NULL with err set: TRX_INPUT where it is no shard or is damaged.
 */
struct trx_shard_reader *trx_shard_open(
    struct trx_zin *zin, struct trx_error *err);

/* The stream header, as it stands; borrowed until trx_shard_close. */
struct trx_str trx_shard_header(const struct trx_shard_reader *r);

/*
 * Read the next row.  *row is borrowed until the next call; *index is its
 * index in the run.  Returns 1; 0 at the end, when all of the shard has been
 * read and was found whole; -1 with err set, source and row or member before
 * it.  A row may be given before later damage is seen: what was made of it
 * counts only after 0.
 */
int trx_shard_next(struct trx_shard_reader *r, struct trx_shard_row *row,
    uint64_t *index, struct trx_error *err);

/*
 * The manifest, once trx_shard_next has returned 0 (NULL before); borrowed
 * until trx_shard_close.
 */
const struct trx_json *trx_shard_manifest(const struct trx_shard_reader *r);

/* Close zin and free.  NULL is fine. */
void trx_shard_close(struct trx_shard_reader *r);

#endif
