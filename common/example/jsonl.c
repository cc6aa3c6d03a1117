#include <inttypes.h>
#include <string.h>

#include "common/example/jsonl.h"
#include "common/example/metadata.h"
#include "common/json/canonical.h"

/* Members that say what the example is, and that a stage computes. */
static const char *const consumed[] = { "id", "context", "continuation",
	"messages", "decision_idx", "better_response", "tools", "documents",
	"chat_template_kwargs", "input_ids", "context_len", "total_len", NULL };

/* Members of a message that carry more to learn than its content. */
static const char *const beyond_content[] = { "tool_calls", "function_call",
	"reasoning", "reasoning_content", "thinking", NULL };

static enum trx_reason
reject(struct trx_error *err, enum trx_reason reason, const char *text)
{
	trx_error_set(err, TRX_INPUT, "%s", text);
	return reason;
}

/* Nothing to be learned: absent, null, or empty. */
static bool
is_nothing(const struct trx_json *v)
{
	return v == NULL || v->type == TRX_JSON_NULL ||
	       (v->type == TRX_JSON_ARRAY && v->u.array.n == 0) ||
	       (v->type == TRX_JSON_STRING && v->u.string.n == 0);
}

/* A member that must be a string where it is there.  1, 0 absent, -1. */
static int
string_member(const struct trx_json *root, const char *key, struct trx_str *out,
    struct trx_error *err)
{
	const struct trx_json *v = trx_json_get(root, key);

	if (v == NULL)
		return 0;
	if (v->type != TRX_JSON_STRING)
		return trx_error_set(
		    err, TRX_INPUT, "\"%s\" is not a string", key);
	*out = v->u.string;
	return 1;
}

static int
check_reason_and_memories(const struct trx_json *root, struct trx_error *err)
{
	const struct trx_json *v = trx_json_get(root, "memories");
	struct trx_str reason;
	size_t i;

	if (string_member(root, "reason", &reason, err) == -1)
		return -1;
	if (v == NULL)
		return 0;
	if (v->type != TRX_JSON_ARRAY)
		return trx_error_set(
		    err, TRX_INPUT, "\"memories\" is not a list of strings");
	for (i = 0; i < v->u.array.n; i++)
		if (v->u.array.items[i].type != TRX_JSON_STRING)
			return trx_error_set(err, TRX_INPUT,
			    "\"memories\" is not a list of strings");
	return 0;
}

bool
trx_jsonl_is_assistant(const struct trx_json *message)
{
	struct trx_str role;

	return trx_json_get_string(message, "role", &role) == 1 &&
	       trx_str_is(role, "assistant");
}

/* Form 2: the decision is named, and its better response is given. */
static enum trx_reason
read_decision(const struct trx_json *root, struct trx_jsonl_row *row,
    struct trx_error *err)
{
	const struct trx_json *list = row->messages;
	uint64_t k;

	if (trx_json_get_uint(root, "decision_idx", &k) != 1)
		return reject(err, TRX_REASON_BAD_FIELD,
		    "\"decision_idx\" is not an index");
	if (string_member(root, "better_response", &row->continuation, err) !=
	    1)
		return TRX_REASON_BAD_FIELD;
	if (k < 1 || k > list->u.array.n) {
		trx_error_set(err, TRX_INPUT,
		    "\"decision_idx\" is %" PRIu64 " of %zu messages", k,
		    list->u.array.n);
		return TRX_REASON_BAD_FIELD;
	}
	if (k < list->u.array.n &&
	    !trx_jsonl_is_assistant(&list->u.array.items[k])) {
		trx_error_set(err, TRX_INPUT,
		    "message %" PRIu64 ", the decision, is not the "
		    "assistant's",
		    k);
		return TRX_REASON_BAD_FIELD;
	}
	row->decision = (uint32_t)k;
	return TRX_REASON_NONE;
}

