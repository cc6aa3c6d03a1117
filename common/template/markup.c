#include "common/template/markup.h"
#include "common/template/html.h"
#include "common/template/strings.h"
#include "common/template/text.h"
#include "common/template/unicode.h"

/* The entity of c, or NULL where it stands for itself. */
static const char *
entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&#34;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void
trx_markup_escape(struct trx_str s, struct trx_buf *b)
{
	size_t from = 0, i;
	const char *as;

	for (i = 0; i < s.n; i++) {
		if ((as = entity(s.p[i])) == NULL)
			continue;
		trx_buf_add(b, s.p + from, i - from);
		trx_buf_addz(b, as);
		from = i + 1;
	}
	if (s.n != 0)
		trx_buf_add(b, s.p + from, s.n - from);
}

int
trx_markup_escaped(struct trx_run *run, struct trx_str s, struct trx_str *out)
{
	struct trx_buf b = TRX_BUF_INIT;
	size_t i = 0;

	while (i < s.n && entity(s.p[i]) == NULL)
		i++;
	if (i == s.n) {
		*out = s;
		return trx_run_charge(run, s.n / 16);
	}
	if (s.n > TRX_TEMPLATE_OUTPUT / 8)
		return trx_run_fail(run, "the template takes too much memory");
	if (trx_run_charge(run, s.n / 16) == -1)
		return -1;
	trx_markup_escape(s, &b);
	return trx_run_take(run, &b, out);
}

bool
trx_markup_is(struct trx_run *run, const struct trx_value *v)
{
	/* A namespace may be given an attribute of any name. */
	if (v->kind == TRX_V_NAMESPACE)
		return trx_dict_get_str(run, v->u.dict, TRX_STR("__html__")) !=
		       NULL;
	return v->kind == TRX_V_STR && v->safe;
}

int
trx_markup_of(
    struct trx_run *run, const struct trx_value *v, struct trx_value *out)
{
	struct trx_str s;

	if (v->kind != TRX_V_STR && trx_markup_is(run, v))
		return trx_run_refuse(run, "a namespace with __html__");
	if (trx_text_str(run, v, &s) == -1 ||
	    (!v->safe && trx_markup_escaped(run, s, &s) == -1))
		return -1;
	*out = trx_value_str(s);
	out->safe = true;
	return 0;
}

/* The bytes of the tag or comment at s, which begins with '<'; 0: unclosed. */
static size_t
tag(struct trx_str s)
{
	struct trx_str rest = s;
	int64_t end;

	if (s.n >= 4 && memcmp(s.p, "<!--", 4) == 0) {
		rest.p += 4;
		rest.n -= 4;
		end = trx_strings_find(rest, TRX_STR("-->"), false);
		return end == -1 ? 0 : (size_t)end + 7;
	}
	end = trx_strings_find(s, TRX_STR(">"), false);
	return end == -1 ? 0 : (size_t)end + 1;
}

/* s without its tags, appended to b. */
static void
add_untagged(struct trx_str s, struct trx_buf *b)
{
	int64_t start;
	size_t n;

	while ((start = trx_strings_find(s, TRX_STR("<"), false)) != -1) {
		struct trx_str rest = { s.p + start, s.n - (size_t)start };

		if ((n = tag(rest)) == 0)
			break;
		trx_buf_add(b, s.p, (size_t)start);
		s.p += (size_t)start + n;
		s.n -= (size_t)start + n;
	}
	if (s.n != 0)
		trx_buf_adds(b, s);
}

/* The words of s with single blanks between them, appended to b. */
static void
add_words(struct trx_str s, struct trx_buf *b)
{
	size_t n;
	bool first = true;

	for (;;) {
		n = trx_unicode_space_before(s);
		s.p += n;
		s.n -= n;
		if (s.n == 0)
			return;
		for (n = 0;
		     n < s.n && !trx_unicode_space(trx_unicode_get(s.p + n));)
			n += trx_unicode_width(s.p + n);
		if (!first)
			trx_buf_addc(b, ' ');
		trx_buf_add(b, s.p, n);
		first = false;
		s.p += n;
		s.n -= n;
	}
}

int
trx_markup_striptags(struct trx_run *run, struct trx_str s, struct trx_str *out)
{
	struct trx_buf untagged = TRX_BUF_INIT, words = TRX_BUF_INIT;

	if (trx_run_charge(run, s.n / 4) == -1)
		return -1;
	add_untagged(s, &untagged);
	if (untagged.len != 0)
		add_words(trx_buf_str(&untagged), &words);
	words.failed |= untagged.failed;
	trx_buf_free(&untagged);
	if (trx_run_take(run, &words, out) == -1)
		return -1;
	return trx_html_unescape(run, *out, out);
}

int
trx_markup_text(
    struct trx_run *run, const struct trx_value *v, struct trx_buf *b)
{
	struct trx_value text = { 0 };

	if (v->kind == TRX_V_NAMESPACE &&
	    trx_dict_get_str(run, v->u.dict, TRX_STR("__html_format__")) !=
		NULL)
		return trx_run_refuse(run, "a namespace with __html_format__");
	if (trx_markup_of(run, v, &text) == -1)
		return -1;
	trx_buf_adds(b, text.u.str);
	return 0;
}
