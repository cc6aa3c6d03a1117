#include <inttypes.h>

#include "common/example/json.h"
#include "common/example/reject.h"
#include "common/json/canonical.h"

/* The line in the rejects file, in the order of its keys. */
static void
add_line(const struct trx_reject *r, struct trx_buf *out)
{
	trx_buf_addf(out,
	    "{\"stage\":\"%s\",\"reason\":\"%s\",\"source\":", r->stage,
	    trx_reason_name(r->reason));
	trx_json_quote(out, trx_str(r->source));
	trx_buf_addf(out, ",\"line\":%" PRIu64 ",\"id\":", r->number);
	if (r->id.p == NULL)
		trx_buf_addz(out, "null");
	else
		trx_json_quote(out, r->id);
	trx_buf_addz(out, ",\"message\":");
	trx_json_quote(out, r->message);
	trx_buf_addz(out, ",\"row\":");
	trx_buf_adds(out, r->row.n > 0 ? r->row : TRX_STR("null"));
	trx_buf_addc(out, '}');
}

/* The line that says why the run stops here. */
static int
stop(const struct trx_reject *r, struct trx_error *err)
{
	struct trx_buf id = TRX_BUF_INIT;

	if (r->id.p != NULL)
		trx_buf_addf(&id, ", id %.*s",
		    (int)(r->id.n < 200 ? r->id.n : 200), r->id.p);
	trx_error_set(err, TRX_INPUT, "%s: %s %" PRIu64 "%.*s: %s: %.*s",
	    r->source, r->line ? "line" : "record", r->number, (int)id.len,
	    id.data == NULL ? "" : id.data, trx_reason_name(r->reason),
	    (int)r->message.n, r->message.p);
	trx_buf_free(&id);
	return -1;
}

int
trx_reject_give(const struct trx_reject *r, struct trx_rejects *rejects,
    struct trx_error *err)
{
	struct trx_buf line = TRX_BUF_INIT;
	int rc;

	if (!trx_rejects_wanted(rejects))
		return stop(r, err);
	add_line(r, &line);
	rc = line.failed ? trx_error_memory(err)
			 : trx_rejects_add(rejects, trx_buf_str(&line), err);
	trx_buf_free(&line);
	return rc;
}

int
trx_reject_record(const char *stage, enum trx_reason reason,
    const char *message, const struct trx_source_event *event,
    const struct trx_row *row, struct trx_rejects *rejects,
    struct trx_error *err)
{
	struct trx_reject r = { .stage = stage,
		.reason = reason,
		.source = event->name,
		.number = event->number,
		.id = row->groups[0].id,
		.message = trx_str(message) };
	struct trx_buf json = TRX_BUF_INIT;
	int rc;

	trx_example_json(row, &json);
	r.row = trx_buf_str(&json);
	rc = json.failed ? trx_error_memory(err)
			 : trx_reject_give(&r, rejects, err);
	trx_buf_free(&json);
	return rc;
}

/* Length of the valid UTF-8 sequence that begins at p; 0 where none does. */
static size_t
utf8_length(const unsigned char *p, size_t n)
{
	uint32_t c = p[0];
	size_t i, length = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };

	if (length == 1)
		return 1;
	if (c < 0xc2 || c > 0xf4 || length > n)
		return 0;
	c &= 0xffu >> (length + 1);
	for (i = 1; i < length; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[length] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	return length;
}

static void
quote_bytes(struct trx_buf *out, struct trx_str line)
{
	struct trx_buf valid = TRX_BUF_INIT;
	size_t i, length;

	for (i = 0; i < line.n; i += length) {
		length =
		    utf8_length((const unsigned char *)line.p + i, line.n - i);
		if (length > 0)
			trx_buf_add(&valid, line.p + i, length);
		else {
			trx_buf_addz(&valid, "\xef\xbf\xbd");
			length = 1;
		}
	}
	trx_json_quote(out, trx_buf_str(&valid));
	out->failed |= valid.failed;
	trx_buf_free(&valid);
}

void
trx_reject_line(
    struct trx_buf *out, struct trx_str line, enum trx_reason reason)
{
	switch (reason) {
	case TRX_REASON_NOT_JSON:
	case TRX_REASON_NOT_UTF8:
	case TRX_REASON_LONE_SURROGATE:
	case TRX_REASON_DUPLICATE_KEY:
	case TRX_REASON_TOO_DEEP:
		quote_bytes(out, line);
		return;
	case TRX_REASON_TOO_LARGE:
		if (line.n == 0)
			return; /* it was not kept */
				/* fall through */
	default:
		trx_json_minify(out, line);
	}
}
