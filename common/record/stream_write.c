#include "common/base/buf.h"
#include "common/base/bytes.h"
#include "common/digest/crc32c.h"
#include "common/json/canonical.h"
#include "common/record/stream.h"

void
trx_stream_writer_init(struct trx_stream_writer *w, struct trx_output *out)
{
	*w = (struct trx_stream_writer){ .out = out };
}

static int
put_frame(struct trx_stream_writer *w, enum trx_frame_type type,
    struct trx_str payload, struct trx_error *err)
{
	static const char zeros[8];
	uint8_t head[TRX_FRAME_HEAD_SIZE];
	struct trx_frame f = { .type = (uint8_t)type,
		.length = (uint32_t)payload.n,
		.sequence = w->sequence++,
		.payload_crc =
		    trx_crc32c_mask(trx_crc32c(0, payload.p, payload.n)) };

	trx_frame_put(&f, head);
	w->chain = trx_crc32c(w->chain, head + TRX_FRAME_HEAD_SIZE - 4, 4);
	if (trx_output_write(w->out, head, sizeof(head), err) == -1 ||
	    trx_output_write(w->out, payload.p, payload.n, err) == -1)
		return -1;
	return trx_output_write(
	    w->out, zeros, trx_frame_padding(f.length), err);
}

int
trx_stream_begin(
    struct trx_stream_writer *w, struct trx_str header, struct trx_error *err)
{
	*w = (struct trx_stream_writer){ .out = w->out, .open = true };
	return put_frame(w, TRX_FRAME_HEADER, header, err);
}

int
trx_stream_row(
    struct trx_stream_writer *w, struct trx_str payload, struct trx_error *err)
{
	w->records++;
	w->bytes += payload.n;
	return put_frame(w, TRX_FRAME_DATA, payload, err);
}

int
trx_stream_end(
    struct trx_stream_writer *w, struct trx_str trailer, struct trx_error *err)
{
	struct trx_buf payload = TRX_BUF_INIT;
	int rc;

	trx_buf_add64(&payload, w->records);
	trx_buf_add64(&payload, w->bytes);
	trx_buf_add32(&payload, w->chain);
	trx_buf_add32(&payload, 0);
	trx_buf_adds(&payload, trailer);
	if (payload.failed)
		rc = trx_error_memory(err);
	else if (payload.len > TRX_FRAME_MAX)
		rc = trx_error_set(err, TRX_INPUT,
		    "the ledger and the headers it lists are too large");
	else
		rc = put_frame(w, TRX_FRAME_END, trx_buf_str(&payload), err);
	w->open = false;
	trx_buf_free(&payload);
	return rc;
}

static void
put_abort(struct trx_stream_writer *w, struct trx_str cause)
{
	/* What a reader demands of a header, and nothing more. */
	static const char empty[] =
	    "{\"compat\":{\"vocab_size\":0},\"format\":1,\"kind\":\"tokens\","
	    "\"special\":{},\"stages\":[]}";
	struct trx_error ignored;

	if (!w->open && trx_stream_begin(w, TRX_STR(empty), &ignored) == -1)
		return;
	w->open = false;
	if (put_frame(w, TRX_FRAME_ABORT, cause, &ignored) == 0)
		trx_output_flush(w->out, &ignored);
}

void
trx_stream_fail(struct trx_stream_writer *w, const char *filter,
    struct trx_str inherited, const struct trx_error *why)
{
	struct trx_buf own = TRX_BUF_INIT;

	if (inherited.n > 0) {
		put_abort(w, inherited);
		return;
	}
	trx_buf_addz(&own, "{\"filter\":");
	trx_json_quote(&own, trx_str(filter));
	trx_buf_addz(&own, ",\"message\":");
	trx_json_quote(&own, trx_str(why->text));
	trx_buf_addf(&own, ",\"status\":%d}", (int)why->status);
	if (!own.failed)
		put_abort(w, trx_buf_str(&own));
	trx_buf_free(&own);
}
