#include <string.h>

#include "common/template/markup.h"
#include "common/template/strings.h"
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

	if (s.n > TRX_TEMPLATE_OUTPUT / 8)
		return trx_run_fail(run, "the template takes too much memory");
	if (trx_run_charge(run, s.n / 16) == -1)
		return -1;
	trx_markup_escape(s, &b);
	return trx_run_take(run, &b, out);
}

/* Where what begins with '<' at s ends, or 0 where it does not. */
static size_t
tag_end(struct trx_str s)
{
	bool comment = s.n >= 4 && memcmp(s.p, "<!--", 4) == 0;
	size_t from = comment ? 4 : 1;
	struct trx_str rest = { s.p + from, s.n - from };
	int64_t at = trx_strings_find(
	    rest, comment ? TRX_STR("-->") : TRX_STR(">"), false);

	return at == -1 ? 0 : from + (size_t)at + (comment ? 3 : 1);
}

/* s without its tags and comments. */
static void
add_untagged(struct trx_str s, struct trx_buf *b)
{
	int64_t at;
	size_t end;

	while ((at = trx_strings_find(s, TRX_STR("<"), false)) != -1) {
		end = tag_end((struct trx_str){ s.p + at, s.n - (size_t)at });
		if (end == 0)
			break;
		trx_buf_add(b, s.p, (size_t)at);
		s.p += (size_t)at + end;
		s.n -= (size_t)at + end;
	}
	trx_buf_adds(b, s);
}

/* The code point of &#N; or &#xN; whose digits are s, as HTML 5 has it. */
static uint32_t
numbered(struct trx_str s, bool hex)
{
	static const uint16_t windows[32] = { 0x20ac, 0x81, 0x201a, 0x192,
		0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039,
		0x152, 0x8d, 0x17d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d,
		0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153,
		0x9d, 0x17e, 0x178 };
	uint32_t cp = 0;
	size_t i;

	for (i = 0; i < s.n && cp < 0x110000; i++)
		cp = cp * (hex ? 16 : 10) +
		     (uint32_t)(s.p[i] <= '9' ? s.p[i] - '0'
					      : (s.p[i] | 32) - 'a' + 10);
	if (cp >= 0x80 && cp < 0xa0)
		return windows[cp - 0x80];
	if (cp == 0 || (cp >= 0xd800 && cp < 0xe000) || cp > 0x10ffff)
		return 0xfffd;
	return cp;
}

/* Bytes of s that are of set. */
static size_t
span(struct trx_str s, const char *set)
{
	size_t n = 0;

	while (n < s.n && s.p[n] != '\0' && strchr(set, s.p[n]) != NULL)
		n++;
	return n;
}

/*
 * Append what the reference at the '&' of s stands for: returns its bytes, 0
 * where it is none, -1 where it is not known.
 */
static int
add_reference(struct trx_run *run, struct trx_str s, struct trx_buf *b)
{
	static const struct {
		const char *name;
		const char *text;
	} known[] = { { "amp;", "&" }, { "lt;", "<" }, { "gt;", ">" },
		{ "quot;", "\"" }, { "apos;", "'" }, { "nbsp;", "\xc2\xa0" } };
	struct trx_str rest = { s.p + 1, s.n - 1 }, digits;
	bool hex;
	char to[4];
	size_t i;

	if (rest.n > 1 && rest.p[0] == '#') {
		hex = (rest.p[1] | 32) == 'x';
		digits.p = rest.p + 1 + hex;
		digits.n = rest.n - 1 - hex;
		digits.n =
		    span(digits, hex ? "0123456789abcdefABCDEF" : "0123456789");
		if (digits.n == 0)
			return 0;
		trx_buf_add(b, to, trx_unicode_put(to, numbered(digits, hex)));
		i = (size_t)(digits.p + digits.n - s.p);
		return (int)(i + (i < s.n && s.p[i] == ';'));
	}
	for (i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (rest.n >= strlen(known[i].name) &&
		    memcmp(rest.p, known[i].name, strlen(known[i].name)) == 0) {
			trx_buf_addz(b, known[i].text);
			return (int)strlen(known[i].name) + 1;
		}
	if (span(rest, "abcdefghijklmnopqrstuvwxyz"
		       "ABCDEFGHIJKLMNOPQRSTUVWXYZ") > 1)
		return trx_run_refuse(run, "such a character reference");
	return 0;
}

int
trx_markup_striptags(struct trx_run *run, struct trx_str s, struct trx_str *out)
{
	struct trx_buf bare = TRX_BUF_INIT, b = TRX_BUF_INIT;
	struct trx_str rest;
	bool blank = false;
	int n = 0;

	if (trx_run_charge(run, s.n) == -1)
		return -1;
	add_untagged(s, &bare);
	rest = trx_strings_strip(trx_buf_str(&bare), NULL, true, true);
	for (; rest.n > 0 && n != -1; rest.p += n, rest.n -= (size_t)n) {
		n = (int)trx_unicode_width(rest.p);
		if (trx_unicode_space(trx_unicode_get(rest.p))) {
			blank = true;
			continue;
		}
		if (blank)
			trx_buf_addc(&b, ' ');
		blank = false;
		if (*rest.p == '&')
			n = add_reference(run, rest, &b);
		if (n == 0 || *rest.p != '&') {
			n = (int)trx_unicode_width(rest.p);
			trx_buf_add(&b, rest.p, (size_t)n);
		}
		if (n == -1)
			break;
	}
	trx_buf_free(&bare);
	if (n == -1) {
		trx_buf_free(&b);
		return -1;
	}
	return trx_run_take(run, &b, out);
}
