#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/base/error.h"

/* Names and messages from outside must not move a terminal's cursor. */
static void
mask_controls(char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = '?';
}

int
trx_error_set(
    struct trx_error *err, enum trx_status status, const char *fmt, ...)
{
	int saved = errno;
	size_t len;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	len = strlen(err->text);
	if (fmt[0] != '\0' && fmt[strlen(fmt) - 1] == ':')
		snprintf(err->text + len, sizeof(err->text) - len, " %s",
		    strerror(saved));
	mask_controls(err->text);
	err->status = status;
	return -1;
}

int
trx_error_at(struct trx_error *err, const char *fmt, ...)
{
	char text[sizeof(err->text)];
	size_t len;
	va_list ap;

	memcpy(text, err->text, sizeof(text));
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	len = strlen(err->text);
	snprintf(err->text + len, sizeof(err->text) - len, ": %s", text);
	mask_controls(err->text);
	return -1;
}

int
trx_error_memory(struct trx_error *err)
{
	return trx_error_set(err, TRX_MACHINE, "out of memory");
}