void
trx_jsonl_message_text(
    const struct trx_json *message, struct trx_str *text, const char **beyond)
{
	size_t i;

	*beyond = "content";
	if (trx_json_get_string(message, "content", text) != 1)
		return;
	for (i = 0; beyond_content[i] != NULL; i++)
		if (!is_nothing(trx_json_get(message, beyond_content[i])))
			break;
	*beyond = beyond_content[i];
}

static enum trx_reason
read_messages(const struct trx_json *root, struct trx_jsonl_row *row,
    struct trx_error *err)
{
	bool index = trx_json_get(root, "decision_idx") != NULL;
	bool better = trx_json_get(root, "better_response") != NULL;

	if (row->messages->type != TRX_JSON_ARRAY)
		return reject(
		    err, TRX_REASON_BAD_FIELD, "\"messages\" is not a list");
	row->tools = trx_json_get(root, "tools");
	row->documents = trx_json_get(root, "documents");
	row->kwargs = trx_json_get(root, "chat_template_kwargs");
	if (row->kwargs != NULL && row->kwargs->type != TRX_JSON_OBJECT)
		return reject(err, TRX_REASON_BAD_FIELD,
		    "\"chat_template_kwargs\" is not an object");
	if (trx_json_get(root, "context") != NULL ||
	    trx_json_get(root, "continuation") != NULL)
		return reject(err, TRX_REASON_AMBIGUOUS_ROW,
		    "both \"messages\" and \"context\" or \"continuation\"");
	if (index != better)
		return reject(err, TRX_REASON_AMBIGUOUS_ROW,
		    "only one of \"decision_idx\" and \"better_response\"");
	row->form = index ? TRX_JSONL_DECISION : TRX_JSONL_MESSAGES;
	return index ? read_decision(root, row, err) : TRX_REASON_NONE;
}

static enum trx_reason
read_text(const struct trx_json *root, struct trx_jsonl_row *row,
    struct trx_error *err)
{
	int context = string_member(root, "context", &row->context, err);
	int continuation;

	if (context == -1)
		return TRX_REASON_BAD_FIELD;
	continuation =
	    string_member(root, "continuation", &row->continuation, err);
	if (continuation == -1)
		return TRX_REASON_BAD_FIELD;
	if (trx_json_get(root, "decision_idx") != NULL ||
	    trx_json_get(root, "better_response") != NULL)
		return reject(err, TRX_REASON_AMBIGUOUS_ROW,
		    "\"decision_idx\" or \"better_response\" without "
		    "\"messages\"");
	if (context == 0 || continuation == 0)
		return reject(err, TRX_REASON_BAD_FIELD,
		    "neither \"messages\" nor \"context\" and "
		    "\"continuation\"");
	return TRX_REASON_NONE;
}

enum trx_reason
trx_jsonl_row(const struct trx_json *root, struct trx_arena *a,
    struct trx_jsonl_row *row, struct trx_error *err)
{
	enum trx_reason reason;
	int rc;

	*row = (struct trx_jsonl_row){ 0 };
	if (root->type != TRX_JSON_OBJECT)
		return reject(
		    err, TRX_REASON_BAD_FIELD, "the row is not an object");
	if ((rc = string_member(root, "id", &row->id, err)) == -1)
		return TRX_REASON_BAD_FIELD;
	row->has_id = rc == 1;
	if (check_reason_and_memories(root, err) == -1)
		return TRX_REASON_BAD_FIELD;
	row->messages = trx_json_get(root, "messages");
	reason = row->messages != NULL ? read_messages(root, row, err)
				       : read_text(root, row, err);
	if (reason != TRX_REASON_NONE)
		return reason;
	if (row->form != TRX_JSONL_MESSAGES && row->continuation.n == 0)
		return reject(err, TRX_REASON_NOTHING_TRAINED,
		    "the continuation is empty");
	trx_metadata(root, consumed, a, &row->metadata, err);
	return TRX_REASON_NONE;
}

static bool
is_one_of(struct trx_str key, const char *const *keys)
{
	for (; *keys != NULL; keys++)
		if (trx_str_is(key, *keys))
			return true;
	return false;
}

