#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "common/base/buf.h"
#include "common/json/reader.h"

int
trx_json_parse(struct trx_str text, struct trx_arena *a, struct trx_json *out,
    struct trx_error *err)
{
	char *copy = trx_arena_alloc(a, text.n + TRX_JSON_PADDING);
	struct trx_json_reader *r;
	enum trx_json_fault fault;

	if (copy == NULL)
		return trx_error_memory(err);
	if (text.n > 0)
		memcpy(copy, text.p, text.n);
	memset(copy + text.n, 0, TRX_JSON_PADDING);
	if ((r = trx_json_reader_new(err)) == NULL)
		return -1;
	fault = trx_json_read(r, copy, text.n, a, out, err);
	trx_json_reader_free(r);
	return fault == TRX_JSON_FINE ? 0 : -1;
}

/* Append all of the file, at most max bytes. */
static int
read_all(int fd, size_t max, struct trx_buf *b, struct trx_error *err)
{
	ssize_t n;
	char *to;

	do {
		if ((to = trx_buf_reserve(b, 65536)) == NULL)
			return trx_error_memory(err);
		n = read(fd, to, 65536);
		if (n == -1 && errno != EINTR)
			return trx_error_set(err, TRX_MACHINE, "read:");
		b->len += n > 0 ? (size_t)n : 0;
		if (b->len > max)
			return trx_error_set(
			    err, TRX_INPUT, "it has more than %zu bytes", max);
	} while (n != 0);
	return 0;
}

int
trx_json_read_file(const char *path, size_t max, struct trx_arena *a,
    struct trx_json *out, struct trx_error *err)
{
	struct trx_buf b = TRX_BUF_INIT;
	int fd, rc;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return trx_error_set(err, TRX_INPUT, "%s:", path);
	rc = read_all(fd, max, &b, err);
	if (rc == 0)
		rc = trx_json_parse(trx_buf_str(&b), a, out, err);
	if (rc == -1)
		trx_error_at(err, "%s", path);
	trx_buf_free(&b);
	close(fd);
	return rc;
}
