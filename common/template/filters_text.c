#include <string.h>

#include "common/template/filters_text.h"
#include "common/template/iter.h"
#include "common/template/markup.h"
#include "common/template/object.h"
#include "common/template/ops.h"
#include "common/template/strings.h"
#include "common/template/text.h"
#include "common/template/trace.h"

/* soft_str(self): Markup stays Markup. */
static int
soft_text(
    struct trx_run *run, const struct trx_value *self, struct trx_value *out)
{
	*out = trx_value_str(TRX_STR(""));
	out->safe = self->kind == TRX_V_STR && self->safe;
	return trx_text_str(run, self, &out->u.str);
}

int
trx_filter_center(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "width" };
	const struct trx_str space = TRX_STR(" ");
	struct trx_value width;
	int64_t n = 80;

	if (trx_call_bind(run, call, names, 1, 0, &width) == -1 ||
	    (width.kind != TRX_V_MISSING &&
		trx_call_int(run, &width, &n) == -1) ||
	    soft_text(run, &call->self, out) == -1)
		return -1;
	return trx_strings_pad(
	    run, out->u.str, TRX_STRINGS_CENTER, n, space, &out->u.str);
}

int
trx_filter_escape(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1 ||
	    soft_text(run, &call->self, out) == -1)
		return -1;
	if (out->safe)
		return 0;
	out->safe = true;
	return trx_markup_escaped(run, out->u.str, &out->u.str);
}

int
trx_filter_forceescape(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1 ||
	    soft_text(run, &call->self, out) == -1)
		return -1;
	out->safe = true;
	return trx_markup_escaped(run, out->u.str, &out->u.str);
}

/* The text of one indentation: so many blanks, or a string. */
static int
indention(
    struct trx_run *run, const struct trx_value *width, struct trx_value *out)
{
	const struct trx_value blank = trx_value_str(TRX_STR(" "));
	const struct trx_value four = trx_value_int(4);

	if (width->kind == TRX_V_STR) {
		*out = *width;
		return 0;
	}
	return trx_ops_binary(run, TRX_OP_MUL, &blank,
	    width->kind == TRX_V_MISSING ? &four : width, out);
}

/* Lines joined by newlines, those that are not empty indented. */
static int
add_lines(struct trx_run *run, const struct trx_value *lines, bool blank,
    struct trx_str by, struct trx_text *text)
{
	struct trx_str line;
	size_t i;

	for (i = 0; i < lines->u.seq.n; i++) {
		line = lines->u.seq.at[i].u.str;
		if (i != 0 && (trx_text_add(run, text, TRX_STR("\n")) == -1 ||
				  ((blank || line.n != 0) &&
				      trx_text_add(run, text, by) == -1)))
			return -1;
		if (trx_text_add(run, text, line) == -1)
			return -1;
	}
	return 0;
}

int
trx_filter_indent(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "width", "first", "blank" };
	const struct trx_value newline = trx_value_str(TRX_STR("\n"));
	struct trx_value args[3], by, all, lines;
	struct trx_text text;
	bool safe = call->self.safe;

	if (trx_call_bind(run, call, names, 3, 0, args) == -1 ||
	    indention(run, &args[0], &by) == -1 ||
	    trx_ops_binary(run, TRX_OP_ADD, &call->self, &newline, &all) == -1)
		return -1;
	if (all.kind != TRX_V_STR)
		return trx_run_fail(run,
		    "'%s' object has no attribute "
		    "'splitlines'",
		    trx_value_type(&all));
	if (trx_strings_lines(run, all.u.str, false, &lines) == -1)
		return -1;
	trx_text_begin(run, &text);
	if ((trx_value_truth(&args[1]) &&
		trx_text_add(run, &text, by.u.str) == -1) ||
	    add_lines(run, &lines, trx_value_truth(&args[2]), by.u.str,
		&text) == -1) {
		trx_text_drop(run, &text);
		return -1;
	}
	*out = trx_value_str(TRX_STR(""));
	out->safe = safe;
	return trx_text_take(run, &text, &out->u.str);
}

