#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/template/run.h"

int
trx_run_fail(struct trx_run *run, const char *fmt, ...)
{
	char text[768];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return trx_error_set(run->err, TRX_INPUT, "%s", text);
}

int
trx_run_refuse(struct trx_run *run, const char *what)
{
	return trx_run_fail(run, "trx does not support %s", what);
}

void
trx_run_charge_fail(struct trx_run *run)
{
	trx_run_fail(run, "the template takes too many steps");
}

void *
trx_run_alloc_fail(struct trx_run *run, size_t n)
{
	if (n > TRX_TEMPLATE_MEMORY || run->arena->used > run->arena_limit - n)
		trx_run_fail(run, "the template takes too much memory");
	else
		trx_error_memory(run->err);
	return NULL;
}

void *
trx_run_calloc(struct trx_run *run, size_t n, size_t size)
{
	void *p;

	if (size != 0 && n > TRX_TEMPLATE_MEMORY / size) {
		trx_run_fail(run, "the template takes too much memory");
		return NULL;
	}
	if ((p = trx_run_alloc(run, n * size)) != NULL)
		memset(p, 0, n * size);
	return p;
}

struct trx_str
trx_run_copy(struct trx_run *run, struct trx_str s)
{
	char *p = trx_run_alloc(run, s.n);

	if (p != NULL && s.n != 0)
		memcpy(p, s.p, s.n);
	return (struct trx_str){ .p = p, .n = s.n };
}

int
trx_run_take(struct trx_run *run, struct trx_buf *b, struct trx_str *out)
{
	int rc = 0;

	if (b->failed)
		rc = trx_error_memory(run->err);
	else if (b->len > TRX_TEMPLATE_OUTPUT)
		rc = trx_run_fail(run, "the template takes too much memory");
	else if ((*out = trx_run_copy(run, trx_buf_str(b))).p == NULL)
		rc = -1;
	trx_buf_free(b);
	return rc;
}
