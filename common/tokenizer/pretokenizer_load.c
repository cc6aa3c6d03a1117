#include <string.h>

#include "common/base/buf.h"
#include "common/tokenizer/pretokenizer_load.h"
#include "common/ucd/ucd.h"

enum { DEPTH_MAX = 20 };

static const char gpt2[] = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+|"
			   " ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

struct loader {
	struct trx_arena *a;
	struct trx_pretokenizer_steps *out;
	struct trx_error *err;
	const struct trx_json *spec; /* the one being read */
};

/* Refuse the one being read, which has a type. */
static int
refuse(struct loader *l, const char *what)
{
	struct trx_str type = { 0 };

	trx_json_get_string(l->spec, "type", &type);
	return trx_error_set(l->err, TRX_INPUT, "pre_tokenizer %.*s: %s",
	    (int)(type.n < 100 ? type.n : 100), type.p, what);
}

static int
push(struct loader *l, struct trx_pretokenizer_step step)
{
	struct trx_pretokenizer_steps *s = l->out;
	struct trx_pretokenizer_step *grown;

	if (s->n == s->cap) {
		s->cap = s->cap * 2 + 8;
		grown = trx_arena_calloc(l->a, s->cap, sizeof(*grown));
		if (grown == NULL)
			return trx_error_memory(l->err);
		if (s->n > 0)
			memcpy(grown, s->at, s->n * sizeof(*grown));
		s->at = grown;
	}
	s->at[s->n++] = step;
	return 0;
}

/* A ByteLevel that turns out not to be the last really changes the text. */
static int
spell_bytes(struct loader *l)
{
	struct trx_pretokenizer_step step = { .kind =
						  TRX_PRETOKENIZER_ALPHABET };

	if (!l->out->is_bytes)
		return 0;
	l->out->is_bytes = false;
	return push(l, step);
}

static int
add(struct loader *l, struct trx_pretokenizer_step step)
{
	return spell_bytes(l) == -1 ? -1 : push(l, step);
}

/* Returns 0, or -1 where it is absent (def < 0) or no bool. */
static int
get_bool(struct loader *l, const char *key, int def, bool *out)
{
	const struct trx_json *v = trx_json_get(l->spec, key);

	if (v == NULL && def >= 0) {
		*out = def != 0;
		return 0;
	}
	if (v == NULL || v->type != TRX_JSON_BOOL)
		return trx_error_set(l->err, TRX_INPUT,
		    "pre_tokenizer: '%s' must be true or false", key);
	*out = v->u.boolean;
	return 0;
}

/* A string of one character. */
static int
get_character(
    struct loader *l, const char *key, struct trx_str *out, uint32_t *cp)
{
	const uint8_t *p;

	if (trx_json_get_string(l->spec, key, out) != 1 || out->n == 0)
		return refuse(l, "a character is missing");
	p = (const uint8_t *)out->p;
	if (trx_ucd_width(p) != out->n)
		return refuse(l, "more than one character where one must be");
	*cp = trx_ucd_get(p);
	return 0;
}

static int
get_behavior(
    struct loader *l, bool required, enum trx_pretokenizer_behavior *out)
{
	static const char *const names[] = { "Removed", "Isolated",
		"MergedWithPrevious", "MergedWithNext", "Contiguous" };
	const struct trx_json *v = trx_json_get(l->spec, "behavior");
	size_t i;

	*out = TRX_PRETOKENIZER_ISOLATED;
	if (v == NULL && !required)
		return 0;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (trx_json_is(v, names[i])) {
			*out = (enum trx_pretokenizer_behavior)i;
			return 0;
		}
	return refuse(l, "its behavior is unknown");
}

/* A step that looks for characters of a kind. */
static int
add_kind(struct loader *l, enum trx_pretokenizer_kind kind,
    enum trx_pretokenizer_behavior behavior)
{
	return add(l, (struct trx_pretokenizer_step){
			  .kind = kind, .behavior = behavior });
}

static int
add_regex(
    struct loader *l, struct trx_str pattern, struct trx_pretokenizer_step step)
{
	step.kind = TRX_PRETOKENIZER_REGEX;
	step.regex = trx_regex_new(pattern, l->a, l->err);
	return step.regex == NULL ? -1 : add(l, step);
}

