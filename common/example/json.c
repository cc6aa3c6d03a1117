#include <inttypes.h>
#include <stdlib.h>

#include "common/example/json.h"
#include "common/json/canonical.h"

/* ,"key":value for each member of the metadata. */
static void
add_metadata(struct trx_buf *out, const struct trx_group *g)
{
	if (g->metadata.n <= 2)
		return;
	trx_buf_addc(out, ',');
	trx_buf_add(out, g->metadata.p + 1, g->metadata.n - 2);
}

static void
add_string(struct trx_buf *out, const char *key, struct trx_str value)
{
	trx_buf_addf(out, ",\"%s\":", key);
	trx_json_quote(out, value);
}

/* Decimal digits without printf: rows are mostly ids. */
static void
add_number(struct trx_buf *out, uint32_t v)
{
	char digits[10];
	size_t n = sizeof(digits);

	do
		digits[--n] = (char)('0' + v % 10);
	while ((v /= 10) != 0);
	trx_buf_add(out, digits + n, sizeof(digits) - n);
}

static void
add_ids(struct trx_buf *out, const struct trx_row *row)
{
	size_t i;

	trx_buf_addz(out, "\"input_ids\":[");
	for (i = 0; i < row->nids; i++) {
		if (i > 0)
			trx_buf_addc(out, ',');
		add_number(out, row->ids[i]);
	}
	trx_buf_addc(out, ']');
}

static void
add_mask(struct trx_buf *out, const struct trx_row *row)
{
	uint8_t *mask = malloc(row->nids + 1);
	size_t i;

	if (mask == NULL) {
		out->failed = true;
		return;
	}
	trx_row_mask(row, mask);
	trx_buf_addz(out, ",\"mask\":[");
	for (i = 0; i < row->nids; i++) {
		if (i > 0)
			trx_buf_addc(out, ',');
		trx_buf_addc(out, mask[i] ? '1' : '0');
	}
	trx_buf_addc(out, ']');
	free(mask);
}

static void
add_lengths(struct trx_buf *out, const struct trx_segment *s)
{
	trx_buf_addf(out, ",\"context_len\":%" PRIu32 ",\"total_len\":%" PRIu32,
	    s->context_end - s->begin, s->end - s->begin);
}

/* A text that is tokenized whole, and the runs of it that are learned. */
static void
add_whole_text(struct trx_buf *out, const struct trx_group *g)
{
	const struct trx_part *p = g->parts, *end = p + g->nparts;
	struct trx_str run;
	bool first = true;

	add_string(out, "text", g->text);
	trx_buf_addz(out, ",\"trained\":[");
	while (p < end) {
		if (!(p->flags & TRX_PART_TRAINED)) {
			p++;
			continue;
		}
		run.p = g->text.p + p->begin;
		for (; p < end && (p->flags & TRX_PART_TRAINED); p++)
			run.n = (size_t)(g->text.p + p->end - run.p);
		if (!first)
			trx_buf_addc(out, ',');
		trx_json_quote(out, run);
		first = false;
	}
	trx_buf_addc(out, ']');
}

/* The text before what is tokenized apart first, and the text from there. */
static void
add_text(struct trx_buf *out, const struct trx_group *g)
{
	struct trx_str context = g->text, continuation = { NULL, 0 };
	size_t i;

	for (i = 0; i < g->nparts; i++)
		if (g->parts[i].flags & TRX_PART_CUT_BEFORE) {
			context.n = g->parts[i].begin;
			continuation.p = g->text.p + context.n;
			continuation.n = g->text.n - context.n;
			break;
		}
	if (continuation.p == NULL) {
		add_whole_text(out, g);
		return;
	}
	add_string(out, "context", context);
	add_string(out, "continuation", continuation);
}

static void
add_example(struct trx_buf *out, const struct trx_row *row)
{
	const struct trx_group *g = &row->groups[0];

	trx_buf_addz(out, "{\"id\":");
	trx_json_quote(out, g->id);
	if (row->kind == TRX_KIND_TEXT)
		add_text(out, g);
	add_metadata(out, g);
	if (row->kind == TRX_KIND_TOKENS) {
		add_lengths(out, &row->segments[0]);
		trx_buf_addc(out, ',');
		add_ids(out, row);
		/* Two lengths say all where the rest is learned, to its end. */
		if (row->nspans > 1 ||
		    (row->nspans == 1 && row->spans[0].end < row->nids))
			add_mask(out, row);
	}
	trx_buf_addc(out, '}');
}

static void
add_packed(struct trx_buf *out, const struct trx_row *row)
{
	size_t i;

	trx_buf_addc(out, '{');
	add_ids(out, row);
	add_mask(out, row);
	trx_buf_addz(out, ",\"examples\":[");
	for (i = 0; i < row->nsegments; i++) {
		const struct trx_segment *s = &row->segments[i];
		const struct trx_group *g = &row->groups[s->group];

		trx_buf_addz(out, i > 0 ? ",{\"id\":" : "{\"id\":");
		trx_json_quote(out, g->id);
		add_metadata(out, g);
		add_lengths(out, s);
		trx_buf_addc(out, '}');
	}
	trx_buf_addz(out, "]}");
}

void
trx_example_json(const struct trx_row *row, struct trx_buf *out)
{
	if (row->ngroups == 1)
		add_example(out, row);
	else
		add_packed(out, row);
}
