#include <string.h>

#include "common/template/lines.h"
#include "common/template/strings.h"
#include "common/template/trace.h"
#include "common/template/unicode.h"

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

/* Is every byte of s ASCII? */
static bool
is_ascii(struct trx_str s)
{
	unsigned char all = 0;
	size_t i;

	for (i = 0; i < s.n; i++)
		all |= (unsigned char)s.p[i];
	return all < 0x80;
}

/* Does a word begin after c?  For the filter: after a blank or a bracket. */
static bool
breaks_word(uint32_t c, enum trx_strings_case which)
{
	if (which == TRX_STRINGS_WORDS)
		return trx_unicode_space(c) ||
		       (c != 0 && c < 0x80 && strchr("-({[<", (char)c) != NULL);
	return !is_upper((char)c) && !is_lower((char)c);
}

/* The same where s is ASCII; *out is s itself where nothing changes. */
static int
ascii_case(struct trx_run *run, struct trx_str s, enum trx_strings_case which,
    struct trx_str *out)
{
	bool words = which == TRX_STRINGS_TITLE || which == TRX_STRINGS_WORDS;
	char *p = trx_run_alloc(run, s.n), c;
	bool begins = true, up;
	size_t i;

	if (p == NULL)
		return -1;
	for (i = 0; i < s.n; i++) {
		c = s.p[i];
		up = which == TRX_STRINGS_UPPER ||
		     (which == TRX_STRINGS_CAPITALIZE && i == 0) ||
		     (words && begins) ||
		     (which == TRX_STRINGS_SWAP && is_lower(c));
		begins = words && breaks_word((unsigned char)c, which);
		if (up ? is_lower(c) : is_upper(c))
			c ^= 0x20;
		p[i] = c;
	}
	*out = s;
	if (s.n != 0 && memcmp(p, s.p, s.n) != 0)
		out->p = p;
	return 0;
}

/* The code point that ends before byte i of s, and in *at its offset. */
static uint32_t
before(struct trx_str s, size_t i, size_t *at)
{
	do
		i--;
	while (((unsigned char)s.p[i] & 0xc0) == 0x80);
	*at = i;
	return trx_unicode_get(s.p + i);
}

/*
 * Is the capital sigma at byte i of s the last letter of a word (The Unicode
 * Standard, table 3-17, Final_Sigma)?
 */
static bool
is_final_sigma(struct trx_str s, size_t i)
{
	size_t at = i;
	uint32_t cp = 0;
	bool letter = false;

	while (at > 0 && !letter) {
		cp = before(s, at, &at);
		if (!trx_unicode_is(cp, TRX_UNICODE_CASE_IGNORABLE))
			break;
		cp = 0;
	}
	if (cp == 0 || !trx_unicode_is(cp, TRX_UNICODE_CASED))
		return false;
	for (at = i + 2; at < s.n; at += trx_unicode_width(s.p + at)) {
		cp = trx_unicode_get(s.p + at);
		if (!trx_unicode_is(cp, TRX_UNICODE_CASE_IGNORABLE))
			return !trx_unicode_is(cp, TRX_UNICODE_CASED);
	}
	return true;
}

/* Append the code point at byte i of s in another form. */
static void
add_form(
    struct trx_str s, size_t i, enum trx_unicode_form form, struct trx_buf *b)
{
	char to[TRX_UNICODE_CASE_MAX];
	uint32_t cp = trx_unicode_get(s.p + i);

	if (cp == 0x3a3 && form == TRX_UNICODE_TO_LOWER && is_final_sigma(s, i))
		trx_buf_add(b, to, trx_unicode_put(to, 0x3c2));
	else
		trx_buf_add(b, to, trx_unicode_case(cp, form, to));
}

/* Which form the code point cp takes, the one before it being cased or not. */
static enum trx_unicode_form
form_of(enum trx_strings_case which, uint32_t cp, bool first, bool cased)
{
	switch (which) {
	case TRX_STRINGS_UPPER:
		return TRX_UNICODE_TO_UPPER;
	case TRX_STRINGS_FOLD:
		return TRX_UNICODE_TO_FOLD;
	case TRX_STRINGS_CAPITALIZE:
		return first ? TRX_UNICODE_TO_TITLE : TRX_UNICODE_TO_LOWER;
	case TRX_STRINGS_TITLE:
		return cased ? TRX_UNICODE_TO_LOWER : TRX_UNICODE_TO_TITLE;
	case TRX_STRINGS_SWAP:
		return trx_unicode_is(cp, TRX_UNICODE_LOWER)
			   ? TRX_UNICODE_TO_UPPER
			   : TRX_UNICODE_TO_LOWER;
	default:
		return TRX_UNICODE_TO_LOWER;
	}
}