/* A pattern for a literal string, as the reference makes one. */
static int
quote(struct loader *l, struct trx_str *pattern)
{
	char *p = trx_arena_alloc(l->a, 2 * pattern->n + 1);
	size_t i, n = 0;

	if (p == NULL)
		return trx_error_memory(l->err);
	for (i = 0; i < pattern->n; i++) {
		if (memchr("\\.+*?()|[]{}^$#&-~", pattern->p[i], 18) != NULL)
			p[n++] = '\\';
		p[n++] = pattern->p[i];
	}
	*pattern = (struct trx_str){ .p = p, .n = n };
	return 0;
}

static int
load_split(struct loader *l)
{
	const struct trx_json *pattern = trx_json_get(l->spec, "pattern");
	struct trx_pretokenizer_step step = { 0 };
	struct trx_str s;

	if (pattern == NULL || pattern->type != TRX_JSON_OBJECT ||
	    pattern->u.object.n != 1)
		return refuse(l, "its pattern is neither String nor Regex");
	if (get_behavior(l, true, &step.behavior) == -1 ||
	    get_bool(l, "invert", -1, &step.invert) == -1)
		return -1;
	if (trx_json_get_string(pattern, "Regex", &s) == 1)
		return add_regex(l, s, step);
	if (trx_json_get_string(pattern, "String", &s) != 1)
		return refuse(l, "its pattern is neither String nor Regex");
	return quote(l, &s) == -1 ? -1 : add_regex(l, s, step);
}

static int
load_byte_level(struct loader *l)
{
	struct trx_pretokenizer_step cut = { .behavior =
						 TRX_PRETOKENIZER_ISOLATED };
	bool prefix = false, trim = false, regex = false;

	if (get_bool(l, "add_prefix_space", -1, &prefix) == -1 ||
	    get_bool(l, "trim_offsets", -1, &trim) == -1 ||
	    get_bool(l, "use_regex", true, &regex) == -1)
		return -1;
	if (prefix && add_kind(l, TRX_PRETOKENIZER_PREFIX, 0) == -1)
		return -1;
	if (regex && add_regex(l, trx_str(gpt2), cut) == -1)
		return -1;
	if (spell_bytes(l) == -1)
		return -1;
	l->out->is_bytes = true;
	return 0;
}

static int
get_scheme(struct loader *l, enum trx_pretokenizer_scheme *out)
{
	const struct trx_json *scheme = trx_json_get(l->spec, "prepend_scheme");
	const struct trx_json *prefix =
	    trx_json_get(l->spec, "add_prefix_space");

	if (scheme == NULL || trx_json_is(scheme, "always"))
		*out = TRX_PRETOKENIZER_ALWAYS;
	else if (trx_json_is(scheme, "first"))
		*out = TRX_PRETOKENIZER_FIRST;
	else if (trx_json_is(scheme, "never"))
		*out = TRX_PRETOKENIZER_NEVER;
	else
		return refuse(l, "its prepend_scheme is unknown");
	if (!trx_json_is_null(prefix) && prefix->type != TRX_JSON_BOOL)
		return refuse(l, "add_prefix_space must be true or false");
	if (!trx_json_is_null(prefix) && !prefix->u.boolean &&
	    *out != TRX_PRETOKENIZER_NEVER)
		return refuse(
		    l, "add_prefix_space and prepend_scheme disagree");
	/* Else the first piece would be known by where it came from. */
	if (*out == TRX_PRETOKENIZER_FIRST &&
	    (l->out->n > 0 || l->out->is_bytes))
		return refuse(l,
		    "prepend_scheme \"first\" after other steps is not "
		    "supported");
	return 0;
}

static int
load_metaspace(struct loader *l)
{
	struct trx_pretokenizer_step step = { .kind =
						  TRX_PRETOKENIZER_METASPACE };
	struct trx_pretokenizer_step cut = { .kind = TRX_PRETOKENIZER_CHARACTER,
		.behavior = TRX_PRETOKENIZER_NEXT };
	const struct trx_json *rep = trx_json_get(l->spec, "str_rep");
	bool split = true;

	if (get_character(
		l, "replacement", &step.replacement, &cut.character) == -1 ||
	    get_scheme(l, &step.scheme) == -1)
		return -1;
	if (!trx_json_is_null(trx_json_get(l->spec, "split")) &&
	    get_bool(l, "split", -1, &split) == -1)
		return -1;
	if (!trx_json_is_null(rep) && rep->type != TRX_JSON_STRING)
		return refuse(l, "str_rep must be a string");
	if (add(l, step) == -1)
		return -1;
	return split ? add(l, cut) : 0;
}

