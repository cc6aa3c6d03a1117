#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "common/example/operands.h"

static bool
is_stdin(const struct trx_operands *o, int i)
{
	return o->n == 0 || strcmp(o->files[i], "-") == 0;
}

const char *
trx_operands_name(const struct trx_operands *o, int i)
{
	return is_stdin(o, i) ? "<stdin>" : o->files[i];
}

int
trx_operands_next(struct trx_operands *o, bool binary, struct trx_zin **zin,
    int *i, struct trx_error *err)
{
	const char *name;
	int fd;

	if (o->next == (o->n == 0 ? 1 : o->n))
		return 0;
	*i = o->next++;
	name = trx_operands_name(o, *i);
	if (is_stdin(o, *i))
		fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	else
		fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return trx_error_set(err, TRX_INPUT, "%s:", name);
	if (binary && isatty(fd)) {
		close(fd);
		return trx_error_set(err, TRX_USAGE,
		    "%s: a stream is not read from a terminal", name);
	}
	*zin = trx_zin_open(fd, name, err);
	return *zin == NULL ? -1 : 1;
}