static void
add_case(struct trx_str s, enum trx_strings_case which, struct trx_buf *b)
{
	bool cased = false;
	size_t i, n;
	uint32_t cp;

	for (i = 0; i < s.n; i += n) {
		n = trx_unicode_width(s.p + i);
		cp = trx_unicode_get(s.p + i);
		/* What is neither capital nor small is not swapped. */
		if (which == TRX_STRINGS_SWAP &&
		    !trx_unicode_is(cp, TRX_UNICODE_UPPER) &&
		    !trx_unicode_is(cp, TRX_UNICODE_LOWER))
			trx_buf_add(b, s.p + i, n);
		else
			add_form(s, i, form_of(which, cp, i == 0, cased), b);
		cased = trx_unicode_is(cp, TRX_UNICODE_CASED);
	}
}

/* Every word's first letter as a capital, the rest small, word by word. */
static void
add_words(struct trx_str s, struct trx_buf *b)
{
	struct trx_str word;
	size_t i = 0, n;

	while (i < s.n) {
		n = trx_unicode_width(s.p + i);
		add_form(s, i, TRX_UNICODE_TO_UPPER, b);
		if (breaks_word(trx_unicode_get(s.p + i), TRX_STRINGS_WORDS)) {
			i += n;
			continue;
		}
		i += n;
		word.p = s.p + i;
		while (i < s.n && !breaks_word(trx_unicode_get(s.p + i),
				      TRX_STRINGS_WORDS))
			i += trx_unicode_width(s.p + i);
		word.n = (size_t)(s.p + i - word.p);
		add_case(word, TRX_STRINGS_LOWER, b);
	}
}

int
trx_strings_case(struct trx_run *run, struct trx_str s,
    enum trx_strings_case which, struct trx_str *out)
{
	struct trx_buf b = TRX_BUF_INIT;

	if (trx_run_charge(run, s.n / 16) == -1)
		return -1;
	if (is_ascii(s))
		return ascii_case(run, s,
		    which == TRX_STRINGS_FOLD ? TRX_STRINGS_LOWER : which, out);
	if (s.n > TRX_TEMPLATE_OUTPUT / 4)
		return trx_run_fail(run, "the template takes too much memory");
	if (trx_run_charge(run, s.n) == -1)
		return -1;
	if (which == TRX_STRINGS_WORDS)
		add_words(s, &b);
	else
		add_case(s, which, &b);
	return trx_run_take(run, &b, out);
}

/* Is the code point at p one of set? */
static bool
in_set(const char *p, const struct trx_str *set)
{
	/* Of ASCII no white space comes behind the blank. */
	if (set == NULL)
		return ((unsigned char)*p <= ' ' ||
			   (unsigned char)*p >= 0x80) &&
		       trx_unicode_space(trx_unicode_get(p));
	return set->n != 0 &&
	       memmem(set->p, set->n, p, trx_unicode_width(p)) != NULL;
}

/* An ASCII character that is no white space. */
static inline bool
is_plain(char c)
{
	return (unsigned char)c > ' ' && (unsigned char)c < 0x80;
}

static __attribute__((noinline)) struct trx_str
strip(struct trx_str s, const struct trx_str *set, bool left, bool right)
{
	size_t n;

	while (left && s.n != 0 && in_set(s.p, set)) {
		n = trx_unicode_width(s.p);
		s.p += n;
		s.n -= n;
	}
	while (right && s.n != 0) {
		for (n = s.n - 1; ((unsigned char)s.p[n] & 0xc0) == 0x80; n--)
			;
		if (!in_set(s.p + n, set))
			break;
		s.n = n;
	}
	return s;
}

struct trx_str
trx_strings_strip(
    struct trx_str s, const struct trx_str *set, bool left, bool right)
{
	/* Most often there is nothing to take. */
	if (set == NULL && s.n != 0 && is_plain(s.p[0]) &&
	    is_plain(s.p[s.n - 1]))
		return s;
	return strip(s, set, left, right);
}

/* An empty pattern stands before every code point and at the end. */
static int
replace_gaps(struct trx_run *run, struct trx_str s, struct trx_str to,
    int64_t limit, struct trx_text *text)
{
	struct trx_str one;

	for (; limit != 0; limit--) {
		if (trx_text_add(run, text, to) == -1)
			return -1;
		if (s.n == 0)
			return 0;
		one = (struct trx_str){ s.p, trx_unicode_width(s.p) };
		if (trx_text_add(run, text, one) == -1)
			return -1;
		s.p += one.n;
		s.n -= one.n;
	}
	return trx_text_add(run, text, s);
}

