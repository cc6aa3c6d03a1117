#include <stdlib.h>
#include <string.h>

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/llama/added.h"
#include "common/llama/trie.h"

struct trx_added {
	struct trx_llama_token *tokens; /* by content; contents in the arena */
	size_t n;
	size_t longest; /* bytes of the longest content */
	struct trx_trie *trie;
	struct trx_arena arena;
};

/* What a split works in, kept from text to text. */
struct trx_added_room {
	struct trx_buf cuts, states;
	struct trx_arena arena; /* the texts of parts of several chunks */
	size_t cap;		/* of parts and chunks */
};

static int
by_content(const void *a, const void *b)
{
	return trx_str_compare(((const struct trx_llama_token *)a)->content,
	    ((const struct trx_llama_token *)b)->content);
}

static int
copy_tokens(struct trx_added *a, const struct trx_llama_token *tokens, size_t n,
    struct trx_error *err)
{
	struct trx_llama_token *t;

	a->tokens = calloc(n + 1, sizeof(*a->tokens));
	if (a->tokens == NULL)
		return trx_error_memory(err);
	for (; a->n < n; a->n++) {
		t = &a->tokens[a->n];
		*t = tokens[a->n];
		t->content.p = trx_arena_copy(&a->arena, t->content);
		if (t->content.p == NULL)
			return trx_error_memory(err);
		if (t->content.n > a->longest)
			a->longest = t->content.n;
		if (t->splits && trx_trie_add(a->trie, t->content, err) == -1)
			return -1;
	}
	qsort(a->tokens, a->n, sizeof(*a->tokens), by_content);
	return 0;
}

struct trx_added *
trx_added_new(
    const struct trx_llama_token *tokens, size_t n, struct trx_error *err)
{
	struct trx_added *a = calloc(1, sizeof(*a));

	if (a == NULL) {
		trx_error_memory(err);
		return NULL;
	}
	a->trie = trx_trie_new(err);
	if (a->trie == NULL || copy_tokens(a, tokens, n, err) == -1) {
		trx_added_free(a);
		return NULL;
	}
	return a;
}

void
trx_added_free(struct trx_added *a)
{
	if (a == NULL)
		return;
	free(a->tokens);
	trx_trie_free(a->trie);
	trx_arena_free(&a->arena);
	free(a);
}

const struct trx_llama_token *
trx_added_find(const struct trx_added *a, struct trx_str content)
{
	const struct trx_llama_token key = { .content = content };

	if (content.n == 0 || content.n > a->longest)
		return NULL;
	return bsearch(&key, a->tokens, a->n, sizeof(key), by_content);
}

/* A text being split. */
struct splitter {
	const struct trx_added *added;
	struct trx_str text;
	struct trx_added_split *split;
};

static int
make_room(struct trx_added_split *s, size_t n, struct trx_error *err)
{
	struct trx_added_part *parts;
	struct trx_added_chunk *chunks;

	if (n <= s->room->cap)
		return 0;
	parts = reallocarray(s->parts, n, sizeof(*parts));
	if (parts == NULL)
		return trx_error_memory(err);
	s->parts = parts;
	chunks = reallocarray(s->chunks, n, sizeof(*chunks));
	if (chunks == NULL)
		return trx_error_memory(err);
	s->chunks = chunks;
	s->room->cap = n;
	return 0;
}

/* Cut the text: a part of one chunk each. */
static int
cut(struct splitter *sp, struct trx_error *err)
{
	struct trx_added_split *s = sp->split;
	struct trx_buf *cuts = &s->room->cuts;
	size_t i, at[2];

	trx_buf_reset(cuts);
	if (trx_trie_cut(
		sp->added->trie, sp->text, cuts, &s->room->states, err) == -1)
		return -1;
	s->nparts = s->nchunks = cuts->len / sizeof(at[0]) - 1;
	if (make_room(s, s->nparts, err) == -1)
		return -1;
	for (i = 0; i < s->nparts; i++) {
		memcpy(at, cuts->data + i * sizeof(at[0]), sizeof(at));
		s->chunks[i] =
		    (struct trx_added_chunk){ .begin = at[0], .end = at[1] };
		s->parts[i] = (struct trx_added_part){ .first = i, .last = i };
	}
	return 0;
}

