#include <string.h>

#include "common/template/trace.h"
#include "common/template/unicode.h"

void
trx_text_begin(struct trx_run *run, struct trx_text *t)
{
	*t = (struct trx_text){ .buf = TRX_BUF_INIT };
	if (run->trace != NULL)
		t->first = run->trace->npieces;
}

/* Room for one more thing of `size` in an array of n in *cap. */
static void *
grow(struct trx_run *run, void *old, size_t n, size_t *cap, size_t size)
{
	void *p;

	if (n < *cap)
		return old;
	*cap = *cap == 0 ? 64 : *cap * 2;
	if ((p = trx_run_calloc(run, *cap, size)) != NULL && n != 0)
		memcpy(p, old, n * size);
	return p;
}

/* The first region that ends behind p. */
static size_t
find_region(const struct trx_trace *t, const char *p)
{
	size_t low = 0, high = t->nregions, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (t->regions[mid].at + t->regions[mid].n <= p)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The first input that ends behind p. */
static size_t
find_input(const struct trx_template_trace *want, const char *p)
{
	size_t low = 0, high = want->ninputs, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (want->inputs[mid].p + want->inputs[mid].n <= p)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/*
 * What the bytes at s.p are, and in *n how many of s are the same: what is
 * its own, an input's, a copy's, or nobody's.
 */
static struct trx_template_piece
origin_of(const struct trx_trace *t, struct trx_str s, size_t *n)
{
	const struct trx_template_trace *want = t->want;
	struct trx_template_piece origin = { .input = TRX_TEMPLATE_OTHER };
	size_t i;

	*n = s.n;
	if (trx_arena_holds(t->template, s.p) ||
	    (t->own != NULL && trx_arena_holds(t->own, s.p))) {
		origin.input = TRX_TEMPLATE_OWN;
		return origin;
	}
	i = find_input(want, s.p);
	if (i < want->ninputs && want->inputs[i].p <= s.p) {
		origin.input = (int32_t)i;
		origin.offset = (size_t)(s.p - want->inputs[i].p);
		return origin;
	}
	i = find_region(t, s.p);
	if (i == t->nregions || t->regions[i].at >= s.p + s.n)
		return origin;
	if (t->regions[i].at > s.p) {
		*n = (size_t)(t->regions[i].at - s.p);
		return origin;
	}
	origin = t->regions[i].origin;
	if (origin.input >= 0)
		origin.offset += (size_t)(s.p - t->regions[i].at);
	if (t->regions[i].at + t->regions[i].n < s.p + s.n)
		*n = (size_t)(t->regions[i].at + t->regions[i].n - s.p);
	return origin;
}

/* Do bytes that are `next` go on where the piece p ends? */
static bool
continues(
    const struct trx_template_piece *p, const struct trx_template_piece *next)
{
	return p->end == next->begin && p->input == next->input &&
	       p->generation == next->generation &&
	       (p->input < 0 ||
		   p->offset + (p->end - p->begin) == next->offset);
}

/* Note that n bytes at `begin` of a text are what piece says. */
static int
add_piece(struct trx_run *run, size_t first, struct trx_template_piece piece,
    size_t begin, size_t n)
{
	struct trx_trace *t = run->trace;

	piece.begin = begin;
	piece.end = begin + n;
	if (piece.generation == 0)
		piece.generation = t->generation;
	if (t->npieces > first &&
	    continues(&t->pieces[t->npieces - 1], &piece)) {
		t->pieces[t->npieces - 1].end += n;
		return 0;
	}
	t->pieces = grow(
	    run, t->pieces, t->npieces, &t->cap_pieces, sizeof(*t->pieces));
	if (t->pieces == NULL)
		return -1;
	t->pieces[t->npieces++] = piece;
	return 0;
}

static int
trace_text(struct trx_run *run, const struct trx_text *to, struct trx_str s)
{
	size_t begin = to->buf.len, n;
	struct trx_template_piece origin;

	for (; s.n != 0; s.p += n, s.n -= n, begin += n) {
		origin = origin_of(run->trace, s, &n);
		if (add_piece(run, to->first, origin, begin, n) == -1)
			return -1;
	}
	return 0;
}

int
trx_text_add(struct trx_run *run, struct trx_text *t, struct trx_str s)
{
	if (s.n > TRX_TEMPLATE_OUTPUT || t->buf.len > TRX_TEMPLATE_OUTPUT - s.n)
		return trx_run_fail(run, "the template writes too much");
	if (run->trace != NULL && trace_text(run, t, s) == -1)
		return -1;
	trx_buf_adds(&t->buf, s);
	return t->buf.failed ? trx_error_memory(run->err) : 0;
}

static int
add_region(struct trx_run *run, const char *at, size_t n,
    struct trx_template_piece origin)
{
	struct trx_trace *t = run->trace;
	size_t i;

	if (n == 0)
		return 0;
	t->regions = grow(
	    run, t->regions, t->nregions, &t->cap_regions, sizeof(*t->regions));
	if (t->regions == NULL)
		return -1;
	i = find_region(t, at);
	if (trx_run_charge(run, (t->nregions - i) / 64) == -1)
		return -1;
	memmove(&t->regions[i + 1], &t->regions[i],
	    (t->nregions - i) * sizeof(*t->regions));
	t->regions[i] =
	    (struct trx_trace_region){ .at = at, .n = n, .origin = origin };
	t->nregions++;
	return 0;
}

int
trx_text_take(struct trx_run *run, struct trx_text *t, struct trx_str *out)
{
	struct trx_trace *trace = run->trace;
	const struct trx_template_piece *p;
	size_t i, last = trace == NULL ? 0 : trace->npieces;

	if (trx_run_take(run, &t->buf, out) == -1)
		return -1;
	for (i = t->first; i < last; i++) {
		p = &trace->pieces[i];
		if (add_region(run, out->p + p->begin, p->end - p->begin, *p) ==
		    -1)
			return -1;
	}
	trx_text_drop(run, t);
	return 0;
}

void
trx_text_drop(struct trx_run *run, struct trx_text *t)
{
	if (run->trace != NULL)
		run->trace->npieces = t->first;
	trx_buf_free(&t->buf);
}

int
trx_trace_copy(struct trx_run *run, const char *to, struct trx_str from)
{
	struct trx_template_piece origin;
	size_t n;

	if (run->trace == NULL)
		return 0;
	for (; from.n != 0; from.p += n, from.n -= n, to += n) {
		origin = origin_of(run->trace, from, &n);
		if (origin.generation == 0)
			origin.generation = run->trace->generation;
		if (add_region(run, to, n, origin) == -1)
			return -1;
	}
	return 0;
}

uint32_t
trx_trace_enter(struct trx_run *run)
{
	uint32_t before = 0;

	if (run->trace != NULL) {
		before = run->trace->generation;
		run->trace->generation = ++run->trace->generations;
	}
	return before;
}

void
trx_trace_leave(struct trx_run *run, uint32_t before)
{
	if (run->trace != NULL)
		run->trace->generation = before;
}

int
trx_trace_generated(struct trx_run *run, struct trx_str text)
{
	struct trx_trace *t = run->trace;
	struct trx_str before;
	size_t start;

	if (t == NULL || !t->want->quirks || !t->wrote)
		return 0;
	before = trx_buf_str(&run->main->buf);
	start = trx_unicode_length(before);
	t->spans =
	    grow(run, t->spans, t->nspans, &t->cap_spans, sizeof(*t->spans));
	if (t->spans == NULL)
		return -1;
	t->spans[t->nspans++] = (struct trx_template_span){ .begin = start,
		.end = start + trx_unicode_length(text) };
	return 0;
}

/* The runs of pieces that the same generation block wrote. */
static int
make_spans(struct trx_run *run)
{
	struct trx_trace *t = run->trace;
	const struct trx_template_piece *p;
	uint32_t last = 0;
	size_t i;

	for (i = 0; i < t->npieces; last = p->generation, i++) {
		p = &t->pieces[i];
		if (p->generation == 0)
			continue;
		if (p->generation == last) {
			t->spans[t->nspans - 1].end = p->end;
			continue;
		}
		t->spans = grow(
		    run, t->spans, t->nspans, &t->cap_spans, sizeof(*t->spans));
		if (t->spans == NULL)
			return -1;
		t->spans[t->nspans++] =
		    (struct trx_template_span){ .begin = p->begin,
			    .end = p->end };
	}
	return 0;
}

int
trx_trace_finish(
    struct trx_run *run, size_t start, struct trx_template_trace *want)
{
	struct trx_trace *t = run->trace;
	size_t i;

	if (!want->quirks && make_spans(run) == -1)
		return -1;
	for (i = 0; i < t->npieces; i++) {
		t->pieces[i].begin -= start;
		t->pieces[i].end -= start;
	}
	for (i = 0; !want->quirks && i < t->nspans; i++) {
		t->spans[i].begin -= start;
		t->spans[i].end -= start;
	}
	want->pieces = t->pieces;
	want->npieces = t->npieces;
	want->spans = t->spans;
	want->nspans = t->nspans;
	return 0;
}
