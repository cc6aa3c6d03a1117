#include <inttypes.h>

#include "common/example/jsonl.h"
#include "common/example/metadata.h"
#include "common/record/frame.h"

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

static bool
is_assistant(const struct trx_json *message)
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
	if (k < list->u.array.n && !is_assistant(&list->u.array.items[k])) {
		trx_error_set(err, TRX_INPUT,
		    "message %" PRIu64 ", the decision, is not the "
		    "assistant's",
		    k);
		return TRX_REASON_BAD_FIELD;
	}
	row->decision = (uint32_t)k;
	return TRX_REASON_NONE;
}

/* Form 3: the decision is the last message, and its text the continuation. */
static enum trx_reason
read_last(struct trx_jsonl_row *row, struct trx_error *err)
{
	size_t i, n = row->messages->u.array.n;
	const struct trx_json *last, *more;

	if (n < 2)
		return reject(err, TRX_REASON_BAD_FIELD,
		    "no message stands before the last, the decision");
	last = &row->messages->u.array.items[n - 1];
	if (!is_assistant(last))
		return reject(err, TRX_REASON_BAD_FIELD,
		    "the last message, the decision, is not the assistant's");
	if (trx_json_get_string(last, "content", &row->continuation) != 1)
		return reject(err, TRX_REASON_NOT_TEXT,
		    "the last message's content is not a string");
	for (i = 0; beyond_content[i] != NULL; i++) {
		more = trx_json_get(last, beyond_content[i]);
		if (is_nothing(more))
			continue;
		trx_error_set(err, TRX_INPUT,
		    "the last message has \"%s\" beside its content",
		    beyond_content[i]);
		return TRX_REASON_NOT_TEXT;
	}
	row->decision = (uint32_t)(n - 1);
	return TRX_REASON_NONE;
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
	return index ? read_decision(root, row, err) : read_last(row, err);
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
	if (row->continuation.n == 0)
		return reject(err, TRX_REASON_NOTHING_TRAINED,
		    "the continuation is empty");
	trx_metadata(root, consumed, a, &row->metadata, err);
	return TRX_REASON_NONE;
}

enum trx_reason
trx_jsonl_example(const struct trx_jsonl_row *row, struct trx_str id,
    struct trx_buf *context, struct trx_arena *a, struct trx_row *out,
    struct trx_error *err)
{
	bool rendered = row->messages != NULL;
	struct trx_group *g = trx_arena_calloc(a, 1, sizeof(*g));
	struct trx_part *parts = trx_arena_calloc(a, 2, sizeof(*parts));
	size_t cut = context->len, n = 0;

	trx_buf_adds(context, row->continuation);
	if (g == NULL || parts == NULL || context->failed ||
	    (g->text.p = trx_arena_copy(a, trx_buf_str(context))) == NULL) {
		trx_error_memory(err);
		return TRX_REASON_NONE;
	}
	g->text.n = context->len;
	if (g->text.n > TRX_FRAME_MAX) {
		trx_error_set(
		    err, TRX_INPUT, "its text has %zu bytes", g->text.n);
		return TRX_REASON_TOO_LARGE;
	}
	if (cut > 0)
		parts[n++] =
		    (struct trx_part){ .end = (uint32_t)cut, .message = -1 };
	parts[n++] = (struct trx_part){ .begin = (uint32_t)cut,
		.end = (uint32_t)g->text.n,
		.flags = TRX_PART_TRAINED | TRX_PART_CUT_BEFORE,
		.message = rendered ? (int32_t)row->decision : -1 };
	g->id = id;
	g->metadata = row->metadata;
	g->rendered = rendered;
	g->parts = parts;
	g->nparts = n;
	*out = (struct trx_row){
		.kind = TRX_KIND_TEXT, .groups = g, .ngroups = 1
	};
	return TRX_REASON_NONE;
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