/* The length of the white space (Python's str.isspace) at p, or 0. */
static size_t
space_length(const char *p, size_t n)
{
	static const char *const spaces[] = { "\xc2\x85", "\xc2\xa0",
		"\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81", "\xe2\x80\x82",
		"\xe2\x80\x83", "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86",
		"\xe2\x80\x87", "\xe2\x80\x88", "\xe2\x80\x89", "\xe2\x80\x8a",
		"\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f",
		"\xe3\x80\x80" };
	unsigned char c = n > 0 ? (unsigned char)p[0] : 0;
	size_t i, len;

	if ((c >= 0x09 && c <= 0x0d) || (c >= 0x1c && c <= 0x20))
		return 1;
	for (i = 0; c >= 0x80 && i < sizeof(spaces) / sizeof(*spaces); i++) {
		len = strlen(spaces[i]);
		if (len <= n && memcmp(p, spaces[i], len) == 0)
			return len;
	}
	return 0;
}

/* Take the white space off the part's left (right); true where all went. */
static bool
strip_chunk_left(const char *text, struct trx_added_chunk *c)
{
	size_t n;

	while ((n = space_length(text + c->begin, c->end - c->begin)) > 0)
		c->begin += n;
	return c->begin == c->end;
}

static bool
strip_chunk_right(const char *text, struct trx_added_chunk *c)
{
	size_t back, n;

	for (;;) {
		for (back = 1; back <= 3 && back <= c->end - c->begin; back++) {
			n = space_length(text + c->end - back, back);
			if (n == back)
				break;
		}
		if (back > 3 || back > c->end - c->begin)
			return c->begin == c->end;
		c->end -= back;
	}
}

static void
strip_left(struct splitter *sp, const struct trx_added_part *p)
{
	size_t i = p->first;

	while (
	    strip_chunk_left(sp->text.p, &sp->split->chunks[i]) && i < p->last)
		i++;
}

static void
strip_right(struct splitter *sp, const struct trx_added_part *p)
{
	size_t i = p->last;

	while (strip_chunk_right(sp->text.p, &sp->split->chunks[i]) &&
	       i > p->first)
		i--;
}

static bool
is_empty(const struct splitter *sp, const struct trx_added_part *p)
{
	size_t i;

	for (i = p->first; i <= p->last; i++)
		if (sp->split->chunks[i].begin < sp->split->chunks[i].end)
			return false;
	return true;
}

/* The part's text, put together where its chunks do not touch. */
static int
part_text(struct splitter *sp, const struct trx_added_part *p,
    struct trx_str *out, struct trx_error *err)
{
	const struct trx_added_chunk *c = sp->split->chunks;
	size_t i, n = 0;
	bool whole = true;
	char *copy;

	for (i = p->first; i <= p->last; i++) {
		if (i > p->first && c[i].begin != c[i - 1].end)
			whole = false;
		n += c[i].end - c[i].begin;
	}
	*out = (struct trx_str){ .p = sp->text.p + c[p->first].begin, .n = n };
	if (whole)
		return 0;
	copy = trx_arena_alloc(&sp->split->room->arena, n);
	if (copy == NULL)
		return trx_error_memory(err);
	out->p = copy;
	for (i = p->first; i <= p->last; i++) {
		memcpy(copy, sp->text.p + c[i].begin, c[i].end - c[i].begin);
		copy += c[i].end - c[i].begin;
	}
	return 0;
}

/* An emptied part: its chunk went to a neighbour. */
static bool
was_merged(const struct trx_added_part *p)
{
	return p->first > p->last;
}

/* Give the part to the neighbour on its left (right). */
static void
merge(struct trx_added_part *p, struct trx_added_part *into)
{
	if (into < p)
		into->last = p->last;
	else
		into->first = p->first;
	p->first = p->last + 1;
}

