#include <stdlib.h>
#include <string.h>

#include "common/template/chat_trace.h"

/* Strings that are being collected. */
struct texts {
	struct trx_chat_text *at; /* NULL: only counted */
	size_t n;
	int32_t message;
};

static void
collect(const struct trx_json *v, struct texts *t)
{
	size_t i;

	switch (v->type) {
	case TRX_JSON_STRING:
		if (v->u.string.n == 0)
			break;
		if (t->at != NULL)
			t->at[t->n] =
			    (struct trx_chat_text){ .text = v->u.string,
				    .message = t->message };
		t->n++;
		break;
	case TRX_JSON_ARRAY:
		for (i = 0; i < v->u.array.n; i++)
			collect(&v->u.array.items[i], t);
		break;
	case TRX_JSON_OBJECT:
		for (i = 0; i < v->u.object.n; i++)
			collect(&v->u.object.members[i].value, t);
		break;
	default:
		break;
	}
}

static void
collect_messages(
    const struct trx_json *messages, const int32_t *origins, struct texts *t)
{
	size_t i;

	t->n = 0;
	for (i = 0; i < messages->u.array.n; i++) {
		t->message = origins == NULL ? (int32_t)i : origins[i];
		collect(&messages->u.array.items[i], t);
	}
}

static int
by_address(const void *a, const void *b)
{
	const struct trx_chat_text *p = a, *q = b;

	return (p->text.p > q->text.p) - (p->text.p < q->text.p);
}

int
trx_chat_trace_begin(const struct trx_json *messages, const int32_t *origins,
    struct trx_arena *a, struct trx_chat_trace *trace, struct trx_error *err)
{
	struct texts texts = { 0 };
	struct trx_str *inputs;
	size_t i;

	collect_messages(messages, origins, &texts);
	texts.at = trx_arena_calloc(a, texts.n, sizeof(*texts.at));
	inputs = trx_arena_calloc(a, texts.n, sizeof(*inputs));
	if (texts.at == NULL || inputs == NULL)
		return trx_error_memory(err);
	collect_messages(messages, origins, &texts);
	/* Most often they are in order already. */
	for (i = 1; i < texts.n; i++)
		if (by_address(&texts.at[i - 1], &texts.at[i]) > 0) {
			qsort(texts.at, texts.n, sizeof(*texts.at), by_address);
			break;
		}
	for (i = 0; i < texts.n; i++)
		inputs[i] = texts.at[i].text;
	trace->texts = texts.at;
	trace->trace.inputs = inputs;
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
