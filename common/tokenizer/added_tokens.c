#include <stdlib.h>
#include <string.h>

#include "common/tokenizer/added_tokens.h"

/* A token in an image; its content is what follows that of the one before. */
struct record {
	uint32_t id;
	uint32_t length; /* of its content */
	uint32_t flags;
};

enum {
	SINGLE_WORD = 1,
	LSTRIP = 2,
	RSTRIP = 4,
	NORMALIZED = 8,
	SPECIAL = 16,
	HIDDEN = 32
};

/* The tokens by content, as indices + 1; 0: free. */
struct by_content {
	uint32_t *slots;
	size_t mask;
};

static size_t
hash(struct trx_str s)
{
	uint64_t h = 14695981039346656037u;
	size_t i;

	for (i = 0; i < s.n; i++)
		h = (h ^ (uint8_t)s.p[i]) * 1099511628211u;
	return (size_t)(h ^ h >> 32);
}

/* The slot of that content, or the free one where it belongs. */
static uint32_t *
find(const struct by_content *b, const struct trx_added_tokens *t,
    struct trx_str content)
{
	size_t i = hash(content) & b->mask;

	while (b->slots[i] != 0 &&
	       !trx_str_equal(t->at[b->slots[i] - 1].content, content))
		i = (i + 1) & b->mask;
	return &b->slots[i];
}

static int
read_flag(const struct trx_json *v, const char *key, size_t i, bool *out,
    struct trx_error *err)
{
	const struct trx_json *flag = trx_json_get(v, key);

	if (flag == NULL || flag->type != TRX_JSON_BOOL)
		return trx_error_set(err, TRX_INPUT,
		    "added_tokens[%zu].%s: not true or false", i, key);
	*out = flag->u.boolean;
	return 0;
}

static int
read_token(const struct trx_json *v, size_t i, struct trx_added_token *t,
    struct trx_error *err)
{
	uint64_t id;

	if (trx_json_get_string(v, "content", &t->content) != 1)
		return trx_error_set(err, TRX_INPUT,
		    "added_tokens[%zu].content: not a string", i);
	if (trx_json_get_uint(v, "id", &id) != 1 || id > UINT32_MAX)
		return trx_error_set(
		    err, TRX_INPUT, "added_tokens[%zu].id: no id", i);
	if (read_flag(v, "single_word", i, &t->single_word, err) == -1 ||
	    read_flag(v, "lstrip", i, &t->lstrip, err) == -1 ||
	    read_flag(v, "rstrip", i, &t->rstrip, err) == -1 ||
	    read_flag(v, "normalized", i, &t->normalized, err) == -1)
		return -1;
	return read_flag(v, "special", i, &t->special, err);
}

/* How many strings the vocabulary has. */
static uint32_t
count(const struct trx_vocab *v)
{
	uint32_t id, n = 0;

	for (id = 0; id < v->size; id++)
		n += trx_vocab_text(v, id).n > 0;
	return n + (trx_vocab_find(v, TRX_STR("")) != -1);
}

/*
 * Add a token, or its flags to the one of that content.  Its id, whatever the
 * file says, is that of the model's string, else *next, which begins as the
 * number of the model's strings: where their ids have holes, it may be taken.
 */
static void
add(struct trx_added_tokens *t, struct by_content *b,
    const struct trx_vocab *vocab, uint32_t *next, struct trx_added_token token)
{
	uint32_t *slot = find(b, t, token.content);
	int64_t id = trx_vocab_find(vocab, token.content);
	struct trx_added_token *old;

	if (*slot != 0) {
		old = &t->at[*slot - 1];
		token.id = old->id;
		token.special |= old->special;
		*old = token;
		return;
	}
	token.id = id != -1 ? (uint32_t)id : (*next)++;
	if (token.id >= t->limit)
		t->limit = token.id + 1;
	t->at[t->n++] = token;
	*slot = (uint32_t)t->n;
}

/* A token, and where it stood last in the file. */
struct place {
	struct trx_added_token *token;
	size_t last;
};

static int
by_id_and_place(const void *a, const void *b)
{
	const struct place *p = a, *q = b;

	if (p->token->id != q->token->id)
		return p->token->id < q->token->id ? -1 : 1;
	return p->last < q->last ? -1 : p->last > q->last;
}

/* Hide all tokens of an id but the one that stood last. */
static int
hide(const struct trx_json *spec, struct trx_added_tokens *t,
    const struct by_content *b, struct trx_arena *a, struct trx_error *err)
{
	struct place *places = trx_arena_calloc(a, t->n, sizeof(*places));
	struct trx_str content;
	size_t i;

	if (places == NULL)
		return trx_error_memory(err);
	for (i = 0; i < t->n; i++)
		places[i].token = &t->at[i];
	for (i = 0; i < spec->u.array.n; i++) {
		trx_json_get_string(
		    &spec->u.array.items[i], "content", &content);
		if (content.n > 0)
			places[*find(b, t, content) - 1].last = i;
	}
	qsort(places, t->n, sizeof(*places), by_id_and_place);
	for (i = 0; i + 1 < t->n; i++)
		places[i].token->hidden =
		    places[i].token->id == places[i + 1].token->id;
	return 0;
}

