#include <stdlib.h>
#include <string.h>

#include "common/template/iter.h"
#include "common/template/links.h"
#include "common/template/markup.h"
#include "common/template/object.h"
#include "common/template/strings.h"
#include "common/template/text.h"
#include "common/template/unicode.h"
#include "common/template/urlize.h"

/* How links are written. */
struct style {
	struct trx_value limit; /* of what is shown; NONE: whole */
	struct trx_str rel;	/* attributes, with a blank in front */
	struct trx_str target;
	struct trx_value schemes; /* LIST of strings */
};

static bool
begins(struct trx_str s, struct trx_str with)
{
	return s.n >= with.n &&
	       (with.n == 0 || memcmp(s.p, with.p, with.n) == 0);
}

/* The bytes of a bracket before a link at the start of s, or 0. */
static size_t
opening(struct trx_str s)
{
	if (s.n != 0 && (s.p[0] == '(' || s.p[0] == '<'))
		return 1;
	return begins(s, TRX_STR("&lt;")) ? 4 : 0;
}

/* The bytes of a bracket, stop or comma behind a link at the end of s, or 0. */
static size_t
closing(struct trx_str s)
{
	char c = s.n == 0 ? '\0' : s.p[s.n - 1];

	if (c == ')' || c == '>' || c == '.' || c == ',')
		return 1;
	return s.n >= 4 && memcmp(s.p + s.n - 4, "&gt;", 4) == 0 ? 4 : 0;
}

static size_t
count(struct trx_str s, struct trx_str part)
{
	size_t n = 0;
	int64_t at;

	while ((at = trx_strings_find(s, part, false)) != -1) {
		s.p += (size_t)at + part.n;
		s.n -= (size_t)at + part.n;
		n++;
	}
	return n;
}

/* Brackets that the link opens are closed in it: from the tail to middle. */
static void
balance(struct trx_str *middle, struct trx_str *tail)
{
	static const char *const pairs[][2] = { { "(", ")" }, { "<", ">" },
		{ "&lt;", "&gt;" } };
	size_t i, opened, most, n;

	for (i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		struct trx_str end = trx_str(pairs[i][1]);

		opened = count(*middle, trx_str(pairs[i][0]));
		if (opened <= count(*middle, end))
			continue;
		most = count(*tail, end);
		for (most = opened < most ? opened : most; most > 0; most--) {
			n = (size_t)trx_strings_find(*tail, end, false) + end.n;
			middle->n += n;
			tail->p += n;
			tail->n -= n;
		}
	}
}

/* Append the link as it is shown: cut at the limit. */
static int
add_shown(struct trx_run *run, const struct style *style, struct trx_str link,
    struct trx_buf *b)
{
	struct trx_value shown = trx_value_str(link), n, bounds[3];
	int more = 0;

	if (style->limit.kind != TRX_V_NONE) {
		n = trx_value_int((int64_t)trx_unicode_length(link));
		more = trx_value_order(run, TRX_GT, &n, &style->limit);
	}
	if (more == 1) {
		bounds[0] = bounds[2] = trx_value_none();
		bounds[1] = style->limit;
		more = trx_object_slice(run, &shown, bounds, &shown) == -1 ? -1
									   : 1;
	}
	if (more == -1)
		return -1;
	trx_buf_adds(b, shown.u.str);
	if (more == 1)
		trx_buf_addz(b, "...");
	return 0;
}

/* Append <a href="{prefix}{link}"{rel}{target}> up to its text. */
static void
add_anchor(const char *prefix, struct trx_str link, const struct style *style,
    struct trx_buf *b)
{
	trx_buf_addz(b, "<a href=\"");
	trx_buf_addz(b, prefix);
	trx_buf_adds(b, link);
	trx_buf_addc(b, '"');
	if (style != NULL) {
		trx_buf_adds(b, style->rel);
		trx_buf_adds(b, style->target);
	}
	trx_buf_addc(b, '>');
}

