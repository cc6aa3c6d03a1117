#include <stdlib.h>
#include <string.h>

#include "common/tokenizer/alphabet.h"
#include "common/tokenizer/bpe.h"
#include "common/tokenizer/bpe_chars.h"
#include "common/tokenizer/bpe_cuts.h"
#include "common/ucd/ucd.h"

enum { BMP = 0x10000 };

/* A model being built. */
struct build {
	enum trx_bpe_input input;
	struct trx_image *image;
	struct trx_vocab vocab;
	size_t prefix; /* bytes of continuing_subword_prefix */
	struct trx_str prefix_text;
	struct trx_merge *merges;
	struct trx_buf text;
};

/* Both parts of a merge: "a b" or ["a", "b"]; array says which it must be. */
static int
read_parts(const struct trx_json *v, bool array, struct trx_str parts[2])
{
	const char *space;

	if (array) {
		if (v->type != TRX_JSON_ARRAY || v->u.array.n != 2 ||
		    v->u.array.items[0].type != TRX_JSON_STRING ||
		    v->u.array.items[1].type != TRX_JSON_STRING)
			return -1;
		parts[0] = v->u.array.items[0].u.string;
		parts[1] = v->u.array.items[1].u.string;
		return 0;
	}
	if (v->type != TRX_JSON_STRING ||
	    (space = memchr(v->u.string.p, ' ', v->u.string.n)) == NULL)
		return -1;
	parts[0] =
	    (struct trx_str){ v->u.string.p, (size_t)(space - v->u.string.p) };
	parts[1] =
	    (struct trx_str){ space + 1, v->u.string.n - parts[0].n - 1 };
	return memchr(parts[1].p, ' ', parts[1].n) == NULL ? 0 : -1;
}

static bool
is_version(const struct trx_json *v)
{
	return v->type == TRX_JSON_STRING && v->u.string.n >= 8 &&
	       memcmp(v->u.string.p, "#version", 8) == 0;
}

/* The ids of a merge's parts and of what it makes. */
static int
resolve(struct build *b, const struct trx_str parts[2], struct trx_merge *out)
{
	struct trx_str right = parts[1];
	int64_t id;

	if ((id = trx_vocab_find(&b->vocab, parts[0])) == -1)
		return -1;
	out->left = (uint32_t)id;
	if ((id = trx_vocab_find(&b->vocab, right)) == -1)
		return -1;
	out->right = (uint32_t)id;
	if (right.n < b->prefix ||
	    memcmp(right.p, b->prefix_text.p, b->prefix) != 0)
		return -1;
	trx_buf_reset(&b->text);
	trx_buf_adds(&b->text, parts[0]);
	trx_buf_add(&b->text, right.p + b->prefix, right.n - b->prefix);
	if (b->text.failed ||
	    (id = trx_vocab_find(&b->vocab, trx_buf_str(&b->text))) == -1)
		return -1;
	out->id = (uint32_t)id;
	return 0;
}

/* Read the merges into b->merges, *n of them. */
static int
read_merges(struct build *b, const struct trx_json *merges, size_t *n,
    struct trx_error *err)
{
	const struct trx_json *v;
	struct trx_str parts[2];
	bool array;
	size_t i;

	if (merges == NULL || merges->type != TRX_JSON_ARRAY)
		return trx_error_set(
		    err, TRX_INPUT, "model.merges: not an array");
	b->merges = calloc(merges->u.array.n + 1, sizeof(*b->merges));
	if (b->merges == NULL)
		return trx_error_memory(err);
	v = merges->u.array.items;
	array = merges->u.array.n > 0 && v->type == TRX_JSON_ARRAY;
	for (i = *n = 0; i < merges->u.array.n; i++) {
		if (!array && is_version(&v[i]))
			continue;
		if (read_parts(&v[i], array, parts) == -1 ||
		    resolve(b, parts, &b->merges[*n]) == -1)
			return trx_error_set(err, TRX_INPUT,
			    "model.merges: number %zu is none: its parts and "
			    "what it makes must be in the vocabulary",
			    i);
		b->merges[*n].rank = (uint32_t)*n;
		(*n)++;
	}
	return trx_merges_build(b->merges, *n, b->image, err);
}

