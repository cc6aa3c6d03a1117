#include <stdbool.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/tokenizer/postprocessor.h"

/*
 * The reference takes the first of RobertaProcessing, BertProcessing,
 * ByteLevel, TemplateProcessing and Sequence whose fields are all there, and
 * looks at "type" only for ByteLevel and Sequence; so does this.
 */

/* What the processors so far put around the text. */
struct around {
	struct trx_buf before, after; /* uint32_t */
	/* After a template the reference's next step would see its parts. */
	bool template;
};

static int
refuse(const char *why, struct trx_error *err)
{
	return trx_error_set(err, TRX_INPUT, "post_processor: %s", why);
}

static bool
is_u32(const struct trx_json *v, uint32_t *out)
{
	uint64_t n;

	if (v == NULL || trx_json_to_uint(v, &n) == -1 || n > UINT32_MAX)
		return false;
	*out = (uint32_t)n;
	return true;
}

static bool
is_string(const struct trx_json *v)
{
	return v != NULL && v->type == TRX_JSON_STRING;
}

static bool
is_bool(const struct trx_json *v)
{
	return v != NULL && v->type == TRX_JSON_BOOL;
}

/* A list of a token and its id. */
static bool
is_token(const struct trx_json *v, uint32_t *id)
{
	return v != NULL && v->type == TRX_JSON_ARRAY && v->u.array.n == 2 &&
	       is_string(&v->u.array.items[0]) &&
	       is_u32(&v->u.array.items[1], id);
}

/* RobertaProcessing too: its other fields do not change the ids. */
static bool
is_bert(const struct trx_json *spec, uint32_t *cls, uint32_t *sep)
{
	return is_token(trx_json_get(spec, "sep"), sep) &&
	       is_token(trx_json_get(spec, "cls"), cls);
}

static bool
is_byte_level(const struct trx_json *spec)
{
	const struct trx_json *regex = trx_json_get(spec, "use_regex");

	return trx_json_is(trx_json_get(spec, "type"), "ByteLevel") &&
	       is_bool(trx_json_get(spec, "add_prefix_space")) &&
	       is_bool(trx_json_get(spec, "trim_offsets")) &&
	       (regex == NULL || is_bool(regex));
}

/* A piece of a template: *body its id and type_id. */
static bool
is_piece(const struct trx_json *v, bool *sequence, const struct trx_json **body)
{
	const struct trx_json_member *m;
	const struct trx_json *id;
	uint32_t type;

	if (v->type != TRX_JSON_OBJECT || v->u.object.n != 1)
		return false;
	m = &v->u.object.members[0];
	*body = &m->value;
	*sequence = trx_str_is(m->key, "Sequence");
	id = trx_json_get(*body, "id");
	if (!is_u32(trx_json_get(*body, "type_id"), &type))
		return false;
	if (*sequence)
		return trx_json_is(id, "A") || trx_json_is(id, "B");
	return trx_str_is(m->key, "SpecialToken") && is_string(id);
}

static bool
are_pieces(const struct trx_json *v)
{
	const struct trx_json *body;
	bool sequence;
	size_t i;

	if (v == NULL || v->type != TRX_JSON_ARRAY)
		return false;
	for (i = 0; i < v->u.array.n; i++)
		if (!is_piece(&v->u.array.items[i], &sequence, &body))
			return false;
	return true;
}

/* What a template's special token stands for. */
static bool
is_special(const struct trx_json *v)
{
	const struct trx_json *ids = trx_json_get(v, "ids"),
			      *tokens = trx_json_get(v, "tokens");
	uint32_t id;
	size_t i;

	if (!is_string(trx_json_get(v, "id")) || ids == NULL ||
	    tokens == NULL || ids->type != TRX_JSON_ARRAY ||
	    tokens->type != TRX_JSON_ARRAY)
		return false;
	for (i = 0; i < ids->u.array.n; i++)
		if (!is_u32(&ids->u.array.items[i], &id))
			return false;
	for (i = 0; i < tokens->u.array.n; i++)
		if (!is_string(&tokens->u.array.items[i]))
			return false;
	return true;
}

static bool
is_template(const struct trx_json *spec)
{
	const struct trx_json *specials = trx_json_get(spec, "special_tokens");
	size_t i;

	if (!are_pieces(trx_json_get(spec, "single")) ||
	    !are_pieces(trx_json_get(spec, "pair")) || specials == NULL ||
	    specials->type != TRX_JSON_OBJECT)
		return false;
	for (i = 0; i < specials->u.object.n; i++)
		if (!is_special(&specials->u.object.members[i].value))
			return false;
	return true;
}

static bool
is_sequence(const struct trx_json *spec)
{
	const struct trx_json *all = trx_json_get(spec, "processors");

	return trx_json_is(trx_json_get(spec, "type"), "Sequence") &&
	       all != NULL && all->type == TRX_JSON_ARRAY;
}

