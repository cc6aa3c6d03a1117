#include <stdlib.h>
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
	if ((p = trx_run_alloc(run, *cap * size)) != NULL && n != 0)
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

static int
by_address(const void *a, const void *b, void *inputs)
{
	const struct trx_str *p = inputs, *q = inputs;

	p += *(const uint32_t *)a;
	q += *(const uint32_t *)b;
	return (p->p > q->p) - (p->p < q->p);
}

static bool
is_in(const struct trx_str *input, const char *p)
{
	return p >= input->p && (size_t)(p - input->p) < input->n;
}

/* Put the inputs in order, when the first is looked for out of turn. */
static int
sort_inputs(struct trx_run *run)
{
	struct trx_trace *t = run->trace;
	size_t i, n = t->want->ninputs;

	t->sorted = trx_run_alloc(run, n * sizeof(*t->sorted));
	if (t->sorted == NULL)
		return -1;
	for (i = 0; i < n; i++)
		t->sorted[i] = (uint32_t)i;
	qsort_r(t->sorted, n, sizeof(*t->sorted), by_address,
	    (void *)(uintptr_t)t->want->inputs);
	return 0;
}

/* The input that p points into where it is the last one or right behind. */
static int32_t
next_input(struct trx_trace *t, const char *p)
{
	size_t i;

	for (i = t->next; i < t->want->ninputs && i < t->next + 4; i++)
		if (is_in(&t->want->inputs[i], p)) {
			t->next = i;
			return (int32_t)i;
		}
	return TRX_TEMPLATE_OTHER;
}

/* *out is the input that p points into, or none.  Returns 0 or -1. */
static int
find_input(struct trx_run *run, const char *p, int32_t *out)
{
	struct trx_trace *t = run->trace;
	const struct trx_str *inputs = t->want->inputs;
	size_t low = 0, high = t->want->ninputs, mid;

	*out = TRX_TEMPLATE_OTHER;
	if (t->sorted == NULL && sort_inputs(run) == -1)
		return -1;
	while (low < high) {
		mid = (low + high) / 2;
		if (inputs[t->sorted[mid]].p > p)
			high = mid;
		else
			low = mid + 1;
	}
	if (low > 0 && is_in(&inputs[t->sorted[low - 1]], p)) {
		t->next = t->sorted[low - 1];
		*out = (int32_t)t->next;
	}
	return 0;
}

/*
 * What the bytes at s.p are, and in *n how many of s are the same: what is
 * its own, an input's, a copy's, or nobody's.  Returns 0 or -1.
 */
static int
find_origin(struct trx_run *run, struct trx_str s, struct trx_trace_origin *o,
    size_t *n)
{
	struct trx_trace *t = run->trace;
	const struct trx_trace_region *r;
	size_t i;

	*n = s.n;
	o->generation = 0;
	o->offset = 0;
	/* Most often they come one after the other. */
	o->input = next_input(t, s.p);
	if (o->input != TRX_TEMPLATE_OTHER) {
		o->offset = (size_t)(s.p - t->want->inputs[o->input].p);
		return 0;
	}
	if (trx_arena_holds(t->template, s.p) ||
	    (t->own != NULL && trx_arena_holds(t->own, s.p))) {
		o->input = TRX_TEMPLATE_OWN;
		return 0;
	}
	if (find_input(run, s.p, &o->input) == -1)
		return -1;
	if (o->input != TRX_TEMPLATE_OTHER) {
		o->offset = (size_t)(s.p - t->want->inputs[o->input].p);
		return 0;
	}
	i = find_region(t, s.p);
	r = &t->regions[i];
	if (i == t->nregions || r->at >= s.p + s.n)
		return 0;
	if (r->at > s.p) {
		*n = (size_t)(r->at - s.p);
		return 0;
	}
	*o = r->origin;
	if (o->input >= 0)
		o->offset += (size_t)(s.p - r->at);
	if (r->at + r->n < s.p + s.n)
		*n = (size_t)(r->at + r->n - s.p);
	return 0;
}