static int
replace_matches(struct trx_run *run, struct trx_str s, struct trx_str from,
    struct trx_str to, int64_t limit, struct trx_text *text)
{
	struct trx_str before;
	int64_t at;

	for (; limit != 0 && (at = trx_strings_find(s, from, false)) != -1;
	     limit--) {
		before = (struct trx_str){ s.p, (size_t)at };
		if (trx_text_add(run, text, before) == -1 ||
		    trx_text_add(run, text, to) == -1)
			return -1;
		s.p += before.n + from.n;
		s.n -= before.n + from.n;
	}
	return trx_text_add(run, text, s);
}

int
trx_strings_replace(struct trx_run *run, struct trx_str s, struct trx_str from,
    struct trx_str to, int64_t limit, struct trx_str *out)
{
	size_t turns = from.n == 0 ? s.n + 1 : s.n / from.n;
	struct trx_text text;
	int rc;

	if (to.n != 0 && turns > TRX_TEMPLATE_OUTPUT / to.n)
		return trx_run_fail(run, "the template takes too much memory");
	if (trx_run_charge(run, s.n / 8 + turns * to.n / 64) == -1)
		return -1;
	*out = s;
	if (from.n != 0 &&
	    (limit == 0 || trx_strings_find(s, from, false) == -1))
		return 0;
	trx_text_begin(run, &text);
	rc = from.n == 0 ? replace_gaps(run, s, to, limit, &text)
			 : replace_matches(run, s, from, to, limit, &text);
	if (rc == -1) {
		trx_text_drop(run, &text);
		return -1;
	}
	return trx_text_take(run, &text, out);
}

/*
 * The last place of part (no longer than s, not empty) by the rolling hash of
 * Karp and Rabin, from the end: linear whatever the text repeats.
 */
static int64_t
find_last(struct trx_str s, struct trx_str part)
{
	const uint64_t prime = 2147483647, base = 263;
	const unsigned char *p = (const unsigned char *)part.p;
	const unsigned char *t = (const unsigned char *)s.p;
	uint64_t want = 0, have = 0, high = 1;
	size_t i = s.n - part.n, k;

	for (k = part.n; k-- > 0;) {
		want = (want * base + p[k]) % prime;
		have = (have * base + t[i + k]) % prime;
		high = k == 0 ? high : high * base % prime;
	}
	for (;; i--) {
		if (have == want && memcmp(t + i, p, part.n) == 0)
			return (int64_t)i;
		if (i == 0)
			return -1;
		have += prime - t[i - 1 + part.n] * high % prime;
		have = (have * base + t[i - 1]) % prime;
	}
}

int64_t
trx_strings_find(struct trx_str s, struct trx_str part, bool last)
{
	const char *p;

	if (part.n > s.n)
		return -1;
	if (part.n == 0)
		return last ? (int64_t)s.n : 0;
	if (last)
		return find_last(s, part);
	p = memmem(s.p, s.n, part.p, part.n);
	return p == NULL ? -1 : p - s.p;
}

/* A growing list of slices. */
struct parts {
	struct trx_value *at;
	size_t n;
	size_t cap;
};

static int
add_part(struct trx_run *run, struct parts *parts, const char *p, size_t n)
{
	struct trx_value *bigger;

	if (trx_run_charge(run, 1) == -1)
		return -1;
	if (parts->n == parts->cap) {
		parts->cap = parts->cap == 0 ? 4 : parts->cap * 2;
		bigger = trx_run_calloc(run, parts->cap, sizeof(*bigger));
		if (bigger == NULL)
			return -1;
		if (parts->n != 0)
			memcpy(bigger, parts->at, parts->n * sizeof(*bigger));
		parts->at = bigger;
	}
	parts->at[parts->n++] =
	    trx_value_str((struct trx_str){ .p = p, .n = n });
	return 0;
}

static void
reverse(struct parts *parts)
{
	struct trx_value v;
	size_t i;

	for (i = 0; i < parts->n / 2; i++) {
		v = parts->at[i];
		parts->at[i] = parts->at[parts->n - 1 - i];
		parts->at[parts->n - 1 - i] = v;
	}
}

static int
split_at(struct trx_run *run, struct trx_str s, struct trx_str sep,
    int64_t limit, bool from_right, struct parts *parts)
{
	int64_t at;
	size_t end;

	for (; limit != 0; limit--) {
		at = trx_strings_find(s, sep, from_right);
		if (at == -1)
			break;
		end = (size_t)at + sep.n;
		if (from_right) {
			if (add_part(run, parts, s.p + end, s.n - end) == -1)
				return -1;
			s.n = (size_t)at;
			continue;
		}
		if (add_part(run, parts, s.p, (size_t)at) == -1)
			return -1;
		s.p += end;
		s.n -= end;
	}
	return add_part(run, parts, s.p, s.n);
}