static void
prepend(struct trx_buf *to, const void *p, size_t n)
{
	if (n == 0 || trx_buf_reserve(to, n) == NULL)
		return;
	memmove(to->data + n, to->data, to->len);
	memcpy(to->data, p, n);
	to->len += n;
}

static const struct trx_json *
find_special(const struct trx_json *specials, struct trx_str name)
{
	size_t i;

	for (i = 0; i < specials->u.object.n; i++)
		if (trx_str_equal(specials->u.object.members[i].key, name))
			return &specials->u.object.members[i].value;
	return NULL;
}

/* Append a special token's ids. */
static int
add_special(const struct trx_json *spec, struct trx_str name,
    struct trx_buf *out, struct trx_error *err)
{
	const struct trx_json *ids,
	    *special = find_special(trx_json_get(spec, "special_tokens"), name);
	uint32_t id;
	size_t i;

	if (special == NULL)
		return refuse("a special token of the template is not among "
			      "its special_tokens",
		    err);
	ids = trx_json_get(special, "ids");
	for (i = 0; i < ids->u.array.n; i++)
		if (is_u32(&ids->u.array.items[i], &id))
			trx_buf_add(out, &id, sizeof(id));
	return 0;
}

static int
read_single(const struct trx_json *spec, struct trx_buf *before,
    struct trx_buf *after, struct trx_error *err)
{
	const struct trx_json *single = trx_json_get(spec, "single"), *body;
	struct trx_buf *to = before;
	bool sequence;
	size_t i;

	for (i = 0; i < single->u.array.n; i++) {
		if (!is_piece(&single->u.array.items[i], &sequence, &body))
			continue;
		if (!sequence) {
			if (add_special(spec,
				trx_json_get(body, "id")->u.string, to,
				err) == -1)
				return -1;
			continue;
		}
		if (to == after || trx_json_is(trx_json_get(body, "id"), "B"))
			break;
		to = after;
	}
	if (i < single->u.array.n || to == before)
		return refuse("a template for one text that does not hold "
			      "the text A once and nothing of B",
		    err);
	return 0;
}

static int
read_template(
    const struct trx_json *spec, struct around *a, struct trx_error *err)
{
	struct trx_buf before = TRX_BUF_INIT, after = TRX_BUF_INIT;
	int r = read_single(spec, &before, &after, err);

	if (r == 0) {
		prepend(&a->before, before.data, before.len);
		trx_buf_adds(&a->after, trx_buf_str(&after));
		a->template = true;
		if (before.failed || after.failed)
			r = trx_error_memory(err);
	}
	trx_buf_free(&before);
	trx_buf_free(&after);
	return r;
}

static int read_any(
    const struct trx_json *spec, struct around *a, struct trx_error *err);

static int
read_sequence(
    const struct trx_json *spec, struct around *a, struct trx_error *err)
{
	const struct trx_json *all = trx_json_get(spec, "processors");
	size_t i;

	for (i = 0; i < all->u.array.n; i++)
		if (read_any(&all->u.array.items[i], a, err) == -1)
			return -1;
	return 0;
}

static int
read_any(const struct trx_json *spec, struct around *a, struct trx_error *err)
{
	uint32_t cls, sep;
	bool bert = is_bert(spec, &cls, &sep);

	if (!bert && is_byte_level(spec))
		return 0;
	if (bert || is_template(spec)) {
		if (a->template)
			return refuse("a Sequence that goes on behind a "
				      "TemplateProcessing",
			    err);
		if (!bert)
			return read_template(spec, a, err);
		prepend(&a->before, &cls, sizeof(cls));
		trx_buf_add(&a->after, &sep, sizeof(sep));
		return 0;
	}
	if (is_sequence(spec))
		return read_sequence(spec, a, err);
	return refuse("neither RobertaProcessing, BertProcessing, ByteLevel, "
		      "TemplateProcessing nor Sequence, all fields there",
	    err);
}

static uint32_t *
keep(const struct trx_buf *b, struct trx_arena *arena, size_t *n)
{
	uint32_t *ids = trx_arena_alloc(arena, b->len);

	if (ids == NULL || b->failed)
		return NULL;
	if (b->len > 0)
		memcpy(ids, b->data, b->len);
	*n = b->len / sizeof(*ids);
	return ids;
}

int
trx_postprocessor_read(const struct trx_json *spec, struct trx_arena *arena,
    struct trx_postprocessor *out, struct trx_error *err)
{
	struct around a = { TRX_BUF_INIT, TRX_BUF_INIT, false };
	int r = trx_json_is_null(spec) ? 0 : read_any(spec, &a, err);

	*out = (struct trx_postprocessor){ .nprefix = 0 };
	if (r == 0) {
		out->prefix = keep(&a.before, arena, &out->nprefix);
		out->suffix = keep(&a.after, arena, &out->nsuffix);
		if (out->prefix == NULL || out->suffix == NULL)
			r = trx_error_memory(err);
	}
	trx_buf_free(&a.before);
	trx_buf_free(&a.after);
	return r;
}