/* Note what n bytes at `begin` of a text are. */
static int
add_piece(struct trx_run *run, size_t first, const struct trx_trace_origin *o,
    size_t begin, size_t n)
{
	struct trx_trace *t = run->trace;
	uint32_t generation =
	    o->generation == 0 ? t->generation : o->generation;
	struct trx_template_piece *p;

	if (t->npieces > first) {
		p = &t->pieces[t->npieces - 1];
		if (p->input == o->input && p->generation == generation &&
		    p->end == begin &&
		    (p->input < 0 ||
			p->offset + (p->end - p->begin) == o->offset)) {
			p->end += n;
			return 0;
		}
	}
	t->pieces = grow(
	    run, t->pieces, t->npieces, &t->cap_pieces, sizeof(*t->pieces));
	if (t->pieces == NULL)
		return -1;
	p = &t->pieces[t->npieces++];
	p->begin = begin;
	p->end = begin + n;
	p->input = o->input;
	p->generation = generation;
	p->offset = o->offset;
	return 0;
}

static int
trace_text(struct trx_run *run, const struct trx_text *to, struct trx_str s)
{
	size_t begin = to->buf.len, n;
	struct trx_trace_origin origin;

	for (; s.n != 0; s.p += n, s.n -= n, begin += n)
		if (find_origin(run, s, &origin, &n) == -1 ||
		    add_piece(run, to->first, &origin, begin, n) == -1)
			return -1;
	return 0;
}

static int
add_text(struct trx_run *run, struct trx_text *t, struct trx_str s)
{
	if (s.n > TRX_TEMPLATE_OUTPUT || t->buf.len > TRX_TEMPLATE_OUTPUT - s.n)
		return trx_run_fail(run, "the template writes too much");
	trx_buf_adds(&t->buf, s);
	return t->buf.failed ? trx_error_memory(run->err) : 0;
}

int
trx_text_add(struct trx_run *run, struct trx_text *t, struct trx_str s)
{
	if (run->trace != NULL && trace_text(run, t, s) == -1)
		return -1;
	return add_text(run, t, s);
}

int
trx_text_room_slow(struct trx_run *run, size_t n, size_t spare)
{
	struct trx_buf *b = &run->out->buf;

	if (run->written > TRX_TEMPLATE_OUTPUT ||
	    b->len > TRX_TEMPLATE_OUTPUT - n)
		return trx_run_fail(run, "the template writes too much");
	if (run->trace != NULL && run->out == run->main)
		run->trace->wrote = true;
	return trx_buf_reserve(b, n + spare) == NULL
		   ? trx_error_memory(run->err)
		   : 0;
}

int
trx_text_put_traced(struct trx_run *run, struct trx_str s, bool own)
{
	static const struct trx_trace_origin its_own = { .input =
							     TRX_TEMPLATE_OWN };

	if (!own)
		return trace_text(run, run->out, s);
	return add_piece(
	    run, run->out->first, &its_own, run->out->buf.len, s.n);
}

static int
add_region(struct trx_run *run, const char *at, size_t n,
    const struct trx_trace_origin *origin)
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
	    (struct trx_trace_region){ .at = at, .n = n, .origin = *origin };
	t->nregions++;
	return 0;
}

int
trx_text_check(struct trx_run *run, const struct trx_text *t)
{
	return t->odd == NULL ? 0
			      : trx_run_fail(run,
				    "sequence item 0: expected str instance, "
				    "%s found",
				    t->odd);
}

int
trx_text_take(struct trx_run *run, struct trx_text *t, struct trx_str *out)
{
	struct trx_trace *trace = run->trace;
	const struct trx_template_piece *p;
	struct trx_trace_origin origin;
	size_t i, last = trace == NULL ? 0 : trace->npieces;

	if (trx_text_check(run, t) == -1) {
		trx_text_drop(run, t);
		return -1;
	}
	if (trx_run_take(run, &t->buf, out) == -1)
		return -1;
	for (i = t->first; i < last; i++) {
		p = &trace->pieces[i];
		origin = (struct trx_trace_origin){ p->input, p->generation,
			p->offset };
		if (add_region(run, out->p + p->begin, p->end - p->begin,
			&origin) == -1)
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
	struct trx_trace_origin origin;
	size_t n;

	if (run->trace == NULL)
		return 0;
	for (; from.n != 0; from.p += n, from.n -= n, to += n) {
		if (find_origin(run, from, &origin, &n) == -1)
			return -1;
		if (origin.generation == 0)
			origin.generation = run->trace->generation;
		if (add_region(run, to, n, &origin) == -1)
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
