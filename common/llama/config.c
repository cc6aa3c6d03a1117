#include "common/llama/config.h"
#include "common/tokenizer/settings.h"

enum { TOKENS_MAX = 32768 }; /* they are searched one by one */

static const char *const names[TRX_TOKEN_NAMES] = {
	[TRX_TOKEN_BOS] = "bos_token",
	[TRX_TOKEN_EOS] = "eos_token",
	[TRX_TOKEN_UNK] = "unk_token",
	[TRX_TOKEN_SEP] = "sep_token",
	[TRX_TOKEN_PAD] = "pad_token",
	[TRX_TOKEN_CLS] = "cls_token",
	[TRX_TOKEN_MASK] = "mask_token",
};

/* The files being read. */
struct reading {
	const char *dir;
	struct trx_arena *arena;
	struct trx_token_config *out;
};

static int
refuse(const char *key, const char *why, struct trx_error *err)
{
	return trx_error_set(err, TRX_INPUT, "%s: %s", key, why);
}

/* One member of an added token's object. */
static int
read_flag(const struct trx_json_member *m, struct trx_token_spec *out,
    bool typed, const char *key, struct trx_error *err)
{
	bool ignored, *flag = NULL;

	if (typed && trx_str_is(m->key, "__type"))
		return 0;
	if (trx_str_is(m->key, "content") && m->value.type == TRX_JSON_STRING) {
		out->content = m->value.u.string;
		return 0;
	}
	if (trx_str_is(m->key, "lstrip"))
		flag = &out->lstrip;
	else if (trx_str_is(m->key, "rstrip"))
		flag = &out->rstrip;
	else if (trx_str_is(m->key, "single_word"))
		flag = &out->single_word;
	else if (trx_str_is(m->key, "normalized") ||
		 trx_str_is(m->key, "special"))
		flag = &ignored;
	if (flag == NULL || m->value.type != TRX_JSON_BOOL)
		return trx_error_set(err, TRX_INPUT,
		    "%s: its \"%.*s\" is not understood", key,
		    m->key.n < 80 ? (int)m->key.n : 80, m->key.p);
	*flag = m->value.u.boolean;
	return 0;
}

/* An AddedToken's object; typed: with "__type": "AddedToken". */
static int
read_object(const struct trx_json *v, bool typed, const char *key,
    struct trx_token_spec *out, struct trx_error *err)
{
	struct trx_str type;
	size_t i;

	*out = (struct trx_token_spec){ .plain = false };
	if (v->type != TRX_JSON_OBJECT)
		return refuse(key, "not a token", err);
	if (typed && (trx_json_get_string(v, "__type", &type) != 1 ||
			 !trx_str_is(type, "AddedToken")))
		return refuse(key, "its \"__type\" is not AddedToken", err);
	for (i = 0; i < v->u.object.n; i++)
		if (read_flag(&v->u.object.members[i], out, typed, key, err) ==
		    -1)
			return -1;
	if (out->content.n == 0)
		return refuse(key, "an empty token", err);
	return 0;
}

/* A token as a string, or as an object. */
static int
read_token(const struct trx_json *v, bool typed, const char *key,
    struct trx_token_spec *out, struct trx_error *err)
{
	if (v->type != TRX_JSON_STRING)
		return read_object(v, typed, key, out, err);
	*out = (struct trx_token_spec){ .content = v->u.string, .plain = true };
	if (out->content.n == 0)
		return refuse(key, "an empty token", err);
	return 0;
}

/* A key of added_tokens_decoder: a plain decimal number. */
static int
read_id(struct trx_str key, uint32_t *out)
{
	uint64_t id = 0;
	size_t i;

	if (key.n == 0 || key.n > 10 || (key.n > 1 && key.p[0] == '0'))
		return -1;
	for (i = 0; i < key.n; i++) {
		if (key.p[i] < '0' || key.p[i] > '9')
			return -1;
		id = id * 10 + (uint64_t)(key.p[i] - '0');
	}
	if (id >= INT32_MAX)
		return -1;
	*out = (uint32_t)id;
	return 0;
}

