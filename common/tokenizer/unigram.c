#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/tokenizer/number.h"
#include "common/tokenizer/prefixes.h"
#include "common/tokenizer/unigram.h"

enum { NO_TOKEN = UINT32_MAX };

/* What an unknown character costs beyond the least likely piece. */
#define UNKNOWN_PENALTY 10.0

struct trx_unigram {
	struct trx_vocab vocab;
	struct trx_prefixes prefixes;
	const double *scores; /* by id, and one more: an unknown character's */
	uint32_t unk;	      /* NO_TOKEN: there is none */
	bool byte_fallback;
	int64_t bytes[256]; /* the ids of the byte tokens, or -1 */
};

static int
read_piece(const struct trx_json *v, uint32_t id, struct trx_vocab_entry *entry,
    double *score, struct trx_error *err)
{
	const struct trx_json *items = v->u.array.items;

	if (v->type != TRX_JSON_ARRAY || v->u.array.n != 2 ||
	    items[0].type != TRX_JSON_STRING ||
	    items[1].type != TRX_JSON_NUMBER)
		return trx_error_set(err, TRX_INPUT,
		    "model.vocab: entry %lu is not a piece and its score",
		    (unsigned long)id);
	*entry = (struct trx_vocab_entry){ items[0].u.string, id };
	if (trx_serde_double(items[1].u.number, score) == -1)
		return trx_error_set(err, TRX_INPUT,
		    "model.vocab: the score of entry %lu is out of range",
		    (unsigned long)id);
	return 0;
}

static int
build(const struct trx_json *vocab, struct trx_vocab_entry *entries,
    struct trx_image *image, struct trx_error *err)
{
	size_t i, n = vocab->u.array.n;
	double *scores, least = INFINITY;

	scores = trx_image_add(
	    image, TRX_IMAGE_UNIGRAM_SCORES, (n + 1) * sizeof(*scores), err);
	if (scores == NULL)
		return -1;
	for (i = 0; i < n; i++) {
		if (read_piece(&vocab->u.array.items[i], (uint32_t)i,
			&entries[i], &scores[i], err) == -1)
			return -1;
		if (scores[i] < least)
			least = scores[i];
	}
	scores[n] = least - UNKNOWN_PENALTY;
	if (trx_vocab_build(entries, n, image, err) == -1)
		return -1;
	return trx_prefixes_build(entries, n, image, err);
}

int
trx_unigram_build(const struct trx_json *model, struct trx_image *image,
    struct trx_error *err)
{
	const struct trx_json *vocab = trx_json_get(model, "vocab");
	struct trx_vocab_entry *entries;
	int r;

	if (vocab == NULL || vocab->type != TRX_JSON_ARRAY)
		return trx_error_set(err, TRX_INPUT, "model.vocab: not a list");
	if (vocab->u.array.n > TRX_VOCAB_MAX)
		return trx_error_set(err, TRX_INPUT, "model.vocab: too large");
	entries = calloc(vocab->u.array.n + 1, sizeof(*entries));
	if (entries == NULL)
		return trx_error_memory(err);
	r = build(vocab, entries, image, err);
	free(entries);
	return r;
}

static int
read_settings(
    struct trx_unigram *u, const struct trx_json *model, struct trx_error *err)
{
	const struct trx_json *fallback = trx_json_get(model, "byte_fallback");
	uint64_t unk;
	int r = trx_json_get_uint(model, "unk_id", &unk);

	if (r == -1 || (r == 1 && unk >= u->vocab.size))
		return trx_error_set(err, TRX_INPUT, "model.unk_id: not an id");
	u->unk = r == 1 ? (uint32_t)unk : (uint32_t)NO_TOKEN;
	if (fallback != NULL && fallback->type != TRX_JSON_BOOL)
		return trx_error_set(err, TRX_INPUT,
		    "model.byte_fallback: neither true nor false");
	u->byte_fallback = fallback != NULL && fallback->u.boolean;
	return 0;
}

struct trx_unigram *
trx_unigram_new(const struct trx_json *model, const struct trx_image *image,
    struct trx_arena *a, struct trx_error *err)
{
	struct trx_unigram *u = trx_arena_calloc(a, 1, sizeof(*u));
	char name[8];
	size_t n;
	int i;

	if (u == NULL) {
		trx_error_memory(err);
		return NULL;
	}
	if (trx_vocab_open(image, &u->vocab, err) == -1 ||
	    trx_prefixes_open(image, &u->prefixes, err) == -1 ||
	    read_settings(u, model, err) == -1)
		return NULL;
	u->scores = trx_image_get(image, TRX_IMAGE_UNIGRAM_SCORES, &n);
	if (n != ((size_t)u->vocab.size + 1) * sizeof(*u->scores)) {
		trx_error_set(err, TRX_INPUT, "the scores are damaged");
		return NULL;
	}
	for (i = 0; i < 256; i++) {
		snprintf(name, sizeof(name), "<0x%02X>", i);
		u->bytes[i] = trx_vocab_find(&u->vocab, trx_str(name));
	}
	return u;
}

