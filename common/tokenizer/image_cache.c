#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/cli/output.h"
#include "common/digest/sha256.h"
#include "common/tokenizer/image_cache.h"

enum { RECORD_MAX = 512 }; /* bytes of what is kept of a source */

#define FOLDER_MAX ((uint64_t)1 << 30) /* bytes of all images together */

/*
 * A file that was changed so lately may change again without stat telling: what
 * is said of it is not kept.
 */
enum { RACY = 2 }; /* seconds */

static bool
is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode) &&
	       st.st_uid == geteuid() &&
	       (st.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

void
trx_image_cache_open(struct trx_image_cache *c)
{
	const char *base = getenv("XDG_CACHE_HOME"), *more = "";

	*c = (struct trx_image_cache){ TRX_BUF_INIT };
	if (base == NULL || base[0] != '/') {
		base = getenv("HOME");
		more = "/.cache";
	}
	if (base == NULL || base[0] != '/')
		return;
	trx_buf_addf(&c->folder, "%s%s", base, more);
	trx_buf_addc(&c->folder, '\0');
	if (!c->folder.failed)
		mkdir(c->folder.data, 0700);
	c->folder.len--;
	trx_buf_addz(&c->folder, "/trx");
	trx_buf_addc(&c->folder, '\0');
	if (c->folder.failed ||
	    (mkdir(c->folder.data, 0700) == -1 && errno != EEXIST) ||
	    !is_folder(c->folder.data)) {
		trx_buf_free(&c->folder);
		return;
	}
	c->folder.data[c->folder.len - 1] = '/';
	trx_buf_addc(&c->folder, '\0');
	if (c->folder.failed)
		trx_buf_free(&c->folder);
	else
		c->folder.len--;
}

void
trx_image_cache_close(struct trx_image_cache *c)
{
	trx_buf_free(&c->folder);
}

/* A file of the folder, as a C string in b. */
static bool
name_file(const struct trx_image_cache *c, const char *name, const char *kind,
    struct trx_buf *b)
{
	if (c->folder.len == 0)
		return false;
	trx_buf_adds(b, trx_buf_str(&c->folder));
	trx_buf_addf(b, "%s.%s", name, kind);
	trx_buf_addc(b, '\0');
	return !b->failed;
}

/* What is known of a source: a line. */
static void
describe(const struct stat *st, struct trx_buf *b)
{
	trx_buf_addf(b, "%ju:%ju %jd %jd.%09ld %jd.%09ld",
	    (uintmax_t)st->st_dev, (uintmax_t)st->st_ino, (intmax_t)st->st_size,
	    (intmax_t)st->st_mtim.tv_sec, st->st_mtim.tv_nsec,
	    (intmax_t)st->st_ctim.tv_sec, st->st_ctim.tv_nsec);
}

bool
trx_image_cache_same(const struct stat *a, const struct stat *b)
{
	struct trx_buf x = TRX_BUF_INIT, y = TRX_BUF_INIT;
	bool same;

	describe(a, &x);
	describe(b, &y);
	same = !x.failed && !y.failed &&
	       trx_str_equal(trx_buf_str(&x), trx_buf_str(&y));
	trx_buf_free(&x);
	trx_buf_free(&y);
	return same;
}

/* The file in which that is kept, and the line itself. */
static bool
name_record(const struct trx_image_cache *c, const struct stat *st,
    struct trx_buf *path, struct trx_buf *line)
{
	char hex[TRX_SHA256_HEX];
	struct trx_error err;

	describe(st, line);
	if (line->failed ||
	    trx_sha256_of(line->data, line->len, hex, &err) == -1)
		return false;
	hex[32] = '\0';
	return name_file(c, hex, "source", path);
}

/* Read a small file.  Returns its bytes, or -1. */
static ssize_t
read_small(const char *path, char *to, size_t max)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n = fd == -1 ? -1 : read(fd, to, max);

	if (fd != -1)
		close(fd);
	return n;
}

