#include "common/tokenizer/normalizer_steps.h"
#include "common/ucd/decompose.h"

enum { SHORT = 16 }; /* marks that insertion sorts faster */

/* A decomposed character, its rank, and where what it comes from ends. */
struct unit {
	uint32_t cp : 24;
	uint32_t rank : 8;
	uint32_t end;
};

/* Where a span is rewritten. */
struct span {
	enum trx_ucd_form form;
	size_t begin, end; /* of the text */
	size_t n;	   /* units, in work */
};

static bool
is_compatible(enum trx_ucd_form form)
{
	return form == TRX_UCD_NFKC || form == TRX_UCD_NFKD;
}

/*
 * Where the next span begins that is not surely in the form: the quick check of
 * UAX #15.  It begins with the last character that nothing before can change.
 * At at a span can begin.
 */
static size_t
next_span(struct trx_str text, size_t at, enum trx_ucd_form form)
{
	const uint8_t *p = (const uint8_t *)text.p;
	size_t begin = at, i = at;
	unsigned bits, last = 0;

	while (i < text.n) {
		if (p[i] < 0x80) {
			i = trx_normalizer_skip_ascii(p, i, text.n);
			begin = i - 1;
			last = 0;
			continue;
		}
		if (p[i] < 0xf0 && !trx_ucd_row_changes(p + i, form)) {
			begin = i;
			last = 0;
			i += p[i] < 0xe0 ? 2 : 3;
			continue;
		}
		bits = trx_ucd_form(trx_ucd_get(p + i));
		if ((bits & form) != 0)
			return begin;
		bits &= TRX_UCD_RANK;
		if (bits == 0)
			begin = i;
		else if (bits < last)
			return begin;
		last = bits;
		i += trx_ucd_width(p + i);
	}
	return i;
}

static bool
add_units(struct trx_buf *work, const uint32_t *parts, size_t n, size_t end)
{
	/* The buffer is aligned, and holds nothing but these. */
	struct unit *to =
	    (struct unit *)(void *)trx_buf_reserve(work, n * sizeof(*to));
	size_t i;

	if (to == NULL)
		return false;
	for (i = 0; i < n; i++)
		to[i] = (struct unit){ .cp = parts[i],
			.rank = trx_ucd_form(parts[i]) & TRX_UCD_RANK,
			.end = (uint32_t)end };
	work->len += n * sizeof(*to);
	return true;
}

/*
 * Decompose from span->begin up to the next character that nothing before it
 * can change.
 */
static bool
decompose(struct trx_str text, struct span *span, struct trx_buf *work)
{
	const uint8_t *p = (const uint8_t *)text.p;
	uint32_t parts[TRX_UCD_PARTS];
	size_t i = span->begin, n;

	trx_buf_reset(work);
	do {
		n = trx_ucd_decompose(
		    trx_ucd_get(p + i), is_compatible(span->form), parts);
		if (i != span->begin &&
		    (trx_ucd_form(parts[0]) &
			((unsigned)span->form | TRX_UCD_RANK)) == 0)
			break;
		i += trx_ucd_width(p + i);
		if (!add_units(work, parts, n, i))
			return false;
	} while (i < text.n);
	span->end = i;
	span->n = work->len / sizeof(struct unit);
	return true;
}

static void
insertion_sort(struct unit *units, size_t n)
{
	struct unit u;
	size_t i, j;

	for (i = 1; i < n; i++) {
		u = units[i];
		for (j = i; j > 0 && units[j - 1].rank > u.rank; j--)
			units[j] = units[j - 1];
		units[j] = u;
	}
}

/* Sort by rank, keeping the order of equal ones; other has room for n. */
static void
counting_sort(struct unit *units, size_t n, struct unit *other)
{
	size_t places[TRX_UCD_RANK + 2] = { 0 }, i;

	for (i = 0; i < n; i++)
		places[units[i].rank + 1]++;
	for (i = 1; i <= TRX_UCD_RANK; i++)
		places[i] += places[i - 1];
	for (i = 0; i < n; i++)
		other[places[units[i].rank]++] = units[i];
	memcpy(units, other, n * sizeof(*units));
}

/* Sort every run of marks. */
static bool
reorder(struct trx_buf *work, size_t n)
{
	struct unit *units, *other;
	size_t i, end;

	if (trx_buf_reserve(work, work->len) == NULL)
		return false;
	units = (struct unit *)(void *)work->data;
	other = units + n;
	for (i = 0; i < n; i = end) {
		end = i + 1;
		if (units[i].rank == 0)
			continue;
		while (end < n && units[end].rank != 0)
			end++;
		if (end - i < SHORT)
			insertion_sort(units + i, end - i);
		else
			counting_sort(units + i, end - i, other);
	}
	return true;
}

/* Compose in place.  Returns how many are left. */
static size_t
compose(struct unit *units, size_t n)
{
	struct unit *starter = NULL;
	size_t i, left = 0;
	unsigned last = 0, now;
	uint32_t both;

	for (i = 0; i < n; i++) {
		now = units[i].rank;
		/* Marks of the same rank, or a starter, are in the way. */
		if (starter != NULL &&
		    (starter + 1 == units + left || last < now) &&
		    (both = trx_ucd_compose(starter->cp, units[i].cp)) != 0) {
			starter->cp = both;
			if (starter->end < units[i].end)
				starter->end = units[i].end;
			continue;
		}
		if (now == 0)
			starter = &units[left];
		last = now;
		units[left++] = units[i];
	}
	return left;
}

/* Are the units the bytes of the span? */
static bool
is_same(struct trx_str text, const struct span *span, const struct unit *units)
{
	const uint8_t *p = (const uint8_t *)text.p;
	size_t at = span->begin, i;

	for (i = 0; i < span->n; i++) {
		if (at == span->end || trx_ucd_get(p + at) != units[i].cp)
			return false;
		at += trx_ucd_width(p + at);
	}
	return at == span->end;
}

static int
repair(struct trx_rewrite *w, struct span *span, struct trx_buf *work)
{
	struct unit *units;
	uint8_t bytes[4];
	size_t i;

	if (!decompose(w->from, span, work) || !reorder(work, span->n))
		return -1;
	units = (struct unit *)(void *)work->data;
	if (span->form == TRX_UCD_NFC || span->form == TRX_UCD_NFKC)
		span->n = compose(units, span->n);
	if (is_same(w->from, span, units))
		return 0;
	trx_rewrite_cut(w, span->begin, span->end);
	for (i = 0; i < span->n; i++)
		trx_rewrite_add(w,
		    (struct trx_str){
			(const char *)bytes, trx_ucd_put(bytes, units[i].cp) },
		    units[i].end);
	return 0;
}

int
trx_normalizer_form(const struct trx_normalizer_step *s, struct trx_rewrite *w,
    struct trx_normalizer_room *room, struct trx_error *err)
{
	struct span span = { .form = s->form };

	for (;;) {
		span.begin = next_span(w->from, span.end, s->form);
		if (span.begin == w->from.n)
			return 0;
		if (repair(w, &span, &room->work) == -1)
			return trx_error_memory(err);
	}
}