/* What the i-th part, a token of that kind, does to its neighbours. */
static void
apply_flags(struct splitter *sp, size_t i, const struct trx_llama_token *t)
{
	struct trx_added_split *s = sp->split;
	struct trx_added_part *p = &s->parts[i];
	struct trx_added_part *left = i > 0 ? p - 1 : NULL;
	struct trx_added_part *right = i + 1 < s->nparts ? p + 1 : NULL;
	char before = ' ', after = ' ';
	size_t k;

	/* The neighbours are asked as they were before they are stripped. */
	if (left != NULL && (was_merged(left) || is_empty(sp, left)))
		left = NULL;
	if (left != NULL) {
		for (k = left->last; s->chunks[k].begin == s->chunks[k].end;)
			k--;
		before = sp->text.p[s->chunks[k].end - 1];
	}
	if (right != NULL)
		after = sp->text.p[s->chunks[right->first].begin];
	if (t->rstrip && right != NULL)
		strip_left(sp, right);
	if (t->lstrip && left != NULL)
		strip_right(sp, left);
	if (t->single_word && left != NULL && before != ' ')
		merge(p, left);
	else if (t->single_word && right != NULL && after != ' ')
		merge(p, right);
}

/* Let every token do to its neighbours what its flags say, left to right. */
static int
apply_all(struct splitter *sp, struct trx_error *err)
{
	const struct trx_llama_token *t;
	struct trx_added_part *p;
	struct trx_str text;
	size_t i;

	for (i = 0; i < sp->split->nparts; i++) {
		p = &sp->split->parts[i];
		if (part_text(sp, p, &text, err) == -1)
			return -1;
		t = trx_added_find(sp->added, text);
		if (t != NULL && (t->lstrip || t->rstrip || t->single_word))
			apply_flags(sp, i, t);
	}
	return 0;
}

/* Drop the parts that are empty now, and say what the others are. */
static int
keep_parts(struct splitter *sp, struct trx_error *err)
{
	struct trx_added_split *s = sp->split;
	struct trx_added_part *p;
	size_t i, kept = 0;

	for (i = 0; i < s->nparts; i++) {
		p = &s->parts[i];
		if (was_merged(p) || is_empty(sp, p))
			continue;
		if (part_text(sp, p, &p->text, err) == -1)
			return -1;
		p->token = trx_added_find(sp->added, p->text);
		s->parts[kept++] = *p;
	}
	s->nparts = kept;
	return 0;
}

int
trx_added_split(const struct trx_added *a, struct trx_str text,
    struct trx_added_split *s, struct trx_error *err)
{
	struct splitter sp = { .added = a, .text = text, .split = s };

	if (s->room == NULL)
		s->room = calloc(1, sizeof(*s->room));
	if (s->room == NULL)
		return trx_error_memory(err);
	trx_arena_reset(&s->room->arena);
	if (cut(&sp, err) == -1 || apply_all(&sp, err) == -1)
		return -1;
	return keep_parts(&sp, err);
}

size_t
trx_added_place(const struct trx_added_split *s,
    const struct trx_added_part *part, size_t n)
{
	size_t i = part->first;

	if (part->token != NULL && n == part->text.n && part->token->rstrip &&
	    part->last + 1 < s->nchunks)
		return s->chunks[part->last + 1].begin;
	while (i < part->last && n > s->chunks[i].end - s->chunks[i].begin) {
		n -= s->chunks[i].end - s->chunks[i].begin;
		i++;
	}
	return s->chunks[i].begin + n;
}

void
trx_added_split_free(struct trx_added_split *s)
{
	free(s->parts);
	free(s->chunks);
	if (s->room != NULL) {
		trx_buf_free(&s->room->cuts);
		trx_buf_free(&s->room->states);
		trx_arena_free(&s->room->arena);
		free(s->room);
	}
	*s = (struct trx_added_split){ 0 };
}
