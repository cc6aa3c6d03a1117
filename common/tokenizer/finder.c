#include <stdlib.h>
#include <string.h>

#include "common/tokenizer/finder.h"
#include "common/tokenizer/finder_scan.h"
#include "common/ucd/ucd.h"

struct trx_finder {
	/* By content. */
	const struct trx_added_token **tokens;
	size_t n;
	/* Those that begin with byte b are from first[b] to first[b + 1]. */
	uint32_t first[257];
	struct trx_finder_bytes bytes; /* first bytes */
	/* Bit b1 of second[b0]: some token begins so, or is b0 alone. */
	uint64_t second[256][4];
};

static int
by_content(const void *a, const void *b)
{
	return trx_str_compare(
	    (*(const struct trx_added_token *const *)a)->content,
	    (*(const struct trx_added_token *const *)b)->content);
}

/* Note how the token begins. */
static void
note(struct trx_finder *f, struct trx_str s)
{
	const uint8_t *p = (const uint8_t *)s.p;

	f->first[p[0] + 1]++;
	if (s.n == 1)
		memset(f->second[p[0]], 0xff, sizeof(f->second[p[0]]));
	else
		f->second[p[0]][p[1] / 64] |= (uint64_t)1 << p[1] % 64;
}

struct trx_finder *
trx_finder_new(const struct trx_added_token *tokens, size_t n,
    struct trx_arena *a, struct trx_error *err)
{
	struct trx_finder *f = trx_arena_calloc(a, 1, sizeof(*f));
	bool begins[256];
	size_t i;

	if (f != NULL)
		f->tokens = trx_arena_calloc(a, n, sizeof(*f->tokens));
	if (f == NULL || f->tokens == NULL) {
		trx_error_memory(err);
		return NULL;
	}
	f->n = n;
	for (i = 0; i < n; i++) {
		f->tokens[i] = &tokens[i];
		note(f, tokens[i].content);
	}
	qsort(f->tokens, n, sizeof(*f->tokens), by_content);
	for (i = 0; i < 256; i++) {
		begins[i] = f->first[i + 1] > 0;
		f->first[i + 1] += f->first[i];
	}
	trx_finder_bytes_set(&f->bytes, begins);
	return f;
}

/*
 * Of the tokens lo to hi, alike in their first d bytes, narrow down to those
 * whose next one is c.  They are in order, the shortest first.
 */
static void
narrow(const struct trx_finder *f, uint8_t c, size_t d, size_t *lo, size_t *hi)
{
	size_t a = *lo, b = *hi, mid;

	while (a < b) {
		mid = a + (b - a) / 2;
		if (f->tokens[mid]->content.n <= d ||
		    (uint8_t)f->tokens[mid]->content.p[d] < c)
			a = mid + 1;
		else
			b = mid;
	}
	*lo = a;
	for (b = *hi; a < b;) {
		mid = a + (b - a) / 2;
		if ((uint8_t)f->tokens[mid]->content.p[d] <= c)
			a = mid + 1;
		else
			b = mid;
	}
	*hi = a;
}

/* The longest token that begins at p, or NULL. */
static const struct trx_added_token *
match(const struct trx_finder *f, const uint8_t *p, const uint8_t *end)
{
	size_t lo = f->first[p[0]], hi = f->first[p[0] + 1], d = 1;
	const struct trx_added_token *best = NULL;

	while (lo < hi) {
		if (f->tokens[lo]->content.n == d)
			best = f->tokens[lo];
		if (p + d == end)
			break;
		narrow(f, p[d], d, &lo, &hi);
		d++;
	}
	return best;
}

