#include <string.h>

#include "common/tokenizer/plan.h"

#define SPACE_SIGN "\xe2\x96\x81"

static bool
has_type(const struct trx_json *v, const char *type)
{
	return trx_json_is(trx_json_get(v, "type"), type);
}

static bool
is_false(const struct trx_json *v)
{
	return v != NULL && v->type == TRX_JSON_BOOL && !v->u.boolean;
}

/* Is the pattern one space? */
static bool
is_space(const struct trx_json *pattern)
{
	return pattern != NULL && pattern->type == TRX_JSON_OBJECT &&
	       pattern->u.object.n == 1 &&
	       trx_json_is(trx_json_get(pattern, "String"), " ");
}

static bool
is_replace(const struct trx_json *v)
{
	return has_type(v, "Replace") && is_space(trx_json_get(v, "pattern")) &&
	       trx_json_is(trx_json_get(v, "content"), SPACE_SIGN);
}

static bool
is_prepend(const struct trx_json *v)
{
	return has_type(v, "Prepend") &&
	       trx_json_is(trx_json_get(v, "prepend"), SPACE_SIGN);
}

/* Is it a normalizer of spaces only?  *prepend then says whether of one more.
 */
static bool
replaces_spaces(const struct trx_json *v, enum trx_prepend *prepend)
{
	const struct trx_json *steps = trx_json_get(v, "normalizers");

	*prepend = TRX_PREPEND_NEVER;
	if (is_replace(v))
		return true;
	if (!has_type(v, "Sequence") || steps == NULL ||
	    steps->type != TRX_JSON_ARRAY || steps->u.array.n != 2 ||
	    !is_prepend(&steps->u.array.items[0]) ||
	    !is_replace(&steps->u.array.items[1]))
		return false;
	*prepend = TRX_PREPEND_ALWAYS;
	return true;
}

/* Where no spaces are left: does it leave a text whole? */
static bool
splits_at_spaces_only(const struct trx_json *v)
{
	return trx_json_is_null(v) ||
	       (has_type(v, "Split") && is_space(trx_json_get(v, "pattern")) &&
		   trx_json_is(
		       trx_json_get(v, "behavior"), "MergedWithPrevious") &&
		   is_false(trx_json_get(v, "invert")));
}

/* Is it Metaspace that does not split? */
static bool
is_metaspace(const struct trx_json *v, enum trx_prepend *prepend)
{
	const struct trx_json *scheme = trx_json_get(v, "prepend_scheme");

	if (!has_type(v, "Metaspace") || v->u.object.n != 4 ||
	    !trx_json_is(trx_json_get(v, "replacement"), SPACE_SIGN) ||
	    !is_false(trx_json_get(v, "split")))
		return false;
	if (trx_json_is(scheme, "always"))
		*prepend = TRX_PREPEND_UNLESS;
	else if (trx_json_is(scheme, "first"))
		*prepend = TRX_PREPEND_FIRST;
	else
		*prepend = TRX_PREPEND_NEVER;
	return *prepend != TRX_PREPEND_NEVER || trx_json_is(scheme, "never");
}

/* Is some added token looked for in normalized text? */
static bool
has_normalized(const struct trx_json *tokens)
{
	size_t i;

	if (tokens == NULL || tokens->type != TRX_JSON_ARRAY)
		return false;
	for (i = 0; i < tokens->u.array.n; i++)
		if (!is_false(
			trx_json_get(&tokens->u.array.items[i], "normalized")))
			return true;
	return false;
}

static void
plan_spaces(const struct trx_json *spec, struct trx_plan *out)
{
	const struct trx_json *normalizer = trx_json_get(spec, "normalizer");
	const struct trx_json *pre = trx_json_get(spec, "pre_tokenizer");

	if (has_normalized(trx_json_get(spec, "added_tokens")))
		return;
	if ((replaces_spaces(normalizer, &out->prepend) &&
		splits_at_spaces_only(pre)) ||
	    (trx_json_is_null(normalizer) && is_metaspace(pre, &out->prepend)))
		out->input = TRX_BPE_SPACES;
}

/* A model without a type is told by its members, as the reference does. */
static int
read_kind(const struct trx_json *model, enum trx_model_kind *out,
    struct trx_error *err)
{
	const struct trx_json *type = trx_json_get(model, "type");

	if (model == NULL || model->type != TRX_JSON_OBJECT)
		return trx_error_set(err, TRX_INPUT, "model: not an object");
	if (trx_json_is(type, "BPE") ||
	    (type == NULL && trx_json_get(model, "merges") != NULL))
		*out = TRX_MODEL_BPE;
	else if (trx_json_is(type, "WordPiece") ||
		 (type == NULL &&
		     trx_json_get(model, "max_input_chars_per_word") != NULL))
		*out = TRX_MODEL_WORDPIECE;
	else if (trx_json_is(type, "Unigram"))
		*out = TRX_MODEL_UNIGRAM;
	else
		return trx_error_set(err, TRX_INPUT,
		    "model.type: '%.*s' is not supported",
		    type != NULL && type->type == TRX_JSON_STRING
			? (int)type->u.string.n
			: 0,
		    type != NULL ? type->u.string.p : "");
	return 0;
}