/* At runs of white space; what is left at the limit keeps its inside. */
static int
split_words(
    struct trx_run *run, struct trx_str s, int64_t limit, struct parts *parts)
{
	size_t n;

	for (;;) {
		s = trx_strings_strip(s, NULL, true, false);
		if (s.n == 0)
			return 0;
		if (limit-- == 0)
			return add_part(run, parts, s.p, s.n);
		n = 0;
		while (n < s.n && !in_set(s.p + n, NULL))
			n += trx_unicode_width(s.p + n);
		if (add_part(run, parts, s.p, n) == -1)
			return -1;
		s.p += n;
		s.n -= n;
	}
}

/* The same from the right, the last word first. */
static int
split_words_right(
    struct trx_run *run, struct trx_str s, int64_t limit, struct parts *parts)
{
	size_t n, at;

	for (;;) {
		s = trx_strings_strip(s, NULL, false, true);
		if (s.n == 0)
			return 0;
		if (limit-- == 0)
			return add_part(run, parts, s.p, s.n);
		for (n = s.n; n > 0; n = at)
			if (trx_unicode_space(before(s, n, &at)))
				break;
		if (add_part(run, parts, s.p + n, s.n - n) == -1)
			return -1;
		s.n = n;
	}
}

int
trx_strings_split(struct trx_run *run, struct trx_str s,
    const struct trx_str *sep, int64_t limit, bool from_right,
    struct trx_value *out)
{
	struct parts parts = { 0 };

	if (trx_run_charge(run, s.n / 8) == -1)
		return -1;
	if (sep != NULL && sep->n == 0)
		return trx_run_fail(run, "empty separator");
	if (sep == NULL && from_right && limit >= 0) {
		if (split_words_right(run, s, limit, &parts) == -1)
			return -1;
	} else if (sep == NULL) {
		from_right = false;
		if (split_words(run, s, limit, &parts) == -1)
			return -1;
	} else if (split_at(run, s, *sep, limit, from_right, &parts) == -1) {
		return -1;
	}
	if (from_right)
		reverse(&parts);
	*out = trx_value_seq(TRX_V_LIST, parts.at, parts.n);
	return 0;
}

int
trx_strings_lines(
    struct trx_run *run, struct trx_str s, bool keep, struct trx_value *out)
{
	struct parts parts = { 0 };
	struct trx_str line;

	if (trx_run_charge(run, s.n / 8) == -1)
		return -1;
	while (trx_lines_next(&s, keep, &line))
		if (add_part(run, &parts, line.p, line.n) == -1)
			return -1;
	*out = trx_value_seq(TRX_V_LIST, parts.at, parts.n);
	return 0;
}

static int
add_fill(
    struct trx_run *run, struct trx_text *text, struct trx_str fill, size_t n)
{
	for (; n > 0; n--)
		if (trx_text_add(run, text, fill) == -1)
			return -1;
	return 0;
}

int
trx_strings_pad(struct trx_run *run, struct trx_str s,
    enum trx_strings_align align, int64_t width, struct trx_str fill,
    struct trx_str *out)
{
	int64_t n = (int64_t)trx_unicode_length(s), pad, left;
	struct trx_text text;

	*out = s;
	if (width <= n)
		return 0;
	if (width > (int64_t)TRX_TEMPLATE_OUTPUT)
		return trx_run_fail(run, "the template takes too much memory");
	pad = width - n;
	left = align == TRX_STRINGS_LEFT    ? 0
	       : align == TRX_STRINGS_RIGHT ? pad
					    : pad / 2 + (pad & width & 1);
	if (trx_run_charge(run, (size_t)pad) == -1)
		return -1;
	trx_text_begin(run, &text);
	if (add_fill(run, &text, fill, (size_t)left) == -1 ||
	    trx_text_add(run, &text, s) == -1 ||
	    add_fill(run, &text, fill, (size_t)(pad - left)) == -1) {
		trx_text_drop(run, &text);
		return -1;
	}
	return trx_text_take(run, &text, out);
}

bool
trx_strings_is_cased(struct trx_str s, enum trx_unicode_class wanted,
    enum trx_unicode_class other)
{
	bool some = false;
	uint32_t cp;
	size_t i;

	for (i = 0; i < s.n; i += trx_unicode_width(s.p + i)) {
		cp = trx_unicode_get(s.p + i);
		if (trx_unicode_is(cp, other) ||
		    trx_unicode_is(cp, TRX_UNICODE_TITLE))
			return false;
		some |= trx_unicode_is(cp, wanted);
	}
	return some;
}
