#include <string.h>

#include "common/chat/trace.h"

/* Strings that are being collected. */
struct texts {
	struct trx_arena *arena;
	struct trx_str *inputs;
	int32_t *messages; /* which each is of */
	size_t n;
	size_t cap;
};

/* Room for one more.  Returns 0 or -1. */
static int
grow(struct texts *t)
{
	size_t cap = t->cap == 0 ? 32 : t->cap * 2;
	struct trx_str *inputs =
	    trx_arena_alloc(t->arena, cap * sizeof(*inputs));
	int32_t *messages = trx_arena_alloc(t->arena, cap * sizeof(*messages));

	if (inputs == NULL || messages == NULL)
		return -1;
	if (t->n != 0) {
		memcpy(inputs, t->inputs, t->n * sizeof(*inputs));
		memcpy(messages, t->messages, t->n * sizeof(*messages));
	}
	t->inputs = inputs;
	t->messages = messages;
	t->cap = cap;
	return 0;
}

static inline int
add(struct trx_str s, int32_t message, struct texts *t)
{
	if (s.n == 0)
		return 0;
	if (t->n == t->cap && grow(t) == -1)
		return -1;
	t->inputs[t->n] = s;
	t->messages[t->n++] = message;
	return 0;
}

static int
collect(const struct trx_json *v, int32_t message, struct texts *t)
{
	const struct trx_json *one;
	size_t i;

	switch (v->type) {
	case TRX_JSON_STRING:
		return add(v->u.string, message, t);
	case TRX_JSON_ARRAY:
		for (i = 0; i < v->u.array.n; i++)
			if (collect(&v->u.array.items[i], message, t) == -1)
				return -1;
		break;
	case TRX_JSON_OBJECT:
		for (i = 0; i < v->u.object.n; i++) {
			one = &v->u.object.members[i].value;
			if ((one->type == TRX_JSON_STRING
				    ? add(one->u.string, message, t)
				    : collect(one, message, t)) == -1)
				return -1;
		}
		break;
	default:
		break;
	}
	return 0;
}

int
trx_chat_trace_begin(const struct trx_json *messages, const int32_t *origins,
    struct trx_arena *a, struct trx_chat_trace *trace, struct trx_error *err)
{
	struct texts texts = { .arena = a };
	size_t i;

	for (i = 0; i < messages->u.array.n; i++)
		if (collect(&messages->u.array.items[i],
			origins == NULL ? (int32_t)i : origins[i],
			&texts) == -1)
			return trx_error_memory(err);
	trace->messages = texts.messages;
	trace->trace.inputs = texts.inputs;
	trace->trace.ninputs = texts.n;
	return 0;
}

int
trx_chat_find_text(const struct trx_chat_trace *trace, struct trx_str text,
    size_t *begin, size_t *end)
{
	const struct trx_template_trace *t = &trace->trace;
	const struct trx_template_piece *p;
	size_t i, got = 0;

	for (i = 0; i < t->npieces; i++) {
		p = &t->pieces[i];
		if (p->input < 0 || t->inputs[p->input].p != text.p)
			continue;
		if (p->offset != got || (got != 0 && p->begin != *end))
			return 0;
		if (got == 0)
			*begin = p->begin;
		*end = p->end;
		got += p->end - p->begin;
	}
	return got == text.n;
}
