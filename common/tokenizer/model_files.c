#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/tokenizer/model_files.h"

enum { MODEL_MAX = 256 * 1024 * 1024 }; /* bytes */

static void
set_path(struct trx_buf *b, const char *path, size_t n, const char *more)
{
	trx_buf_reset(b);
	trx_buf_add(b, path, n);
	trx_buf_addz(b, more);
	trx_buf_addc(b, '\0');
}

static bool
ends_with(const char *s, const char *tail)
{
	size_t n = strlen(s), k = strlen(tail);

	return n >= k && strcmp(s + n - k, tail) == 0;
}

static int
find_in_folder(
    const char *model, struct trx_model_files *p, struct trx_error *err)
{
	size_t n = strlen(model);

	set_path(&p->dir, model, n, n > 0 && model[n - 1] == '/' ? "" : "/");
	set_path(&p->file, p->dir.data, p->dir.len - 1, "tokenizer.json");
	if (p->dir.failed || p->file.failed)
		return trx_error_memory(err);
	p->is_json = access(p->file.data, F_OK) == 0;
	if (p->is_json)
		return 0;
	set_path(&p->file, p->dir.data, p->dir.len - 1, "tokenizer.model");
	if (p->file.failed)
		return trx_error_memory(err);
	if (access(p->file.data, F_OK) != 0)
		return trx_error_set(err, TRX_INPUT,
		    "%s: neither tokenizer.json nor tokenizer.model is there",
		    model);
	return 0;
}

int
trx_model_files_find(
    const char *model, struct trx_model_files *p, struct trx_error *err)
{
	const char *slash = strrchr(model, '/');
	struct stat st;

	if (stat(model, &st) == -1)
		return trx_error_set(err, TRX_INPUT, "%s:", model);
	if (S_ISDIR(st.st_mode))
		return find_in_folder(model, p, err);
	set_path(&p->file, model, strlen(model), "");
	set_path(&p->dir, model,
	    slash == NULL ? 0 : (size_t)(slash - model) + 1, "");
	if (p->dir.failed || p->file.failed)
		return trx_error_memory(err);
	if (!S_ISREG(st.st_mode))
		return trx_error_set(
		    err, TRX_INPUT, "%s: not a file or folder", model);
	p->is_json = ends_with(model, ".json");
	return 0;
}

static int
read_fd(int fd, const char *path, struct trx_buf *out, struct trx_error *err)
{
	ssize_t n;
	char *room;

	do {
		room = trx_buf_reserve(out, 1 << 16);
		if (room == NULL)
			return trx_error_memory(err);
		n = read(fd, room, 1 << 16);
		if (n == -1 && errno != EINTR)
			return trx_error_set(err, TRX_MACHINE, "%s:", path);
		if (n > 0)
			out->len += (size_t)n;
		if (out->len > MODEL_MAX)
			return trx_error_set(
			    err, TRX_INPUT, "%s: too large", path);
	} while (n != 0);
	return 0;
}

int
trx_model_file_read(
    const char *path, struct trx_buf *out, struct trx_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), r;

	if (fd == -1)
		return trx_error_set(err,
		    errno == ENOENT ? TRX_INPUT : TRX_MACHINE, "%s:", path);
	r = read_fd(fd, path, out, err);
	close(fd);
	return r;
}

void
trx_model_files_free(struct trx_model_files *p)
{
	trx_buf_free(&p->dir);
	trx_buf_free(&p->file);
}