/* The tokens of the file, in its order, each content once. */
static int
read_tokens(const struct trx_json *spec, const struct trx_vocab *vocab,
    struct trx_arena *a, struct trx_added_tokens *out, struct trx_error *err)
{
	struct by_content b = { .mask = 15 };
	struct trx_added_token token = { .hidden = false };
	uint32_t next = count(vocab);
	size_t i;

	if (spec->type != TRX_JSON_ARRAY)
		return trx_error_set(
		    err, TRX_INPUT, "added_tokens: not an array");
	while (b.mask < 2 * spec->u.array.n)
		b.mask = b.mask * 2 + 1;
	out->at = trx_arena_calloc(a, spec->u.array.n, sizeof(*out->at));
	b.slots = trx_arena_calloc(a, b.mask + 1, sizeof(*b.slots));
	if (out->at == NULL || b.slots == NULL)
		return trx_error_memory(err);
	for (i = 0; i < spec->u.array.n; i++) {
		if (read_token(&spec->u.array.items[i], i, &token, err) == -1)
			return -1;
		if (token.content.n > 0)
			add(out, &b, vocab, &next, token);
	}
	return hide(spec, out, &b, a, err);
}

static uint32_t
flags_of(const struct trx_added_token *t)
{
	return (t->single_word ? SINGLE_WORD : 0u) | (t->lstrip ? LSTRIP : 0u) |
	       (t->rstrip ? RSTRIP : 0u) | (t->normalized ? NORMALIZED : 0u) |
	       (t->special ? SPECIAL : 0u) | (t->hidden ? HIDDEN : 0u);
}

static int
write_tokens(const struct trx_added_tokens *t, struct trx_image *image,
    struct trx_error *err)
{
	struct record *records;
	size_t i, bytes = 0;
	char *text;

	for (i = 0; i < t->n; i++)
		bytes += t->at[i].content.n;
	if (bytes > UINT32_MAX)
		return trx_error_set(err, TRX_INPUT, "added_tokens: too large");
	records = trx_image_add(
	    image, TRX_IMAGE_ADDED_TOKENS, t->n * sizeof(*records), err);
	text = trx_image_add(image, TRX_IMAGE_ADDED_BYTES, bytes, err);
	if (records == NULL || text == NULL)
		return -1;
	for (i = 0; i < t->n; i++) {
		records[i] = (struct record){ t->at[i].id,
			(uint32_t)t->at[i].content.n, flags_of(&t->at[i]) };
		memcpy(text, t->at[i].content.p, t->at[i].content.n);
		text += t->at[i].content.n;
	}
	return 0;
}

int
trx_added_tokens_build(const struct trx_json *spec,
    const struct trx_vocab *vocab, struct trx_image *image,
    struct trx_error *err)
{
	struct trx_added_tokens tokens = { 0 };
	struct trx_arena arena = TRX_ARENA_INIT;
	int r = 0;

	if (spec != NULL)
		r = read_tokens(spec, vocab, &arena, &tokens, err);
	if (r == 0)
		r = write_tokens(&tokens, image, err);
	trx_arena_free(&arena);
	return r;
}

int
trx_added_tokens_open(const struct trx_image *image, struct trx_arena *a,
    struct trx_added_tokens *out, struct trx_error *err)
{
	const struct record *r;
	size_t i, n, bytes;
	const char *text;

	r = trx_image_get(image, TRX_IMAGE_ADDED_TOKENS, &n);
	text = trx_image_get(image, TRX_IMAGE_ADDED_BYTES, &bytes);
	n /= sizeof(*r);
	*out = (struct trx_added_tokens){ .n = n };
	if ((out->at = trx_arena_calloc(a, n, sizeof(*out->at))) == NULL)
		return trx_error_memory(err);
	for (i = 0; i < n && r[i].length <= bytes; i++) {
		out->at[i] = (struct trx_added_token){
			.content = { text, r[i].length },
			.id = r[i].id,
			.single_word = r[i].flags & SINGLE_WORD,
			.lstrip = r[i].flags & LSTRIP,
			.rstrip = r[i].flags & RSTRIP,
			.normalized = r[i].flags & NORMALIZED,
			.special = r[i].flags & SPECIAL,
			.hidden = r[i].flags & HIDDEN,
		};
		if (r[i].id >= out->limit)
			out->limit = r[i].id + 1;
		text += r[i].length;
		bytes -= r[i].length;
	}
	if (i < n || bytes > 0)
		return trx_error_set(
		    err, TRX_INPUT, "the added tokens are damaged");
	return 0;
}
