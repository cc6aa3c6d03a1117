/* Any bytes as a record's payload: what decodes must encode to an equal row. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/example/json.h"
#include "common/record/row.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(struct trx_str payload, enum trx_kind kind)
{
	struct trx_arena a = TRX_ARENA_INIT;
	struct trx_buf out = TRX_BUF_INIT, again = TRX_BUF_INIT;
	struct trx_row row;
	struct trx_error err;

	if (trx_row_decode(payload, kind, &a, &row, &err) == 0) {
		trx_example_json(&row, &again);
		trx_buf_reset(&again);
		if (trx_row_encode(&row, &out, &err) == -1 ||
		    trx_row_decode(trx_buf_str(&out), kind, &a, &row, &err) ==
			-1 ||
		    trx_row_encode(&row, &again, &err) == -1 ||
		    !trx_str_equal(trx_buf_str(&out), trx_buf_str(&again)))
			abort();
	}
	trx_buf_free(&out);
	trx_buf_free(&again);
	trx_arena_free(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trx_str payload = { (const char *)data, size };

	check(payload, TRX_KIND_TEXT);
	check(payload, TRX_KIND_TOKENS);
	return 0;
}
