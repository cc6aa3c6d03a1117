/*
 * As Python's pprint has it, with its defaults: what fits in 80 columns stands
 * on one line, lists, tuples and dicts that do not have an item per line, and
 * strings that do not are cut at line ends and blanks.  Dicts are sorted.
 */
#include <string.h>

#include "common/template/lines.h"
#include "common/template/pprint.h"
#include "common/template/sort.h"
#include "common/template/text.h"
#include "common/template/unicode.h"

#define WIDTH 80

/* Where a value is written: columns to its left, and needed behind it. */
struct place {
	int64_t indent;
	int64_t allowance;
	bool top; /* not inside another value */
};

/* str(type(v)), which keys of unlike types are sorted by. */
static const char *
class_name(const struct trx_value *v)
{
	const char *name = trx_value_type(v);
	static const char *const known[][2] = {
		{ "Undefined", "jinja2.runtime.Undefined" },
		{ "Markup", "markupsafe.Markup" },
		{ "Namespace", "jinja2.utils.Namespace" },
		{ "LoopContext", "jinja2.runtime.LoopContext" },
		{ "Macro", "jinja2.runtime.Macro" },
		{ "Cycler", "jinja2.utils.Cycler" },
		{ "Joiner", "jinja2.utils.Joiner" },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strcmp(name, known[i][0]) == 0)
			return known[i][1];
	return name;
}

/* Has Python an order for two values of these kinds? */
static bool
ordered(const struct trx_value *a, const struct trx_value *b)
{
	bool numbers = a->kind >= TRX_V_BOOL && a->kind <= TRX_V_FLOAT &&
		       b->kind >= TRX_V_BOOL && b->kind <= TRX_V_FLOAT;

	return numbers || a->kind == TRX_V_UNDEFINED ||
	       b->kind == TRX_V_UNDEFINED ||
	       (a->kind == b->kind &&
		   (a->kind == TRX_V_STR || a->kind == TRX_V_TUPLE));
}

/* May two tuples meet items without an order?  1, 0 or -1. */
static int
less_tuples(
    struct trx_run *run, const struct trx_value *a, const struct trx_value *b)
{
	size_t n = a->u.seq.n < b->u.seq.n ? a->u.seq.n : b->u.seq.n, i;
	const struct trx_value *p, *q;
	int same, less;

	for (i = 0; i < n; i++) {
		p = &a->u.seq.at[i];
		q = &b->u.seq.at[i];
		if ((same = trx_value_equal(run, p, q)) == -1)
			return -1;
		if (same == 1)
			continue;
		if (!ordered(p, q))
			return trx_run_refuse(
			    run, "pprint of keys without an order");
		if (p->kind != TRX_V_TUPLE)
			return trx_sort_less(run, p, q);
		if (trx_run_enter(run) == -1)
			return -1;
		less = less_tuples(run, p, q);
		trx_run_leave(run);
		return less;
	}
	return a->u.seq.n < b->u.seq.n;
}

/* The order of keys: Python's, or of those without one that of their types. */
static int
less_keys(
    struct trx_run *run, const struct trx_value *a, const struct trx_value *b)
{
	int c;

	if (a->kind == TRX_V_TUPLE && b->kind == TRX_V_TUPLE)
		return less_tuples(run, a, b);
	if (ordered(a, b))
		return trx_sort_less(run, a, b);
	c = strcmp(class_name(a), class_name(b));
	if (c == 0)
		return trx_run_refuse(run, "pprint of keys without an order");
	return c < 0;
}

/* Is v what pprint knows how to write in several lines? */
static bool
has_layout(const struct trx_value *v)
{
	return v->kind == TRX_V_LIST || v->kind == TRX_V_DICT ||
	       (v->kind == TRX_V_TUPLE && !v->group) ||
	       (v->kind == TRX_V_STR && !v->safe);
}

static const char *
opening(const struct trx_value *v)
{
	return v->kind == TRX_V_LIST ? "[" : v->kind == TRX_V_DICT ? "{" : "(";
}

static const char *
closing(const struct trx_value *v)
{
	if (v->kind == TRX_V_TUPLE)
		return v->u.seq.n == 1 ? ",)" : ")";
	return v->kind == TRX_V_LIST ? "]" : "}";
}

static int repr(
    struct trx_run *run, const struct trx_value *v, struct trx_buf *b);

