/*
 * How lines are filled is what Python's textwrap does: the paragraph is cut
 * into chunks (words, parts of hyphenated words, runs of white space), and a
 * line takes as many as fit.
 */
#include <math.h>
#include <string.h>

#include "common/template/lines.h"
#include "common/template/markup.h"
#include "common/template/trace.h"
#include "common/template/unicode.h"
#include "common/template/wrap.h"

/* What a code point is to the rules of hyphens. */
enum {
	BLANK = 1,  /* ASCII white space */
	WORD = 2,   /* \w */
	LETTER = 4, /* \w but no decimal digit */
	MARK = 8,   /* \w, or one of ! " ' & . , ? */
	HYPHEN = 16,
	SPACE = 32 /* any white space */
};

/* How the filter was asked to wrap. */
struct wrap {
	double width;
	bool whole; /* width is an int */
	bool break_long_words;
	bool at_hyphens;    /* a chunk may end in a hyphen */
	bool after_hyphens; /* a long word is broken behind one */
	struct trx_value between;
};

/* A paragraph by code point: the class and offset of each, n + 1 offsets. */
struct paragraph {
	struct trx_str text;
	unsigned char *class;
	size_t *offset;
	size_t n;
};

/* The line that is being filled: the code points [begin, end). */
struct line {
	size_t begin, end;
	size_t last;  /* where its last chunk begins */
	size_t parts; /* how many chunks it has */
};

static unsigned char
classify(uint32_t cp)
{
	unsigned char class = 0;

	if ((cp >= '\t' && cp <= '\r') || cp == ' ')
		class |= BLANK;
	if (trx_unicode_space(cp))
		class |= SPACE;
	if (trx_unicode_word(cp)) {
		class |= WORD | MARK;
		if (trx_unicode_decimal(cp) == -1)
			class |= LETTER;
	}
	if (cp == '-')
		class |= HYPHEN;
	if (cp != '\0' && cp < 0x80 && strchr("!\"'&.,?", (int)cp) != NULL)
		class |= MARK;
	return class;
}

static int
read_paragraph(struct trx_run *run, struct trx_str s, struct paragraph *p)
{
	size_t i, at = 0;

	*p = (struct paragraph){ .text = s, .n = trx_unicode_length(s) };
	p->class = trx_run_alloc(run, p->n);
	p->offset = trx_run_calloc(run, p->n + 1, sizeof(*p->offset));
	if (p->class == NULL || p->offset == NULL ||
	    trx_run_charge(run, p->n / 4) == -1)
		return -1;
	for (i = 0; i < p->n; i++) {
		p->offset[i] = at;
		p->class[i] = classify(trx_unicode_get(s.p + at));
		at += trx_unicode_width(s.p + at);
	}
	p->offset[p->n] = at;
	return 0;
}

static bool
is(const struct paragraph *p, size_t i, unsigned char class)
{
	return i < p->n && (p->class[i] & class) != 0;
}

/* Where a dash of two hyphens or more at i, before a word, ends; else i. */
static size_t
dash(const struct paragraph *p, size_t i)
{
	size_t end = i;

	while (is(p, end, HYPHEN))
		end++;
	return end - i >= 2 && is(p, end, WORD) ? end : i;
}

/* Is i a hyphen inside a word: letters both sides, or as in x-y-z? */
static bool
inner_hyphen(const struct paragraph *p, size_t i)
{
	if (!is(p, i, HYPHEN) || i < 2 || !is(p, i - 1, LETTER))
		return false;
	if (!is(p, i - 2, LETTER) &&
	    (!is(p, i - 2, HYPHEN) || i < 3 || !is(p, i - 3, LETTER)))
		return false;
	return is(p, i + 1, LETTER) &&
	       (is(p, i + 2, LETTER) ||
		   (is(p, i + 2, HYPHEN) && is(p, i + 3, LETTER)));
}