static int
read_added(
    const struct reading *r, const struct trx_json *v, struct trx_error *err)
{
	static const char key[] = "added_tokens_decoder";
	struct trx_token_config *out = r->out;
	const struct trx_json_member *m;
	size_t i, n;

	if (v->type != TRX_JSON_OBJECT)
		return refuse(key, "not an object", err);
	n = v->u.object.n;
	if (n > TOKENS_MAX)
		return refuse(key, "too many tokens", err);
	out->added = trx_arena_calloc(r->arena, n, sizeof(*out->added));
	out->added_ids = trx_arena_calloc(r->arena, n, sizeof(uint32_t));
	if (out->added == NULL || out->added_ids == NULL)
		return trx_error_memory(err);
	for (i = 0; i < n; i++) {
		m = &v->u.object.members[i];
		if (read_id(m->key, &out->added_ids[i]) == -1)
			return refuse(key, "a key that is not an id", err);
		if (read_object(&m->value, false, key, &out->added[i], err) ==
		    -1)
			return -1;
	}
	out->nadded = n;
	return 0;
}

static int
read_additional(const struct reading *r, const struct trx_json *v, bool typed,
    struct trx_error *err)
{
	struct trx_token_config *out = r->out;
	struct trx_token_spec *all;
	size_t i, n = out->nadditional;

	if (v == NULL)
		return 0;
	if (v->type == TRX_JSON_NULL) {
		out->nadditional = 0;
		return 0;
	}
	if (v->type != TRX_JSON_ARRAY)
		return refuse("additional_special_tokens", "not a list", err);
	if (v->u.array.n > TOKENS_MAX)
		return refuse(
		    "additional_special_tokens", "too many tokens", err);
	all = trx_arena_calloc(
	    r->arena, n + v->u.array.n, sizeof(*out->additional));
	if (all == NULL)
		return trx_error_memory(err);
	for (i = 0; i < n; i++)
		all[i] = out->additional[i];
	for (i = 0; i < v->u.array.n; i++, n++)
		if (read_token(&v->u.array.items[i], typed,
			"additional_special_tokens", &all[n], err) == -1)
			return -1;
	out->additional = all;
	out->nadditional = n;
	return 0;
}

/*
 * What becomes of a token given by its name: the one of added_tokens_decoder
 * if it is there; else a string gets no flags, but sep, cls and mask remain
 * strings.
 */
static void
settle_named(struct trx_token_config *c, size_t i)
{
	struct trx_token_spec *spec = &c->named[i];
	struct trx_str content = spec->content;
	size_t k;

	spec->plain =
	    spec->plain &&
	    (i == TRX_TOKEN_SEP || i == TRX_TOKEN_CLS || i == TRX_TOKEN_MASK);
	for (k = 0; k < c->nadded; k++)
		if (trx_str_equal(content, c->added[k].content))
			*spec = c->added[k];
}

/*
 * Take the tokens by name that the object has.  from_map: the file is
 * special_tokens_map.json, which writes them in another way.
 */
static int
read_named(const struct reading *r, const struct trx_json *v, bool from_map,
    struct trx_error *err)
{
	const struct trx_json *token;
	struct trx_token_spec *spec;
	size_t i;

	for (i = 0; i < TRX_TOKEN_NAMES; i++) {
		token = trx_json_get(v, names[i]);
		spec = &r->out->named[i];
		if (token == NULL)
			continue;
		if (token->type == TRX_JSON_NULL)
			*spec = (struct trx_token_spec){ .plain = false };
		else if (read_token(token, !from_map, names[i], spec, err) ==
			 -1)
			return -1;
		settle_named(r->out, i);
	}
	return read_additional(
	    r, trx_json_get(v, "additional_special_tokens"), !from_map, err);
}

static int
read_bool(const struct trx_json *v, const char *key, bool null, bool *out,
    struct trx_error *err)
{
	const struct trx_json *b = trx_json_get(v, key);

	if (b == NULL)
		return 0;
	if (b->type == TRX_JSON_NULL)
		*out = null;
	else if (b->type == TRX_JSON_BOOL)
		*out = b->u.boolean;
	else
		return refuse(key, "neither true nor false", err);
	return 0;
}

