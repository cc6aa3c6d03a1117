#include <string.h>

#include "common/template/strings.h"
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

/* Does no case mapping touch cp?  CJK and the like, and punctuation. */
static bool
caseless(uint32_t cp)
{
	return (cp >= 0x80 && cp < 0xaa) || (cp >= 0x2010 && cp < 0x2070) ||
	       (cp >= 0x3000 && cp < 0xa000) || (cp >= 0xac00 && cp < 0xd7a4) ||
	       (cp >= 0xff01 && cp < 0xff07) || (cp >= 0x1f300 && cp < 0x1f700);
}

/* Does a word begin after c?  For the filter: after a blank or a bracket. */
static bool
breaks_word(char c, enum trx_strings_case which)
{
	if (which == TRX_STRINGS_WORDS)
		return trx_unicode_space((unsigned char)c) ||
		       (c != '\0' && strchr("-({[<", c) != NULL);
	return !is_upper(c) && !is_lower(c);
}

int
trx_strings_case(struct trx_run *run, struct trx_str s,
    enum trx_strings_case which, struct trx_str *out)
{
	bool words = which == TRX_STRINGS_TITLE || which == TRX_STRINGS_WORDS;
	char *p = trx_run_alloc(run, s.n), c;
	bool begins = true, up;
	size_t i;

	if (p == NULL || trx_run_charge(run, s.n / 16) == -1)
		return -1;
	for (i = 0; i < s.n; i++) {
		c = s.p[i];
		if (((unsigned char)c & 0xc0) == 0xc0 &&
		    (words || !caseless(trx_unicode_get(s.p + i))))
			return trx_run_refuse(
			    run, "changing the case of such characters");
		up = which == TRX_STRINGS_UPPER ||
		     (which == TRX_STRINGS_CAPITALIZE && i == 0) ||
		     (words && begins);
		begins = words && breaks_word(c, which);
		if (up ? is_lower(c) : is_upper(c))
			c ^= 0x20;
		p[i] = c;
	}
	*out = (struct trx_str){ .p = p, .n = s.n };
	return 0;
}

/* Is the code point at p one of set? */
static bool
in_set(const char *p, const struct trx_str *set)
{
	if (set == NULL)
		return trx_unicode_space(trx_unicode_get(p));
	return set->n != 0 &&
	       memmem(set->p, set->n, p, trx_unicode_width(p)) != NULL;
}

struct trx_str
trx_strings_strip(
    struct trx_str s, const struct trx_str *set, bool left, bool right)
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

/* An empty pattern stands before every code point and at the end. */
static void
replace_gaps(
    struct trx_str s, struct trx_str to, int64_t limit, struct trx_buf *b)
{
	size_t i = 0, n;

	while (limit != 0) {
		trx_buf_adds(b, to);
		limit--;
		if (i == s.n)
			return;
		n = trx_unicode_width(s.p + i);
		trx_buf_add(b, s.p + i, n);
		i += n;
	}
	trx_buf_add(b, s.p + i, s.n - i);
}

static void
replace_matches(struct trx_str s, struct trx_str from, struct trx_str to,
    int64_t limit, struct trx_buf *b)
{
	int64_t at;

	for (; limit != 0 && (at = trx_strings_find(s, from, false)) != -1;
	     limit--) {
		trx_buf_add(b, s.p, (size_t)at);
		trx_buf_adds(b, to);
		s.p += (size_t)at + from.n;
		s.n -= (size_t)at + from.n;
	}
	trx_buf_adds(b, s);
}

int
trx_strings_replace(struct trx_run *run, struct trx_str s, struct trx_str from,
    struct trx_str to, int64_t limit, struct trx_str *out)
{
	struct trx_buf b = TRX_BUF_INIT;
	size_t turns = from.n == 0 ? s.n + 1 : s.n / from.n;

	if (to.n != 0 && turns > TRX_TEMPLATE_OUTPUT / to.n)
		return trx_run_fail(run, "the template takes too much memory");
	if (trx_run_charge(run, s.n / 8 + turns * to.n / 64) == -1)
		return -1;
	if (from.n == 0)
		replace_gaps(s, to, limit, &b);
	else
		replace_matches(s, from, to, limit, &b);
	return trx_run_take(run, &b, out);
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
	if (sep == NULL && from_right && limit >= 0)
		return trx_run_refuse(run, "rsplit() at white space");
	if (sep == NULL) {
		if (split_words(run, s, limit, &parts) == -1)
			return -1;
	} else if (split_at(run, s, *sep, limit, from_right, &parts) == -1) {
		return -1;
	}
	if (from_right && sep != NULL)
		reverse(&parts);
	*out = trx_value_seq(TRX_V_LIST, parts.at, parts.n);
	return 0;
}