/* Where the chunk that begins at i ends. */
static size_t
chunk_end(const struct paragraph *p, size_t i, bool at_hyphens)
{
	bool blank = is(p, i, BLANK);
	size_t end = i + 1;

	if (!blank && at_hyphens && i > 0 && is(p, i - 1, MARK) &&
	    dash(p, i) != i)
		return dash(p, i);
	for (; end < p->n && is(p, end, BLANK) == blank; end++) {
		if (blank || !at_hyphens)
			continue;
		if (inner_hyphen(p, end))
			return end + 1;
		if (is(p, end - 1, MARK) && dash(p, end) != end)
			break;
	}
	return end;
}

/* Is there nothing but white space (or nothing at all) in [begin, end)? */
static bool
all_space(const struct paragraph *p, size_t begin, size_t end)
{
	while (begin < end && is(p, begin, SPACE))
		begin++;
	return begin == end;
}

static void
take_chunk(struct line *l, size_t begin, size_t end)
{
	if (l->parts++ == 0)
		l->begin = begin;
	l->last = begin;
	l->end = end;
}

/* Append a line, `between` before it unless it is the very first. */
static int
add_line(struct trx_run *run, const struct wrap *w, struct trx_str s,
    bool *first, struct trx_text *text)
{
	if (w->between.safe && trx_markup_escaped(run, s, &s) == -1)
		return -1;
	if (!*first && trx_text_add(run, text, w->between.u.str) == -1)
		return -1;
	*first = false;
	return trx_run_charge(run, 1) == -1 ? -1 : trx_text_add(run, text, s);
}

/* The chunk behind [*begin, *end): false at the end of the paragraph. */
static bool
next_chunk(
    const struct wrap *w, const struct paragraph *p, size_t *begin, size_t *end)
{
	*begin = *end;
	if (*begin == p->n)
		return false;
	*end = chunk_end(p, *begin, w->at_hyphens);
	return true;
}

/* Where a long word, [begin, end), is cut so that `room` of it are used. */
static size_t
cut_word(const struct wrap *w, const struct paragraph *p, size_t begin,
    size_t end, size_t room)
{
	size_t cut = begin + room, i = cut, first = begin;

	if (end - begin <= room)
		return end;
	if (!w->after_hyphens)
		return cut;
	/* Behind its last hyphen, where something else is before that. */
	while (i > begin && !is(p, i - 1, HYPHEN))
		i--;
	while (first + 1 < i && is(p, first, HYPHEN))
		first++;
	return first + 1 < i ? i : cut;
}

/*
 * Put what fits of a chunk too long for any line onto this one.  Of a chunk
 * that is used up an empty one is left, as in Python, where it counts as white
 * space at the start of the next line.
 */
static int
break_chunk(struct trx_run *run, const struct wrap *w,
    const struct paragraph *p, struct line *l, size_t *begin, size_t *end,
    bool *more)
{
	size_t room = 1, cut;

	if (!w->break_long_words) {
		if (l->parts == 0) {
			take_chunk(l, *begin, *end);
			*more = next_chunk(w, p, begin, end);
		}
		return 0;
	}
	if (!w->whole && w->width >= 1)
		return trx_run_fail(run, "slice indices must be integers");
	if (w->width >= 1)
		room =
		    (size_t)w->width - (l->parts == 0 ? 0 : l->end - l->begin);
	cut = cut_word(w, p, *begin, *end, room);
	take_chunk(l, *begin, cut);
	*begin = cut;
	return 0;
}

/* Fill one line from the chunk [*begin, *end) on, which *more says is there. */
static int
fill_line(struct trx_run *run, const struct wrap *w, const struct paragraph *p,
    struct line *l, size_t *begin, size_t *end, bool *more)
{
	size_t n = 0;