/* The longest of those that begin first, from s->from on. */
static const struct trx_added_token *
search(const struct trx_finder *f, const struct trx_finding *s, size_t *at)
{
	const uint8_t *text = (const uint8_t *)s->text.p;
	const uint8_t *p = text + s->from, *end = text + s->text.n;
	const struct trx_added_token *t;

	for (; (p = trx_finder_bytes_next(&f->bytes, p, end)) < end; p++) {
		if (p + 1 < end &&
		    !(f->second[p[0]][p[1] / 64] >> p[1] % 64 & 1))
			continue;
		if ((t = match(f, p, end)) != NULL) {
			*at = (size_t)(p - text);
			return t;
		}
	}
	return NULL;
}

static bool
is_word(uint32_t cp)
{
	return trx_ucd_properties(cp) & TRX_UCD_WORD;
}

/* The offset of the character before `at`, which is not 0. */
static size_t
before(struct trx_str text, size_t at)
{
	do
		at--;
	while (((uint8_t)text.p[at] & 0xc0) == 0x80);
	return at;
}

static uint32_t
char_at(struct trx_str text, size_t at)
{
	return trx_ucd_get((const uint8_t *)text.p + at);
}

static bool
is_single_word(struct trx_str text, size_t begin, size_t end)
{
	return (begin == 0 || !is_word(char_at(text, before(text, begin)))) &&
	       (end == text.n || !is_word(char_at(text, end)));
}

/* Where the first n bytes of the text end in the guards' one. */
static size_t
place(const struct trx_finding *s, size_t n)
{
	return s->base + (s->ends != NULL && n > 0 ? s->ends[n - 1] : n);
}

/* Is that byte of the guards' text in one of them? */
static bool
is_guarded(const struct trx_finding *s, size_t at)
{
	size_t lo = 0, hi = s->nguards, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (s->guards[mid].end <= at)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < s->nguards && s->guards[lo].begin <= at;
}

/* Take the white space beside a token that was found. */
static void
widen(const struct trx_finding *s, struct trx_found *found)
{
	const struct trx_added_token *t = found->token;
	size_t at;

	if (t->lstrip) {
		while (found->begin > 0 &&
		       trx_ucd_is_space(char_at(
			   s->text, at = before(s->text, found->begin))))
			found->begin = at;
		if (found->begin < s->at)
			found->begin = s->at;
	}
	if (t->rstrip)
		while (found->end < s->text.n &&
		       trx_ucd_is_space(char_at(s->text, found->end)))
			found->end += trx_ucd_width(
			    (const uint8_t *)s->text.p + found->end);
}

/* Find the next token that is one by its flags, as it stands with its space. */
static bool
find(const struct trx_finder *f, struct trx_finding *s, struct trx_found *found)
{
	const struct trx_added_token *t;
	size_t at, end;

	while ((t = search(f, s, &at)) != NULL) {
		/* What does not count is passed over whole, as it was found. */
		s->from = end = at + t->content.n;
		if (t->special && (is_guarded(s, place(s, at)) ||
				      is_guarded(s, place(s, end) - 1))) {
			s->nguarded++;
			continue;
		}
		if (t->single_word && !is_single_word(s->text, at, end))
			continue;
		*found = (struct trx_found){ at, end, t };
		widen(s, found);
		return true;
	}
	return false;
}

int
trx_finder_next(const struct trx_finder *f, struct trx_finding *s,
    struct trx_found *found, struct trx_error *err)
{
	for (;;) {
		if (s->pending.token == NULL && !find(f, s, &s->pending)) {
			*found = (struct trx_found){ s->at, s->text.n, NULL };
			s->at = s->from = s->text.n;
			return found->begin < found->end;
		}
		if (s->at < s->pending.begin) {
			*found =
			    (struct trx_found){ s->at, s->pending.begin, NULL };
			s->at = s->pending.begin;
			return 1;
		}
		*found = s->pending;
		s->pending.token = NULL;
		s->at = found->end;
		if (found->begin > found->end)
			return trx_error_set(err, TRX_INPUT,
			    "an added token stands in white space that another "
			    "one takes: the reference fails there");
		if (found->begin < found->end)
			return 1;
	}
}
