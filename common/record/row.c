#include <inttypes.h>
#include <string.h>

#include "common/base/bytes.h"
#include "common/record/frame.h"
#include "common/record/row.h"

/* Section tags and flags (trx-records(5)). */
enum {
	TAG_IDS = 1,
	TAG_SPANS = 2,
	TAG_SEGMENTS = 3,
	TAG_ID = 16, /* begins a group */
	TAG_METADATA = 17,
	TAG_STATE = 18,
	TAG_TEXT = 19,
	TAG_PARTS = 20
};

#define CRITICAL 1
#define COPY 2

#define TABLE_HEAD 8  /* number of sections, zero */
#define TABLE_ENTRY 8 /* tag, flags, length */

/* Sections of tokens, of a group, of a group's text; see put_*. */
enum { TOKENS_SECTIONS = 3, GROUP_SECTIONS = 3, TEXT_SECTIONS = 2 };

#define STATE_SIZE 16
#define STATE_RENDERED 1u

struct section {
	uint16_t tag;
	uint16_t flags;
	struct trx_str bytes;
};

static size_t
padded(size_t n)
{
	return (n + 7) & ~(size_t)7;
}

static int
broken(struct trx_error *err, const char *what)
{
	return trx_error_set(err, TRX_INPUT, "not a valid record: %s", what);
}

/* The i-th section of a payload whose table was checked. */
static struct section
section_at(struct trx_str payload, uint32_t i, size_t *offset)
{
	const char *entry = payload.p + TABLE_HEAD + (size_t)i * TABLE_ENTRY;
	struct section s = { .tag = trx_le16_get(entry),
		.flags = trx_le16_get(entry + 2),
		.bytes = { payload.p + *offset, trx_le32_get(entry + 4) } };

	*offset += padded(s.bytes.n);
	return s;
}

static bool
all_zero(const char *p, size_t n)
{
	while (n > 0 && p[n - 1] == '\0')
		n--;
	return n == 0;
}

/* Check that the sections of the table fill the payload; count them. */
static int
check_table(struct trx_str payload, uint32_t *n, uint32_t *groups,
    struct trx_error *err)
{
	size_t offset, length;
	uint32_t i;

	if (payload.n < TABLE_HEAD || trx_le32_get(payload.p + 4) != 0)
		return broken(err, "its table of sections is cut short");
	*n = trx_le32_get(payload.p);
	if (*n > (payload.n - TABLE_HEAD) / TABLE_ENTRY)
		return broken(err, "its table of sections is cut short");
	offset = TABLE_HEAD + (size_t)*n * TABLE_ENTRY;
	*groups = 0;
	for (i = 0; i < *n; i++) {
		const char *entry =
		    payload.p + TABLE_HEAD + (size_t)i * TABLE_ENTRY;

		length = trx_le32_get(entry + 4);
		if (padded(length) > payload.n - offset)
			return broken(err, "a section passes its end");
		if (!all_zero(
			payload.p + offset + length, padded(length) - length))
			return broken(err, "padding that is not zero");
		offset += padded(length);
		*groups += trx_le16_get(entry) == TAG_ID;
	}
	if (offset != payload.n)
		return broken(err, "bytes after its last section");
	return 0;
}

/* Copy a section of little-endian 32-bit numbers into the arena. */
static int
numbers(struct trx_str bytes, size_t per_item, struct trx_arena *a,
    uint32_t **out, size_t *n, struct trx_error *err)
{
	size_t i, count = bytes.n / 4;

	if (bytes.n % (4 * per_item) != 0)
		return broken(err, "a section of the wrong size");
	if ((*out = trx_arena_alloc(a, count * 4 + 1)) == NULL)
		return trx_error_memory(err);
	for (i = 0; i < count; i++)
		(*out)[i] = trx_le32_get(bytes.p + 4 * i);
	*n = count / per_item;
	return 0;
}

static int
decode_spans(struct trx_row *row, const uint32_t *v, size_t n,
    struct trx_arena *a, struct trx_error *err)
{
	size_t i;

