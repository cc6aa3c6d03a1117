/*
 * Render what the lines of standard input ask for, as JSON objects:
 *
 *   {"source": TEXT, "vars": {...}}          a template with its variables
 *   {"file": PATH, "vars": {...}}            the same, from a file
 *   {"model": DIR, "template": FILE, "chat": {"messages", "tools",
 *    "documents", "kwargs", "add_generation_prompt", "n"}}   the chat layer
 *   {"source": TEXT, "openai": "server", "chat": {"messages", "tools",
 *    "documents", "kwargs"}}   as JSON, what of a row a template gets from
 *    vLLM's server
 *   {"file": PATH, "openai": "study"}        what vLLM sees in a template
 *
 * and print {"out": TEXT, "gen": SPANS} or {"error": MESSAGE} for each; SPANS,
 * of generation blocks, are there where the request has "gen": "bytes", or
 * "quirks" for those that transformers records.  "now": DATE is the moment
 * that templates are told.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/chat/chat.h"
#include "common/chat/openai.h"
#include "common/json/canonical.h"
#include "common/json/reader.h"
#include "common/template/date.h"
#include "common/template/template.h"

#define MAX_VARS 64

/* The moment of tests/oracle/render.py. */
static const struct trx_date clock_ = { 2026, 8, 22, 13, 5, 9 };

/* What was compiled or opened last: requests of one kind stand together. */
struct cache {
	char *key;
	struct trx_template *template;
	struct trx_chat *chat;
	struct trx_date now; /* the request's */
};

static char *
text_of(const struct trx_json *v)
{
	if (v == NULL || v->type != TRX_JSON_STRING)
		return NULL;
	return strndup(v->u.string.p, v->u.string.n);
}

static int
slurp(const char *path, struct trx_buf *b)
{
	FILE *f = fopen(path, "rb");
	char part[65536];
	size_t n;

	if (f == NULL)
		return -1;
	while ((n = fread(part, 1, sizeof(part), f)) != 0)
		trx_buf_add(b, part, n);
	fclose(f);
	return 0;
}

static void
drop(struct cache *c)
{
	trx_template_free(c->template);
	trx_chat_free(c->chat);
	free(c->key);
	c->template = NULL;
	c->chat = NULL;
	c->key = NULL;
}

static int
read_now(struct cache *c, const struct trx_json *request, struct trx_error *err)
{
	struct trx_str now;

	c->now = clock_;
	if (trx_json_get_string(request, "now", &now) == 1 &&
	    trx_date_parse(now, &c->now) == -1)
		return trx_error_set(err, TRX_USAGE, "bad request");
	return 0;
}

/* Compile unless it is the same source as before. */
static int
compile(struct cache *c, const char *source, size_t n, struct trx_error *err)
{
	if (c->template != NULL && strcmp(c->key, source) == 0)
		return 0;
	drop(c);
	c->template = trx_template_compile(
	    (struct trx_str){ .p = source, .n = n }, "template", err);
	c->key = strdup(source);
	return c->template == NULL ? -1 : 0;
}

/* What the request wants to know of the text; NULL: nothing. */
static struct trx_template_trace *
traced(const struct trx_json *request, struct trx_template_trace *trace)
{
	struct trx_str how;

	*trace = (struct trx_template_trace){ 0 };
	if (trx_json_get_string(request, "gen", &how) != 1)
		return NULL;
	trace->quirks = trx_str_is(how, "quirks");
	return trace;
}

/* The request's template, and a NUL, into text.  Returns 0 or -1. */
static int
read_source(const struct trx_json *request, struct trx_buf *text)
{
	const struct trx_json *source = trx_json_get(request, "source");
	char *path = text_of(trx_json_get(request, "file"));
	int rc = -1;

	if (path != NULL)
		rc = slurp(path, text);
	else if (source != NULL)
		rc = 0, trx_buf_adds(text, source->u.string);
	trx_buf_addc(text, '\0');
	free(path);
	return rc;
}

static int
render_source(struct cache *c, const struct trx_json *request,
    struct trx_arena *a, struct trx_template_trace *trace, struct trx_buf *out,
    struct trx_error *err)
{
	struct trx_template_var vars[MAX_VARS];
	struct trx_template_input input = { .vars = vars, .now = &c->now };
	const struct trx_json *values = trx_json_get(request, "vars");
	struct trx_buf text = TRX_BUF_INIT;
	size_t i, n = values == NULL ? 0 : values->u.object.n;
	int rc = read_source(request, &text);