int
trx_jsonl_drop_null(struct trx_json *root, struct trx_arena *a)
{
	static const char *const checked[] = { "reason", "memories", NULL };
	struct trx_json_member *members, *to;
	const struct trx_json_member *m;
	size_t i;

	if (root->type != TRX_JSON_OBJECT)
		return 0;
	members = to = trx_arena_calloc(a, root->u.object.n, sizeof(*members));
	if (members == NULL)
		return -1;
	for (i = 0; i < root->u.object.n; i++) {
		m = &root->u.object.members[i];
		if (!is_one_of(m->key, consumed) &&
		    !is_one_of(m->key, checked)) {
			*to++ = *m;
			continue;
		}
		if (m->value.type == TRX_JSON_NULL)
			continue;
		*to = *m;
		if (trx_json_drop_null(&m->value, a, &to->value) == -1)
			return -1;
		to++;
	}
	root->u.object.members = members;
	root->u.object.n = (size_t)(to - members);
	return 0;
}

int
trx_jsonl_without(const struct trx_json *list, size_t n,
    const char *const *keys, struct trx_arena *a, struct trx_json *out)
{
	const struct trx_json *last = &list->u.array.items[n - 1];
	struct trx_json *items = trx_arena_calloc(a, n, sizeof(*items));
	struct trx_json_member *to;
	size_t i;
	int some = 0;

	to = trx_arena_calloc(a, last->u.object.n, sizeof(*to));
	if (items == NULL || to == NULL)
		return -1;
	memcpy(items, list->u.array.items, n * sizeof(*items));
	items[n - 1].u.object.members = to;
	items[n - 1].u.object.n = 0;
	for (i = 0; i < last->u.object.n; i++)
		if (!is_one_of(last->u.object.members[i].key, keys))
			to[items[n - 1].u.object.n++] =
			    last->u.object.members[i];
		else
			some |= !is_nothing(&last->u.object.members[i].value);
	*out = trx_json_array();
	out->u.array.items = items;
	out->u.array.n = n;
	return some;
}

static void
add_messages(const struct trx_json *list, size_t n, struct trx_buf *b)
{
	size_t i;

	trx_buf_addc(b, '[');
	for (i = 0; i < n; i++) {
		if (i != 0)
			trx_buf_addc(b, ',');
		trx_json_minify(b, list->u.array.items[i].raw);
	}
	trx_buf_addc(b, ']');
}

void
trx_jsonl_cut(
    const struct trx_json *root, size_t n, struct trx_str id, struct trx_buf *b)
{
	const struct trx_json_member *m;
	size_t i;

	trx_buf_addz(b, "{\"id\":");
	trx_json_quote(b, id);
	for (i = 0; i < root->u.object.n; i++) {
		m = &root->u.object.members[i];
		if (trx_str_is(m->key, "id"))
			continue;
		trx_buf_addc(b, ',');
		trx_buf_adds(b, m->raw_key);
		trx_buf_addc(b, ':');
		if (trx_str_is(m->key, "messages"))
			add_messages(&m->value, n, b);
		else
			trx_json_minify(b, m->value.raw);
	}
	trx_buf_addc(b, '}');
}

enum trx_reason
trx_jsonl_reason(enum trx_json_fault fault)
{
	static const enum trx_reason reasons[] = {
		[TRX_JSON_FINE] = TRX_REASON_NONE,
		[TRX_JSON_SYNTAX] = TRX_REASON_NOT_JSON,
		[TRX_JSON_NOT_UTF8] = TRX_REASON_NOT_UTF8,
		[TRX_JSON_LONE_SURROGATE] = TRX_REASON_LONE_SURROGATE,
		[TRX_JSON_DUPLICATE_KEY] = TRX_REASON_DUPLICATE_KEY,
		[TRX_JSON_TOO_DEEP] = TRX_REASON_TOO_DEEP,
		[TRX_JSON_MACHINE] = TRX_REASON_NONE,
	};

	return reasons[fault];
}
