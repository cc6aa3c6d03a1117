#include "common/chat/openai_content.h"

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

struct rewriter {
	enum trx_openai_format format;
	bool system; /* is it a system message's? */
	struct trx_arena *arena;
	struct trx_error *err;
};

static bool
is_among(struct trx_str s, const char *const *words, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (trx_str_is(s, words[i]))
			return true;
	return false;
}

static int
fail(struct rewriter *r, const char *why)
{
	return trx_error_set(r->err, TRX_INPUT, "%s", why);
}

static int
push(struct rewriter *r, struct trx_json *array, struct trx_json value)
{
	return trx_json_push(r->arena, array, value) == NULL
		   ? trx_error_memory(r->err)
		   : 0;
}

/* A part that makes text: its value, and the object it stands in (or NULL). */
struct part {
	enum { PART_NONE, PART_TEXT, PART_REFERENCE } kind;
	struct trx_json value;
	const struct trx_json *from;
};

/* The key with the text of each type of part. */
static const char *const text_types[][2] = {
	{ "text", "text" },
	{ "input_text", "text" },
	{ "output_text", "text" },
	{ "refusal", "refusal" },
	{ "thinking", "thinking" },
};

/* Types of parts that are no text, and keys that make a part one. */
static const char *const media_types[] = { "input_image", "image_url",
	"image_embeds", "audio_embeds", "video_embeds", "prompt_embeds",
	"image_pil", "audio_url", "input_audio", "video_url" };
static const char *const media_keys[] = { "image_url", "image_pil",
	"image_embeds", "audio_embeds", "video_embeds", "prompt_embeds",
	"audio_url", "input_audio", "video_url" };

/* The keys of parts that vLLM knows: it passes on the others. */
static const char *const known_keys[] = { "audio_embeds", "audio_url", "closed",
	"data", "file", "image_embeds", "image_pil", "image_url", "input_audio",
	"name", "prompt_cache_breakpoint", "refusal", "text", "thinking",
	"type", "uuid", "video_embeds", "video_url" };

static bool
is_media(const struct trx_json *part)
{
	const struct trx_json *type = trx_json_get(part, "type");
	size_t i;

	if (type != NULL && type->type == TRX_JSON_STRING &&
	    is_among(type->u.string, media_types, COUNT(media_types)))
		return true;
	if (!trx_json_is_null(type) &&
	    trx_json_is_null(trx_json_get(part, "uuid")))
		return false;
	for (i = 0; i < COUNT(media_keys); i++)
		if (trx_json_get(part, media_keys[i]) != NULL)
			return true;
	return false;
}

bool
trx_openai_content_has_media(const struct trx_json *content)
{
	size_t i;

	if (content == NULL || content->type != TRX_JSON_ARRAY)
		return false;
	for (i = 0; i < content->u.array.n; i++)
		if (content->u.array.items[i].type == TRX_JSON_OBJECT &&
		    is_media(&content->u.array.items[i]))
			return true;
	return false;
}

/* A part whose type is known and that has no uuid; false where it is not. */
static bool
read_typed(
    const struct trx_json *v, const struct trx_json *type, struct part *part)
{
	size_t i;

	if (trx_json_is(type, "tool_reference")) {
		part->kind = PART_REFERENCE;
		part->value = trx_json_get_or_null(v, "name");
		return true;
	}
	for (i = 0; i < COUNT(text_types); i++) {
		if (!trx_json_is(type, text_types[i][0]))
			continue;
		part->kind = PART_TEXT;
		part->value = trx_json_get_or_null(v, text_types[i][1]);
		if (part->value.type == TRX_JSON_NULL &&
		    (trx_json_is(type, "text") || trx_json_is(type, "refusal")))
			part->kind = PART_NONE;
		return true;
	}
	return false;
}

static int
read_part(struct rewriter *r, const struct trx_json *v, struct part *part)
{
	const struct trx_json *type = trx_json_get(v, "type");
	bool uuid = !trx_json_is_null(trx_json_get(v, "uuid"));

	*part = (struct part){ .kind = PART_TEXT, .value = *v };
	if (v->type == TRX_JSON_STRING)
		return 0;
	part->from = v;
	if (!uuid && read_typed(v, type, part))
		return 0;
	if (trx_json_is_null(type) || uuid) {
		if (trx_json_get(v, "tool_reference") == NULL)
			return fail(r, "a part of content has no type");
		part->kind = PART_REFERENCE;
		part->value = trx_json_get_or_null(v, "name");
		return 0;
	}
	if (type->type != TRX_JSON_STRING)
		return fail(r, "the type of a part of content is no string");
	return trx_error_set(r->err, TRX_INPUT,
	    "a part of content has the type '%.*s', which vLLM does not know",
	    (int)(type->u.string.n > 100 ? 100 : type->u.string.n),
	    type->u.string.p);
}

/*
 * A system message loses the first line of a text that begins as the
 * attribution header of one client: *rest is what is left.  False where there
 * is no such line.
 */
