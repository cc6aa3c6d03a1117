#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/json/reader.h"

static int
read_text(const char *text, size_t n, const char *const *keys,
    struct trx_arena *a, struct trx_json *out, struct trx_error *err)
{
	struct trx_json_reader *r = trx_json_reader_new(err);
	enum trx_json_fault fault;

	if (r == NULL)
		return -1;
	fault = trx_json_read_members(r, text, n, keys, a, out, err);
	trx_json_reader_free(r);
	return fault == TRX_JSON_FINE ? 0 : -1;
}

int
trx_json_parse(struct trx_str text, struct trx_arena *a, struct trx_json *out,
    struct trx_error *err)
{
	char *copy = trx_arena_alloc(a, text.n + TRX_JSON_PADDING);

	if (copy == NULL)
		return trx_error_memory(err);
	if (text.n > 0)
		memcpy(copy, text.p, text.n);
	memset(copy + text.n, 0, TRX_JSON_PADDING);
	return read_text(copy, text.n, NULL, a, out, err);
}

/* Read into room for n bytes, as many as there are: *got. */
static int
read_some(int fd, char *room, size_t n, size_t *got, struct trx_error *err)
{
	ssize_t k;

	*got = 0;
	do {
		k = read(fd, room + *got, n - *got);
		if (k == -1 && errno != EINTR)
			return trx_error_set(err, TRX_MACHINE, "read:");
		if (k != -1)
			*got += (size_t)k;
	} while (k != 0 && *got < n);
	return 0;
}

/* All of the file, at most max bytes, padded. */
static int
read_all(int fd, size_t max, struct trx_arena *a, struct trx_str *out,
    struct trx_error *err)
{
	struct stat st;
	char *room;
	size_t n;

	if (fstat(fd, &st) == -1)
		return trx_error_set(err, TRX_MACHINE, "fstat:");
	if (!S_ISREG(st.st_mode))
		return trx_error_set(err, TRX_INPUT, "not a file");
	if ((uint64_t)st.st_size > max)
		return trx_error_set(
		    err, TRX_INPUT, "it has more than %zu bytes", max);
	n = (size_t)st.st_size;
	if ((room = trx_arena_alloc(a, n + TRX_JSON_PADDING)) == NULL)
		return trx_error_memory(err);
	if (read_some(fd, room, n, &n, err) == -1)
		return -1;
	memset(room + n, 0, TRX_JSON_PADDING);
	*out = (struct trx_str){ room, n };
	return 0;
}

int
trx_json_read_file(const char *path, size_t max, const char *const *keys,
    struct trx_arena *a, struct trx_json *out, struct trx_error *err)
{
	struct trx_str text = { NULL, 0 };
	int fd, rc;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return trx_error_set(err, TRX_INPUT, "%s:", path);
	rc = read_all(fd, max, a, &text, err);
	if (rc == 0)
		rc = read_text(text.p, text.n, keys, a, out, err);
	if (rc == -1)
		trx_error_at(err, "%s", path);
	close(fd);
	return rc;
}