static int
refuse_unknown(const struct trx_json *spec, struct trx_error *err)
{
	static const char *const known[] = { "version", "truncation", "padding",
		"added_tokens", "normalizer", "pre_tokenizer", "post_processor",
		"decoder", "model" };
	const struct trx_json_member *m;
	size_t i, k;

	for (i = 0; i < spec->u.object.n; i++) {
		m = &spec->u.object.members[i];
		for (k = 0; k < sizeof(known) / sizeof(*known); k++)
			if (trx_str_is(m->key, known[k]))
				break;
		if (k == sizeof(known) / sizeof(*known))
			return trx_error_set(err, TRX_INPUT, "%.*s: not known",
			    (int)m->key.n, m->key.p);
	}
	return 0;
}

/* Does the normalizer keep a text's first character, in whatever form? */
static bool
keeps_first(const struct trx_json *v)
{
	static const char *const keepers[] = { "NFC", "NFD", "NFKC", "NFKD",
		"Lowercase", "Prepend" };
	const struct trx_json *steps = trx_json_get(v, "normalizers");
	const struct trx_json *content = trx_json_get(v, "content");
	size_t i;

	if (trx_json_is_null(v) ||
	    (has_type(v, "Replace") && trx_json_truth(content)))
		return true;
	for (i = 0; i < sizeof(keepers) / sizeof(*keepers); i++)
		if (has_type(v, keepers[i]))
			return true;
	if (!has_type(v, "Sequence") || steps == NULL ||
	    steps->type != TRX_JSON_ARRAY)
		return false;
	for (i = 0; i < steps->u.array.n; i++)
		if (has_type(&steps->u.array.items[i], "Sequence") ||
		    !keeps_first(&steps->u.array.items[i]))
			return false;
	return true;
}

/*
 * Metaspace that prepends to the first piece only asks where a piece was before
 * it was normalized: that is known where nothing before it was dropped.
 */
static int
refuse_first(const struct trx_json *spec, struct trx_error *err)
{
	const struct trx_json *v = trx_json_get(spec, "pre_tokenizer");
	const struct trx_json *steps = trx_json_get(v, "pretokenizers");

	if (has_type(v, "Sequence") && steps != NULL &&
	    steps->type == TRX_JSON_ARRAY && steps->u.array.n > 0)
		v = &steps->u.array.items[0];
	if (has_type(v, "Metaspace") &&
	    trx_json_is(trx_json_get(v, "prepend_scheme"), "first") &&
	    !keeps_first(trx_json_get(spec, "normalizer")))
		return trx_error_set(err, TRX_INPUT,
		    "pre_tokenizer.prepend_scheme: 'first' is not supported "
		    "behind a normalizer that may drop characters");
	return 0;
}

int
trx_plan_read(const struct trx_json *spec, bool bytes, struct trx_plan *out,
    struct trx_error *err)
{
	*out = (struct trx_plan){ .input = TRX_BPE_CHARS };
	if (spec->type != TRX_JSON_OBJECT)
		return trx_error_set(err, TRX_INPUT, "not an object");
	if (refuse_unknown(spec, err) == -1)
		return -1;
	if (!trx_json_is(trx_json_get(spec, "version"), "1.0"))
		return trx_error_set(err, TRX_INPUT, "version: not 1.0");
	if (read_kind(trx_json_get(spec, "model"), &out->kind, err) == -1)
		return -1;
	if (refuse_first(spec, err) == -1)
		return -1;
	if (out->kind != TRX_MODEL_BPE)
		return bytes ? trx_error_set(err, TRX_INPUT,
				   "pre_tokenizer: ByteLevel is supported "
				   "before BPE only")
			     : 0;
	if (bytes)
		out->input = TRX_BPE_BYTES;
	else
		plan_spaces(spec, out);
	return 0;
}

int
trx_plan_write(
    const struct trx_plan *plan, struct trx_image *image, struct trx_error *err)
{
	void *to = trx_image_add(image, TRX_IMAGE_PLAN, sizeof(*plan), err);

	if (to == NULL)
		return -1;
	memcpy(to, plan, sizeof(*plan));
	return 0;
}

int
trx_plan_open(
    const struct trx_image *image, struct trx_plan *out, struct trx_error *err)
{
	size_t n;
	const void *from = trx_image_get(image, TRX_IMAGE_PLAN, &n);

	if (n != sizeof(*out))
		return trx_error_set(err, TRX_INPUT, "the plan is damaged");
	memcpy(out, from, n);
	return 0;
}
