/*
 * sections: a record with sections of a kind that nobody knows: one that may
 * be copied, one that may not, and a critical one.
 */
#include <stdio.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/record/row.h"

#define TAG 900
#define CRITICAL 1
#define COPY 2

/* A record of text with one more section, which has these flags. */
static void
make(struct trx_buf *out, uint16_t flags)
{
	struct trx_part part = { .end = 2, .flags = TRX_PART_TRAINED };
	struct trx_section s = {
		.tag = TAG, .flags = flags, .bytes = TRX_STR("what")
	};
	struct trx_group g = { .id = TRX_STR("id"),
		.metadata = TRX_STR("{}"),
		.text = TRX_STR("ab"),
		.parts = &part,
		.nparts = 1,
		.unknown = &s,
		.nunknown = 1 };
	struct trx_row row = {
		.kind = TRX_KIND_TEXT, .groups = &g, .ngroups = 1
	};
	struct trx_error err;

	trx_buf_reset(out);
	trx_row_encode(&row, out, &err);
}

int
main(void)
{
	struct trx_arena a = TRX_ARENA_INIT;
	struct trx_buf b = TRX_BUF_INIT;
	struct trx_error err;
	struct trx_row row;
	int bad = 0;

	make(&b, COPY);
	bad |= trx_row_decode(trx_buf_str(&b), TRX_KIND_TEXT, &a, &row, &err) !=
		   0 ||
	       row.groups[0].nunknown != 1 || row.ndropped != 0 ||
	       !trx_str_is(row.groups[0].unknown[0].bytes, "what");
	make(&b, 0);
	bad |= trx_row_decode(trx_buf_str(&b), TRX_KIND_TEXT, &a, &row, &err) !=
		   0 ||
	       row.groups[0].nunknown != 0 || row.ndropped != 1;
	make(&b, CRITICAL);
	bad |= trx_row_decode(trx_buf_str(&b), TRX_KIND_TEXT, &a, &row, &err) !=
		   -1 ||
	       strstr(err.text, "critical section of unknown kind 900") == NULL;
	if (!bad)
		puts("unknown sections: as they should");
	trx_buf_free(&b);
	trx_arena_free(&a);
	return bad;
}
