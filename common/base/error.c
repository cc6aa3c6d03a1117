#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/base/error.h"
#include "common/base/utf8.h"

/*
 * Names and messages from outside must not move a terminal's cursor, and what
 * was cut inside a character is none.
 */
static void
mask(char *text)
{
	struct trx_str s = trx_str(text);
	size_t n;

	for (; s.n != 0; s.p += n, s.n -= n, text += n) {
		n = trx_utf8_width(s);
		if (n == 0 || (unsigned char)*text < 0x20 || *text == 0x7f) {
			*text = '?';
			n = 1;
		}
	}
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
	mask(err->text);
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
	mask(err->text);
	return -1;
}

int
trx_error_memory(struct trx_error *err)
{
	return trx_error_set(err, TRX_MACHINE, "out of memory");
}
