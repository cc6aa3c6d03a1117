#include "common/example/archived.h"
#include "common/base/buf.h"
#include "common/example/metadata.h"
#include "common/json/canonical.h"

/* {"examples":[{"id",...metadata},...]}, in segment order. */
static int
make_json(const struct trx_row *row, struct trx_arena *a, struct trx_str *out,
    struct trx_error *err)
{
	struct trx_buf b = TRX_BUF_INIT;
	size_t i;

	trx_buf_addz(&b, "{\"examples\":[");
	for (i = 0; i < row->nsegments; i++) {
		const struct trx_group *g =
		    &row->groups[row->segments[i].group];

		trx_buf_addz(&b, i > 0 ? ",{\"id\":" : "{\"id\":");
		trx_json_quote(&b, g->id);
		if (g->metadata.n > 2) {
			trx_buf_addc(&b, ',');
			trx_buf_add(&b, g->metadata.p + 1, g->metadata.n - 2);
		}
		trx_buf_addc(&b, '}');
	}
	trx_buf_addz(&b, "]}");
	out->n = b.len;
	out->p = b.failed ? NULL : trx_arena_copy(a, trx_buf_str(&b));
	trx_buf_free(&b);
	return out->p == NULL ? trx_error_memory(err) : 0;
}

int
trx_archived_arrays(const struct trx_row *row, struct trx_arena *a,
    struct trx_shard_row *out, struct trx_error *err)
{
	uint8_t *mask = trx_arena_alloc(a, row->nids);
	uint32_t(*segs)[3] = trx_arena_calloc(a, row->nsegments, sizeof(*segs));
	size_t i;

	if (mask == NULL || segs == NULL)
		return trx_error_memory(err);
	trx_row_mask(row, mask);
	for (i = 0; i < row->nsegments; i++) {
		segs[i][0] = row->segments[i].begin;
		segs[i][1] = row->segments[i].context_end;
		segs[i][2] = row->segments[i].end;
	}
	*out = (struct trx_shard_row){ .ids = row->ids,
		.nids = row->nids,
		.mask = mask,
		.segs = (const uint32_t(*)[3])segs,
		.nsegs = row->nsegments };
	return 0;
}

int
trx_archived_from_row(const struct trx_row *row, struct trx_arena *a,
    struct trx_shard_row *out, struct trx_error *err)
{
	if (trx_archived_arrays(row, a, out, err) == -1)
		return -1;
	return make_json(row, a, &out->json, err);
}

/* Trained tokens of a segment: the first may be one with its mask at 0. */
static void
add_spans(
    const struct trx_shard_row *in, const uint32_t seg[3], struct trx_row *row)
{
	uint32_t i = seg[1], begin;

	while (i < seg[2]) {
		begin = i++;
		while (i < seg[2] && in->mask[i])
			i++;
		row->spans[row->nspans++] =
		    (struct trx_span){ .begin = begin, .end = i };
		while (i < seg[2] && !in->mask[i])
			i++;
	}
}

static int
make_segments(const struct trx_shard_row *in, struct trx_arena *a,
    struct trx_row *row, struct trx_error *err)
{
	size_t i;

	row->segments = trx_arena_calloc(a, in->nsegs, sizeof(*row->segments));
	row->spans = trx_arena_calloc(a, in->nids, sizeof(*row->spans));
	if (row->segments == NULL || row->spans == NULL)
		return trx_error_memory(err);
	for (i = 0; i < in->nsegs; i++) {
		row->segments[i] =
		    (struct trx_segment){ .begin = in->segs[i][0],
			    .context_end = in->segs[i][1],
			    .end = in->segs[i][2],
			    .group = (uint32_t)i };
		add_spans(in, in->segs[i], row);
	}
	row->nsegments = in->nsegs;
	return 0;
}

static int
make_group(const struct trx_json *example, struct trx_arena *a,
    struct trx_group *g, struct trx_error *err)
{
	static const char *const own[] = { "id", NULL };

	if (trx_json_get_string(example, "id", &g->id) != 1)
		return trx_error_set(
		    err, TRX_INPUT, "an example has no id in its JSON");
	return trx_metadata(example, own, a, &g->metadata, err);
}

static int
make_groups(const struct trx_json *json, struct trx_arena *a,
    struct trx_row *row, struct trx_error *err)
{
	const struct trx_json *list = trx_json_get(json, "examples");
	size_t i;

	if (list == NULL || list->type != TRX_JSON_ARRAY ||
	    list->u.array.n != row->nsegments)
		return trx_error_set(err, TRX_INPUT,
		    "its JSON does not list one example a segment");
	row->ngroups = row->nsegments;
	row->groups = trx_arena_calloc(a, row->ngroups, sizeof(*row->groups));
	if (row->groups == NULL)
		return trx_error_memory(err);
	for (i = 0; i < row->ngroups; i++)
		if (make_group(
			&list->u.array.items[i], a, &row->groups[i], err) == -1)
			return -1;
	return 0;
}

int
trx_archived_to_row(const struct trx_shard_row *in,
    struct trx_json_reader *reader, struct trx_arena *a, struct trx_row *row,
    struct trx_error *err)
{
	struct trx_json json;
	char *text = trx_arena_calloc(a, in->json.n + TRX_JSON_PADDING, 1);

	if (text == NULL)
		return trx_error_memory(err);
	memcpy(text, in->json.p, in->json.n);
	if (trx_json_read(reader, text, in->json.n, a, &json, err) !=
	    TRX_JSON_FINE)
		return -1;
	*row = (struct trx_row){ .kind = TRX_KIND_TOKENS,
		.ids = (uint32_t *)in->ids,
		.nids = in->nids };
	if (make_segments(in, a, row, err) == -1)
		return -1;
	return make_groups(&json, a, row, err);
}