int
trx_filter_striptags(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1 ||
	    soft_text(run, &call->self, out) == -1)
		return -1;
	out->safe = false;
	return trx_markup_striptags(run, out->u.str, &out->u.str);
}

/* s cut to `keep` code points, at a blank unless words may be cut. */
static struct trx_str
shortened(struct trx_str s, int64_t keep, bool cut_words)
{
	int64_t blank;

	s.n = trx_unicode_offset(s, keep < 0 ? 0 : (size_t)keep);
	if (!cut_words &&
	    (blank = trx_strings_find(s, TRX_STR(" "), true)) != -1)
		s.n = (size_t)blank;
	return s;
}

int
trx_filter_truncate(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "length", "killwords", "end",
		"leeway" };
	const struct trx_value *self = &call->self;
	struct trx_value args[4], end = trx_value_str(TRX_STR("...")), head;
	int64_t length = 255, leeway = 5, n, m;

	if (trx_call_bind(run, call, names, 4, 0, args) == -1 ||
	    (args[0].kind != TRX_V_MISSING &&
		trx_call_int(run, &args[0], &length) == -1) ||
	    (trx_call_given(&args[3]) &&
		trx_call_int(run, &args[3], &leeway) == -1))
		return -1;
	if (args[2].kind != TRX_V_MISSING)
		end = args[2];
	if ((m = trx_value_length(run, &end)) == -1)
		return -1;
	if (length < m || leeway < 0)
		return trx_run_fail(run,
		    "expected length >= %lld and leeway "
		    ">= 0",
		    (long long)m);
	if ((n = trx_value_length(run, self)) == -1)
		return -1;
	*out = *self;
	if (n <= length || n - length <= leeway)
		return 0;
	if (self->kind != TRX_V_STR)
		return trx_run_fail(
		    run, "truncate needs a str, not %s", trx_value_type(self));
	head = *self;
	head.u.str =
	    shortened(self->u.str, length - m, trx_value_truth(&args[1]));
	return trx_ops_binary(run, TRX_OP_ADD, &head, &end, out);
}

/* Append the text of v quoted for a URL, or for its query part. */
static int
add_quoted(struct trx_run *run, const struct trx_value *v, bool query,
    struct trx_buf *b)
{
	static const char kept[] = "_.-~";
	struct trx_str s;
	size_t i;
	char c;

	if (trx_text_str(run, v, &s) == -1 ||
	    trx_run_charge(run, s.n / 4) == -1)
		return -1;
	if (b->len > TRX_TEMPLATE_OUTPUT || s.n > TRX_TEMPLATE_OUTPUT / 4)
		return trx_run_fail(run, "the template takes too much memory");
	for (i = 0; i < s.n; i++) {
		c = s.p[i];
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') ||
		    (c != '\0' && strchr(kept, c) != NULL) ||
		    (c == '/' && !query))
			trx_buf_addc(b, c);
		else if (c == ' ' && query)
			trx_buf_addc(b, '+');
		else
			trx_buf_addf(b, "%%%02X", (unsigned)(unsigned char)c);
	}
	return 0;
}

/* key=value&key=value... of pairs. */
static int
add_query(struct trx_run *run, const struct trx_value *pairs, struct trx_buf *b)
{
	struct trx_value item, two;
	struct trx_iter it;
	bool first = true;
	int more;

	if (trx_iter_open(run, pairs, &it) == -1)
		return -1;
	while ((more = trx_iter_next(run, &it, &item)) == 1) {
		if (trx_iter_list(run, &item, &two) == -1)
			return -1;
		if (two.u.seq.n != 2)
			return trx_run_fail(
			    run, "a pair was expected, to be unpacked");
		if (!first)
			trx_buf_addc(b, '&');
		first = false;
		if (add_quoted(run, &two.u.seq.at[0], true, b) == -1)
			return -1;
		trx_buf_addc(b, '=');
		if (add_quoted(run, &two.u.seq.at[1], true, b) == -1)
			return -1;
	}
	return more;
}