	if (rc == -1 || n > MAX_VARS) {
		rc = trx_error_set(err, TRX_USAGE, "bad request");
		goto out;
	}
	for (i = 0; i < n; i++) {
		const struct trx_json_member *m = &values->u.object.members[i];

		vars[i].name = m->key;
		vars[i].value = &m->value;
	}
	input.nvars = n;
	if ((rc = compile(c, text.data, text.len - 1, err)) == 0)
		rc = trx_template_render(
		    c->template, &input, a, traced(request, trace), out, err);
out:
	trx_buf_free(&text);
	return rc;
}

static int
by_bytes(const void *a, const void *b)
{
	return trx_str_compare(
	    *(const struct trx_str *)a, *(const struct trx_str *)b);
}

/* The format, whether the role developer is known, and the variables. */
static void
print_study(const struct trx_openai *o, struct trx_buf *out)
{
	size_t i;

	trx_buf_addz(
	    out, o->format == TRX_OPENAI_FORMAT_PARTS ? "openai" : "string");
	trx_buf_addz(out, o->developer ? " developer" : " -");
	if (o->variables.n != 0)
		qsort(o->variables.names, o->variables.n,
		    sizeof(*o->variables.names), by_bytes);
	for (i = 0; i < o->variables.n; i++)
		trx_buf_addf(out, " %.*s", (int)o->variables.names[i].n,
		    o->variables.names[i].p);
}

static int
print_row(const struct trx_openai_row *row, struct trx_arena *a,
    struct trx_buf *out, struct trx_error *err)
{
	const struct trx_json none = { .type = TRX_JSON_NULL };
	const struct trx_json empty = trx_json_object();
	const struct {
		const char *name;
		const struct trx_json *value;
	} parts[] = { { "messages", row->messages }, { "tools", row->tools },
		{ "documents", row->documents },
		{ "kwargs", row->kwargs == NULL ? &empty : row->kwargs } };
	struct trx_json whole = trx_json_object();
	const struct trx_template_var var = { TRX_STR("row"), &whole };
	const struct trx_template_input input = { .vars = &var, .nvars = 1 };
	struct trx_template *t =
	    trx_template_compile(TRX_STR("{{ row | tojson }}"), "row", err);
	size_t i;
	int rc;

	if (t == NULL)
		return -1;
	for (i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		trx_json_set(a, &whole, parts[i].name,
		    parts[i].value == NULL ? none : *parts[i].value);
	rc = trx_template_render(t, &input, a, NULL, out, err);
	trx_template_free(t);
	return rc;
}

static int
rewrite(const struct trx_json *request, struct trx_arena *a,
    struct trx_buf *out, struct trx_error *err)
{
	const struct trx_json *chat = trx_json_get(request, "chat");
	const struct trx_openai_row in = {
		.messages = trx_json_get(chat, "messages"),
		.tools = trx_json_get(chat, "tools"),
		.documents = trx_json_get(chat, "documents"),
		.kwargs = trx_json_get(chat, "kwargs"),
	};
	struct trx_buf text = TRX_BUF_INIT;
	struct trx_openai_row row;
	struct trx_openai o;
	struct trx_str way;
	int rc = -1;

	trx_json_get_string(request, "openai", &way);
	if (read_source(request, &text) == -1)
		trx_error_set(err, TRX_USAGE, "bad request");
	else
		rc = trx_openai_study(
		    (struct trx_str){ text.data, text.len - 1 }, "template", a,
		    &o, err);
	if (rc == 0 && trx_str_is(way, "study")) {
		print_study(&o, out);
	} else if (rc == 0) {
		rc = trx_openai_rewrite(&o, &in, a, &row, err);
		if (rc == 0)
			rc = print_row(&row, a, out, err);
	}
	trx_buf_free(&text);
	return rc;
}

static bool
is_true(const struct trx_json *v)
{
	return v != NULL && v->type == TRX_JSON_BOOL && v->u.boolean;
}

static int
render_chat(struct cache *c, const struct trx_json *request,
    struct trx_arena *a, struct trx_template_trace *trace, struct trx_buf *out,
    struct trx_error *err)
{
	const struct trx_json *chat = trx_json_get(request, "chat");
	struct trx_chat_trace chat_trace = { 0 };
	char *model = text_of(trx_json_get(request, "model"));
	char *file = text_of(trx_json_get(request, "template"));
	const struct trx_chat_options options = {
		.model = model, .template = file, .now = &c->now
	};
	struct trx_chat_input in = { 0 };
	struct trx_buf key = TRX_BUF_INIT;
	uint64_t n;
	int rc = -1;

