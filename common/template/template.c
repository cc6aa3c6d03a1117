#include <stdlib.h>
#include <string.h>

#include "common/template/eval.h"
#include "common/template/fold.h"
#include "common/template/parser.h"
#include "common/template/place.h"
#include "common/template/prepare.h"
#include "common/template/strings.h"
#include "common/template/symbols.h"
#include "common/template/template.h"
#include "common/template/trace.h"

/* Put the template's name before the line in the error, if that is its own. */
static void
name_place(const char *name, struct trx_error *err)
{
	char cause[sizeof(err->text)];

	if (err->status != TRX_INPUT)
		return;
	memcpy(cause, err->text, sizeof(cause));
	trx_error_set(err, TRX_INPUT, "%s:%s", name, cause);
}

/* Is there a node of that kind (and name, unless NULL) at node or below it? */
static bool
has_node(const struct trx_node *node, enum trx_node_kind kind, const char *name)
{
	size_t i;

	if (node->kind == kind &&
	    (name == NULL || trx_str_is(node->name, name)))
		return true;
	for (i = 0; i < 4; i++)
		if (node->child[i] != NULL &&
		    has_node(node->child[i], kind, name))
			return true;
	for (i = 0; i < node->n; i++)
		if (has_node(node->list[i], kind, name))
			return true;
	return false;
}

/* Has source an escape that could be a surrogate's? */
static bool
has_escape(struct trx_str source)
{
	static const char *const escapes[] = { "\\ud", "\\uD", "\\U0000d",
		"\\U0000D" };
	size_t i;

	for (i = 0; i < sizeof(escapes) / sizeof(*escapes); i++)
		if (trx_strings_find(source, trx_str(escapes[i]), false) != -1)
			return true;
	return false;
}

struct trx_template *
trx_template_parse(
    struct trx_str source, const char *name, struct trx_error *err)
{
	struct trx_template *t = calloc(1, sizeof(*t));
	int rc = -1;

	if (t == NULL || (t->name = strdup(name)) == NULL) {
		trx_error_memory(err);
	} else if (source.n > TRX_TEMPLATE_SOURCE) {
		trx_error_set(
		    err, TRX_INPUT, "1: over %zu bytes", TRX_TEMPLATE_SOURCE);
	} else if (trx_parser_run(source, t, err) == 0) {
		rc = trx_symbols_run(t, err);
	}
	if (rc == 0 && t->late.status != TRX_OK) {
		*err = t->late;
		rc = -1;
	}
	if (rc == 0) {
		t->surrogates = has_escape(source);
		t->asks_date = has_node(t->body, TRX_N_NAME, "strftime_now");
		return t;
	}
	name_place(name, err);
	trx_template_free(t);
	return NULL;
}

struct trx_template *
trx_template_compile(
    struct trx_str source, const char *name, struct trx_error *err)
{
	struct trx_template *t = trx_template_parse(source, name, err);

	if (t == NULL)
		return NULL;
	if (trx_fold_run(t, err) == 0 && trx_prepare_run(t, err) == 0) {
		trx_place_run(t);
		return t;
	}
	name_place(name, err);
	trx_template_free(t);
	return NULL;
}

void
trx_template_free(struct trx_template *t)
{
	if (t == NULL)
		return;
	trx_arena_free(&t->arena);
	free(t->name);
	free(t);
}

bool
trx_template_generates(const struct trx_template *t)
{
	return has_node(t->body, TRX_N_GENERATION, NULL);
}

bool
trx_template_asks_date(const struct trx_template *t)
{
	return t->asks_date;
}

/*
 * Is a surrogate in what was appended?  Inside a rendering text holds them as
 * Python's does, each as three bytes, alone or side by side.
 */
static bool
has_surrogate(const struct trx_buf *out, size_t from)
{
	size_t i;

	for (i = from; i + 1 < out->len; i++)
		if ((unsigned char)out->data[i] == 0xed &&
		    (unsigned char)out->data[i + 1] >= 0xa0)
			return true;
	return false;
}

int
trx_template_render(const struct trx_template *t,
    const struct trx_template_input *input, struct trx_arena *arena,
    struct trx_template_trace *want, struct trx_buf *out, struct trx_error *err)
{
	size_t before = out->len;
	struct trx_text main = { .buf = *out };
	struct trx_trace trace = { .template = &t->arena, .want = want };
	struct trx_run run = { .input = input,
		.arena = arena,
		.arena_limit = arena->used + TRX_TEMPLATE_MEMORY,
		.main = &main,
		.out = &main,
		.trace = want == NULL ? NULL : &trace,
		.left = TRX_TEMPLATE_STEPS,
		.surrogates = t->surrogates,
		.line = 1,
		.err = err };
	int rc;

	if (want != NULL)
		trace.own = want->own;
	rc = trx_exec_template(&run, t);
	*out = main.buf;
	if (rc == 0 && run.surrogates && has_surrogate(out, before))
		rc = trx_run_fail(
		    &run, "the text has a surrogate, which UTF-8 cannot hold");
	if (rc == 0 &&
	    (want == NULL || trx_trace_finish(&run, before, want) == 0))
		return 0;
	out->len = before;
	if (err->status == TRX_INPUT)
		trx_error_at(err, "%s:%u", t->name, (unsigned)run.line);
	return -1;
}
