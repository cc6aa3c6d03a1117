#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "common/archive/tarball.h"
#include "common/archive/ustar.h"

#define MEMBER_MODE 0444

struct trx_tarball {
	struct archive *archive;
	struct archive_entry *entry;
	trx_tarball_sink *sink;
	void *ctx;
	struct trx_error sink_error; /* status TRX_OK: it has not failed */
	bool dropped;		     /* the sink wants nothing more */
	uint64_t written;	     /* bytes of the archive so far */
	uint64_t end;		     /* what it is after this member's data */
	unsigned char block[TRX_USTAR_BLOCK]; /* the start of the last write */
};

/*
 * A sink's failure is kept and not passed on: libarchive leaks memory when it
 * is freed after one.
 */
static la_ssize_t
write_out(struct archive *a, void *ctx, const void *p, size_t n)
{
	struct trx_tarball *t = ctx;

	(void)a;
	memcpy(t->block, p, n < TRX_USTAR_BLOCK ? n : TRX_USTAR_BLOCK);
	t->written += n;
	if (!t->dropped && t->sink_error.status == TRX_OK)
		t->sink(t->ctx, p, n, &t->sink_error);
	return (la_ssize_t)n;
}

/* Did libarchive, which should have returned want, and the sink do well? */
static int
check(const struct trx_tarball *t, la_ssize_t got, la_ssize_t want,
    struct trx_error *err)
{
	const char *why = archive_error_string(t->archive);

	if (t->sink_error.status != TRX_OK) {
		*err = t->sink_error;
		return -1;
	}
	if (got != want)
		return trx_error_set(err, TRX_MACHINE, "libarchive: %s",
		    why == NULL ? "not what was asked" : why);
	return 0;
}

struct trx_tarball *
trx_tarball_new(trx_tarball_sink *sink, void *ctx, struct trx_error *err)
{
	struct trx_tarball *t = calloc(1, sizeof(*t));

	if (t == NULL)
		goto err0;
	t->sink = sink;
	t->ctx = ctx;
	if ((t->archive = archive_write_new()) == NULL)
		goto err1;
	if ((t->entry = archive_entry_new()) == NULL)
		goto err1;
	archive_entry_set_filetype(t->entry, AE_IFREG);
	archive_entry_set_perm(t->entry, MEMBER_MODE);
	archive_entry_set_mtime(t->entry, 0, 0);
	if (archive_write_set_format_ustar(t->archive) != ARCHIVE_OK ||
	    archive_write_set_bytes_per_block(t->archive, 0) != ARCHIVE_OK ||
	    archive_write_set_bytes_in_last_block(t->archive, 1) !=
		ARCHIVE_OK ||
	    archive_write_open(t->archive, t, NULL, write_out, NULL) !=
		ARCHIVE_OK)
		goto err1;
	return t;
err1:
	trx_tarball_free(t);
err0:
	trx_error_memory(err);
	return NULL;
}

int
trx_tarball_begin(struct trx_tarball *t, const char *name, uint64_t size,
    struct trx_error *err)
{
	unsigned char block[TRX_USTAR_BLOCK];
	uint64_t before = t->written;

	archive_entry_set_pathname(t->entry, name);
	archive_entry_set_size(t->entry, (la_int64_t)size);
	if (check(t, archive_write_header(t->archive, t->entry), ARCHIVE_OK,
		err) == -1)
		return -1;
	trx_ustar_put(block, name, size);
	if (t->written - before != TRX_USTAR_BLOCK ||
	    memcmp(t->block, block, TRX_USTAR_BLOCK) != 0)
		return trx_error_set(err, TRX_MACHINE,
		    "%s writes ustar headers that are not trx-archive(5)'s",
		    trx_tarball_version());
	t->end = t->written + size;
	return 0;
}

int
trx_tarball_data(
    struct trx_tarball *t, const void *p, size_t n, struct trx_error *err)
{
	if (n > t->end - t->written)
		return trx_error_set(err, TRX_MACHINE,
		    "a tar member was given more than its size");
	if (n == 0)
		return 0;
	return check(
	    t, archive_write_data(t->archive, p, n), (la_ssize_t)n, err);
}

int
trx_tarball_end(struct trx_tarball *t, struct trx_error *err)
{
	if (t->written != t->end)
		return trx_error_set(err, TRX_MACHINE,
		    "a tar member was given less than its size");
	return check(
	    t, archive_write_finish_entry(t->archive), ARCHIVE_OK, err);
}

int
trx_tarball_close(struct trx_tarball *t, struct trx_error *err)
{
	return check(t, archive_write_close(t->archive), ARCHIVE_OK, err);
}

void
trx_tarball_free(struct trx_tarball *t)
{
	if (t == NULL)
		return;
	if (t->archive != NULL) {
		/* Freeing an open one writes its end. */
		t->dropped = true;
		archive_write_free(t->archive);
	}
	archive_entry_free(t->entry);
	free(t);
}

const char *
trx_tarball_version(void)
{
	return archive_version_string();
}