/* Append s, as a link if it begins with a scheme that was asked for. */
static int
add_other(struct trx_run *run, const struct style *style, struct trx_str s,
    struct trx_buf *b)
{
	const struct trx_value *schemes = &style->schemes;
	struct trx_str scheme;
	size_t i;

	for (i = 0; i < schemes->u.seq.n; i++) {
		scheme = schemes->u.seq.at[i].u.str;
		if (!trx_str_equal(s, scheme) && begins(s, scheme))
			break;
	}
	if (i == schemes->u.seq.n) {
		trx_buf_adds(b, s);
	} else {
		add_anchor("", s, style, b);
		trx_buf_adds(b, s);
		trx_buf_addz(b, "</a>");
	}
	return trx_run_charge(run, i);
}

static int
add_middle(struct trx_run *run, const struct style *style, struct trx_str s,
    struct trx_buf *b)
{
	struct trx_str address = s;
	bool secure;

	if (trx_links_web(s)) {
		secure = begins(s, TRX_STR("https://")) ||
			 begins(s, TRX_STR("http://"));
		add_anchor(secure ? "" : "https://", s, style, b);
		if (add_shown(run, style, s, b) == -1)
			return -1;
		trx_buf_addz(b, "</a>");
		return 0;
	}
	if (begins(s, TRX_STR("mailto:"))) {
		address.p += 7;
		address.n -= 7;
		if (trx_links_mail(address)) {
			add_anchor("", s, NULL, b);
			trx_buf_adds(b, address);
			trx_buf_addz(b, "</a>");
			return 0;
		}
	} else if (!begins(s, TRX_STR("www.")) && !begins(s, TRX_STR("@")) &&
		   memchr(s.p, ':', s.n) == NULL && trx_links_mail(s)) {
		add_anchor("mailto:", s, NULL, b);
		trx_buf_adds(b, s);
		trx_buf_addz(b, "</a>");
		return 0;
	}
	return add_other(run, style, s, b);
}

/* Append a word, which may be a link with brackets and stops around it. */
static int
add_word(struct trx_run *run, const struct style *style, struct trx_str word,
    struct trx_buf *b)
{
	struct trx_str middle = word, tail;
	size_t n;

	while ((n = opening(middle)) != 0) {
		middle.p += n;
		middle.n -= n;
	}
	trx_buf_add(b, word.p, word.n - middle.n);
	tail = (struct trx_str){ middle.p + middle.n, 0 };
	while ((n = closing(middle)) != 0) {
		middle.n -= n;
		tail.p -= n;
		tail.n += n;
	}
	balance(&middle, &tail);
	if (middle.n != 0 && add_middle(run, style, middle, b) == -1)
		return -1;
	trx_buf_adds(b, tail);
	if (b->len > TRX_TEMPLATE_OUTPUT)
		return trx_run_fail(run, "the template writes too much");
	return trx_run_charge(run, 1 + word.n / 4);
}

static int
add_words(struct trx_run *run, const struct style *style, struct trx_str s,
    struct trx_buf *b)
{
	struct trx_str word;
	size_t n;

	while (s.n != 0) {
		n = trx_unicode_space_before(s);
		trx_buf_add(b, s.p, n);
		s.p += n;
		s.n -= n;
		for (n = 0;
		     n < s.n && !trx_unicode_space(trx_unicode_get(s.p + n));)
			n += trx_unicode_width(s.p + n);
		word = (struct trx_str){ s.p, n };
		if (n != 0 && add_word(run, style, word, b) == -1)
			return -1;
		s.p += n;
		s.n -= n;
	}
	return 0;
}

/* An attribute of v's text, escaped. */
static int
make_attribute(struct trx_run *run, const char *name, const struct trx_value *v,
    struct trx_str *out)
{
	struct trx_buf b = TRX_BUF_INIT;
	struct trx_value value;

