/* The variables that a template asks its caller for. */
#ifndef TRX_CHAT_OPENAI_VARIABLES_H
#define TRX_CHAT_OPENAI_VARIABLES_H

#include <stddef.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/str.h"
#include "common/template/template.h"

struct trx_openai_variables {
	struct trx_str *names; /* each once */
	size_t n;
};

/*
 * *out is what jinja2.meta.find_undeclared_variables gives in a plain
 * environment, where raise_exception and strftime_now are unknown: the list and
 * the names are allocated in a.  Returns 0, or -1 with err set: memory, or
 * a template with too many names.
 */
int trx_openai_variables_find(const struct trx_template *t, struct trx_arena *a,
    struct trx_openai_variables *out, struct trx_error *err);

#endif
