#include <stdlib.h>
#include <string.h>

#include "common/chat/chat.h"
#include "common/chat/files.h"
#include "common/chat/final.h"
#include "common/chat/openai.h"
#include "common/chat/trace.h"
#include "common/digest/sha256.h"
#include "common/json/reader.h"
#include "common/template/strings.h"

/* What serves rows of a kind. */
struct side {
	struct trx_template *template; /* may be NULL */
	struct trx_openai openai;      /* of it, where rows are rewritten */
};

struct trx_chat {
	struct trx_chat_files files;
	char *model;
	struct trx_template_var *vars; /* special tokens, then those given */
	size_t nvars;
	const struct trx_date *now;
	bool openai;
	struct side plain; /* `default` */
	struct side tools; /* `tool_use` */
	char sha256[TRX_SHA256_HEX];
	struct trx_arena arena; /* owns names, texts and values */
};

/* Compile the template of that name, if there is one. */
static int
compile(struct trx_chat *c, const char *name, const char *shown,
    struct side *side, struct trx_error *err)
{
	struct trx_str source = trx_chat_names_get(&c->files.templates, name);

	if (source.p == NULL)
		return 0;
	side->template = trx_template_compile(source, shown, err);
	if (side->template == NULL)
		return -1;
	return c->openai ? trx_openai_study(
			       source, shown, &c->arena, &side->openai, err)
			 : 0;
}

static void
digest_names(struct trx_sha256 *sha, const char *what,
    const struct trx_chat_names *names)
{
	const struct trx_chat_named *one;
	size_t i;

	for (i = 0; i < names->n; i++) {
		one = &names->at[i];
		trx_sha256_add(sha, what, strlen(what) + 1);
		trx_sha256_add(sha, one->name, strlen(one->name) + 1);
		trx_sha256_add(sha, one->text.p, one->text.n);
		trx_sha256_add(sha, "", 1);
	}
}

static int
digest(struct trx_chat *c, struct trx_error *err)
{
	struct trx_sha256 *sha = trx_sha256_new(err);
	int rc;

	if (sha == NULL)
		return -1;
	digest_names(sha, "template", &c->files.templates);
	digest_names(sha, "token", &c->files.tokens);
	rc = trx_sha256_hex(sha, c->sha256, err);
	trx_sha256_free(sha);
	return rc;
}

/* The variable that KEY=JSON is. */
static int
read_var(struct trx_chat *c, const char *text, struct trx_template_var *var,
    struct trx_error *err)
{
	const char *equals = strchr(text, '=');
	struct trx_json *value = trx_arena_alloc(&c->arena, sizeof(*value));
	struct trx_str name = { text, 0 }, json;

	if (value == NULL)
		return trx_error_memory(err);
	if (equals == NULL || equals == text)
		return trx_error_set(
		    err, TRX_USAGE, "'%s' is not KEY=JSON", text);
	name.n = (size_t)(equals - text);
	json.n = strlen(equals + 1);
	if ((json.p = trx_arena_copy(&c->arena, trx_str(equals + 1))) == NULL)
		return trx_error_memory(err);
	if (trx_json_parse(json, &c->arena, value, err) == -1) {
		if (err->status == TRX_INPUT)
			err->status = TRX_USAGE;
		return trx_error_at(err, "'%s' is not KEY=JSON", text);
	}
	var->value = value;
	var->name = name;
	return 0;
}

/* The variables of every rendering, the weaker ones first. */
static int
make_vars(struct trx_chat *c, const char *const *given, struct trx_error *err)
{
	const struct trx_chat_names *tokens = &c->files.tokens;
	struct trx_json *values;
	size_t n = 0, i;

	while (given != NULL && given[n] != NULL)
		n++;
	values = trx_arena_calloc(&c->arena, tokens->n, sizeof(*values));
	c->vars = trx_arena_calloc(&c->arena, tokens->n + n, sizeof(*c->vars));
	if (values == NULL || c->vars == NULL)
		return trx_error_memory(err);
	for (i = 0; i < tokens->n; i++) {
		values[i] = trx_json_string(tokens->at[i].text);
		c->vars[c->nvars++] =
		    (struct trx_template_var){ trx_str(tokens->at[i].name),
			    &values[i] };
	}
	for (i = 0; i < n; i++)
		if (read_var(c, given[i], &c->vars[c->nvars++], err) == -1)
			return -1;
	return 0;
}

static int
compile_all(
    struct trx_chat *c, const struct trx_chat_options *o, struct trx_error *err)
{
	const char *plain = o->template != NULL ? o->template : "chat template";

