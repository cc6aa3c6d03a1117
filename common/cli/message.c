#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cli/message.h"

static const char *program = "trx";

void
trx_message_name(const char *name)
{
	program = name;
}

const char *
trx_message_program(void)
{
	return program;
}

/* One write, so that lines of several filters never mix. */
static void
put_line(char *line, size_t n)
{
	size_t i;
	ssize_t rc;

	for (i = 0; i + 1 < n; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = '?';
	do
		rc = write(STDERR_FILENO, line, n);
	while (rc == -1 && errno == EINTR);
}

void
trx_warn(const char *fmt, ...)
{
	char line[2048];
	int n = snprintf(line, sizeof(line) - 1, "%s: ", program);
	va_list ap;

	va_start(ap, fmt);
	n += vsnprintf(line + n, sizeof(line) - 1 - (size_t)n, fmt, ap);
	va_end(ap);
	if (n > (int)sizeof(line) - 2)
		n = (int)sizeof(line) - 2;
	line[n++] = '\n';
	put_line(line, (size_t)n);
}

int
trx_message_fail(const struct trx_error *err)
{
	if (err->status == TRX_USAGE)
		trx_warn("%s (try %s --help)", err->text, program);
	else
		trx_warn("%s", err->text);
	return (int)err->status;
}
