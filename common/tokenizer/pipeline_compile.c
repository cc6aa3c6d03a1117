#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/utf8.h"
#include "common/json/reader.h"
#include "common/tokenizer/alphabet.h"
#include "common/tokenizer/cache.h"
#include "common/tokenizer/pipeline_parts.h"

/* A tokenizer.json being compiled. */
struct compile {
	struct trx_json spec;
	const struct trx_json *model;
	struct trx_plan plan;
	struct trx_image *image;
	struct trx_arena arena;
};

/* What has sections of its own, of the file and of its model. */
static const char *const elsewhere[] = { "added_tokens", "model", NULL };
static const char *const elsewhere_in_model[] = { "vocab", "merges", NULL };

static bool
is_among(struct trx_str key, const char *const *keys)
{
	while (*keys != NULL && !trx_str_is(key, *keys))
		keys++;
	return *keys != NULL;
}

/* The members of an object, as they stood, each behind a comma. */
static void
add_members(struct trx_buf *b, const struct trx_json *v, const char *const *but)
{
	const struct trx_json_member *m;
	size_t i;

	for (i = 0; i < v->u.object.n; i++) {
		m = &v->u.object.members[i];
		if (is_among(m->key, but))
			continue;
		trx_buf_addc(b, ',');
		trx_buf_adds(b, m->raw_key);
		trx_buf_addc(b, ':');
		trx_buf_adds(b, m->value.raw);
	}
}

static int
add_meta(const struct compile *c, struct trx_error *err)
{
	struct trx_buf b = TRX_BUF_INIT;
	char *to = NULL;
	size_t at;

	trx_buf_addz(&b, "{\"model\":");
	at = b.len;
	add_members(&b, c->model, elsewhere_in_model);
	trx_buf_addz(&b, b.len == at ? "{}" : "}");
	if (!b.failed)
		b.data[at] = '{'; /* for the first comma */
	add_members(&b, &c->spec, elsewhere);
	trx_buf_addc(&b, '}');
	if (b.failed)
		trx_error_memory(err);
	else
		to = trx_image_add(c->image, TRX_IMAGE_META, b.len, err);
	if (to != NULL)
		memcpy(to, b.data, b.len);
	trx_buf_free(&b);
	return to == NULL ? -1 : 0;
}

/* What BPE is given where a text has a token's string, or "" where it is. */
static struct trx_str
to_piece(struct compile *c, struct trx_str token)
{
	struct trx_buf b = TRX_BUF_INIT;
	struct trx_str s = { "", 0 };
	size_t i = 0;

	switch (c->plan.input) {
	case TRX_BPE_BYTES:
		if (trx_alphabet_decode(token, &b) == -1)
			trx_buf_reset(&b);
		break;
	case TRX_BPE_SPACES:
		while (i < token.n)
			if (token.n - i >= 3 &&
			    memcmp(token.p + i, "\xe2\x96\x81", 3) == 0) {
				trx_buf_addc(&b, ' ');
				i += 3;
			} else
				trx_buf_addc(&b, token.p[i++]);
		break;
	default:
		trx_buf_adds(&b, token);
	}
	if (!b.failed && trx_utf8_valid(trx_buf_str(&b)))
		s = (struct trx_str){
			trx_arena_copy(&c->arena, trx_buf_str(&b)), b.len
		};
	trx_buf_free(&b);
	return s.p == NULL ? (struct trx_str){ "", 0 } : s;
}

/* The model behind the seeds. */
struct seeding {
	struct trx_bpe bpe;
	struct trx_bpe_room room;
};

static int
encode_seed(
    void *ctx, struct trx_str piece, struct trx_ids *out, struct trx_error *err)
{
	struct seeding *s = ctx;

	return trx_bpe_encode(&s->bpe, piece, &s->room, out, err);
}

/* Seed the cache with the vocabulary's strings. */
static int
add_seeds(struct compile *c, struct trx_error *err)
{
	struct seeding s = { 0 };
	struct trx_str *pieces = NULL;
	uint32_t id, n;
	int r = trx_bpe_open(&s.bpe, c->model, c->plan.input, c->image, err);

	n = r == 0 ? s.bpe.vocab.size : 0;
	if (r == 0 && (pieces = calloc((size_t)n + 1, sizeof(*pieces))) == NULL)
		r = trx_error_memory(err);
	if (r == 0) {
		for (id = 0; id < n; id++)
			pieces[id] =
			    to_piece(c, trx_vocab_text(&s.bpe.vocab, id));
		r = trx_cache_build(pieces, n, encode_seed, &s, c->image, err);
	}
	free(pieces);
	trx_bpe_room_free(&s.room);
	return r;
}

/* Read the file in place: some are 30 MB long. */
static int
read_spec(struct compile *c, struct trx_buf *json, struct trx_error *err)
{
	struct trx_json_reader *r = trx_json_reader_new(err);
	int fine = -1;

	if (trx_buf_reserve(json, TRX_JSON_PADDING) == NULL)
		trx_error_memory(err);
	else if (r != NULL && trx_json_read(r, json->data, json->len, &c->arena,
				  &c->spec, err) == TRX_JSON_FINE)
		fine = 0;
	trx_json_reader_free(r);
	return fine;
}

static int
add_model(struct compile *c, struct trx_error *err)
{
	switch (c->plan.kind) {
	case TRX_MODEL_BPE:
		if (trx_bpe_build(c->model, c->plan.input, c->image, err) == -1)
			return -1;
		return add_seeds(c, err);
	case TRX_MODEL_WORDPIECE:
		return trx_vocab_build_object(
		    trx_json_get(c->model, "vocab"), c->image, err);
	default:
		return trx_unigram_build(c->model, c->image, err);
	}
}

static int
compile(struct compile *c, struct trx_buf *json, struct trx_error *err)
{
	const struct trx_pretokenizer *pre;
	struct trx_vocab vocab;

	if (read_spec(c, json, err) == -1)
		return -1;
	pre = trx_pretokenizer_new(
	    trx_json_get(&c->spec, "pre_tokenizer"), &c->arena, err);
	if (pre == NULL ||
	    trx_plan_read(
		&c->spec, trx_pretokenizer_is_bytes(pre), &c->plan, err) == -1)
		return -1;
	c->model = trx_json_get(&c->spec, "model");
	if (trx_plan_write(&c->plan, c->image, err) == -1 ||
	    add_meta(c, err) == -1 || add_model(c, err) == -1 ||
	    trx_vocab_open(c->image, &vocab, err) == -1)
		return -1;
	return trx_added_tokens_build(
	    trx_json_get(&c->spec, "added_tokens"), &vocab, c->image, err);
}

struct trx_image *
trx_pipeline_compile(struct trx_buf *json, struct trx_error *err)
{
	struct compile c = { .image = trx_image_new(err) };

	if (c.image != NULL && compile(&c, json, err) == -1) {
		trx_image_free(c.image);
		c.image = NULL;
	}
	trx_arena_free(&c.arena);
	return c.image;
}
