#include <stdlib.h>

#include "common/llama/special.h"

/* PreTrainedTokenizer's two tables, as it fills them. */
struct tables {
	const struct trx_token_config *config;
	const struct trx_spm *spm;
	/* _added_tokens_decoder: one spec an id. */
	struct trx_token_spec *specs;
	uint32_t *ids;
	size_t n;
	size_t given; /* the first ones are from the file */
	/* _added_tokens_encoder: one id a content. */
	struct trx_llama_token *tokens;
	size_t ntokens;
	uint32_t next; /* the id of the next token that is new */
};

static struct trx_llama_token *
find_token(const struct tables *t, struct trx_str content)
{
	size_t i;

	for (i = 0; i < t->ntokens; i++)
		if (trx_str_equal(t->tokens[i].content, content))
			return &t->tokens[i];
	return NULL;
}

/* The index of the spec with that id, or n. */
static size_t
find_spec(const struct tables *t, uint32_t id)
{
	size_t i = 0;

	while (i < t->n && t->ids[i] != id)
		i++;
	return i;
}

static void
set_token(struct tables *t, struct trx_str content, uint32_t id)
{
	struct trx_llama_token *token = find_token(t, content);

	if (token == NULL) {
		token = &t->tokens[t->ntokens++];
		*token = (struct trx_llama_token){ .content = content };
	}
	token->id = id;
}

static void
set_spec(struct tables *t, uint32_t id, const struct trx_token_spec *spec)
{
	size_t i = find_spec(t, id);

	if (i == t->n)
		t->n++;
	t->ids[i] = id;
	t->specs[i] = *spec;
}

/* The piece of exactly that text, or -1. */
static int64_t
find_piece(const struct trx_spm *spm, struct trx_str text)
{
	uint32_t id = trx_spm_id(spm, text);

	return trx_str_equal(trx_spm_piece(spm, id), text) ? (int64_t)id : -1;
}

/* Does the file give the id another content? */
static bool
is_given(const struct tables *t, uint32_t id)
{
	size_t i;

	for (i = 0; i < t->given; i++)
		if (t->config->added_ids[i] == id)
			return true;
	return false;
}

/* The highest id that the file gives the content, or -1. */
static int64_t
given_id(const struct tables *t, struct trx_str content)
{
	int64_t id = -1;
	size_t i;

	for (i = 0; i < t->given; i++)
		if (trx_str_equal(t->config->added[i].content, content) &&
		    (int64_t)t->config->added_ids[i] > id)
			id = t->config->added_ids[i];
	return id;
}

/*
 * len(get_vocab()): how many contents the pieces and the file's tokens have
 * between them, a piece whose id the file gives away not counted.
 */
static uint32_t
count_vocabulary(const struct tables *t)
{
	uint32_t n = trx_spm_size(t->spm);
	int64_t piece;
	size_t i;

	for (i = 0; i < t->given; i++)
		if (t->config->added_ids[i] < trx_spm_size(t->spm))
			n--;
	for (i = 0; i < t->ntokens; i++) {
		piece = find_piece(t->spm, t->tokens[i].content);
		if (piece == -1 || is_given(t, (uint32_t)piece))
			n++;
	}
	return n;
}

/* Take in what added_tokens_decoder gives. */
static void
take_given(struct tables *t)
{
	const struct trx_token_config *c = t->config;
	size_t i;

	for (i = 0; i < c->nadded; i++) {
		t->specs[i] = c->added[i];
		t->ids[i] = c->added_ids[i];
		set_token(t, c->added[i].content, c->added_ids[i]);
	}
	t->n = t->given = c->nadded;
	t->next = count_vocabulary(t);
}

/* _add_tokens for one token. */
static void
add(struct tables *t, const struct trx_token_spec *spec)
{
	const struct trx_llama_token *known = find_token(t, spec->content);
	int64_t id = given_id(t, spec->content), piece;

	if (known != NULL && spec->plain)
		return;
	if (id == -1) {
		piece = find_piece(t->spm, spec->content);
		if (piece != -1 && !is_given(t, (uint32_t)piece))
			id = piece;
		else
			id = known != NULL ? known->id : t->next++;
	}
	set_spec(t, (uint32_t)id, spec);
	set_token(t, spec->content, (uint32_t)id);
}

static bool
is_named_before(const struct trx_token_config *c, size_t n, struct trx_str s)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (trx_str_equal(c->named[i].content, s))
			return true;
	return false;
}

/* Add all_special_tokens_extended. */
static void
add_special(struct tables *t)
{
	const struct trx_token_config *c = t->config;
	struct trx_str content;
	size_t i;

	for (i = 0; i < TRX_TOKEN_NAMES; i++) {
		content = c->named[i].content;
		if (content.n == 0 || is_named_before(c, i, content))
			continue;
		add(t, &c->named[i]);
		find_token(t, content)->special = true;
	}
	for (i = 0; i < c->nadditional; i++) {
		content = c->additional[i].content;
		if (is_named_before(c, TRX_TOKEN_NAMES, content))
			continue;
		add(t, &c->additional[i]);
		find_token(t, content)->special = true;
	}
}

