#include "common/example/metadata.h"
#include "common/base/buf.h"
#include "common/json/canonical.h"

static bool
is_named(struct trx_str key, const char *const *names)
{
	for (; *names != NULL; names++)
		if (trx_str_is(key, *names))
			return true;
	return false;
}

int
trx_metadata(const struct trx_json *object, const char *const *skip,
    struct trx_arena *a, struct trx_str *out, struct trx_error *err)
{
	struct trx_buf b = TRX_BUF_INIT;
	size_t i;

	trx_buf_addc(&b, '{');
	for (i = 0; i < object->u.object.n; i++) {
		const struct trx_json_member *m = &object->u.object.members[i];

		if (is_named(m->key, skip))
			continue;
		if (b.len > 1)
			trx_buf_addc(&b, ',');
		trx_buf_adds(&b, m->raw_key);
		trx_buf_addc(&b, ':');
		trx_json_minify(&b, m->value.raw);
	}
	trx_buf_addc(&b, '}');
	out->n = b.len;
	out->p = b.failed ? NULL : trx_arena_copy(a, trx_buf_str(&b));
	trx_buf_free(&b);
	return out->p == NULL ? trx_error_memory(err) : 0;
}
