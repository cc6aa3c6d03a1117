#include <strings.h>

#include "common/chat/openai_types.h"

enum kind {
	NOTHING, /* only null, if null may be */
	STRING,
	BOOLEAN, /* or what pydantic reads as one */
	ONE_OF,	 /* a string of words */
	ANY_MAP, /* an object, whatever is in it */
	ITEMS,	 /* an array; of[0] */
	LAZY,	 /* an array; its items, of[0], are checked when it is read */
	OBJECT,	 /* with fields; other keys are kept behind them */
	MODEL,	 /* likewise, other keys are dropped */
	UNION	 /* of[0..n) */
};

struct field;

struct type {
	enum kind kind;
	bool null; /* or null */
	size_t n;
	const char *const *words;
	const struct field *fields;
	const struct type *const *of;
};

struct field {
	const char *name;
	bool required;
	const struct type *type;
};

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

/* -- the types -- */

#define WORDS(name, ...) \
	static const char *const name##_words[] = { __VA_ARGS__ }; \
	static const struct type name = { .kind = ONE_OF, \
		.n = COUNT(name##_words), \
		.words = name##_words }
#define FIELDS(name, how, ...) \
	static const struct field name##_fields[] = { __VA_ARGS__ }; \
	static const struct type name = { .kind = how, \
		.n = COUNT(name##_fields), \
		.fields = name##_fields }
#define OF(name, how, nullable, ...) \
	static const struct type *const name##_of[] = { __VA_ARGS__ }; \
	static const struct type name = { .kind = how, \
		.null = nullable, \
		.n = COUNT(name##_of), \
		.of = name##_of }

static const struct type nothing = { .kind = NOTHING, .null = true };
static const struct type string = { .kind = STRING };
static const struct type maybe_string = { .kind = STRING, .null = true };
static const struct type boolean = { .kind = BOOLEAN };
static const struct type maybe_boolean = { .kind = BOOLEAN, .null = true };
static const struct type map = { .kind = ANY_MAP };
static const struct type maybe_map = { .kind = ANY_MAP, .null = true };

WORDS(is_explicit, "explicit");
WORDS(lifetime, "30m", "12h");
WORDS(is_text, "text");
WORDS(is_refusal, "refusal");
WORDS(is_thinking, "thinking");
WORDS(is_reference, "tool_reference");
WORDS(is_function, "function");
WORDS(is_custom, "custom");
WORDS(is_developer, "developer");
WORDS(is_system, "system");
WORDS(is_user, "user");
WORDS(is_assistant, "assistant");
WORDS(is_tool, "tool");
WORDS(any_role, "user", "assistant", "system", "developer", "tool");

/* Parts of content. */
FIELDS(breakpoint, OBJECT, { "mode", true, &is_explicit },
    { "ttl", false, &lifetime });
FIELDS(text_part, OBJECT, { "text", true, &string }, { "type", true, &is_text },
    { "prompt_cache_breakpoint", false, &breakpoint });
FIELDS(refusal_part, OBJECT, { "refusal", true, &string },
    { "type", true, &is_refusal });
FIELDS(pil_part, OBJECT, { "image_pil", false, &nothing },
    { "uuid", false, &maybe_string });
FIELDS(image_part, OBJECT, { "image_url", false, &maybe_string },
    { "uuid", false, &maybe_string });
FIELDS(audio_part, OBJECT, { "audio_url", false, &maybe_string });
FIELDS(video_part, OBJECT, { "video_url", false, &maybe_string },
    { "uuid", false, &maybe_string });
FIELDS(reference_part, OBJECT, { "name", false, &string },
    { "type", false, &is_reference });
FIELDS(thinking_part, OBJECT, { "thinking", true, &string },
    { "closed", false, &boolean }, { "type", true, &is_thinking });
OF(part, UNION, false, &text_part, &refusal_part, &pil_part, &image_part,
    &audio_part, &video_part, &reference_part, &string, &thinking_part);
OF(parts, ITEMS, false, &part);
OF(any_content, UNION, false, &string, &parts);
OF(text_parts, LAZY, false, &text_part);
OF(content, UNION, false, &string, &text_parts);
OF(answer_part, UNION, false, &text_part, &refusal_part);
OF(answer_parts, LAZY, false, &answer_part);
OF(maybe_content, UNION, true, &string, &answer_parts);

/* Tools and their calls. */
FIELDS(call_function, OBJECT, { "arguments", true, &string },
    { "name", true, &string });
FIELDS(function_call, OBJECT, { "id", true, &string },
    { "function", true, &call_function }, { "type", true, &is_function });
FIELDS(
    call_custom, OBJECT, { "input", true, &string }, { "name", true, &string });
FIELDS(custom_call, OBJECT, { "id", true, &string },
    { "custom", true, &call_custom }, { "type", true, &is_custom });
OF(call, UNION, false, &function_call, &custom_call);
OF(calls, LAZY, false, &call);
OF(maybe_calls, ITEMS, true, &function_call);
FIELDS(tool_function, OBJECT, { "name", true, &string },
    { "description", false, &string }, { "parameters", false, &map },
    { "strict", false, &maybe_boolean });
FIELDS(function_tool, OBJECT, { "function", true, &tool_function },
    { "type", true, &is_function });
OF(maybe_tools, ITEMS, true, &function_tool);

/* Messages. */
FIELDS(developer_message, OBJECT, { "content", true, &content },
    { "role", true, &is_developer }, { "name", false, &string });
FIELDS(system_message, OBJECT, { "content", true, &content },
    { "role", true, &is_system }, { "name", false, &string });
FIELDS(user_message, OBJECT, { "content", true, &content },
    { "role", true, &is_user }, { "name", false, &string });
static const struct field audio_fields[] = { { "id", true, &string } };
static const struct type maybe_audio = {
	.kind = OBJECT, .null = true, .n = 1, .fields = audio_fields
};
static const struct type maybe_call_function = { .kind = OBJECT,
	.null = true,
	.n = COUNT(call_function_fields),
	.fields = call_function_fields };
FIELDS(assistant_message, OBJECT, { "role", true, &is_assistant },
    { "audio", false, &maybe_audio }, { "content", false, &maybe_content },
    { "function_call", false, &maybe_call_function },
    { "name", false, &string }, { "refusal", false, &maybe_string },
    { "tool_calls", false, &calls });
FIELDS(tool_message, OBJECT, { "content", true, &content },
    { "role", true, &is_tool }, { "tool_call_id", true, &string });
FIELDS(function_message, OBJECT, { "content", true, &maybe_string },
    { "name", true, &string }, { "role", true, &is_function });
FIELDS(custom_message, OBJECT, { "role", true, &string },
    { "content", false, &any_content }, { "name", false, &string },
    { "tool_call_id", false, &maybe_string },
    { "tool_calls", false, &maybe_calls },
    { "reasoning", false, &maybe_string }, { "tools", false, &maybe_tools },
    { "task", false, &maybe_string });
/* Of openai_harmony: vLLM fails on what is one. */
FIELDS(author, MODEL, { "role", true, &any_role },
    { "name", false, &maybe_string });
static const struct type harmony_part = { .kind = MODEL };
OF(harmony_parts, ITEMS, false, &harmony_part);
FIELDS(harmony_message, MODEL, { "author", true, &author },
    { "content", false, &harmony_parts }, { "channel", false, &maybe_string },
    { "recipient", false, &maybe_string },
    { "content_type", false, &maybe_string });
OF(message, UNION, false, &developer_message, &system_message, &user_message,
    &assistant_message, &tool_message, &function_message, &custom_message,
    &harmony_message);

/* A tool of the request. */
FIELDS(request_function, MODEL, { "name", true, &string },
    { "description", false, &maybe_string },
    { "parameters", false, &maybe_map }, { "strict", false, &maybe_boolean },
    { "defer_loading", false, &maybe_boolean });
FIELDS(request_tool, MODEL, { "type", false, &is_function },
    { "function", true, &request_function },
    { "defer_loading", false, &maybe_boolean });

/* -- matching -- */

/* pydantic's Exactness: how much a value had to be bent to fit. */
enum bent { EXACT, STRICT, LAX };

/* How well a value fits a type, for the choice among several. */
struct score {
	enum bent bent;
	bool counted;  /* does fields say anything? */
	size_t fields; /* known keys that the value has, at any depth */
};

static void
bend(struct score *score, enum bent bent)
{
	if (bent > score->bent)
		score->bent = bent;
}

static bool matches(
    const struct type *type, const struct trx_json *v, struct score *score);

/* v as pydantic reads a bool: 1, 0, or -1 where it is none. */
static int
truth(const struct trx_json *v)
{
	static const char *const words[2][6] = {
		{ "0", "f", "n", "no", "off", "false" },
		{ "1", "t", "y", "yes", "on", "true" },
	};
	double d;
	size_t i;
	int k;

	if (v->type == TRX_JSON_BOOL)
		return v->u.boolean;
	if (v->type == TRX_JSON_NUMBER) {
		d = trx_json_to_double(v);
		return d == 0 ? 0 : d == 1 ? 1 : -1;
	}
	if (v->type != TRX_JSON_STRING)
		return -1;
	for (k = 0; k < 2; k++)
		for (i = 0; i < COUNT(words[k]); i++)
			if (v->u.string.n == strlen(words[k][i]) &&
			    strncasecmp(
				v->u.string.p, words[k][i], v->u.string.n) == 0)
				return k;
	return -1;
}

static bool
matches_word(const struct type *type, const struct trx_json *v)
{
	size_t i;

	for (i = 0; v->type == TRX_JSON_STRING && i < type->n; i++)
		if (trx_str_is(v->u.string, type->words[i]))
			return true;
	return false;
}

static bool
matches_fields(
    const struct type *type, const struct trx_json *v, struct score *score)
{
	const struct trx_json *value;
	size_t i, n = 0;

	if (v->type != TRX_JSON_OBJECT)
		return false;
	for (i = 0; i < type->n; i++) {
		value = trx_json_get(v, type->fields[i].name);
		if (value == NULL && type->fields[i].required)
			return false;
		if (value == NULL)
			continue;
		if (!matches(type->fields[i].type, value, score))
			return false;
		n++;
	}
	score->counted = true;
	score->fields += n;
	return true;
}

static bool
matches_items(
    const struct type *type, const struct trx_json *v, struct score *score)
{
	size_t i;

	if (v->type != TRX_JSON_ARRAY)
		return false;
	for (i = 0; i < v->u.array.n; i++)
		if (!matches(type->of[0], &v->u.array.items[i], score))
			return false;
	return true;
}

/*
 * The type of a union that fits best, as pydantic's smart mode has it (its
 * validators/union.rs); NULL where none does.
 */
static const struct type *
choose(const struct type *type, const struct trx_json *v, struct score *score)
{
	const struct type *best = NULL;
	struct score top = { 0 }, now;
	size_t i;

	for (i = 0; i < type->n; i++) {
		now = (struct score){ 0 };
		if (!matches(type->of[i], v, &now))
			continue;
		if (now.bent == EXACT && !now.counted)
			return type->of[i];
		if (best == NULL ||
		    (top.counted && now.counted && top.fields != now.fields
			    ? top.fields < now.fields
			    : now.bent < top.bent)) {
			best = type->of[i];
			top = now;
		}
	}
	if (best != NULL) {
		bend(score, top.bent);
		score->counted |= top.counted;
		score->fields += top.fields;
	}
	return best;
}

static bool
matches(const struct type *type, const struct trx_json *v, struct score *score)
{
	if (v->type == TRX_JSON_NULL)
		return type->null;
	switch (type->kind) {
	case NOTHING:
		return false;
	case STRING:
		return v->type == TRX_JSON_STRING;
	case BOOLEAN:
		if (v->type != TRX_JSON_BOOL)
			bend(score, LAX);
		return truth(v) != -1;
	case ONE_OF:
		return matches_word(type, v);
	case ANY_MAP:
		return v->type == TRX_JSON_OBJECT;
	case ITEMS:
		return matches_items(type, v, score);
	case LAZY:
		/* Whatever Python iterates over; of an object, its keys. */
		return v->type == TRX_JSON_ARRAY || v->type == TRX_JSON_OBJECT;
	case MODEL:
		bend(score, STRICT);
		return matches_fields(type, v, score);
	case OBJECT:
		return matches_fields(type, v, score);
	case UNION:
		return choose(type, v, score) != NULL;
	}
	return false;
}

/* -- building -- */

static int build(const struct type *type, const struct trx_json *v,
    struct trx_arena *a, struct trx_json *out, struct trx_error *err);

static int
build_items(const struct type *type, const struct trx_json *v,
    struct trx_arena *a, struct trx_json *out, struct trx_error *err)
{
	const char *what = type == &calls ? "tool_calls" : "content";
	size_t i, n = v->type == TRX_JSON_ARRAY ? v->u.array.n : 0;
	struct score score = { 0 };
	struct trx_json *items;

	/* The keys of an object are no parts and no calls. */
	if (v->type == TRX_JSON_OBJECT && v->u.object.n != 0)
		return trx_error_set(err, TRX_INPUT, "%s is an object", what);
	if ((items = trx_arena_calloc(a, n, sizeof(*items))) == NULL)
		return trx_error_memory(err);
	for (i = 0; i < n; i++) {
		if (type->kind == LAZY &&
		    !matches(type->of[0], &v->u.array.items[i], &score))
			return trx_error_set(err, TRX_INPUT,
			    "item %zu of %s is not as vLLM wants it", i, what);
		if (build(type->of[0], &v->u.array.items[i], a, &items[i],
			err) == -1)
			return -1;
	}
	*out = trx_json_array();
	out->u.array.items = items;
	out->u.array.n = n;
	return 0;
}

static bool
is_field(const struct type *type, struct trx_str key)
{
	size_t i;

	for (i = 0; i < type->n; i++)
		if (trx_str_is(key, type->fields[i].name))
			return true;
	return false;
}

static int
build_fields(const struct type *type, const struct trx_json *v,
    struct trx_arena *a, struct trx_json *out, struct trx_error *err)
{
	struct trx_json_member *members, *to;
	const struct trx_json *value;
	size_t i;

	members = to = trx_arena_calloc(a, v->u.object.n, sizeof(*members));
	if (members == NULL)
		return trx_error_memory(err);
	for (i = 0; i < type->n; i++) {
		value = trx_json_get(v, type->fields[i].name);
		if (value == NULL)
			continue;
		to->key = trx_str(type->fields[i].name);
		if (build(type->fields[i].type, value, a, &to->value, err) ==
		    -1)
			return -1;
		to++;
	}
	for (i = 0; type->kind == OBJECT && i < v->u.object.n; i++)
		if (!is_field(type, v->u.object.members[i].key))
			*to++ = v->u.object.members[i];
	*out = trx_json_object();
	out->u.object.members = members;
	out->u.object.n = (size_t)(to - members);
	return 0;
}

/* v, which matches type, as pydantic gives it back. */
static int
build(const struct type *type, const struct trx_json *v, struct trx_arena *a,
    struct trx_json *out, struct trx_error *err)
{
	struct score score = { 0 };

	*out = *v;
	if (v->type == TRX_JSON_NULL)
		return 0;
	switch (type->kind) {
	case BOOLEAN:
		*out = trx_json_bool(truth(v) == 1);
		return 0;
	case ITEMS:
	case LAZY:
		return build_items(type, v, a, out, err);
	case OBJECT:
	case MODEL:
		return build_fields(type, v, a, out, err);
	case UNION:
		return build(choose(type, v, &score), v, a, out, err);
	default:
		return 0;
	}
}

int
trx_openai_types_message(const struct trx_json *v, struct trx_arena *a,
    struct trx_json *out, struct trx_error *err)
{
	struct score score = { 0 };
	const struct type *chosen = choose(&message, v, &score);

	if (chosen == NULL || chosen == &harmony_message)
		return trx_error_set(err, TRX_INPUT,
		    "it is none of the messages that vLLM accepts");
	return build(chosen, v, a, out, err);
}

int
trx_openai_types_tool(const struct trx_json *v, struct trx_arena *a,
    struct trx_json *out, struct trx_error *err)
{
	struct score score = { 0 };

	if (!matches(&request_tool, v, &score))
		return trx_error_set(
		    err, TRX_INPUT, "it is no tool that vLLM accepts");
	return build(&request_tool, v, a, out, err);
}
