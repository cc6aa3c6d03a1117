#include "common/chat/openai_request.h"
#include "common/chat/openai_types.h"

/*
 * tool_calls that is no list is what Python's list() makes of it.  What is in
 * it does not matter: strings, which are no calls.
 */
static int
prepare_calls(const struct trx_json *v, struct trx_arena *a,
    struct trx_json *out, struct trx_error *err)
{
	*out = trx_json_array();
	switch (v->type) {
	case TRX_JSON_NULL:
	case TRX_JSON_ARRAY:
		*out = *v;
		return 0;
	case TRX_JSON_STRING:
		if (v->u.string.n == 0)
			return 0;
		break;
	case TRX_JSON_OBJECT:
		if (v->u.object.n == 0)
			return 0;
		break;
	default:
		return trx_error_set(err, TRX_INPUT, "tool_calls is no list");
	}
	return trx_json_push(a, out, trx_json_string(TRX_STR(""))) == NULL
		   ? trx_error_memory(err)
		   : 0;
}

/*
 * What the server does to a message before it is checked: tool_calls becomes a
 * list, reasoning_content is renamed reasoning if there is none.
 */
static int
prepare(const struct trx_json *m, struct trx_arena *a, struct trx_json *out,
    struct trx_error *err)
{
	const struct trx_json *newer = trx_json_get(m, "reasoning");
	const struct trx_json *older = trx_json_get(m, "reasoning_content");
	bool rename = !trx_json_is_null(older) && trx_json_is_null(newer);
	struct trx_json_member *to;
	const struct trx_json *v;
	size_t i;

	to = trx_arena_calloc(a, m->u.object.n, sizeof(*to));
	if (to == NULL)
		return trx_error_memory(err);
	*out = trx_json_object();
	out->u.object.members = to;
	for (i = 0; i < m->u.object.n; i++) {
		*to = m->u.object.members[i];
		v = &m->u.object.members[i].value;
		if (v == (rename ? newer : older))
			continue;
		if (v == older)
			to->key = TRX_STR("reasoning");
		if (trx_str_is(to->key, "tool_calls") &&
		    prepare_calls(v, a, &to->value, err) == -1)
			return -1;
		to++;
	}
	out->u.object.n = (size_t)(to - out->u.object.members);
	return 0;
}

static int
check_message(const struct trx_json *given, struct trx_arena *a,
    struct trx_json *out, struct trx_error *err)
{
	struct trx_json m;

	if (given->type != TRX_JSON_OBJECT)
		return trx_error_set(err, TRX_INPUT, "it is no object");
	if (prepare(given, a, &m, err) == -1)
		return -1;
	return trx_openai_types_message(&m, a, out, err);
}

int
trx_openai_request_messages(const struct trx_json *messages,
    struct trx_arena *a, struct trx_json *out, struct trx_error *err)
{
	size_t i, n = messages->u.array.n;

	*out = trx_json_array();
	out->u.array.n = n;
	out->u.array.items = trx_arena_calloc(a, n, sizeof(*out));
	if (out->u.array.items == NULL)
		return trx_error_memory(err);
	for (i = 0; i < n; i++)
		if (check_message(&messages->u.array.items[i], a,
			&out->u.array.items[i], err) == -1)
			return trx_error_at(err, "message %zu", i);
	return 0;
}

static int
set(struct trx_arena *a, struct trx_json *object, const char *key,
    struct trx_json value, struct trx_error *err)
{
	if (trx_json_set(a, object, key, value) == NULL)
		return trx_error_memory(err);
	return 0;
}

static int
set_if_given(struct trx_arena *a, struct trx_json *to, const char *key,
    const struct trx_json *v, struct trx_error *err)
{
	return trx_json_is_null(v) ? 0 : set(a, to, key, *v, err);
}

static int
dump_tool(const struct trx_json *given, struct trx_arena *a,
    struct trx_json *out, struct trx_error *err)
{
	struct trx_json function = trx_json_object(), read;
	const struct trx_json *from, *later, *own;

	if (trx_openai_types_tool(given, a, &read, err) == -1)
		return -1;
	from = trx_json_get(&read, "function");
	later = trx_json_get(&read, "defer_loading");
	own = trx_json_get(from, "defer_loading");
	if (set(a, &function, "name", trx_json_get_or_null(from, "name"),
		err) == -1 ||
	    set(a, &function, "description",
		trx_json_get_or_null(from, "description"), err) == -1 ||
	    set(a, &function, "parameters",
		trx_json_get_or_null(from, "parameters"), err) == -1 ||
	    set_if_given(a, &function, "strict", trx_json_get(from, "strict"),
		err) == -1 ||
	    set_if_given(a, &function, "defer_loading",
		trx_json_is_null(own) ? later : own, err) == -1)
		return -1;
	*out = trx_json_object();
	if (set(a, out, "type", trx_json_string(TRX_STR("function")), err) ==
		-1 ||
	    set(a, out, "function", function, err) == -1)
		return -1;
	return set_if_given(a, out, "defer_loading", later, err);
}

int
trx_openai_request_tools(const struct trx_json *tools, struct trx_arena *a,
    struct trx_json *out, struct trx_error *err)
{
	size_t i, n;

	if (tools->type != TRX_JSON_ARRAY || tools->u.array.n == 0)
		return trx_error_set(
		    err, TRX_INPUT, "tools is no list, or an empty one");
	n = tools->u.array.n;
	*out = trx_json_array();
	out->u.array.n = n;
	out->u.array.items = trx_arena_calloc(a, n, sizeof(*out));
	if (out->u.array.items == NULL)
		return trx_error_memory(err);
	for (i = 0; i < n; i++)
		if (dump_tool(&tools->u.array.items[i], a,
			&out->u.array.items[i], err) == -1)
			return trx_error_at(err, "tool %zu", i);
	return 0;
}

int
trx_openai_request_documents(
    const struct trx_json *documents, struct trx_error *err)
{
	static const char cause[] =
	    "documents is no list of objects of strings";
	const struct trx_json *one;
	size_t i, k;

	if (documents->type != TRX_JSON_ARRAY)
		return trx_error_set(err, TRX_INPUT, cause);
	for (i = 0; i < documents->u.array.n; i++) {
		one = &documents->u.array.items[i];
		if (one->type != TRX_JSON_OBJECT)
			return trx_error_set(err, TRX_INPUT, cause);
		for (k = 0; k < one->u.object.n; k++)
			if (one->u.object.members[k].value.type !=
			    TRX_JSON_STRING)
				return trx_error_set(err, TRX_INPUT, cause);
	}
	return 0;
}