	while (*more && (double)(n + (*end - *begin)) <= w->width) {
		n += *end - *begin;
		take_chunk(l, *begin, *end);
		*more = next_chunk(w, p, begin, end);
	}
	if (*more && (double)(*end - *begin) > w->width &&
	    break_chunk(run, w, p, l, begin, end, more) == -1)
		return -1;
	if (l->parts != 0 && all_space(p, l->last, l->end)) {
		l->end = l->last;
		l->parts--;
	}
	return 0;
}

static int
wrap_paragraph(struct trx_run *run, const struct wrap *w, struct trx_str s,
    bool *first, struct trx_text *text)
{
	size_t begin = 0, end = 0, lines = 0;
	struct paragraph p;
	struct line l;
	bool more;

	if (read_paragraph(run, s, &p) == -1)
		return -1;
	more = next_chunk(w, &p, &begin, &end);
	while (more) {
		if (lines != 0 && all_space(&p, begin, end))
			more = next_chunk(w, &p, &begin, &end);
		l = (struct line){ 0 };
		if (fill_line(run, w, &p, &l, &begin, &end, &more) == -1)
			return -1;
		if (l.parts == 0)
			continue;
		lines++;
		s.p = p.text.p + p.offset[l.begin];
		s.n = p.offset[l.end] - p.offset[l.begin];
		if (add_line(run, w, s, first, text) == -1)
			return -1;
	}
	return lines == 0 ? add_line(run, w, TRX_STR(""), first, text) : 0;
}

/* The width, which is looked at only where there is something to wrap. */
static int
read_width(struct trx_run *run, const struct trx_value *v, struct wrap *w)
{
	const struct trx_value zero = trx_value_int(0);
	int64_t i;

	w->whole = v->kind != TRX_V_FLOAT;
	if (v->kind == TRX_V_MISSING)
		w->width = 79;
	else if (trx_value_integer(v, &i))
		w->width = i > INT32_MAX ? INT32_MAX : i < 0 ? 0 : (double)i;
	else if (v->kind == TRX_V_BIG)
		w->width = v->u.str.p[0] == '-' ? 0 : INT32_MAX;
	else if (v->kind == TRX_V_FLOAT && isnan(v->u.real))
		return trx_run_refuse(run, "a width that is not a number");
	else if (v->kind == TRX_V_FLOAT)
		w->width = v->u.real;
	else if (trx_value_order(run, TRX_LE, v, &zero) == -1)
		return -1;
	if (w->width <= 0)
		return trx_run_fail(
		    run, "invalid width of wordwrap() (must be > 0)");
	return 0;
}

int
trx_wrap_words(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "width", "break_long_words",
		"wrapstring", "break_on_hyphens" };
	struct wrap w = { .break_long_words = true,
		.at_hyphens = true,
		.after_hyphens = true,
		.between = trx_value_str(TRX_STR("\n")) };
	struct trx_value args[4];
	struct trx_str rest, line, between;
	struct trx_text text;
	bool first = true;

	if (trx_call_bind(run, call, names, 4, 0, args) == -1)
		return -1;
	if (args[1].kind != TRX_V_MISSING)
		w.break_long_words = trx_value_truth(&args[1]);
	if (trx_call_given(&args[2]))
		w.between = args[2];
	if (args[3].kind != TRX_V_MISSING) {
		w.after_hyphens = trx_value_truth(&args[3]);
		w.at_hyphens = w.after_hyphens && args[3].kind == TRX_V_BOOL;
	}
	if (trx_call_str(run, call, &w.between, &between) == -1 ||
	    trx_call_str(run, call, &call->self, &rest) == -1 ||
	    (rest.n != 0 && read_width(run, &args[0], &w) == -1))
		return -1;
	trx_text_begin(run, &text);
	while (trx_lines_next(&rest, false, &line))
		if (wrap_paragraph(run, &w, line, &first, &text) == -1) {
			trx_text_drop(run, &text);
			return -1;
		}
	*out = trx_value_str(TRX_STR(""));
	out->safe = w.between.safe;
	return trx_text_take(run, &text, &out->u.str);
}