/* Each content gets the flags of its id; texts are split at what has one. */
static void
settle_flags(struct tables *t)
{
	const struct trx_token_spec *spec;
	struct trx_llama_token *token;
	size_t i;

	for (i = 0; i < t->ntokens; i++) {
		token = &t->tokens[i];
		spec = &t->specs[find_spec(t, token->id)];
		token->lstrip = spec->lstrip;
		token->rstrip = spec->rstrip;
		token->single_word = spec->single_word;
	}
	for (i = 0; i < t->n; i++) {
		token = find_token(t, t->specs[i].content);
		token->splits = true;
	}
}

static int
make_ends(const struct tables *t, struct trx_arena *a,
    struct trx_special_tokens *out, struct trx_error *err)
{
	const struct trx_token_config *c = t->config;
	size_t i;

	out->eot = trx_arena_calloc(a, c->nends, sizeof(*out->eot));
	if (out->eot == NULL)
		return trx_error_memory(err);
	for (i = 0; i < c->nends; i++)
		if ((int64_t)c->ends[i] != out->named[TRX_TOKEN_EOS])
			out->eot[out->neot++] = c->ends[i];
	return 0;
}

static int
make_result(const struct tables *t, struct trx_arena *a,
    struct trx_special_tokens *out, struct trx_error *err)
{
	const struct trx_token_config *c = t->config;
	const struct trx_str none = { NULL, 0 };
	size_t i;

	*out =
	    (struct trx_special_tokens){ .tokens = t->tokens, .n = t->ntokens };
	for (i = 0; i < TRX_TOKEN_NAMES; i++)
		out->named[i] =
		    trx_str_equal(c->named[i].content, none)
			? -1
			: (int64_t)find_token(t, c->named[i].content)->id;
	if (c->add_bos_token && out->named[TRX_TOKEN_BOS] == -1)
		return trx_error_set(
		    err, TRX_INPUT, "add_bos_token: there is no bos_token");
	if (c->add_eos_token && out->named[TRX_TOKEN_EOS] == -1)
		return trx_error_set(
		    err, TRX_INPUT, "add_eos_token: there is no eos_token");
	if (!c->legacy && out->named[TRX_TOKEN_UNK] == -1)
		return trx_error_set(
		    err, TRX_INPUT, "legacy: false needs an unk_token");
	if (c->add_bos_token)
		out->prefix[out->nprefix++] =
		    (uint32_t)out->named[TRX_TOKEN_BOS];
	if (c->add_eos_token)
		out->suffix[out->nsuffix++] =
		    (uint32_t)out->named[TRX_TOKEN_EOS];
	return make_ends(t, a, out, err);
}

int
trx_special_tokens_make(const struct trx_token_config *config,
    const struct trx_spm *spm, struct trx_arena *a,
    struct trx_special_tokens *out, struct trx_error *err)
{
	struct tables t = { .config = config, .spm = spm };
	size_t most = config->nadded + config->nadditional + TRX_TOKEN_NAMES;

	t.specs = trx_arena_calloc(a, most, sizeof(*t.specs));
	t.ids = trx_arena_calloc(a, most, sizeof(*t.ids));
	t.tokens = trx_arena_calloc(a, most, sizeof(*t.tokens));
	if (t.specs == NULL || t.ids == NULL || t.tokens == NULL)
		return trx_error_memory(err);
	take_given(&t);
	add_special(&t);
	settle_flags(&t);
	return make_result(&t, a, out, err);
}

static int
by_content(const void *a, const void *b)
{
	return trx_str_compare(((const struct trx_llama_token *)a)->content,
	    ((const struct trx_llama_token *)b)->content);
}

static void
describe_ids(struct trx_buf *b, const uint32_t *ids, size_t n)
{
	size_t i;

	trx_buf_add64(b, n);
	for (i = 0; i < n; i++)
		trx_buf_add32(b, ids[i]);
}

void
trx_special_tokens_describe(const struct trx_special_tokens *s,
    const struct trx_token_config *config, struct trx_buf *b)
{
	struct trx_str unk = config->named[TRX_TOKEN_UNK].content;
	const struct trx_llama_token *t;
	size_t i;

	trx_buf_addz(b, "llama 1\n");
	trx_buf_addc(b, (char)config->legacy);
	trx_buf_addc(b, (char)config->add_prefix_space);
	trx_buf_add64(b, unk.n);
	trx_buf_adds(b, unk);
	describe_ids(b, s->prefix, s->nprefix);
	describe_ids(b, s->suffix, s->nsuffix);
	qsort(s->tokens, s->n, sizeof(*s->tokens), by_content);
	for (i = 0; i < s->n; i++) {
		t = &s->tokens[i];
		trx_buf_add64(b, t->content.n);
		trx_buf_adds(b, t->content);
		trx_buf_add32(b, t->id);
		trx_buf_addc(
		    b, (char)(t->splits | t->lstrip << 1 | t->rstrip << 2 |
			      t->single_word << 3 | t->special << 4));
	}
}