static int
repr_dict(struct trx_run *run, const struct trx_dict *d, struct trx_buf *b)
{
	struct trx_pair *pairs = trx_sort_dict(run, d, less_keys);
	size_t i;

	if (pairs == NULL)
		return -1;
	for (i = 0; i < d->n; i++) {
		if (i != 0)
			trx_buf_addz(b, ", ");
		if (repr(run, &pairs[i].key, b) == -1)
			return -1;
		trx_buf_addz(b, ": ");
		if (repr(run, &pairs[i].value, b) == -1)
			return -1;
	}
	return 0;
}

static int
repr_items(struct trx_run *run, const struct trx_value *v, struct trx_buf *b)
{
	size_t i;

	for (i = 0; i < v->u.seq.n; i++) {
		if (i != 0)
			trx_buf_addz(b, ", ");
		if (repr(run, &v->u.seq.at[i], b) == -1)
			return -1;
	}
	return 0;
}

/* Append repr(v) with dicts sorted. */
static int
repr(struct trx_run *run, const struct trx_value *v, struct trx_buf *b)
{
	int rc;

	if (v->kind == TRX_V_STR || !has_layout(v))
		return trx_text_repr(run, v, b);
	if (b->len > TRX_TEMPLATE_OUTPUT)
		return trx_run_fail(run, "the template writes too much");
	if (trx_run_charge(run, 1) == -1 || trx_run_enter(run) == -1)
		return -1;
	trx_buf_addz(b, opening(v));
	rc = v->kind == TRX_V_DICT ? repr_dict(run, v->u.dict, b)
				   : repr_items(run, v, b);
	trx_buf_addz(b, closing(v));
	trx_run_leave(run);
	return rc;
}

/* The columns of what stands in b from `start` on. */
static int64_t
columns(const struct trx_buf *b, size_t start)
{
	if (b->failed || b->len == start)
		return 0;
	return (int64_t)trx_unicode_length(
	    (struct trx_str){ b->data + start, b->len - start });
}

static void
new_line(int64_t indent, struct trx_buf *b)
{
	trx_buf_addc(b, '\n');
	while (indent-- > 0)
		trx_buf_addc(b, ' ');
}

/* A part of a string, and what its repr() takes: see add_char(). */
struct part {
	struct trx_str s;
	int64_t columns; /* quotes and what quotes need aside */
	int64_t singles, doubles;
};

/* Take the next code point in. */
static void
add_char(struct part *part)
{
	const char *p = part->s.p + part->s.n;
	uint32_t cp = trx_unicode_get(p);

	part->s.n += trx_unicode_width(p);
	part->singles += cp == '\'';
	part->doubles += cp == '"';
	if (trx_unicode_printable(cp))
		part->columns += cp == '\\' ? 2 : 1;
	else if (cp == '\n' || cp == '\r' || cp == '\t')
		part->columns += 2;
	else
		part->columns += cp < 0x100 ? 4 : cp < 0x10000 ? 6 : 10;
}

/* The columns of its repr(): only where there are both are quotes escaped. */
static int64_t
repr_columns(const struct part *part)
{
	return part->columns + 2 + (part->doubles != 0 ? part->singles : 0);
}

/* Take in the next word and the white space behind it, up to n bytes. */
static void
add_word(struct part *part, size_t n)
{
	while (part->s.n < n &&
	       !trx_unicode_space(trx_unicode_get(part->s.p + part->s.n)))
		add_char(part);
	while (part->s.n < n &&
	       trx_unicode_space(trx_unicode_get(part->s.p + part->s.n)))
		add_char(part);
}

/* How a long string is written, chunk by chunk. */
struct chunks {
	struct trx_buf *b;
	int64_t indent;
	size_t n;
};

static int
add_chunk(struct trx_run *run, struct chunks *c, struct trx_str s)
{
	const struct trx_value v = trx_value_str(s);

	if (c->n++ != 0)
		new_line(c->indent, c->b);
	return trx_text_repr(run, &v, c->b);
}

/* Write a line of a string in as many words at a time as fit. */
static int
add_words(struct trx_run *run, struct chunks *c, struct trx_str line,
    int64_t width, int64_t last_width)
{
	struct part now = { .s = { line.p, 0 } }, more;
	size_t left = line.n;

	while (left != 0) {
		more = now;
		add_word(&more, now.s.n + left);
		left -= more.s.n - now.s.n;
		if (repr_columns(&more) > (left == 0 ? last_width : width)) {
			if (now.s.n != 0 && add_chunk(run, c, now.s) == -1)
				return -1;
			more = (struct part){ .s = { now.s.p + now.s.n, 0 } };
			add_word(&more, line.n - (size_t)(more.s.p - line.p));
		}
		now = more;
	}
	return now.s.n != 0 ? add_chunk(run, c, now.s) : 0;
}