int
trx_filter_urlencode(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	struct trx_buf b = TRX_BUF_INIT;
	struct trx_value self = call->self;
	int rc;

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	if (self.kind == TRX_V_DICT)
		self.kind = TRX_V_ITEMS;
	rc = self.kind != TRX_V_STR && trx_iter_can(&self)
		 ? add_query(run, &self, &b)
		 : add_quoted(run, &self, false, &b);
	if (rc == -1) {
		trx_buf_free(&b);
		return -1;
	}
	*out = trx_value_str(TRX_STR(""));
	return trx_run_take(run, &b, &out->u.str);
}

int
trx_filter_wordcount(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	bool inside = false, word;
	struct trx_str s;
	int64_t n = 0;
	size_t i;

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1 ||
	    trx_text_str(run, &call->self, &s) == -1 ||
	    trx_run_charge(run, s.n / 4) == -1)
		return -1;
	for (i = 0; i < s.n; i += trx_unicode_width(s.p + i)) {
		word = trx_unicode_word(trx_unicode_get(s.p + i));
		n += word && !inside;
		inside = word;
	}
	*out = trx_value_int(n);
	return 0;
}

/* May a name of an attribute hold no such character? */
static bool
bad_in_name(struct trx_str key)
{
	size_t i;
	uint32_t cp;

	for (i = 0; i < key.n; i += trx_unicode_width(key.p + i)) {
		cp = trx_unicode_get(key.p + i);
		if (cp == '/' || cp == '>' || cp == '=' ||
		    (cp < 0x80 && trx_unicode_space(cp) && cp < 0x1c) ||
		    cp == ' ')
			return true;
	}
	return false;
}

static int
add_escaped(struct trx_run *run, const struct trx_value *v, struct trx_buf *b)
{
	struct trx_str s;

	if (trx_text_str(run, v, &s) == -1)
		return -1;
	if (b->len > TRX_TEMPLATE_OUTPUT || s.n > TRX_TEMPLATE_OUTPUT / 8)
		return trx_run_fail(run, "the template takes too much memory");
	if (v->kind == TRX_V_STR && v->safe)
		trx_buf_adds(b, s);
	else
		trx_markup_escape(s, b);
	return trx_run_charge(run, s.n / 16);
}

static int
add_attributes(struct trx_run *run, const struct trx_dict *d, struct trx_buf *b)
{
	const struct trx_pair *pair;
	size_t i;

	for (i = 0; i < d->n; i++) {
		pair = &d->pairs[i];
		if (pair->value.kind == TRX_V_NONE ||
		    pair->value.kind == TRX_V_UNDEFINED)
			continue;
		if (pair->key.kind != TRX_V_STR)
			return trx_run_fail(run,
			    "expected string or bytes-like object, got '%s'",
			    trx_value_type(&pair->key));
		if (bad_in_name(pair->key.u.str))
			return trx_run_fail(
			    run, "Invalid character in attribute name");
		trx_buf_addc(b, ' ');
		if (add_escaped(run, &pair->key, b) == -1)
			return -1;
		trx_buf_addz(b, "=\"");
		if (add_escaped(run, &pair->value, b) == -1)
			return -1;
		trx_buf_addc(b, '"');
	}
	return 0;
}

int
trx_filter_xmlattr(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "autospace" };
	struct trx_buf b = TRX_BUF_INIT;
	struct trx_value space;

	if (trx_call_bind(run, call, names, 1, 0, &space) == -1)
		return -1;
	if (call->self.kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, &call->self);
	if (call->self.kind != TRX_V_DICT)
		return trx_run_fail(run, "'%s' object has no attribute 'items'",
		    trx_value_type(&call->self));
	if (add_attributes(run, call->self.u.dict, &b) == -1) {
		trx_buf_free(&b);
		return -1;
	}
	*out = trx_value_str(TRX_STR(""));
	out->safe = run->autoescape;
	if (trx_run_take(run, &b, &out->u.str) == -1)
		return -1;
	if (out->u.str.n != 0 && space.kind != TRX_V_MISSING &&
	    !trx_value_truth(&space)) {
		out->u.str.p++;
		out->u.str.n--;
	}
	return 0;
}
