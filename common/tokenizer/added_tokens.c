#include <stdlib.h>

#include "common/tokenizer/added_tokens.h"

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
 * The id of a token, whatever the file says: that of the model's string, else
 * the first one behind the model's, n of them, and the added ones.
 */
static uint32_t
give_id(const struct trx_vocab *vocab, const struct trx_added_tokens *t,
    uint32_t n, struct trx_str content)
{
	int64_t id = trx_vocab_find(vocab, content);

	if (id != -1)
		return (uint32_t)id;
	return t->limit > n || (n == 0 && t->limit > 0) ? t->limit : n;
}

/* Add a token, or its flags to the one of that content. */
static void
add(struct trx_added_tokens *t, struct by_content *b,
    const struct trx_vocab *vocab, uint32_t n, struct trx_added_token token)
{
	uint32_t *slot = find(b, t, token.content);
	struct trx_added_token *old;

	if (*slot != 0) {
		old = &t->at[*slot - 1];
		token.id = old->id;
		token.special |= old->special;
		*old = token;
		return;
	}
	token.id = give_id(vocab, t, n, token.content);
	if (token.id >= t->limit)
		t->limit = token.id + 1;
	t->at[t->n++] = token;
	*slot = (uint32_t)t->n;
}

int
trx_added_tokens_read(const struct trx_json *spec,
    const struct trx_vocab *vocab, struct trx_arena *a,
    struct trx_added_tokens *out, struct trx_error *err)
{
	struct by_content b = { .mask = 15 };
	struct trx_added_token token;
	uint32_t n = count(vocab);
	size_t i;

	*out = (struct trx_added_tokens){ 0 };
	if (trx_json_is_null(spec))
		return 0;
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
			add(out, &b, vocab, n, token);
	}
	return 0;
}