	trx_buf_addf(&key, "%s %s", model == NULL ? "" : model,
	    file == NULL ? "" : file);
	trx_buf_addc(&key, '\0');
	if (c->chat == NULL || strcmp(c->key, key.data) != 0) {
		drop(c);
		c->key = strdup(key.data);
		if ((c->chat = trx_chat_open(&options, err)) == NULL)
			goto out;
	}
	in.messages = trx_json_get(chat, "messages");
	in.nmessages = in.messages == NULL ? 0 : in.messages->u.array.n;
	if (trx_json_get_uint(chat, "n", &n) == 1)
		in.nmessages = n;
	in.tools = trx_json_get(chat, "tools");
	in.documents = trx_json_get(chat, "documents");
	in.kwargs = trx_json_get(chat, "kwargs");
	in.add_generation_prompt =
	    is_true(trx_json_get(chat, "add_generation_prompt"));
	in.continue_final_message =
	    is_true(trx_json_get(chat, "continue_final_message"));
	if (traced(request, &chat_trace.trace) != NULL)
		in.trace = &chat_trace;
	rc = trx_chat_render(c->chat, &in, a, out, err);
	*trace = chat_trace.trace;
out:
	trx_buf_free(&key);
	free(model);
	free(file);
	return rc;
}

static void
add_spans(const struct trx_template_trace *trace, struct trx_buf *b)
{
	size_t i;

	trx_buf_addz(b, ",\"gen\":[");
	for (i = 0; i < trace->nspans; i++)
		trx_buf_addf(b, "%s[%zu,%zu]", i == 0 ? "" : ",",
		    trace->spans[i].begin, trace->spans[i].end);
	trx_buf_addz(b, "]");
}

/* trace: NULL where the answer has no spans. */
static void
answer(const char *key, struct trx_str text,
    const struct trx_template_trace *trace)
{
	struct trx_buf b = TRX_BUF_INIT;

	trx_buf_addf(&b, "{\"%s\":", key);
	trx_json_quote(&b, text);
	if (trace != NULL)
		add_spans(trace, &b);
	trx_buf_addz(&b, "}\n");
	fwrite(b.data, 1, b.len, stdout);
	trx_buf_free(&b);
}

int
main(void)
{
	struct trx_error err;
	struct trx_json_reader *reader = trx_json_reader_new(&err);
	struct trx_arena a = TRX_ARENA_INIT;
	struct trx_buf out = TRX_BUF_INIT;
	struct cache cache = { 0 };
	struct trx_template_trace trace = { 0 };
	struct trx_json request;
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	int rc;

	if (reader == NULL)
		return TRX_MACHINE;
	/* What was answered stays known where a rendering crashes. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	while ((n = getline(&line, &cap, stdin)) > 0) {
		struct trx_buf text = TRX_BUF_INIT;

		trx_buf_reset(&out);
		trx_arena_reset(&a);
		trx_buf_add(&text, line, (size_t)n);
		trx_buf_addzeros(&text, TRX_JSON_PADDING);
		rc = trx_json_read(reader, text.data, (size_t)n, &a, &request,
			 &err) == TRX_JSON_FINE
			 ? 0
			 : -1;
		if (rc == 0)
			rc = read_now(&cache, &request, &err);
		if (rc == 0 && trx_json_get(&request, "openai") != NULL)
			rc = rewrite(&request, &a, &out, &err);
		else if (rc == 0)
			rc = trx_json_get(&request, "chat") != NULL
				 ? render_chat(
				       &cache, &request, &a, &trace, &out, &err)
				 : render_source(&cache, &request, &a, &trace,
				       &out, &err);
		if (rc == 0)
			answer("out", trx_buf_str(&out),
			    trx_json_get(&request, "gen") != NULL ? &trace
								  : NULL);
		else
			answer("error", trx_str(err.text), NULL);
		trx_buf_free(&text);
	}
	drop(&cache);
	free(line);
	trx_buf_free(&out);
	trx_arena_free(&a);
	trx_json_reader_free(reader);
	return 0;
}
