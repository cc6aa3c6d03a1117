#include <stdlib.h>

#include "common/json/reader.h"
#include "common/tokenizer/pipeline_parts.h"

static int
check_truncation(
    const struct trx_json *spec, bool ignore_truncation, struct trx_error *err)
{
	static const char *const keys[] = { "truncation", "padding" };
	const struct trx_json *v;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		v = trx_json_get(spec, keys[i]);
		if (trx_json_is_null(v))
			continue;
		if (v->type != TRX_JSON_OBJECT)
			return trx_error_set(
			    err, TRX_INPUT, "%s: not an object", keys[i]);
		if (!ignore_truncation)
			return trx_error_set(err, TRX_INPUT,
			    "%s: the file asks for it (--ignore-truncation "
			    "overrules that)",
			    keys[i]);
	}
	return 0;
}

static int
open_model(struct trx_pipeline *p, struct trx_error *err)
{
	const struct trx_json *model = trx_json_get(&p->spec, "model");

	switch (p->plan.kind) {
	case TRX_MODEL_BPE:
		return trx_bpe_open(
		    &p->bpe, model, p->plan.input, p->image, err);
	case TRX_MODEL_WORDPIECE:
		p->wordpiece =
		    trx_wordpiece_new(model, &p->vocab, &p->arena, err);
		return p->wordpiece == NULL ? -1 : 0;
	default:
		p->unigram = trx_unigram_new(model, p->image, &p->arena, err);
		return p->unigram == NULL ? -1 : 0;
	}
}

static int
by_content(const void *a, const void *b)
{
	return trx_str_compare(((const struct trx_added_token *)a)->content,
	    ((const struct trx_added_token *)b)->content);
}

/* The token's content as normalized text has it. */
static int
normalize_token(struct trx_pipeline *p, struct trx_added_token *t,
    struct trx_normalizer_room *room, struct trx_error *err)
{
	const uint32_t *ends;
	struct trx_str s;

	if (trx_normalize(
		p->normalizer, t->content, false, room, &s, &ends, err) == -1)
		return -1;
	if (s.n == 0)
		return trx_error_set(err, TRX_INPUT,
		    "added_tokens: '%.*s' is nothing once it is normalized",
		    (int)t->content.n, t->content.p);
	t->content = (struct trx_str){ trx_arena_copy(&p->arena, s), s.n };
	return t->content.p == NULL ? trx_error_memory(err) : 0;
}

static bool
is_looked_for(const struct trx_added_token *t, bool normalized)
{
	return t->normalized == normalized && !t->hidden;
}

/* A finder of the tokens that are looked for in that phase. */
static const struct trx_finder *
make_finder(struct trx_pipeline *p, bool normalized, struct trx_error *err)
{
	struct trx_normalizer_room room = { 0 };
	struct trx_added_token *t;
	size_t i, n = 0;
	int r = 0;

	for (i = 0; i < p->added.n; i++)
		n += is_looked_for(&p->added.at[i], normalized);
	if ((t = trx_arena_calloc(&p->arena, n, sizeof(*t))) == NULL) {
		trx_error_memory(err);
		return NULL;
	}
	for (i = n = 0; r == 0 && i < p->added.n; i++)
		if (is_looked_for(&p->added.at[i], normalized)) {
			t[n] = p->added.at[i];
			if (normalized)
				r = normalize_token(p, &t[n], &room, err);
			n++;
		}
	trx_normalizer_room_free(&room);
	if (r == -1)
		return NULL;
	qsort(t, n, sizeof(*t), by_content);
	for (i = 1; i < n; i++)
		if (trx_str_equal(t[i - 1].content, t[i].content)) {
			trx_error_set(err, TRX_INPUT,
			    "added_tokens: two are alike once they are "
			    "normalized: '%.*s'",
			    (int)t[i].content.n, t[i].content.p);
			return NULL;
		}
	return trx_finder_new(t, n, &p->arena, err);
}

/* The members of the specification, in the order of their refusals. */
static int
open_steps(struct trx_pipeline *p, struct trx_error *err)
{
	const struct trx_json *pre = trx_json_get(&p->spec, "pre_tokenizer");

	p->normalizer = trx_normalizer_new(
	    trx_json_get(&p->spec, "normalizer"), &p->arena, err);
	if (p->normalizer == NULL)
		return -1;
	p->pretokenizer = trx_pretokenizer_new(pre, &p->arena, err);
	if (p->pretokenizer == NULL)
		return -1;
	if (p->plan.kind == TRX_MODEL_BPE)
		p->scanner = trx_scanner_find(pre);
	if (trx_added_tokens_open(p->image, &p->arena, &p->added, err) == -1 ||
	    trx_postprocessor_read(trx_json_get(&p->spec, "post_processor"),
		&p->arena, &p->post, err) == -1 ||
	    (p->raw = make_finder(p, false, err)) == NULL ||
	    (p->normalized = make_finder(p, true, err)) == NULL)
		return -1;
	return 0;
}

static int
open_image(
    struct trx_pipeline *p, bool ignore_truncation, struct trx_error *err)
{
	struct trx_str meta;

	meta.p = trx_image_get(p->image, TRX_IMAGE_META, &meta.n);
	if (trx_json_parse(meta, &p->arena, &p->spec, err) == -1 ||
	    trx_plan_open(p->image, &p->plan, err) == -1)
		return -1;
	if (check_truncation(&p->spec, ignore_truncation, err) == -1 ||
	    trx_vocab_open(p->image, &p->vocab, err) == -1 ||
	    open_model(p, err) == -1)
		return -1;
	return open_steps(p, err);
}

struct trx_pipeline *
trx_pipeline_open(
    struct trx_image *image, bool ignore_truncation, struct trx_error *err)
{
	struct trx_pipeline *p = calloc(1, sizeof(*p));

	if (p == NULL) {
		trx_image_free(image);
		trx_error_memory(err);
		return NULL;
	}
	p->image = image;
	if (open_image(p, ignore_truncation, err) == -1) {
		trx_pipeline_free(p);
		return NULL;
	}
	return p;
}

void
trx_pipeline_free(struct trx_pipeline *p)
{
	if (p == NULL)
		return;
	trx_arena_free(&p->arena);
	trx_image_free(p->image);
	free(p);
}

uint32_t
trx_pipeline_vocab_size(const struct trx_pipeline *p)
{
	return p->added.limit > p->vocab.size ? p->added.limit : p->vocab.size;
}

int64_t
trx_pipeline_id(const struct trx_pipeline *p, struct trx_str token)
{
	int64_t id = trx_vocab_find(&p->vocab, token);
	size_t i;

	for (i = 0; id == -1 && i < p->added.n; i++)
		if (trx_str_equal(p->added.at[i].content, token))
			id = p->added.at[i].id;
	return id;
}

const struct trx_postprocessor *
trx_pipeline_postprocessor(const struct trx_pipeline *p)
{
	return &p->post;
}
