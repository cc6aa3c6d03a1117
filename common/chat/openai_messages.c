#include "common/chat/openai_messages.h"
#include "common/chat/openai_content.h"
#include "common/json/reader.h"

struct rewriter {
	enum trx_openai_format format;
	struct trx_arena *arena;
	struct trx_json_reader *reader; /* made for the first arguments */
	int32_t *origins;		/* NULL: as the messages stood */
	struct trx_error *err;
};

static int
set(struct rewriter *r, struct trx_json *object, const char *key,
    struct trx_json value)
{
	return trx_json_set(r->arena, object, key, value) == NULL
		   ? trx_error_memory(r->err)
		   : 0;
}

static int
push(struct rewriter *r, struct trx_json *array, struct trx_json value)
{
	return trx_json_push(r->arena, array, value) == NULL
		   ? trx_error_memory(r->err)
		   : 0;
}

/* -- tool calls -- */

/* Might Python's json read text that is no JSON, for its NaN or Infinity? */
static bool
has_odd_number(struct trx_str text)
{
	return memmem(text.p, text.n, "NaN", 3) != NULL ||
	       memmem(text.p, text.n, "Infinity", 8) != NULL;
}

/* *out is what json.loads(text) gives if that is a dict, else an empty one. */
static int
load_arguments(struct rewriter *r, struct trx_str text, struct trx_json *out)
{
	struct trx_error why;
	char *copy;

	*out = trx_json_object();
	if (text.n == 0)
		return 0;
	copy = trx_arena_alloc(r->arena, text.n + TRX_JSON_PADDING);
	if (copy == NULL)
		return trx_error_memory(r->err);
	if (r->reader == NULL &&
	    (r->reader = trx_json_reader_new(r->err)) == NULL)
		return -1;
	memcpy(copy, text.p, text.n);
	memset(copy + text.n, 0, TRX_JSON_PADDING);
	switch (trx_json_read(r->reader, copy, text.n, r->arena, out, &why)) {
	case TRX_JSON_FINE:
		/* Python refuses a byte-order mark, the reader skips it. */
		if (out->type != TRX_JSON_OBJECT || text.p[0] == '\xef')
			*out = trx_json_object();
		return 0;
	case TRX_JSON_SYNTAX:
		if (has_odd_number(text))
			break;
		*out = trx_json_object();
		return 0;
	case TRX_JSON_MACHINE:
		*r->err = why;
		return -1;
	default:
		break;
	}
	return trx_error_set(r->err, TRX_INPUT,
	    "arguments of a tool call that trx cannot hold: %s", why.text);
}

/* A copy of an object in which key is value, in its place or at the end. */
static int
copy_with(struct rewriter *r, const struct trx_json *v, const char *key,
    struct trx_json value, struct trx_json *out)
{
	struct trx_json_member *members;
	size_t i;

	members =
	    trx_arena_calloc(r->arena, v->u.object.n + 1, sizeof(*members));
	if (members == NULL)
		return trx_error_memory(r->err);
	*out = trx_json_object();
	out->u.object.members = members;
	out->u.object.n = v->u.object.n;
	for (i = 0; i < v->u.object.n; i++)
		members[i] = v->u.object.members[i];
	for (i = 0; i < v->u.object.n; i++)
		if (trx_str_is(members[i].key, key))
			break;
	if (i == v->u.object.n)
		out->u.object.n++;
	members[i].key = trx_str(key);
	members[i].value = value;
	return 0;
}

static int
rewrite_call(
    struct rewriter *r, const struct trx_json *call, struct trx_json *out)
{
	const struct trx_json *function = trx_json_get(call, "function");
	struct trx_json arguments, changed;
	struct trx_str text;

	if (!trx_json_is(trx_json_get(call, "type"), "function"))
		return trx_error_set(r->err, TRX_INPUT,
		    "a tool call is not of the type function");
	trx_json_get_string(function, "arguments", &text);
	if (load_arguments(r, text, &arguments) == -1 ||
	    copy_with(r, function, "arguments", arguments, &changed) == -1)
		return -1;
	return copy_with(r, call, "function", changed, out);
}

static int
rewrite_calls(
    struct rewriter *r, const struct trx_json *calls, struct trx_json *m)
{
	struct trx_json list = trx_json_array(), call;
	size_t i;

