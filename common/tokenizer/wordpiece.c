#include <stdbool.h>
#include <string.h>

#include "common/tokenizer/wordpiece.h"

struct trx_wordpiece {
	struct trx_vocab vocab;
	struct trx_str prefix; /* of what continues a word, as "##" */
	uint64_t most;	       /* characters of a word */
	size_t longest;	       /* bytes of a string of the vocabulary */
	uint32_t unk;
};

static int
get_text(const struct trx_json *model, const char *key, struct trx_str *out,
    struct trx_error *err)
{
	if (trx_json_get_string(model, key, out) == 1)
		return 0;
	return trx_error_set(err, TRX_INPUT, "model.%s: not a string", key);
}

static size_t
longest_text(const struct trx_vocab *v)
{
	size_t most = 0;
	uint32_t id;

	for (id = 0; id < v->size; id++)
		if (trx_vocab_text(v, id).n > most)
			most = trx_vocab_text(v, id).n;
	return most;
}

struct trx_wordpiece *
trx_wordpiece_new(const struct trx_json *model, const struct trx_vocab *vocab,
    struct trx_arena *a, struct trx_error *err)
{
	struct trx_wordpiece *w = trx_arena_calloc(a, 1, sizeof(*w));
	struct trx_str unk;
	int64_t id;

	if (w == NULL) {
		trx_error_memory(err);
		return NULL;
	}
	/* The reference has no defaults for them in a file either. */
	if (get_text(model, "unk_token", &unk, err) == -1 ||
	    get_text(model, "continuing_subword_prefix", &w->prefix, err) == -1)
		return NULL;
	if (trx_json_get_uint(model, "max_input_chars_per_word", &w->most) !=
	    1) {
		trx_error_set(err, TRX_INPUT,
		    "model.max_input_chars_per_word: not a number of "
		    "characters");
		return NULL;
	}
	if ((id = trx_vocab_find(vocab, unk)) == -1) {
		trx_error_set(
		    err, TRX_INPUT, "model.unk_token: not in the vocabulary");
		return NULL;
	}
	w->unk = (uint32_t)id;
	w->vocab = *vocab;
	w->longest = longest_text(vocab);
	return w;
}

static bool
continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static uint64_t
count_characters(struct trx_str s)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < s.n; i++)
		n += !continues(s.p[i]);
	return n;
}

/*
 * The longest string of the vocabulary that s begins with and that is longer
 * than its first `prefix` bytes: its length, or 0.
 */
static size_t
match(const struct trx_wordpiece *w, struct trx_str s, size_t prefix,
    uint32_t *id)
{
	size_t end = s.n < w->longest ? s.n : w->longest;
	int64_t found;

	for (; end > prefix; end--) {
		if (end < s.n && continues(s.p[end]))
			continue;
		found = trx_vocab_find(&w->vocab, (struct trx_str){ s.p, end });
		if (found != -1) {
			*id = (uint32_t)found;
			return end;
		}
	}
	return 0;
}

/*
 * What follows the first token.  The rest of the word is looked up with the
 * prefix written over the bytes before it.  Returns 1, 0 where there is no
 * token for it, or -1.
 */
static int
match_rest(const struct trx_wordpiece *w, struct trx_str piece, size_t at,
    struct trx_buf *work, struct trx_ids *out, struct trx_error *err)
{
	size_t n, prefix = w->prefix.n;
	struct trx_str rest;
	uint32_t id;
	char *room;

	trx_buf_reset(work);
	room = trx_buf_reserve(work, prefix + piece.n);
	if (room == NULL)
		return trx_error_memory(err);
	memcpy(room + prefix, piece.p, piece.n);
	while (at < piece.n) {
		if (prefix > 0)
			memcpy(room + at, w->prefix.p, prefix);
		rest = (struct trx_str){ room + at, prefix + piece.n - at };
		n = match(w, rest, prefix, &id);
		if (n == 0)
			return 0;
		at += n - prefix;
		if (trx_ids_push(out, id, (uint32_t)at) == -1)
			return trx_error_memory(err);
	}
	return 1;
}

int
trx_wordpiece_encode(const struct trx_wordpiece *w, struct trx_str piece,
    struct trx_buf *work, struct trx_ids *out, struct trx_error *err)
{
	size_t n, before = out->n;
	uint32_t id;
	int r = 0;

	if (piece.n <= w->most || count_characters(piece) <= w->most) {
		n = match(w, piece, 0, &id);
		r = n > 0;
		if (r == 1 && trx_ids_push(out, id, (uint32_t)n) == -1)
			return trx_error_memory(err);
		if (r == 1 && n < piece.n)
			r = match_rest(w, piece, n, work, out, err);
	}
	if (r == 0) {
		out->n = before;
		if (trx_ids_push(out, w->unk, (uint32_t)piece.n) == -1)
			r = trx_error_memory(err);
	}
	return r == -1 ? -1 : 0;
}