/* Nothing: absent, null, false, or an empty object or list. */
static bool
is_nothing(const struct trx_json *v)
{
	return trx_json_is_null(v) ||
	       (v->type == TRX_JSON_BOOL && !v->u.boolean) ||
	       (v->type == TRX_JSON_OBJECT && v->u.object.n == 0) ||
	       (v->type == TRX_JSON_ARRAY && v->u.array.n == 0);
}

/* Refuse what changes the ids in ways that are not reproduced. */
static int
refuse_unsupported(const struct trx_json *v, struct trx_error *err)
{
	static const char *const keys[] = { "sp_model_kwargs",
		"extra_special_tokens", "do_lower_case", "split_special_tokens",
		"from_slow" };
	const struct trx_json *map = trx_json_get(v, "auto_map");
	struct trx_str class;
	size_t i;
	int r;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (!is_nothing(trx_json_get(v, keys[i])))
			return refuse(keys[i], "not supported", err);
	if (!trx_json_is_null(map) &&
	    (map->type != TRX_JSON_OBJECT ||
		!trx_json_is_null(trx_json_get(map, "AutoTokenizer"))))
		return refuse("auto_map", "code of its own is not run", err);
	r = trx_json_get_string(v, "tokenizer_class", &class);
	if (r == -1 || (r == 1 && !trx_str_is(class, "LlamaTokenizer") &&
			   !trx_str_is(class, "LlamaTokenizerFast")))
		return refuse("tokenizer_class",
		    "only LlamaTokenizer reads a SentencePiece model here",
		    err);
	return 0;
}

static int
read_config(const struct reading *r, const struct trx_json *v, bool *has_added,
    struct trx_error *err)
{
	struct trx_token_config *out = r->out;
	const struct trx_json *added = trx_json_get(v, "added_tokens_decoder");

	*has_added = added != NULL;
	if (refuse_unsupported(v, err) == -1 ||
	    read_bool(v, "legacy", true, &out->legacy, err) == -1 ||
	    read_bool(v, "add_prefix_space", false, &out->add_prefix_space,
		err) == -1 ||
	    read_bool(v, "add_bos_token", false, &out->add_bos_token, err) ==
		-1 ||
	    read_bool(v, "add_eos_token", false, &out->add_eos_token, err) ==
		-1)
		return -1;
	if (added != NULL && read_added(r, added, err) == -1)
		return -1;
	return read_named(r, v, false, err);
}

/* The files that count only where there is no added_tokens_decoder. */
static int
read_older(const struct reading *r, struct trx_error *err)
{
	struct trx_json v;
	int found;

	found = trx_settings_file(
	    r->dir, "special_tokens_map.json", NULL, r->arena, &v, err);
	if (found == 1 && read_named(r, &v, true, err) == -1)
		return trx_error_at(err, "%sspecial_tokens_map.json", r->dir);
	if (found != -1)
		found = trx_settings_file(
		    r->dir, "added_tokens.json", NULL, r->arena, &v, err);
	if (found == 1 && v.u.object.n > 0)
		return trx_error_set(err, TRX_INPUT,
		    "%sadded_tokens.json: not supported; save the tokenizer "
		    "again, with its added_tokens_decoder",
		    r->dir);
	return found == -1 ? -1 : 0;
}

int
trx_token_config_read(const char *dir, struct trx_arena *a,
    struct trx_token_config *out, struct trx_error *err)
{
	const struct reading r = { .dir = dir, .arena = a, .out = out };
	bool has_added = false;
	struct trx_json v;
	int found;

	*out = (struct trx_token_config){
		.legacy = true, .add_prefix_space = true, .add_bos_token = true
	};
	out->named[TRX_TOKEN_BOS].content = TRX_STR("<s>");
	out->named[TRX_TOKEN_EOS].content = TRX_STR("</s>");
	out->named[TRX_TOKEN_UNK].content = TRX_STR("<unk>");
	found =
	    trx_settings_file(dir, "tokenizer_config.json", NULL, a, &v, err);
	if (found == -1)
		return -1;
	if (found == 1 && read_config(&r, &v, &has_added, err) == -1)
		return trx_error_at(err, "%stokenizer_config.json", dir);
	if (!has_added && read_older(&r, err) == -1)
		return -1;
	return trx_settings_ends(dir, a, &out->ends, &out->nends, err);
}