/* The best way to a place in the piece. */
struct node {
	double score;	/* the sum of its tokens' */
	uint32_t begin; /* of its last token; NO_WAY: none yet */
	uint32_t id;	/* of its last token */
};

enum { NO_WAY = UINT32_MAX };

/* Take the way if it is better; the first of equally good ones stays. */
static inline bool
offer(struct node *to, double score, size_t begin, uint32_t id)
{
	bool better = to->begin == NO_WAY || score > to->score;

	if (better)
		*to = (struct node){ score, (uint32_t)begin, id };
	return better;
}

static size_t
width(struct trx_str s, size_t at)
{
	unsigned char c = (unsigned char)s.p[at];
	size_t n = c < 0xc0 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

	return n < s.n - at ? n : s.n - at;
}

/*
 * Offer every token that begins at `at`.  Returns where the next character
 * begins, or 0 where none of the model's tokens will do.
 */
static size_t
extend(const struct trx_unigram *u, struct trx_str piece, size_t at,
    struct node *nodes)
{
	size_t end, character = at + width(piece, at);
	double score = nodes[at].score;
	uint64_t node = trx_prefixes_root(&u->prefixes);
	bool known = false;
	int64_t id;

	for (end = at; end < piece.n &&
		       trx_prefixes_step(&u->prefixes, &node, piece.p[end]);) {
		end++;
		if ((id = trx_prefixes_id(node)) == -1)
			continue;
		offer(&nodes[end], score + u->scores[id], at, (uint32_t)id);
		known |= end == character;
	}
	if (!known &&
	    offer(&nodes[character], score + u->scores[u->vocab.size], at,
		u->unk) &&
	    u->unk == NO_TOKEN)
		return 0;
	return character;
}

/* Make begin of the nodes of the best way the end of the token that follows. */
static void
turn(struct node *nodes, size_t n)
{
	size_t at, begin, next = 0;

	for (at = n; at > 0; at = begin) {
		begin = nodes[at].begin;
		nodes[at].begin = (uint32_t)next;
		next = at;
	}
	nodes[0].begin = (uint32_t)next;
}

/* The tokens of bytes begin to end, which are unknown. */
static int
push_unknown(const struct trx_unigram *u, struct trx_str piece, size_t begin,
    size_t end, struct trx_ids *out)
{
	struct trx_str s = { piece.p + begin, end - begin };
	int64_t id = trx_vocab_find(&u->vocab, s);
	bool fallback = id == -1 && u->byte_fallback;
	size_t i;

	for (i = 0; i < s.n && fallback; i++)
		fallback = u->bytes[(unsigned char)s.p[i]] != -1;
	if (!fallback)
		return trx_ids_push(
		    out, id == -1 ? u->unk : (uint32_t)id, (uint32_t)end);
	for (i = 0; i < s.n; i++)
		if (trx_ids_push(out, (uint32_t)u->bytes[(unsigned char)s.p[i]],
			(uint32_t)(begin + i + 1)) == -1)
			return -1;
	return 0;
}

/* The tokens of the best way; unknown ones that touch are one. */
static int
push_all(const struct trx_unigram *u, struct trx_str piece,
    const struct node *nodes, struct trx_ids *out)
{
	size_t begin = 0, end;
	int r = 0;

	for (; begin < piece.n && r == 0; begin = end) {
		end = nodes[begin].begin;
		if (nodes[end].id != u->unk) {
			r = trx_ids_push(out, nodes[end].id, (uint32_t)end);
			continue;
		}
		while (end < piece.n && nodes[nodes[end].begin].id == u->unk)
			end = nodes[end].begin;
		r = push_unknown(u, piece, begin, end, out);
	}
	return r;
}

int
trx_unigram_encode(const struct trx_unigram *u, struct trx_str piece,
    struct trx_buf *work, struct trx_ids *out, struct trx_error *err)
{
	struct node *nodes;
	size_t at;

	trx_buf_reset(work);
	nodes = (struct node *)(void *)trx_buf_reserve(
	    work, (piece.n + 1) * sizeof(*nodes));
	if (nodes == NULL)
		return trx_error_memory(err);
	for (at = 0; at <= piece.n; at++)
		nodes[at] = (struct node){ .begin = NO_WAY };
	for (at = 0; at < piece.n;)
		if ((at = extend(u, piece, at, nodes)) == 0)
			return trx_error_set(err, TRX_INPUT,
			    "a character that the model does not know, "
			    "and no unk_id for it");
	turn(nodes, piece.n);
	if (push_all(u, piece, nodes, out) == -1)
		return trx_error_memory(err);
	return 0;
}