	if ((row->spans = trx_arena_calloc(a, n, sizeof(*row->spans))) == NULL)
		return trx_error_memory(err);
	for (i = 0; i < n; i++)
		row->spans[i] =
		    (struct trx_span){ .begin = v[2 * i], .end = v[2 * i + 1] };
	row->nspans = n;
	return 0;
}

static int
decode_segments(struct trx_row *row, const uint32_t *v, size_t n,
    struct trx_arena *a, struct trx_error *err)
{
	struct trx_segment *s = trx_arena_calloc(a, n, sizeof(*s));
	size_t i;

	if (s == NULL)
		return trx_error_memory(err);
	for (i = 0; i < n; i++)
		s[i] = (struct trx_segment){ .begin = v[4 * i],
			.context_end = v[4 * i + 1],
			.end = v[4 * i + 2],
			.group = v[4 * i + 3] };
	row->segments = s;
	row->nsegments = n;
	return 0;
}

static int
decode_parts(struct trx_group *g, const uint32_t *v, size_t n,
    struct trx_arena *a, struct trx_error *err)
{
	struct trx_part *parts = trx_arena_calloc(a, n, sizeof(*parts));
	size_t i;

	if (parts == NULL)
		return trx_error_memory(err);
	for (i = 0; i < n; i++)
		parts[i] = (struct trx_part){ .begin = v[4 * i],
			.end = v[4 * i + 1],
			.flags = v[4 * i + 2],
			.message = (int32_t)v[4 * i + 3] };
	g->parts = parts;
	g->nparts = n;
	return 0;
}

/* An unknown section: refused, kept or dropped, as its flags say. */
static int
decode_unknown(struct section s, struct trx_row *row, struct trx_group *g,
    struct trx_arena *a, struct trx_error *err)
{
	struct trx_section **list = g != NULL ? &g->unknown : &row->unknown;
	size_t *n = g != NULL ? &g->nunknown : &row->nunknown;
	struct trx_section *more;

	if (s.flags & CRITICAL)
		return trx_error_set(err, TRX_INPUT,
		    "a critical section of unknown kind %u: a newer format",
		    s.tag);
	if (!(s.flags & COPY)) {
		row->ndropped++;
		return 0;
	}
	if ((more = trx_arena_calloc(a, *n + 1, sizeof(*more))) == NULL)
		return trx_error_memory(err);
	if (*n > 0)
		memcpy(more, *list, *n * sizeof(*more));
	more[*n] = (struct trx_section){
		.tag = s.tag, .flags = s.flags, .bytes = s.bytes
	};
	*list = more;
	++*n;
	return 0;
}

static int
decode_row_section(struct section s, struct trx_row *row, struct trx_arena *a,
    struct trx_error *err)
{
	uint32_t *v;
	size_t n;

	switch (s.tag) {
	case TAG_IDS:
		return numbers(s.bytes, 1, a, &row->ids, &row->nids, err);
	case TAG_SPANS:
		if (numbers(s.bytes, 2, a, &v, &n, err) == -1)
			return -1;
		return decode_spans(row, v, n, a, err);
	case TAG_SEGMENTS:
		if (numbers(s.bytes, 4, a, &v, &n, err) == -1)
			return -1;
		return decode_segments(row, v, n, a, err);
	default:
		return decode_unknown(s, row, NULL, a, err);
	}
}

static int
decode_state(struct trx_str bytes, struct trx_group *g, struct trx_error *err)
{
	uint32_t flags;

	if (bytes.n != STATE_SIZE)
		return broken(err, "a section of the wrong size");
	flags = trx_le32_get(bytes.p);
	if ((flags & ~STATE_RENDERED) != 0 || trx_le32_get(bytes.p + 12) != 0)
		return broken(err, "unknown flags in an example's state");
	g->rendered = flags & STATE_RENDERED;
	g->cut_frozen = trx_le32_get(bytes.p + 4);
	g->cut_trained = trx_le32_get(bytes.p + 8);
	return 0;
}

static int
decode_group_section(struct section s, struct trx_row *row, struct trx_group *g,
    struct trx_arena *a, struct trx_error *err)
{
	uint32_t *v;
	size_t n;