static uint32_t
find_char(const struct trx_vocab *vocab, uint32_t cp)
{
	uint8_t utf8[4];
	int64_t id = trx_vocab_find(vocab,
	    (struct trx_str){ (const char *)utf8, trx_ucd_put(utf8, cp) });

	return id == -1 ? TRX_BPE_NONE : (uint32_t)id;
}

/* The ids of single characters. */
static const uint32_t *
build_start(struct build *b, struct trx_error *err)
{
	uint32_t i, n = b->input == TRX_BPE_BYTES ? 256 : BMP;
	uint32_t *start = trx_image_add(
	    b->image, TRX_IMAGE_BPE_START, n * sizeof(*start), err);

	if (start == NULL)
		return NULL;
	for (i = 0; i < n; i++)
		if (b->input == TRX_BPE_BYTES)
			start[i] =
			    find_char(&b->vocab, trx_alphabet_char((uint8_t)i));
		else
			start[i] = i >= 0xd800 && i < 0xe000
				       ? TRX_BPE_NONE
				       : find_char(&b->vocab, i);
	return start;
}

/* The bytes of input that a token stands for. */
static size_t
length_of(enum trx_bpe_input input, struct trx_str s)
{
	const uint8_t *p = (const uint8_t *)s.p, *end = p + s.n;
	size_t n = 0;

	for (; p < end; p += trx_ucd_width(p))
		n += input == TRX_BPE_BYTES || (input == TRX_BPE_SPACES &&
						   trx_ucd_get(p) == 0x2581)
			 ? 1
			 : trx_ucd_width(p);
	return n;
}

static int
build_lengths(struct build *b, struct trx_error *err)
{
	uint16_t *lengths = trx_image_add(b->image, TRX_IMAGE_BPE_LENGTHS,
	    b->vocab.size * sizeof(*lengths), err);
	uint32_t id;
	size_t n;

	if (lengths == NULL)
		return -1;
	for (id = 0; id < b->vocab.size; id++) {
		n = length_of(b->input, trx_vocab_text(&b->vocab, id));
		/* One that is too long is found not to fit its piece. */
		lengths[id] = n > UINT16_MAX ? 0 : (uint16_t)n;
	}
	return 0;
}

static bool
is_true(const struct trx_json *v)
{
	return v != NULL && v->type == TRX_JSON_BOOL && v->u.boolean;
}

int
trx_bpe_build(const struct trx_json *model, enum trx_bpe_input input,
    struct trx_image *image, struct trx_error *err)
{
	struct build b = {
		.input = input, .image = image, .prefix_text = { "", 0 }
	};
	const uint32_t *start = NULL;
	size_t n = 0;
	int r;

	if (trx_json_get_string(
		model, "continuing_subword_prefix", &b.prefix_text) == 1)
		b.prefix = b.prefix_text.n;
	r = trx_vocab_build_object(trx_json_get(model, "vocab"), image, err);
	if (r == 0)
		r = trx_vocab_open(image, &b.vocab, err);
	if (r == 0)
		r = read_merges(&b, trx_json_get(model, "merges"), &n, err);
	if (r == 0 && (start = build_start(&b, err)) == NULL)
		r = -1;
	if (r == 0)
		r = build_lengths(&b, err);
	if (r == 0 && input == TRX_BPE_BYTES)
		r = trx_bpe_chars_build(
		    &b.vocab, b.merges, n, start, image, err);
	if (r == 0)
		r = trx_bpe_cuts_build(
		    &(struct trx_bpe_tables){ .input = input,
			.ignore_merges =
			    is_true(trx_json_get(model, "ignore_merges")),
			.vocab = &b.vocab,
			.merges = b.merges,
			.n = n,
			.start = start },
		    image, err);
	free(b.merges);
	trx_buf_free(&b.text);
	return r;
}
