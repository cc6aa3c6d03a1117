#include <string.h>

#include "common/chat/openai.h"
#include "common/chat/openai_messages.h"
#include "common/chat/openai_request.h"

static bool
mentions(struct trx_str source, const char *word)
{
	return memmem(source.p, source.n, word, strlen(word)) != NULL;
}

int
trx_openai_study(struct trx_str source, const char *name, struct trx_arena *a,
    struct trx_openai *out, struct trx_error *err)
{
	struct trx_template *t = trx_template_parse(source, name, err);
	int rc = -1;

	if (t == NULL)
		return -1;
	out->developer = source.n != 0 && (mentions(source, "\"developer\"") ||
					      mentions(source, "'developer'"));
	if (trx_openai_format_detect(t, &out->format, err) == 0)
		rc = trx_openai_variables_find(t, a, &out->variables, err);
	trx_template_free(t);
	return rc;
}

/* -- template arguments -- */

/* What becomes of an argument. */
enum fate {
	ASKED_FOR, /* a variable, if the template asks for one of that name */
	HIDDEN,	   /* taken by vLLM or transformers: no variable */
	OFF_ONLY,  /* likewise, and trx does not do it */
	FATAL,	   /* they fail */
	CLASH,	   /* they fail if the template asks for it */
	REFUSED,   /* trx does not do it */
	FORBIDDEN  /* the server forbids it, unless it is null */
};

static enum fate
fate_of(struct trx_str name)
{
	static const struct {
		const char *name;
		enum fate fate;
	} known[] = {
		{ "add_generation_prompt", HIDDEN },
		{ "chat_template", FORBIDDEN },
		{ "continue_final_message", HIDDEN },
		{ "conversation", FATAL },
		{ "conversations", CLASH },
		{ "documents", REFUSED },
		{ "max_length", HIDDEN },
		{ "messages", CLASH },
		{ "model_config", FATAL },
		{ "padding", HIDDEN },
		{ "return_assistant_tokens_mask", OFF_ONLY },
		{ "return_dict", HIDDEN },
		{ "return_tensors", HIDDEN },
		{ "sanitize_control_tokens", OFF_ONLY },
		{ "self", FATAL },
		{ "tokenize", OFF_ONLY },
		{ "tokenizer", FATAL },
		{ "tokenizer_kwargs", HIDDEN },
		{ "tools", REFUSED },
		{ "truncation", HIDDEN },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (trx_str_is(name, known[i].name))
			return known[i].fate;
	return ASKED_FOR;
}

static bool
asks_for(const struct trx_openai *o, struct trx_str name)
{
	size_t i;

	for (i = 0; i < o->variables.n; i++)
		if (trx_str_equal(o->variables.names[i], name))
			return true;
	return false;
}

static int
refuse(struct trx_str name, struct trx_error *err)
{
	return trx_error_set(err, TRX_INPUT,
	    "chat_template_kwargs: %.*s is not supported there", (int)name.n,
	    name.p);
}

/* Is the argument a variable of the template?  1, 0 or -1. */
static int
keeps(const struct trx_openai *o, const struct trx_json_member *m,
    struct trx_error *err)
{
	enum fate fate = fate_of(m->key);
	const struct trx_json *v = &m->value;

	/* The server takes null and "auto" for no argument. */
	if (v->type == TRX_JSON_NULL ||
	    (fate != FORBIDDEN && trx_json_is(v, "auto")))
		return 0;
	switch (fate) {
	case ASKED_FOR:
		return asks_for(o, m->key);
	case HIDDEN:
		return 0;
	case OFF_ONLY:
		if (!trx_json_truth(v))
			return 0;
		return refuse(m->key, err);
	case REFUSED:
	case FORBIDDEN:
		return refuse(m->key, err);
	case CLASH:
		if (!asks_for(o, m->key))
			return 0;
		break;
	case FATAL:
		break;
	}
	return trx_error_set(err, TRX_INPUT,
	    "chat_template_kwargs: vLLM fails on %.*s", (int)m->key.n,
	    m->key.p);
}

static int
rewrite_kwargs(const struct trx_openai *o, const struct trx_json *kwargs,
    struct trx_arena *a, const struct trx_json **out, struct trx_error *err)
{
	struct trx_json *to;
	size_t i;
	int rc;

	*out = NULL;
	if (trx_json_is_null(kwargs))
		return 0;
	if (kwargs->type != TRX_JSON_OBJECT)
		return trx_error_set(
		    err, TRX_INPUT, "chat_template_kwargs is no object");
	if ((to = trx_arena_alloc(a, sizeof(*to))) == NULL)
		return trx_error_memory(err);
	*to = trx_json_object();
	to->u.object.members = trx_arena_calloc(
	    a, kwargs->u.object.n, sizeof(*to->u.object.members));
	if (to->u.object.members == NULL)
		return trx_error_memory(err);
	for (i = 0; i < kwargs->u.object.n; i++) {
		if ((rc = keeps(o, &kwargs->u.object.members[i], err)) == -1)
			return -1;
		if (rc == 1)
			to->u.object.members[to->u.object.n++] =
			    kwargs->u.object.members[i];
	}
	*out = to;
	return 0;
}

/* -- the row -- */

static int
rewrite_tools(const struct trx_json *tools, struct trx_arena *a,
    const struct trx_json **out, struct trx_error *err)
{
	struct trx_json *to;

	*out = NULL;
	if (trx_json_is_null(tools))
		return 0;
	if ((to = trx_arena_alloc(a, sizeof(*to))) == NULL)
		return trx_error_memory(err);
	*out = to;
	return trx_openai_request_tools(tools, a, to, err);
}

static int
rewrite_documents(const struct trx_json *documents, const struct trx_json **out,
    struct trx_error *err)
{
	*out = NULL;
	if (trx_json_is_null(documents))
		return 0;
	*out = documents;
	return trx_openai_request_documents(documents, err);
}

static int
rewrite_messages(const struct trx_openai *o, const struct trx_json *messages,
    struct trx_arena *a, struct trx_openai_row *out, struct trx_error *err)
{
	struct trx_json checked, *to;

	if (messages == NULL || messages->type != TRX_JSON_ARRAY)
		return trx_error_set(err, TRX_INPUT, "messages is no list");
	if (trx_openai_messages_refuse_media(messages, err) == -1 ||
	    trx_openai_request_messages(messages, a, &checked, err) == -1)
		return -1;
	if ((to = trx_arena_alloc(a, sizeof(*to))) == NULL)
		return trx_error_memory(err);
	out->messages = to;
	return trx_openai_messages_rewrite(
	    &checked, o->format, o->developer, a, to, &out->origins, err);
}

int
trx_openai_rewrite(const struct trx_openai *o, const struct trx_openai_row *in,
    struct trx_arena *a, struct trx_openai_row *out, struct trx_error *err)
{
	*out = (struct trx_openai_row){ 0 };
	if (rewrite_documents(in->documents, &out->documents, err) == -1 ||
	    rewrite_tools(in->tools, a, &out->tools, err) == -1 ||
	    rewrite_kwargs(o, in->kwargs, a, &out->kwargs, err) == -1)
		return -1;
	return rewrite_messages(o, in->messages, a, out, err);
}