	switch (s.tag) {
	case TAG_METADATA:
		g->metadata = s.bytes;
		return 0;
	case TAG_STATE:
		return decode_state(s.bytes, g, err);
	case TAG_TEXT:
		g->text = s.bytes;
		return 0;
	case TAG_PARTS:
		if (numbers(s.bytes, 4, a, &v, &n, err) == -1)
			return -1;
		return decode_parts(g, v, n, a, err);
	default:
		return decode_unknown(s, row, g, a, err);
	}
}

/* Does a section of this tag belong to a row, and to that kind of stream? */
static bool
misplaced(const struct section *s, const struct trx_row *row)
{
	bool in_group = row->ngroups > 0;

	switch (s->tag) {
	case TAG_IDS:
	case TAG_SPANS:
	case TAG_SEGMENTS:
		return in_group || row->kind == TRX_KIND_TEXT;
	case TAG_TEXT:
	case TAG_PARTS:
		return !in_group || row->kind == TRX_KIND_TOKENS;
	case TAG_METADATA:
	case TAG_STATE:
		return !in_group;
	default:
		return false;
	}
}

/* Sections stand in the order of their tags, each once in its row or group. */
static int
decode_sections(struct trx_str payload, uint32_t n, struct trx_arena *a,
    struct trx_row *row, struct trx_error *err)
{
	size_t offset = TABLE_HEAD + (size_t)n * TABLE_ENTRY;
	struct trx_group *g = NULL;
	struct section s;
	unsigned last = 0;
	uint32_t i;
	int rc;

	for (i = 0; i < n; i++) {
		s = section_at(payload, i, &offset);
		if (misplaced(&s, row) || (s.tag <= last && s.tag != TAG_ID))
			return broken(err, "its sections are out of order");
		last = s.tag;
		if (s.tag == TAG_ID) {
			g = &row->groups[row->ngroups++];
			g->id = s.bytes;
			rc = 0;
		} else if (g == NULL)
			rc = decode_row_section(s, row, a, err);
		else
			rc = decode_group_section(s, row, g, a, err);
		if (rc == -1)
			return -1;
	}
	return 0;
}

/* The segments tile the ids, and name each group once. */
static int
check_segments(
    const struct trx_row *row, struct trx_arena *a, struct trx_error *err)
{
	bool *seen = trx_arena_calloc(a, row->ngroups, sizeof(*seen));
	uint32_t at = 0;
	size_t i;

	if (seen == NULL)
		return trx_error_memory(err);
	for (i = 0; i < row->nsegments; i++) {
		const struct trx_segment *s = &row->segments[i];

		if (s->begin != at || s->context_end < s->begin ||
		    s->context_end >= s->end || s->end > row->nids)
			return broken(err, "its segments do not tile its ids");
		if (s->group >= row->ngroups || seen[s->group])
			return broken(err, "a segment names no example");
		seen[s->group] = true;
		at = s->end;
	}
	if (at != row->nids || row->nsegments != row->ngroups)
		return broken(err, "its segments do not tile its ids");
	return 0;
}

/* Every span lies in a segment, whose first one begins at context end. */
static int
check_spans(const struct trx_row *row, struct trx_error *err)
{
	size_t i, k = 0;

	for (i = 0; i < row->nsegments; i++) {
		const struct trx_segment *s = &row->segments[i];
		uint32_t at = s->context_end;

		if (k == row->nspans || row->spans[k].begin != at)
			return broken(err, "a context does not end at a span");
		for (; k < row->nspans && row->spans[k].begin < s->end; k++) {
			if (row->spans[k].begin < at ||
			    row->spans[k].end <= row->spans[k].begin ||
			    row->spans[k].end > s->end)
				return broken(err, "its spans do not ascend");
			at = row->spans[k].end + 1;
		}
	}
	if (k != row->nspans)
		return broken(err, "a span outside its segments");
	return 0;
}