static bool
has_header(const struct trx_json *part, struct trx_json *rest)
{
	static const char header[] = "x-anthropic-billing-header";
	const struct trx_json *text = part;
	struct trx_str s;
	const char *end;

	if (trx_json_is(trx_json_get(part, "type"), "text"))
		text = trx_json_get(part, "text");
	if (text == NULL || text->type != TRX_JSON_STRING)
		return false;
	s = text->u.string;
	if (s.n < strlen(header) || memcmp(s.p, header, strlen(header)) != 0)
		return false;
	end = memchr(s.p, '\n', s.n);
	end = end == NULL ? s.p + s.n : end + 1;
	*rest =
	    trx_json_string((struct trx_str){ end, s.n - (size_t)(end - s.p) });
	return true;
}

/* A part as templates that loop over content get it. */
static int
wrap(struct rewriter *r, const struct part *part, struct trx_json *out)
{
	bool reference = part->kind == PART_REFERENCE;
	struct trx_json_member *members;
	size_t i, n = 2;
	char *type;

	type = trx_arena_copy(
	    r->arena, reference ? TRX_STR("tool_reference") : TRX_STR("text"));
	members = trx_arena_calloc(r->arena,
	    2 + (part->from == NULL ? 0 : part->from->u.object.n),
	    sizeof(*members));
	if (type == NULL || members == NULL)
		return trx_error_memory(r->err);
	members[0].key = TRX_STR("type");
	members[0].value = trx_json_string(trx_str(type));
	members[1].key = reference ? TRX_STR("name") : TRX_STR("text");
	members[1].value = part->value;
	for (i = 0;
	     !reference && part->from != NULL && i < part->from->u.object.n;
	     i++)
		if (!is_among(part->from->u.object.members[i].key, known_keys,
			COUNT(known_keys)))
			members[n++] = part->from->u.object.members[i];
	*out = trx_json_object();
	out->u.object.members = members;
	out->u.object.n = n;
	return 0;
}

int
trx_openai_content_join(const struct trx_json *texts, const char *between,
    struct trx_arena *a, struct trx_json *out, struct trx_error *err)
{
	size_t i, n = 0, gap = strlen(between);
	const struct trx_json *one;
	char *text, *to;

	for (i = 0; i < texts->u.array.n; i++) {
		one = &texts->u.array.items[i];
		if (one->type != TRX_JSON_STRING)
			return trx_error_set(
			    err, TRX_INPUT, "a part of content has no text");
		n += one->u.string.n + gap;
	}
	if (texts->u.array.n == 1) {
		*out = texts->u.array.items[0];
		return 0;
	}
	if ((text = to = trx_arena_alloc(a, n)) == NULL)
		return trx_error_memory(err);
	for (i = 0; i < texts->u.array.n; i++) {
		one = &texts->u.array.items[i];
		if (i != 0) {
			memcpy(to, between, gap);
			to += gap;
		}
		if (one->u.string.n != 0)
			memcpy(to, one->u.string.p, one->u.string.n);
		to += one->u.string.n;
	}
	*out = trx_json_string((struct trx_str){ text, (size_t)(to - text) });
	return 0;
}

static int
add_part(struct rewriter *r, const struct trx_json *v, struct trx_json *list)
{
	struct trx_json wrapped, rest;
	bool header = r->system && has_header(v, &rest);
	struct part part;

	if (header && rest.u.string.n == 0)
		return 0;
	if (read_part(r, v, &part) == -1)
		return -1;
	if (part.kind == PART_NONE)
		return 0;
	if (header)
		part.value = rest;
	if (r->format == TRX_OPENAI_FORMAT_PARTS)
		return wrap(r, &part, &wrapped) == -1 ? -1
						      : push(r, list, wrapped);
	return trx_json_truth(&part.value) ? push(r, list, part.value) : 0;
}

/* The parts of content, each as the format wants it. */
static int
add_parts(
    struct rewriter *r, const struct trx_json *content, struct trx_json *list)
{
	size_t i;

	if (content->type == TRX_JSON_NULL)
		return 0;
	if (content->type == TRX_JSON_STRING)
		return add_part(r, content, list);
	for (i = 0; i < content->u.array.n; i++)
		if (add_part(r, &content->u.array.items[i], list) == -1)
			return -1;
	return 0;
}

int
trx_openai_content_rewrite(const struct trx_json *content,
    enum trx_openai_format format, bool system, struct trx_arena *a,
    struct trx_json *out, struct trx_error *err)
{
	struct rewriter r = {
		.format = format, .system = system, .arena = a, .err = err
	};
	struct trx_json list = trx_json_array();

	if (content != NULL && add_parts(&r, content, &list) == -1)
		return -1;
	if (format == TRX_OPENAI_FORMAT_STRING)
		return trx_openai_content_join(&list, "\n", a, out, err);
	*out = list;
	return 0;
}

int
trx_openai_content_flatten(
    struct trx_arena *a, struct trx_json *content, struct trx_error *err)
{
	struct trx_json texts = trx_json_array();
	const struct trx_json *one;
	size_t i;

	if (content->type != TRX_JSON_ARRAY)
		return 0;
	for (i = 0; i < content->u.array.n; i++) {
		one = &content->u.array.items[i];
		if (!trx_json_is(trx_json_get(one, "type"), "text"))
			return 0;
		if (trx_json_push(
			a, &texts, trx_json_get_or_null(one, "text")) == NULL)
			return trx_error_memory(err);
	}
	return trx_openai_content_join(&texts, "\n", a, content, err);
}
