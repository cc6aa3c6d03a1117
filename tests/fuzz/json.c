/* Any bytes as a JSON document: what is read must read the same minified. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/json/canonical.h"
#include "common/json/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct trx_json_reader *reader;

/* Read from a copy that is padded and no longer than that. */
static enum trx_json_fault
read_copy(struct trx_str text, struct trx_arena *a, struct trx_json *out)
{
	char *copy = trx_arena_calloc(a, text.n + TRX_JSON_PADDING, 1);
	struct trx_error err;

	if (copy == NULL)
		abort();
	if (text.n > 0)
		memcpy(copy, text.p, text.n);
	return trx_json_read(reader, copy, text.n, a, out, &err);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trx_str text = { (const char *)data, size };
	struct trx_arena a = TRX_ARENA_INIT;
	struct trx_buf once = TRX_BUF_INIT, twice = TRX_BUF_INIT;
	struct trx_json v;
	struct trx_error err;

	if (reader == NULL && (reader = trx_json_reader_new(&err)) == NULL)
		abort();
	if (read_copy(text, &a, &v) == TRX_JSON_FINE) {
		trx_json_minify(&once, v.raw);
		if (read_copy(trx_buf_str(&once), &a, &v) != TRX_JSON_FINE ||
		    !trx_str_equal(v.raw, trx_buf_str(&once)))
			abort();
		/* A canonical form, where there is one, is its own. */
		trx_buf_reset(&once);
		if (trx_json_canonical(&v, &once, &err) == 0 &&
		    (read_copy(trx_buf_str(&once), &a, &v) != TRX_JSON_FINE ||
			trx_json_canonical(&v, &twice, &err) == -1 ||
			!trx_str_equal(
			    trx_buf_str(&once), trx_buf_str(&twice))))
			abort();
	}
	trx_buf_free(&once);
	trx_buf_free(&twice);
	trx_arena_free(&a);
	return 0;
}