	if (trx_json_is_null(calls) || calls->u.array.n == 0)
		return 0;
	for (i = 0; i < calls->u.array.n; i++) {
		if (rewrite_call(r, &calls->u.array.items[i], &call) == -1)
			return trx_error_at(r->err, "tool call %zu", i);
		if (push(r, &list, call) == -1)
			return -1;
	}
	return set(r, m, "tool_calls", list);
}

/* -- messages -- */

static int
set_string(struct rewriter *r, struct trx_json *m, const char *key,
    const struct trx_json *from)
{
	const struct trx_json *v = trx_json_get(from, key);

	if (v == NULL || v->type != TRX_JSON_STRING)
		return 0;
	return set(r, m, key, *v);
}

/* What an assistant's message has beyond others'. */
static int
rewrite_assistant(
    struct rewriter *r, const struct trx_json *from, struct trx_json *m)
{
	const struct trx_json *reasoning = trx_json_get(from, "reasoning");

	if (rewrite_calls(r, trx_json_get(from, "tool_calls"), m) == -1)
		return -1;
	if (trx_json_is_null(reasoning))
		return 0;
	if (set(r, m, "reasoning", *reasoning) == -1)
		return -1;
	return set(r, m, "reasoning_content", *reasoning);
}

static int
rewrite_message(
    struct rewriter *r, const struct trx_json *from, struct trx_json *m)
{
	const struct trx_json *role = trx_json_get(from, "role");
	const struct trx_json *id = trx_json_get(from, "tool_call_id");
	struct trx_json content;

	if (trx_openai_content_rewrite(trx_json_get(from, "content"), r->format,
		trx_json_is(role, "system"), r->arena, &content, r->err) == -1)
		return -1;
	if (trx_json_is(role, "tool") &&
	    trx_openai_content_flatten(r->arena, &content, r->err) == -1)
		return -1;
	*m = trx_json_object();
	if (set(r, m, "role", *role) == -1 ||
	    set(r, m, "content", content) == -1)
		return -1;
	if (trx_json_is(role, "assistant") &&
	    rewrite_assistant(r, from, m) == -1)
		return -1;
	if (trx_json_is(role, "tool") && id != NULL &&
	    set(r, m, "tool_call_id", *id) == -1)
		return -1;
	if (set_string(r, m, "name", from) == -1 ||
	    set_string(r, m, "task", from) == -1)
		return -1;
	if (!trx_json_is(role, "developer"))
		return 0;
	return set(r, m, "tools", trx_json_get_or_null(from, "tools"));
}

/* -- developer messages that the template does not know -- */

/*
 * The role of a system message: a string of its own, by whose place a trace
 * knows the message.
 */
static int
system_role(struct rewriter *r, struct trx_json *role)
{
	char *p = trx_arena_copy(r->arena, TRX_STR("system"));

	if (p == NULL)
		return trx_error_memory(r->err);
	*role = trx_json_string(trx_str(p));
	return 0;
}

/* A developer's message as one of the system. */
static int
become_system(struct rewriter *r, struct trx_json *m)
{
	struct trx_json_member *members = m->u.object.members;
	size_t i, n = 0;

	for (i = 0; i < m->u.object.n; i++) {
		if (trx_str_is(members[i].key, "tools"))
			continue;
		members[n] = members[i];
		if (trx_str_is(members[i].key, "role") &&
		    system_role(r, &members[n].value) == -1)
			return -1;
		n++;
	}
	m->u.object.n = n;
	return 0;
}

/* The text of a system message, one of parts joined. */
static int
system_text(
    struct rewriter *r, const struct trx_json *content, struct trx_json *out)
{
	struct trx_json texts = trx_json_array();
	const struct trx_json *text;
	size_t i;

	*out = *content;
	if (content->type != TRX_JSON_ARRAY)
		return 0;
	for (i = 0; i < content->u.array.n; i++) {
		text = trx_json_get(&content->u.array.items[i], "text");
		if (text != NULL && push(r, &texts, *text) == -1)
			return -1;
	}
	return trx_openai_content_join(&texts, "\n", r->arena, out, r->err);
}

