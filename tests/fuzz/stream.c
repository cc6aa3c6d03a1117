/* Any bytes as a stream: read, decode every row, check every ledger. */
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/example/json.h"
#include "common/json/reader.h"
#include "common/record/header.h"
#include "common/record/ledger.h"
#include "common/record/stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
take(const struct trx_event *e, enum trx_kind *kind, struct trx_arena *a)
{
	struct trx_buf out = TRX_BUF_INIT;
	struct trx_header h;
	struct trx_json trailer;
	struct trx_row row;
	struct trx_error err;

	if (e->type == TRX_EVENT_HEADER) {
		if (trx_header_parse(&h, e->bytes, a, &err) == 0)
			*kind = trx_header_kind(&h);
	} else if (e->type == TRX_EVENT_END) {
		if (trx_json_parse(e->bytes, a, &trailer, &err) == 0)
			trx_ledger_check(&trailer, 1, &err);
	} else if (trx_row_decode(e->bytes, *kind, a, &row, &err) == 0) {
		trx_example_json(&row, &out);
		trx_buf_reset(&out);
		trx_row_encode(&row, &out, &err);
	}
	trx_buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum trx_kind kind = TRX_KIND_TEXT;
	struct trx_arena a = TRX_ARENA_INIT;
	struct trx_stream_reader *r;
	struct trx_event event;
	struct trx_error err;
	struct trx_zin *zin;
	int fd = memfd_create("stream", MFD_CLOEXEC);

	if (fd == -1 || write(fd, data, size) != (ssize_t)size ||
	    lseek(fd, 0, SEEK_SET) != 0)
		return 0;
	if ((zin = trx_zin_open(fd, "fuzz", &err)) == NULL)
		return 0;
	if ((r = trx_stream_reader_new(zin, "fuzz", &err)) != NULL)
		while (trx_stream_next(r, &event, &err) == 1)
			take(&event, &kind, &a);
	trx_stream_reader_free(r);
	trx_zin_close(zin);
	trx_arena_free(&a);
	return 0;
}