	if (compile(c, "default", plain, &c->plain, err) == -1 ||
	    compile(c, "tool_use", "chat template tool_use", &c->tools, err) ==
		-1)
		return -1;
	if (c->plain.template == NULL && c->tools.template == NULL)
		return trx_error_set(err, TRX_INPUT, "%s: no chat template",
		    o->model == NULL ? "no model" : o->model);
	return 0;
}

struct trx_chat *
trx_chat_open(const struct trx_chat_options *o, struct trx_error *err)
{
	struct trx_chat *c = calloc(1, sizeof(*c));

	if (c == NULL) {
		trx_error_memory(err);
		return NULL;
	}
	c->files.arena = &c->arena;
	c->now = o->now;
	c->openai = o->openai;
	if (o->model != NULL && (c->model = strdup(o->model)) == NULL) {
		trx_error_memory(err);
		goto fail;
	}
	if (trx_chat_files_read(&c->files, o->model, o->template, err) == -1 ||
	    compile_all(c, o, err) == -1 || make_vars(c, o->vars, err) == -1 ||
	    digest(c, err) == -1)
		goto fail;
	return c;
fail:
	trx_chat_free(c);
	return NULL;
}

void
trx_chat_free(struct trx_chat *c)
{
	if (c == NULL)
		return;
	trx_template_free(c->plain.template);
	trx_template_free(c->tools.template);
	trx_arena_free(&c->arena);
	free(c->model);
	free(c);
}

const char *
trx_chat_sha256(const struct trx_chat *c)
{
	return c->sha256;
}

struct trx_str
trx_chat_bos(const struct trx_chat *c)
{
	return trx_chat_names_get(&c->files.tokens, "bos_token");
}

struct trx_str
trx_chat_eos(const struct trx_chat *c)
{
	return trx_chat_names_get(&c->files.tokens, "eos_token");
}

bool
trx_chat_has_special(const struct trx_chat *c)
{
	return c->files.added.n != 0;
}

struct trx_str
trx_chat_special(const struct trx_chat *c, struct trx_str text, size_t *at)
{
	const struct trx_chat_names *added = &c->files.added;
	struct trx_str best = { NULL, 0 }, one;
	const char *p;
	size_t i, offset;

	for (i = 0; i < added->n; i++) {
		one = added->at[i].text;
		p = text.n == 0 ? NULL : memmem(text.p, text.n, one.p, one.n);
		if (p == NULL)
			continue;
		offset = (size_t)(p - text.p);
		/* Of two at one place the longer, as tokenizers match. */
		if (best.p == NULL || offset < *at ||
		    (offset == *at && one.n > best.n)) {
			best = one;
			*at = offset;
		}
	}
	return best;
}

int
trx_chat_know_added(struct trx_chat *c, struct trx_error *err)
{
	if (c->model == NULL)
		return 0;
	return trx_chat_files_read_added(&c->files, c->model, err);
}

static const struct side *
side_of(const struct trx_chat *c, bool tools)
{
	return tools && c->tools.template != NULL ? &c->tools : &c->plain;
}

const struct trx_template *
trx_chat_template(const struct trx_chat *c, bool tools)
{
	return side_of(c, tools)->template;
}

/* tools or documents, as transformers accepts them. */
static int
check_objects(const struct trx_json *v, const char *what, struct trx_error *err)
{
	size_t i;

	if (trx_json_is_null(v))
		return 0;
	if (v->type != TRX_JSON_ARRAY)
		return trx_error_set(err, TRX_INPUT, "%s is no list", what);
	for (i = 0; i < v->u.array.n; i++)
		if (v->u.array.items[i].type != TRX_JSON_OBJECT)
			return trx_error_set(err, TRX_INPUT,
			    "item %zu of %s is no object", i, what);
	return 0;
}

static int
check_input(const struct trx_chat_input *in, struct trx_error *err)
{
	if (in->messages == NULL || in->messages->type != TRX_JSON_ARRAY)
		return trx_error_set(err, TRX_INPUT, "messages is no list");
	if (in->nmessages == 0 || in->messages->u.array.n == 0)
		return trx_error_set(
		    err, TRX_INPUT, "the conversation is empty");
	if (in->kwargs != NULL && in->kwargs->type != TRX_JSON_OBJECT)
		return trx_error_set(
		    err, TRX_INPUT, "chat_template_kwargs is no object");
	if (check_objects(in->tools, "tools", err) == -1)
		return -1;
	return check_objects(in->documents, "documents", err);
}

/* The variables, each stronger than those before it; NULL out of memory. */
static struct trx_template_var *
row_vars(const struct trx_chat *c, const struct trx_json *kwargs,
    struct trx_arena *a, size_t *n)
{
	size_t nkwargs = kwargs == NULL ? 0 : kwargs->u.object.n, i;
	struct trx_template_var *vars, *to;
	const struct trx_json_member *m;

