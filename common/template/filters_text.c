#include <string.h>

#include "common/template/filters_text.h"
#include "common/template/lines.h"
#include "common/template/markup.h"
#include "common/template/object.h"
#include "common/template/ops.h"
#include "common/template/strings.h"
#include "common/template/text.h"
#include "common/template/trace.h"
#include "common/template/unicode.h"

int
trx_filter_center(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "width" };
	struct trx_value width;
	struct trx_str s;
	int64_t n = 80;

	if (trx_call_bind(run, call, names, 1, 0, &width) == -1 ||
	    trx_text_str(run, &call->self, &s) == -1 ||
	    (width.kind != TRX_V_MISSING &&
		trx_call_int(run, &width, &n) == -1))
		return -1;
	*out = trx_value_str(s);
	out->safe = call->self.safe;
	return trx_strings_pad(
	    run, s, TRX_STRINGS_CENTER, n, TRX_STR(" "), &out->u.str);
}

/* What each line is indented by: a str as it is, or so many spaces. */
static int
indention(
    struct trx_run *run, const struct trx_value *width, struct trx_value *out)
{
	int64_t n = 4;
	char *p;

	if (width->kind == TRX_V_STR) {
		*out = *width;
		return 0;
	}
	if (width->kind != TRX_V_MISSING && trx_call_int(run, width, &n) == -1)
		return -1;
	if (n > (int64_t)TRX_TEMPLATE_OUTPUT)
		return trx_run_fail(run, "the template takes too much memory");
	n = n < 0 ? 0 : n;
	if ((p = trx_run_alloc(run, (size_t)n)) == NULL)
		return -1;
	memset(p, ' ', (size_t)n);
	*out = trx_value_str((struct trx_str){ .p = p, .n = (size_t)n });
	return 0;
}

/*
 * The lines of s with one line end more, all but the first indented: blank ones
 * too if asked for.  Beside an indention that is Markup lines are escaped, but
 * for the first where blank ones are left alone.
 */
static int
indent_lines(struct trx_run *run, struct trx_str s, struct trx_str by,
    bool blank, bool escape, struct trx_text *text)
{
	struct trx_str line, rest = s;
	bool first = true, empty = s.n == 0; /* is there an empty last line? */

	while (rest.n != 0 || empty) {
		line = TRX_STR("");
		empty = trx_lines_next(&rest, false, &line) && rest.n == 0 &&
			line.p + line.n != rest.p && rest.p[-1] != '\r';
		if (escape && (blank || !first) &&
		    trx_markup_escaped(run, line, &line) == -1)
			return -1;
		if ((!first && trx_text_add(run, text, TRX_STR("\n")) == -1) ||
		    (!first && (blank || line.n != 0) &&
			trx_text_add(run, text, by) == -1) ||
		    trx_text_add(run, text, line) == -1 ||
		    trx_run_charge(run, 1 + (by.n + line.n) / 32) == -1)
			return -1;
		first = false;
	}
	return 0;
}

int
trx_filter_indent(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "width", "first", "blank" };
	struct trx_value args[3], by;
	bool markup = call->self.safe, first, blank;
	struct trx_text text;
	struct trx_str s;

	if (trx_call_bind(run, call, names, 3, 0, args) == -1 ||
	    indention(run, &args[0], &by) == -1 ||
	    trx_call_str(run, call, &call->self, &s) == -1)
		return -1;
	by.safe |= markup;
	first = trx_value_truth(&args[1]);
	blank = trx_value_truth(&args[2]);
	trx_text_begin(run, &text);
	if (indent_lines(run, s, by.u.str, blank, by.safe && !markup, &text) ==
	    -1) {
		trx_text_drop(run, &text);
		return -1;
	}
	*out = trx_value_str(TRX_STR(""));
	out->safe = markup || (by.safe && blank);
	if (trx_text_take(run, &text, &out->u.str) == -1)
		return -1;
	return first ? trx_ops_binary(run, TRX_OP_ADD, &by, out, out) : 0;
}

/* How much is left of what is cut: length - len(end), as a bound of a slice. */
static int
cut(struct trx_run *run, const struct trx_value *s,
    const struct trx_value *length, const struct trx_value *n,
    struct trx_value *out)
{
	struct trx_value bounds[3] = { trx_value_none(), trx_value_none(),
		trx_value_none() };

	if (trx_ops_binary(run, TRX_OP_SUB, length, n, &bounds[1]) == -1)
		return -1;
	return trx_object_slice(run, s, bounds, out);
}

/* s without what follows its last blank, if it has one. */
static void
drop_last_word(struct trx_str *s)
{
	const char *blank = s->n == 0 ? NULL : memrchr(s->p, ' ', s->n);

	if (blank != NULL)
		s->n = (size_t)(blank - s->p);
}

/* len(v) as a value. */
static int
length_of(struct trx_run *run, const struct trx_value *v, struct trx_value *out)
{
	int64_t n = trx_value_length(run, v);

	*out = trx_value_int(n);
	return n == -1 ? -1 : 0;
}

/* Fails unless a >= b. */
static int
need_at_least(struct trx_run *run, const char *what, const struct trx_value *a,
    const struct trx_value *b)
{
	int rc = trx_value_order(run, TRX_GE, a, b);

	if (rc == 0)
		return trx_run_fail(run, "truncate() needs a longer %s", what);
	return rc == 1 ? 0 : -1;
}

int
trx_filter_truncate(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "length", "killwords", "end",
		"leeway" };
	const struct trx_value zero = trx_value_int(0);
	struct trx_value args[4], n, nend, most;
	int fits;

	if (trx_call_bind(run, call, names, 4, 0, args) == -1)
		return -1;
	if (args[0].kind == TRX_V_MISSING)
		args[0] = trx_value_int(255);
	if (args[2].kind == TRX_V_MISSING)
		args[2] = trx_value_str(TRX_STR("..."));
	if (!trx_call_given(&args[3]))
		args[3] = trx_value_int(5);
	*out = call->self;
	if (length_of(run, &args[2], &nend) == -1 ||
	    need_at_least(run, "length", &args[0], &nend) == -1 ||
	    need_at_least(run, "leeway", &args[3], &zero) == -1 ||
	    length_of(run, &call->self, &n) == -1 ||
	    trx_ops_binary(run, TRX_OP_ADD, &args[0], &args[3], &most) == -1 ||
	    (fits = trx_value_order(run, TRX_LE, &n, &most)) == -1)
		return -1;
	if (fits == 1)
		return 0;
	if (cut(run, out, &args[0], &nend, out) == -1)
		return -1;
	if (!trx_value_truth(&args[1])) {
		if (out->kind != TRX_V_STR)
			return trx_run_fail(run,
			    "'%s' object has no attribute 'rsplit'",
			    trx_value_type(out));
		drop_last_word(&out->u.str);
	}
	return trx_ops_binary(run, TRX_OP_ADD, out, &args[2], out);
}

int
trx_filter_wordcount(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	bool inside = false, word;
	int64_t words = 0;
	struct trx_str s;
	size_t i;

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1 ||
	    trx_text_str(run, &call->self, &s) == -1 ||
	    trx_run_charge(run, s.n / 8) == -1)
		return -1;
	for (i = 0; i < s.n; i += trx_unicode_width(s.p + i)) {
		word = trx_unicode_word(trx_unicode_get(s.p + i));
		words += word && !inside;
		inside = word;
	}
	*out = trx_value_int(words);
	return 0;
}
