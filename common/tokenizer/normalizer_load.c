#include "common/tokenizer/normalizer_steps.h"

enum { DEPTH_MAX = 32 }; /* of Sequences in one another */

/* What a normalizer is built with. */
struct builder {
	struct trx_normalizer_step **last; /* where the next step goes */
	struct trx_arena *a;
	struct trx_error *err;
};

/* A new step at the end, or NULL with err set. */
static struct trx_normalizer_step *
add_step(struct builder *b)
{
	struct trx_normalizer_step *s = trx_arena_calloc(b->a, 1, sizeof(*s));

	if (s == NULL) {
		trx_error_memory(b->err);
		return NULL;
	}
	*b->last = s;
	b->last = &s->next;
	return s;
}

static int
add_form(struct builder *b, enum trx_ucd_form form)
{
	struct trx_normalizer_step *s = add_step(b);

	if (s == NULL)
		return -1;
	s->run = trx_normalizer_form;
	s->form = form;
	return 0;
}

static int
add_map(struct builder *b, struct trx_str (*map)(uint32_t cp, char room[8]))
{
	struct trx_normalizer_step *s = add_step(b);
	char room[8];
	uint32_t c;

	if (s == NULL)
		return -1;
	s->run = trx_normalizer_map;
	s->map = map;
	s->all_plain = true;
	for (c = 0; c < 128; c++) {
		s->plain[c] = map(c, room).p == NULL;
		s->all_plain = s->all_plain && s->plain[c];
	}
	return 0;
}

/* The member must be a boolean. */
static int
read_bool(
    struct builder *b, const struct trx_json *spec, const char *key, bool *out)
{
	const struct trx_json *v = trx_json_get(spec, key);

	if (v == NULL || v->type != TRX_JSON_BOOL)
		return trx_error_set(
		    b->err, TRX_INPUT, "%s is not true or false", key);
	*out = v->u.boolean;
	return 0;
}

static int
read_string(struct builder *b, const struct trx_json *spec, const char *key,
    struct trx_str *out)
{
	if (trx_json_get_string(spec, key, out) != 1)
		return trx_error_set(
		    b->err, TRX_INPUT, "%s is not a string", key);
	return 0;
}

static int
add_strip(struct builder *b, const struct trx_json *spec)
{
	struct trx_normalizer_step *s = add_step(b);

	if (s == NULL)
		return -1;
	s->run = trx_normalizer_strip;
	if (read_bool(b, spec, "strip_left", &s->left) == -1)
		return -1;
	return read_bool(b, spec, "strip_right", &s->right);
}

static int
add_prepend(struct builder *b, const struct trx_json *spec)
{
	struct trx_normalizer_step *s = add_step(b);

	if (s == NULL)
		return -1;
	s->run = trx_normalizer_prepend;
	if (read_string(b, spec, "prepend", &s->content) == -1)
		return -1;
	/* The reference loses count, and the next step may panic. */
	if (s->content.n == 0)
		return trx_error_set(
		    b->err, TRX_INPUT, "an empty text is not supported");
	return 0;
}

/* pattern is {"String":...} or {"Regex":...}. */
static int
read_pattern(struct builder *b, const struct trx_json *spec,
    struct trx_normalizer_step *s)
{
	const struct trx_json *v = trx_json_get(spec, "pattern");
	struct trx_str regex;

	if (v == NULL || v->type != TRX_JSON_OBJECT || v->u.object.n != 1)
		return trx_error_set(
		    b->err, TRX_INPUT, "pattern is not one String or Regex");
	if (trx_json_get_string(v, "Regex", &regex) == 1) {
		s->run = trx_normalizer_replace_regex;
		s->regex = trx_regex_new(regex, b->a, b->err);
		return s->regex == NULL ? -1 : 0;
	}
	s->run = trx_normalizer_replace;
	if (read_string(b, v, "String", &s->pattern) == -1)
		return -1;
	if (s->pattern.n == 0)
		return trx_error_set(
		    b->err, TRX_INPUT, "an empty pattern is not supported");
	return 0;
}

static int
add_replace(struct builder *b, const struct trx_json *spec)
{
	struct trx_normalizer_step *s = add_step(b);

	if (s == NULL || read_string(b, spec, "content", &s->content) == -1)
		return -1;
	return read_pattern(b, spec, s);
}