/* The message that merged ones become. */
static int
make_system(
    struct rewriter *r, const struct trx_json *texts, struct trx_json *out)
{
	struct trx_json role, text;

	*out = trx_json_object();
	if (system_role(r, &role) == -1 ||
	    trx_openai_content_join(texts, "\n\n", r->arena, &text, r->err) ==
		-1 ||
	    set(r, out, "role", role) == -1)
		return -1;
	return set(r, out, "content", text);
}

/* All system messages as one at the front, unless the only one stands there. */
static int
merge_system(struct rewriter *r, struct trx_json *messages)
{
	struct trx_json rest = trx_json_array(), texts = trx_json_array();
	size_t i, n = messages->u.array.n;
	struct trx_json *m, text;
	bool needed = false;
	int32_t *origins;

	if ((origins = trx_arena_calloc(r->arena, n, sizeof(*origins))) == NULL)
		return trx_error_memory(r->err);
	origins[0] = -1;
	if (push(r, &rest, trx_json_object()) == -1)
		return -1;
	for (i = 0; i < n; i++) {
		m = &messages->u.array.items[i];
		if (!trx_json_is(trx_json_get(m, "role"), "system")) {
			origins[rest.u.array.n] = (int32_t)i;
			if (push(r, &rest, *m) == -1)
				return -1;
			continue;
		}
		needed |= i > 0;
		if (system_text(r, trx_json_get(m, "content"), &text) == -1)
			return trx_error_at(r->err, "message %zu", i);
		if (!trx_json_truth(&text))
			continue;
		origins[0] = texts.u.array.n == 0 ? (int32_t)i : -1;
		if (push(r, &texts, text) == -1)
			return -1;
	}
	if (!needed)
		return 0;
	if (make_system(r, &texts, &rest.u.array.items[0]) == -1)
		return -1;
	*messages = rest;
	r->origins = origins;
	return 0;
}

static int
replace_developers(struct rewriter *r, struct trx_json *messages)
{
	struct trx_json *m;
	bool any = false;
	size_t i;

	for (i = 0; i < messages->u.array.n; i++) {
		m = &messages->u.array.items[i];
		if (!trx_json_is(trx_json_get(m, "role"), "developer"))
			continue;
		if (become_system(r, m) == -1)
			return -1;
		any = true;
	}
	return any ? merge_system(r, messages) : 0;
}

static int
rewrite(struct rewriter *r, const struct trx_json *messages, bool developer,
    struct trx_json *out)
{
	size_t i, n = messages->u.array.n;

	*out = trx_json_array();
	out->u.array.n = n;
	out->u.array.items = trx_arena_calloc(r->arena, n, sizeof(*out));
	if (out->u.array.items == NULL)
		return trx_error_memory(r->err);
	for (i = 0; i < n; i++)
		if (rewrite_message(r, &messages->u.array.items[i],
			&out->u.array.items[i]) == -1)
			return trx_error_at(r->err, "message %zu", i);
	return developer ? 0 : replace_developers(r, out);
}

int
trx_openai_messages_rewrite(const struct trx_json *messages,
    enum trx_openai_format format, bool developer, struct trx_arena *a,
    struct trx_json *out, const int32_t **origins, struct trx_error *err)
{
	struct rewriter r = { .format = format, .arena = a, .err = err };
	int rc = rewrite(&r, messages, developer, out);

	*origins = r.origins;
	trx_json_reader_free(r.reader);
	return rc;
}

static bool
has_media(const struct trx_json *m)
{
	if (trx_json_is(trx_json_get(trx_json_get(m, "reasoning"), "type"),
		"prompt_embeds") ||
	    trx_json_is(
		trx_json_get(trx_json_get(m, "reasoning_content"), "type"),
		"prompt_embeds"))
		return true;
	return trx_openai_content_has_media(trx_json_get(m, "content"));
}

int
trx_openai_messages_refuse_media(
    const struct trx_json *messages, struct trx_error *err)
{
	size_t i;

	for (i = 0; i < messages->u.array.n; i++)
		if (has_media(&messages->u.array.items[i]))
			return trx_error_set(err, TRX_INPUT,
			    "message %zu: images, audio, video and embeddings "
			    "are not supported",
			    i);
	return 0;
}