static int
check_text(const struct trx_group *g, struct trx_error *err)
{
	const uint32_t known =
	    TRX_PART_TRAINED | TRX_PART_CUT_BEFORE | TRX_PART_PRINTED;
	uint32_t at = 0;
	size_t i;

	for (i = 0; i < g->nparts; i++) {
		const struct trx_part *p = &g->parts[i];

		if (p->begin != at || p->end <= at || p->end > g->text.n)
			return broken(err, "its parts do not tile its text");
		if ((p->flags & ~known) != 0 || p->message < -1)
			return broken(err, "a part has unknown flags");
		at = p->end;
	}
	return at == g->text.n ? 0
			       : broken(err, "its parts do not tile its text");
}

int
trx_row_decode(struct trx_str payload, enum trx_kind kind, struct trx_arena *a,
    struct trx_row *row, struct trx_error *err)
{
	uint32_t nsections = 0, ngroups = 0;

	*row = (struct trx_row){ .kind = kind };
	if (check_table(payload, &nsections, &ngroups, err) == -1)
		return -1;
	if (ngroups == 0 || (kind == TRX_KIND_TEXT && ngroups != 1))
		return broken(err, "not the number of examples it should hold");
	row->groups = trx_arena_calloc(a, ngroups, sizeof(*row->groups));
	if (row->groups == NULL)
		return trx_error_memory(err);
	if (decode_sections(payload, nsections, a, row, err) == -1)
		return -1;
	if (kind == TRX_KIND_TEXT)
		return check_text(&row->groups[0], err);
	if (check_segments(row, a, err) == -1)
		return -1;
	return check_spans(row, err);
}

int
trx_row_check_ids(
    const struct trx_row *row, uint32_t vocab_size, struct trx_error *err)
{
	uint32_t largest = 0;
	size_t i;

	for (i = 0; i < row->nids; i++)
		largest = row->ids[i] > largest ? row->ids[i] : largest;
	if (row->nids > 0 && largest >= vocab_size)
		return trx_error_set(err, TRX_INPUT,
		    "it has the id %" PRIu32 " of a vocabulary of %" PRIu32,
		    largest, vocab_size);
	return 0;
}

/* A payload being written: its table's entries are filled in on the way. */
struct writer {
	struct trx_buf *out;
	size_t start; /* of the payload in out */
	size_t entry; /* the next one, in out */
};

static size_t
count_sections(const struct trx_row *row)
{
	const bool text = row->kind == TRX_KIND_TEXT;
	size_t i, n = (text ? 0 : TOKENS_SECTIONS) + row->nunknown;

	for (i = 0; i < row->ngroups; i++)
		n += GROUP_SECTIONS + (text ? TEXT_SECTIONS : 0) +
		     row->groups[i].nunknown;
	return n;
}

static void
begin_payload(struct writer *w, const struct trx_row *row, struct trx_buf *out)
{
	size_t n = count_sections(row);

	*w = (struct writer){ out, out->len, out->len + TABLE_HEAD };
	trx_buf_add32(out, (uint32_t)n);
	trx_buf_add32(out, 0);
	trx_buf_addzeros(out, n * TABLE_ENTRY);
}

static void
begin_section(struct writer *w, uint16_t tag, uint16_t flags, size_t length)
{
	uint8_t *to;

	if (w->out->failed)
		return;
	to = (uint8_t *)w->out->data + w->entry;
	trx_le16_put(to, tag);
	trx_le16_put(to + 2, flags);
	trx_le32_put(to + 4, (uint32_t)length);
	w->entry += TABLE_ENTRY;
}

static void
end_section(struct writer *w)
{
	size_t n = w->out->len - w->start;

	trx_buf_addzeros(w->out, padded(n) - n);
}

static void
put_bytes(struct writer *w, uint16_t tag, uint16_t flags, struct trx_str bytes)
{
	begin_section(w, tag, flags, bytes.n);
	trx_buf_adds(w->out, bytes);
	end_section(w);
}

static void
put_numbers(struct writer *w, const uint32_t *v, size_t n)
{
	char *to = trx_buf_reserve(w->out, 4 * n);
	size_t i;

	if (to == NULL)
		return;
	for (i = 0; i < n; i++)
		trx_le32_put(to + 4 * i, v[i]);
	w->out->len += 4 * n;
}

static void
put_unknown(struct writer *w, const struct trx_section *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		put_bytes(w, s[i].tag, s[i].flags, s[i].bytes);
}