static int
format_str(
    struct trx_run *run, struct trx_str s, struct place at, struct trx_buf *b)
{
	struct chunks c = { .b = b, .indent = at.indent + at.top };
	int64_t allowance = at.allowance + at.top, width = WIDTH - c.indent;
	struct trx_str rest = s, line;
	struct part whole;
	size_t start = b->len;
	int64_t last_width;

	if (at.top)
		trx_buf_addc(b, '(');
	while (trx_lines_next(&rest, true, &line)) {
		last_width = rest.n == 0 ? width - allowance : width;
		whole = (struct part){ .s = { line.p, 0 } };
		while (whole.s.n < line.n)
			add_char(&whole);
		if ((repr_columns(&whole) <= last_width
			    ? add_chunk(run, &c, line)
			    : add_words(run, &c, line, width, last_width)) ==
			-1 ||
		    trx_run_charge(run, 1 + line.n / 8) == -1)
			return -1;
	}
	if (at.top)
		trx_buf_addc(b, ')');
	/* A single chunk (or none) is the string itself, without brackets. */
	if (c.n > 1)
		return 0;
	b->len = start;
	c.n = 0;
	return add_chunk(run, &c, s);
}

static int format(struct trx_run *run, const struct trx_value *v,
    struct place at, struct trx_buf *b);

static int
format_dict(struct trx_run *run, const struct trx_dict *d, struct place at,
    struct trx_buf *b)
{
	struct trx_pair *pairs = trx_sort_dict(run, d, less_keys);
	struct place value = { 0 };
	size_t i, start;

	if (pairs == NULL)
		return -1;
	for (i = 0; i < d->n; i++) {
		if (i != 0) {
			trx_buf_addc(b, ',');
			new_line(at.indent, b);
		}
		start = b->len;
		if (repr(run, &pairs[i].key, b) == -1)
			return -1;
		trx_buf_addz(b, ": ");
		value.indent = at.indent + columns(b, start);
		value.allowance = i + 1 == d->n ? at.allowance : 1;
		if (format(run, &pairs[i].value, value, b) == -1)
			return -1;
	}
	return 0;
}

static int
format_items(struct trx_run *run, const struct trx_value *v, struct place at,
    struct trx_buf *b)
{
	struct place item = { .indent = at.indent, .allowance = 1 };
	size_t i;

	for (i = 0; i < v->u.seq.n; i++) {
		if (i != 0) {
			trx_buf_addc(b, ',');
			new_line(at.indent, b);
		}
		if (i + 1 == v->u.seq.n)
			item.allowance = at.allowance;
		if (format(run, &v->u.seq.at[i], item, b) == -1)
			return -1;
	}
	return 0;
}

/* Append v in several lines. */
static int
lay_out(struct trx_run *run, const struct trx_value *v, struct place at,
    struct trx_buf *b)
{
	struct place inside = { .indent = at.indent + 1 };
	int rc;

	if (v->kind == TRX_V_STR)
		return format_str(run, v->u.str, at, b);
	inside.allowance = at.allowance + (int64_t)strlen(closing(v));
	if (trx_run_enter(run) == -1)
		return -1;
	trx_buf_addz(b, opening(v));
	rc = v->kind == TRX_V_DICT ? format_dict(run, v->u.dict, inside, b)
				   : format_items(run, v, inside, b);
	trx_buf_addz(b, closing(v));
	trx_run_leave(run);
	return rc;
}

static int
format(struct trx_run *run, const struct trx_value *v, struct place at,
    struct trx_buf *b)
{
	size_t start = b->len;

	if (repr(run, v, b) == -1 || trx_run_charge(run, at.indent / 8) == -1)
		return -1;
	if (!has_layout(v) ||
	    columns(b, start) <= WIDTH - at.indent - at.allowance)
		return 0;
	b->len = start;
	return lay_out(run, v, at, b);
}

int
trx_pprint(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	const struct place at = { .top = true };
	struct trx_buf b = TRX_BUF_INIT;

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	if (format(run, &call->self, at, &b) == -1) {
		trx_buf_free(&b);
		return -1;
	}
	*out = trx_value_str(TRX_STR(""));
	return trx_run_take(run, &b, &out->u.str);
}