bool
trx_image_cache_recall(
    const struct trx_image_cache *c, const struct stat *st, char sha256[65])
{
	struct trx_buf path = TRX_BUF_INIT, line = TRX_BUF_INIT;
	char text[RECORD_MAX];
	bool known = false;
	ssize_t n;

	if (name_record(c, st, &path, &line)) {
		/* The SHA-256, a space, the line, a newline. */
		n = read_small(path.data, text, sizeof(text));
		known = n == (ssize_t)line.len + 66 && text[64] == ' ' &&
			memcmp(text + 65, line.data, line.len) == 0 &&
			strspn(text, "0123456789abcdef") == 64;
		if (known) {
			memcpy(sha256, text, 64);
			sha256[64] = '\0';
		}
	}
	trx_buf_free(&path);
	trx_buf_free(&line);
	return known;
}

struct trx_image *
trx_image_cache_get(const struct trx_image_cache *c, const char *sha256)
{
	struct trx_buf path = TRX_BUF_INIT;
	struct trx_image *image = NULL;
	struct trx_error err;

	if (name_file(c, sha256, "image", &path))
		image = trx_image_map(path.data, sha256, &err);
	if (image != NULL)
		/* The least used is the first to go. */
		utimensat(AT_FDCWD, path.data, NULL, 0);
	trx_buf_free(&path);
	return image;
}

static void
keep_record(
    const struct trx_image_cache *c, const struct stat *st, const char *sha256)
{
	struct trx_buf path = TRX_BUF_INIT, line = TRX_BUF_INIT;
	struct trx_output *o = NULL;
	struct trx_error err;
	time_t now = time(NULL);

	if (now - st->st_mtim.tv_sec > RACY &&
	    now - st->st_ctim.tv_sec > RACY &&
	    name_record(c, st, &path, &line) &&
	    (o = trx_output_create(path.data, &err)) != NULL &&
	    trx_output_write(o, sha256, 64, &err) == 0 &&
	    trx_output_write(o, " ", 1, &err) == 0 &&
	    trx_output_write(o, line.data, line.len, &err) == 0 &&
	    trx_output_write(o, "\n", 1, &err) == 0)
		trx_output_commit(o, &err);
	trx_output_free(o);
	trx_buf_free(&path);
	trx_buf_free(&line);
}

/* A file of the folder. */
struct entry {
	char name[256];
	time_t used;
	uint64_t size;
};

static int
by_use(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return (x->used < y->used) - (x->used > y->used);
}

/* Remove the files that were not used for longest, beyond FOLDER_MAX. */
static void
trim_folder(const struct trx_image_cache *c)
{
	struct trx_buf entries = TRX_BUF_INIT;
	int fd = open(c->folder.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd == -1 ? NULL : fdopendir(fd);
	struct entry e, *all;
	const struct dirent *de;
	struct stat st;
	uint64_t total = 0;
	size_t i, n;

	while (d != NULL && (de = readdir(d)) != NULL) {
		if (fstatat(fd, de->d_name, &st, AT_SYMLINK_NOFOLLOW) == -1 ||
		    !S_ISREG(st.st_mode))
			continue;
		memcpy(e.name, de->d_name, sizeof(e.name));
		e.used = st.st_mtim.tv_sec;
		e.size = (uint64_t)st.st_blocks * 512;
		trx_buf_add(&entries, &e, sizeof(e));
	}
	all = (struct entry *)entries.data;
	n = entries.failed ? 0 : entries.len / sizeof(e);
	if (n > 0)
		qsort(all, n, sizeof(*all), by_use);
	for (i = 0; i < n; i++) {
		total += all[i].size;
		if (total > FOLDER_MAX)
			unlinkat(fd, all[i].name, 0);
	}
	if (d != NULL)
		closedir(d);
	else if (fd != -1)
		close(fd);
	trx_buf_free(&entries);
}

void
trx_image_cache_keep(const struct trx_image_cache *c, const struct stat *st,
    const char *sha256, const struct trx_image *image)
{
	struct trx_buf path = TRX_BUF_INIT;
	struct trx_error err;

	if (c->folder.len == 0)
		return;
	if (image == NULL)
		keep_record(c, st, sha256);
	else if (name_file(c, sha256, "image", &path) &&
		 trx_image_write(image, path.data, sha256, &err) == 0 &&
		 chmod(path.data, S_IRUSR | S_IWUSR) == 0) {
		keep_record(c, st, sha256);
		trim_folder(c);
	}
	trx_buf_free(&path);
}