static void
put_tokens(struct writer *w, const struct trx_row *row)
{
	size_t i;

	begin_section(w, TAG_IDS, CRITICAL, 4 * row->nids);
	put_numbers(w, row->ids, row->nids);
	end_section(w);
	begin_section(w, TAG_SPANS, CRITICAL, 8 * row->nspans);
	for (i = 0; i < row->nspans; i++)
		put_numbers(w,
		    (uint32_t[]){ row->spans[i].begin, row->spans[i].end }, 2);
	end_section(w);
	begin_section(w, TAG_SEGMENTS, CRITICAL, 16 * row->nsegments);
	for (i = 0; i < row->nsegments; i++) {
		const struct trx_segment *s = &row->segments[i];

		put_numbers(w,
		    (uint32_t[]){ s->begin, s->context_end, s->end, s->group },
		    4);
	}
	end_section(w);
}

static void
put_parts(struct writer *w, const struct trx_group *g)
{
	size_t i;

	begin_section(w, TAG_PARTS, CRITICAL, 16 * g->nparts);
	for (i = 0; i < g->nparts; i++) {
		const struct trx_part *p = &g->parts[i];

		put_numbers(w,
		    (uint32_t[]){
			p->begin, p->end, p->flags, (uint32_t)p->message },
		    4);
	}
	end_section(w);
}

static void
put_group(struct writer *w, const struct trx_group *g, enum trx_kind kind)
{
	put_bytes(w, TAG_ID, CRITICAL, g->id);
	put_bytes(w, TAG_METADATA, COPY, g->metadata);
	begin_section(w, TAG_STATE, CRITICAL, STATE_SIZE);
	put_numbers(w,
	    (uint32_t[]){ g->rendered ? STATE_RENDERED : 0, g->cut_frozen,
		g->cut_trained, 0 },
	    4);
	if (kind == TRX_KIND_TEXT) {
		put_bytes(w, TAG_TEXT, CRITICAL, g->text);
		put_parts(w, g);
	}
	put_unknown(w, g->unknown, g->nunknown);
}

/* Bytes that a row takes at least: checked before any is written. */
static size_t
least_size(const struct trx_row *row)
{
	size_t i, n = 4 * row->nids;

	for (i = 0; i < row->ngroups; i++)
		n += row->groups[i].metadata.n + row->groups[i].text.n;
	return n;
}

int
trx_row_encode(
    const struct trx_row *row, struct trx_buf *out, struct trx_error *err)
{
	size_t i, start = out->len, size = least_size(row);
	struct writer w;

	if (size <= TRX_FRAME_MAX) {
		begin_payload(&w, row, out);
		if (row->kind == TRX_KIND_TOKENS)
			put_tokens(&w, row);
		put_unknown(&w, row->unknown, row->nunknown);
		for (i = 0; i < row->ngroups; i++)
			put_group(&w, &row->groups[i], row->kind);
		if (out->failed)
			return trx_error_memory(err);
		size = out->len - start;
	}
	if (size > TRX_FRAME_MAX) {
		out->len = start;
		return trx_error_set(err, TRX_INPUT,
		    "a record of %zu bytes: the limit is %" PRIu32, size,
		    TRX_FRAME_MAX);
	}
	return 0;
}

size_t
trx_row_mask(const struct trx_row *row, uint8_t *mask)
{
	size_t i, n = 0;

	memset(mask, 0, row->nids);
	for (i = 0; i < row->nspans; i++)
		memset(mask + row->spans[i].begin, 1,
		    row->spans[i].end - row->spans[i].begin);
	for (i = 0; i < row->nsegments; i++) {
		mask[row->segments[i].begin] = 0;
		n += trx_row_trained(row, &row->segments[i]);
	}
	return n;
}

size_t
trx_row_trained(const struct trx_row *row, const struct trx_segment *s)
{
	size_t i, n = 0;

	for (i = 0; i < row->nspans; i++)
		if (row->spans[i].begin >= s->begin &&
		    row->spans[i].begin < s->end)
			n += row->spans[i].end - row->spans[i].begin;
	return n - (s->context_end == s->begin);
}