static int
load_digits(struct loader *l)
{
	bool individual = false;

	if (get_bool(l, "individual_digits", -1, &individual) == -1)
		return -1;
	return add_kind(l, TRX_PRETOKENIZER_NUMERIC,
	    individual ? TRX_PRETOKENIZER_ISOLATED
		       : TRX_PRETOKENIZER_CONTIGUOUS);
}

static int
load_punctuation(struct loader *l)
{
	enum trx_pretokenizer_behavior behavior;

	if (get_behavior(l, false, &behavior) == -1)
		return -1;
	return add_kind(l, TRX_PRETOKENIZER_PUNCTUATION, behavior);
}

static int
load_bert(struct loader *l)
{
	if (add_kind(l, TRX_PRETOKENIZER_SPACES, TRX_PRETOKENIZER_REMOVED) ==
	    -1)
		return -1;
	return add_kind(
	    l, TRX_PRETOKENIZER_PUNCTUATION, TRX_PRETOKENIZER_ISOLATED);
}

static int
load_whitespace(struct loader *l)
{
	return add_kind(l, TRX_PRETOKENIZER_WORDS, TRX_PRETOKENIZER_ISOLATED);
}

static int
load_whitespace_split(struct loader *l)
{
	return add_kind(l, TRX_PRETOKENIZER_SPACES, TRX_PRETOKENIZER_REMOVED);
}

static int
load_delimiter(struct loader *l)
{
	struct trx_pretokenizer_step step = { .kind =
						  TRX_PRETOKENIZER_CHARACTER,
		.behavior = TRX_PRETOKENIZER_REMOVED };
	struct trx_str s;

	if (get_character(l, "delimiter", &s, &step.character) == -1)
		return -1;
	return add(l, step);
}

static int
load_fixed_length(struct loader *l)
{
	struct trx_pretokenizer_step step = { .kind = TRX_PRETOKENIZER_LENGTH,
		.behavior = TRX_PRETOKENIZER_ISOLATED,
		.length = 5 };

	if (trx_json_get(l->spec, "length") != NULL &&
	    trx_json_get_uint(l->spec, "length", &step.length) != 1)
		return refuse(l, "its length is no number");
	if (step.length == 0)
		return refuse(l, "its length is 0");
	return add(l, step);
}

static const struct {
	const char *type;
	int (*load)(struct loader *l);
} types[] = { { "ByteLevel", load_byte_level }, { "Split", load_split },
	{ "Metaspace", load_metaspace }, { "Digits", load_digits },
	{ "Punctuation", load_punctuation }, { "BertPreTokenizer", load_bert },
	{ "Whitespace", load_whitespace },
	{ "WhitespaceSplit", load_whitespace_split },
	{ "CharDelimiterSplit", load_delimiter },
	{ "FixedLength", load_fixed_length } };

static int load(struct loader *l, const struct trx_json *spec, int depth);

static int
load_sequence(struct loader *l, const struct trx_json *spec, int depth)
{
	const struct trx_json *list = trx_json_get(spec, "pretokenizers");
	size_t i;

	if (list == NULL || list->type != TRX_JSON_ARRAY)
		return refuse(l, "it has no list of pretokenizers");
	if (depth == DEPTH_MAX)
		return refuse(l, "too many in one another");
	for (i = 0; i < list->u.array.n; i++)
		if (load(l, &list->u.array.items[i], depth + 1) == -1)
			return -1;
	return 0;
}

static int
load(struct loader *l, const struct trx_json *spec, int depth)
{
	struct trx_str type;
	size_t i;

	l->spec = spec;
	if (trx_json_get_string(spec, "type", &type) != 1)
		return trx_error_set(
		    l->err, TRX_INPUT, "pre_tokenizer: no type");
	if (trx_str_is(type, "Sequence"))
		return load_sequence(l, spec, depth);
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (trx_str_is(type, types[i].type))
			return types[i].load(l);
	return refuse(l, "this type is not supported");
}

int
trx_pretokenizer_load(const struct trx_json *spec, struct trx_arena *a,
    struct trx_pretokenizer_steps *out, struct trx_error *err)
{
	struct loader l = { .a = a, .out = out, .err = err };

	*out = (struct trx_pretokenizer_steps){ 0 };
	return trx_json_is_null(spec) ? 0 : load(&l, spec, 0);
}