	if (trx_markup_of(run, v, &value) == -1)
		return -1;
	trx_buf_addf(&b, " %s=\"", name);
	trx_buf_adds(&b, value.u.str);
	trx_buf_addc(&b, '"');
	return trx_run_take(run, &b, out);
}

static int
by_text(const void *a, const void *b)
{
	const struct trx_value *p = a, *q = b;

	return trx_str_compare(p->u.str, q->u.str);
}

/* The words of rel and Jinja's own, sorted, each once. */
static int
make_rel(struct trx_run *run, const struct trx_call *call,
    const struct trx_value *rel, bool nofollow, struct trx_str *out)
{
	struct trx_value words = trx_value_seq(TRX_V_LIST, NULL, 0), *at, all;
	struct trx_buf b = TRX_BUF_INIT;
	struct trx_str s;
	size_t n, i;

	if (trx_value_truth(rel) &&
	    (trx_call_str(run, call, rel, &s) == -1 ||
		trx_strings_split(run, s, NULL, -1, false, &words) == -1))
		return -1;
	n = words.u.seq.n;
	if ((at = trx_run_calloc(run, n + 2, sizeof(*at))) == NULL)
		return -1;
	if (n != 0)
		memcpy(at, words.u.seq.at, n * sizeof(*at));
	at[n++] = trx_value_str(TRX_STR("noopener"));
	if (nofollow)
		at[n++] = trx_value_str(TRX_STR("nofollow"));
	qsort(at, n, sizeof(*at), by_text);
	for (i = 0; i < n; i++) {
		if (i != 0 && trx_str_equal(at[i - 1].u.str, at[i].u.str))
			continue;
		if (i != 0)
			trx_buf_addc(&b, ' ');
		trx_buf_adds(&b, at[i].u.str);
	}
	all = trx_value_str(TRX_STR(""));
	if (trx_run_take(run, &b, &all.u.str) == -1)
		return -1;
	return make_attribute(run, "rel", &all, out);
}

/* The schemes beyond the known ones; a generator is used up by the look. */
static int
read_schemes(struct trx_run *run, const struct trx_call *call,
    const struct trx_value *v, struct trx_value *out)
{
	struct trx_str s;
	size_t i;

	*out = trx_value_seq(TRX_V_LIST, NULL, 0);
	if (!trx_call_given(v))
		return 0;
	if (trx_iter_list(run, v, out) == -1)
		return -1;
	for (i = 0; i < out->u.seq.n; i++) {
		if (trx_call_str(run, call, &out->u.seq.at[i], &s) == -1)
			return -1;
		if (!trx_links_scheme(s))
			return trx_run_fail(run,
			    "'%.*s' is not a valid URI scheme prefix.",
			    (int)(s.n > 300 ? 300 : s.n), s.p);
	}
	if (v->kind == TRX_V_GENERATOR)
		out->u.seq.n = 0;
	return 0;
}

int
trx_urlize(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "trim_url_limit", "nofollow",
		"target", "rel", "extra_schemes" };
	struct style style = { .limit = trx_value_none() };
	struct trx_buf b = TRX_BUF_INIT;
	struct trx_value args[5], text;

	if (trx_call_bind(run, call, names, 5, 0, args) == -1 ||
	    make_rel(run, call, &args[3], trx_value_truth(&args[1]),
		&style.rel) == -1 ||
	    (trx_value_truth(&args[2]) &&
		make_attribute(run, "target", &args[2], &style.target) == -1) ||
	    read_schemes(run, call, &args[4], &style.schemes) == -1 ||
	    trx_markup_of(run, &call->self, &text) == -1)
		return -1;
	if (trx_call_given(&args[0]))
		style.limit = args[0];
	if (add_words(run, &style, text.u.str, &b) == -1) {
		trx_buf_free(&b);
		return -1;
	}
	*out = trx_value_str(TRX_STR(""));
	out->safe = run->autoescape;
	return trx_run_take(run, &b, &out->u.str);
}