	*n = c->nvars + nkwargs;
	if ((vars = trx_arena_alloc(a, (*n + 4) * sizeof(*vars))) == NULL)
		return NULL;
	if (c->nvars != 0)
		memcpy(vars, c->vars, c->nvars * sizeof(*vars));
	to = vars + c->nvars;
	for (i = 0; i < nkwargs; i++, to++) {
		m = &kwargs->u.object.members[i];
		to->name = m->key;
		to->value = &m->value;
	}
	return vars;
}

/* Render a row, which the template of side serves. */
static int
render(const struct trx_chat *c, const struct side *side,
    const struct trx_chat_input *in, const struct trx_openai_row *row,
    struct trx_arena *a, struct trx_buf *out, struct trx_error *err)
{
	const struct trx_json none = { .type = TRX_JSON_NULL };
	const struct trx_json prompt = trx_json_bool(in->add_generation_prompt);
	struct trx_template_input input = { .now = c->now };
	struct trx_template_trace *trace = NULL;
	struct trx_template_var *vars;
	size_t n;

	if ((vars = row_vars(c, row->kwargs, a, &n)) == NULL)
		return trx_error_memory(err);
	vars[n++] =
	    (struct trx_template_var){ TRX_STR("messages"), row->messages };
	vars[n++] = (struct trx_template_var){ TRX_STR("tools"),
		trx_json_is_null(row->tools) ? &none : row->tools };
	vars[n++] = (struct trx_template_var){ TRX_STR("documents"),
		trx_json_is_null(row->documents) ? &none : row->documents };
	vars[n++] = (struct trx_template_var){ TRX_STR("add_generation_prompt"),
		&prompt };
	input.vars = vars;
	input.nvars = n;
	if (in->trace != NULL) {
		trace = &in->trace->trace;
		trace->own = &c->arena;
		if (trx_chat_trace_begin(
			row->messages, row->origins, a, in->trace, err) == -1)
			return -1;
	}
	return trx_template_render(side->template, &input, a, trace, out, err);
}

/* Does the source of the template that serves these speak of content at all? */
static bool
mentions_content(const struct trx_chat *c, const struct side *side)
{
	const char *name = side == &c->tools ? "tool_use" : "default";

	return trx_strings_find(trx_chat_names_get(&c->files.templates, name),
		   TRX_STR("content"), false) != -1;
}

static int
render_continued(const struct trx_chat *c, const struct side *side,
    const struct trx_chat_input *in, const struct trx_openai_row *row,
    struct trx_arena *a, struct trx_buf *out, struct trx_error *err)
{
	struct trx_json messages = *row->messages;
	struct trx_openai_row tagged = *row;
	size_t before = out->len, n = 0;
	struct trx_str final, text;

	tagged.messages = &messages;
	if (in->add_generation_prompt)
		return trx_error_set(err, TRX_INPUT,
		    "a message that is continued takes no generation prompt");
	if (!mentions_content(c, side))
		return trx_error_set(err, TRX_INPUT,
		    "the template does not read a message's content");
	if (trx_chat_final_tag(&messages, &final, a, err) == -1 ||
	    render(c, side, in, &tagged, a, out, err) == -1)
		return -1;
	text = (struct trx_str){ out->data + before, out->len - before };
	out->len = before;
	if (trx_chat_final_find(text, final, &n, err) == -1)
		return -1;
	out->len = before + n;
	if (in->trace != NULL)
		trx_chat_final_cut(&in->trace->trace, n);
	return 0;
}

int
trx_chat_render(const struct trx_chat *c, const struct trx_chat_input *in,
    struct trx_arena *a, struct trx_buf *out, struct trx_error *err)
{
	struct trx_openai_row given, row;
	const struct side *side;
	struct trx_json messages;

	if (check_input(in, err) == -1)
		return -1;
	side = side_of(c, !trx_json_is_null(in->tools));
	if (side->template == NULL)
		return trx_error_set(err, TRX_INPUT,
		    "the model has no default template, and the row no tools");
	messages = *in->messages;
	if (messages.u.array.n > in->nmessages)
		messages.u.array.n = in->nmessages;
	given = (struct trx_openai_row){ .messages = &messages,
		.tools = in->tools,
		.documents = in->documents,
		.kwargs = in->kwargs };
	row = given;
	if (c->openai &&
	    trx_openai_rewrite(&side->openai, &given, a, &row, err) == -1)
		return -1;
	if (in->continue_final_message)
		return render_continued(c, side, in, &row, a, out, err);
	return render(c, side, in, &row, a, out, err);
}
