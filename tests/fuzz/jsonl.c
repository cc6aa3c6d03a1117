/* Any bytes as a line of chat JSONL, made into an example and its record. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/example/json.h"
#include "common/example/render.h"
#include "common/json/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trx_arena a = TRX_ARENA_INIT;
	static const struct trx_render_options none;
	static struct trx_renderer *renderer;
	uint64_t counts[TRX_RENDER_COUNTS];
	struct trx_buf out = TRX_BUF_INIT;
	struct trx_buf printed = TRX_BUF_INIT;
	struct trx_str line = { (const char *)data, size };
	struct trx_jsonl_row row;
	struct trx_json root;
	struct trx_error err = { .status = TRX_OK };
	struct trx_row made;

	if (renderer == NULL &&
	    (renderer = trx_renderer_open(&none, &err)) == NULL)
		abort();
	if (trx_json_parse(line, &a, &root, &err) == 0 &&
	    trx_jsonl_row(&root, &a, &row, &err) == TRX_REASON_NONE) {
		if (trx_render_row(renderer, &row,
			trx_render_next_turn(renderer, &row, -1),
			row.has_id ? row.id : TRX_STR("x"), &a, &made, counts,
			&err) == TRX_REASON_NONE) {
			if (trx_row_encode(&made, &out, &err) == -1 ||
			    trx_row_decode(trx_buf_str(&out), TRX_KIND_TEXT, &a,
				&made, &err) == -1)
				abort();
			trx_example_json(&made, &printed);
			/* What is printed is JSON again. */
			if (trx_json_parse(
				trx_buf_str(&printed), &a, &root, &err) == -1)
				abort();
		}
	}
	trx_buf_free(&out);
	trx_buf_free(&printed);
	trx_arena_free(&a);
	return 0;
}