/* Its parts one after the other: strip_accents follows lowercase if null. */
static int
add_bert(struct builder *b, const struct trx_json *spec)
{
	bool clean = false, chinese = false, lower = false, accents;

	if (read_bool(b, spec, "clean_text", &clean) == -1 ||
	    read_bool(b, spec, "handle_chinese_chars", &chinese) == -1 ||
	    read_bool(b, spec, "lowercase", &lower) == -1)
		return -1;
	accents = lower;
	if (!trx_json_is_null(trx_json_get(spec, "strip_accents")) &&
	    read_bool(b, spec, "strip_accents", &accents) == -1)
		return -1;
	if (clean && add_map(b, trx_normalizer_bert_clean) == -1)
		return -1;
	if (chinese && add_map(b, trx_normalizer_bert_chinese) == -1)
		return -1;
	if (accents && (add_form(b, TRX_UCD_NFD) == -1 ||
			   add_map(b, trx_normalizer_bert_accent) == -1))
		return -1;
	return lower ? add_map(b, trx_normalizer_lower) : 0;
}

static int
add_precompiled(struct builder *b, const struct trx_json *spec)
{
	struct trx_normalizer_step *s = add_step(b);
	struct trx_str base64;

	if (s == NULL ||
	    read_string(b, spec, "precompiled_charsmap", &base64) == -1)
		return -1;
	return trx_normalizer_charsmap(base64, b->a, s, b->err);
}

/* A type, and what adds it: one of the three. */
static const struct type {
	const char *name;
	enum trx_ucd_form form;
	struct trx_str (*map)(uint32_t cp, char room[8]);
	int (*add)(struct builder *b, const struct trx_json *spec);
} types[] = {
	{ .name = "NFC", .form = TRX_UCD_NFC },
	{ .name = "NFD", .form = TRX_UCD_NFD },
	{ .name = "NFKC", .form = TRX_UCD_NFKC },
	{ .name = "NFKD", .form = TRX_UCD_NFKD },
	{ .name = "Lowercase", .map = trx_normalizer_lower },
	{ .name = "StripAccents", .map = trx_normalizer_strip_accent },
	{ .name = "Nmt", .map = trx_normalizer_nmt },
	{ .name = "ByteLevel", .map = trx_normalizer_bytes },
	{ .name = "Strip", .add = add_strip },
	{ .name = "Prepend", .add = add_prepend },
	{ .name = "Replace", .add = add_replace },
	{ .name = "BertNormalizer", .add = add_bert },
	{ .name = "Precompiled", .add = add_precompiled },
};

static int
add_type(struct builder *b, const struct type *t, const struct trx_json *spec)
{
	int r;

	if (t->map != NULL)
		r = add_map(b, t->map);
	else if (t->add != NULL)
		r = t->add(b, spec);
	else
		r = add_form(b, t->form);
	return r == -1 ? trx_error_at(b->err, "normalizer: %s", t->name) : 0;
}

static int add(struct builder *b, const struct trx_json *spec, int depth);

static int
add_sequence(struct builder *b, const struct trx_json *spec, int depth)
{
	const struct trx_json *all = trx_json_get(spec, "normalizers");
	size_t i;

	if (all == NULL || all->type != TRX_JSON_ARRAY)
		return trx_error_set(b->err, TRX_INPUT,
		    "normalizer: Sequence: normalizers is not an array");
	if (depth == DEPTH_MAX)
		return trx_error_set(b->err, TRX_INPUT,
		    "normalizer: Sequence: more than %d in one another",
		    DEPTH_MAX);
	for (i = 0; i < all->u.array.n; i++)
		if (add(b, &all->u.array.items[i], depth + 1) == -1)
			return -1;
	return 0;
}

static int
add(struct builder *b, const struct trx_json *spec, int depth)
{
	struct trx_str name;
	size_t i;

	if (trx_json_get_string(spec, "type", &name) != 1)
		return trx_error_set(
		    b->err, TRX_INPUT, "normalizer: one has no type");
	if (trx_str_is(name, "Sequence"))
		return add_sequence(b, spec, depth);
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (trx_str_is(name, types[i].name))
			return add_type(b, &types[i], spec);
	return trx_error_set(b->err, TRX_INPUT,
	    "normalizer: the type %.*s is not supported",
	    (int)(name.n < 100 ? name.n : 100), name.p);
}

struct trx_normalizer *
trx_normalizer_new(
    const struct trx_json *spec, struct trx_arena *a, struct trx_error *err)
{
	struct trx_normalizer *n = trx_arena_calloc(a, 1, sizeof(*n));
	struct builder b = { .a = a, .err = err };

	if (n == NULL) {
		trx_error_memory(err);
		return NULL;
	}
	b.last = &n->first;
	if (!trx_json_is_null(spec) && add(&b, spec, 0) == -1)
		return NULL;
	return n;
}
