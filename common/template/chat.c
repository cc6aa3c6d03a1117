#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/digest/sha256.h"
#include "common/json/reader.h"
#include "common/template/chat.h"
#include "common/template/template.h"

#define FILE_MAX ((size_t)64 << 20) /* bytes of a model file */

/* A template's source or a special token. */
struct named {
	char *name;
	struct trx_str text; /* the arena's */
};

struct names {
	struct named *at;
	size_t n;
	size_t cap;
};

struct trx_chat {
	struct names sources;
	struct names tokens;
	struct trx_json *token_values; /* as tokens.at[], for rendering */
	struct trx_template *plain;    /* `default`, may be NULL */
	struct trx_template *tools;    /* `tool_use`, may be NULL */
	char sha256[TRX_SHA256_HEX];
	struct trx_arena arena; /* owns names and texts */
};

/* Set name (a later one of the same name wins).  Returns 0 or -1. */
static int
set_name(struct trx_chat *c, struct names *names, struct trx_str name,
    struct trx_str text, struct trx_error *err)
{
	size_t i, cap = names->cap == 0 ? 8 : names->cap * 2;
	struct named *at;

	for (i = 0; i < names->n; i++)
		if (trx_str_is(name, names->at[i].name)) {
			names->at[i].text = text;
			return 0;
		}
	if (names->n == names->cap) {
		at = trx_arena_calloc(&c->arena, cap, sizeof(*at));
		if (at == NULL)
			return trx_error_memory(err);
		if (names->n != 0)
			memcpy(at, names->at, names->n * sizeof(*at));
		names->at = at;
		names->cap = cap;
	}
	if ((names->at[i].name = trx_arena_copy(&c->arena, name)) == NULL)
		return trx_error_memory(err);
	names->at[i].text = text;
	names->n++;
	return 0;
}

static const struct named *
get_name(const struct names *names, const char *name)
{
	size_t i;

	for (i = 0; i < names->n; i++)
		if (strcmp(names->at[i].name, name) == 0)
			return &names->at[i];
	return NULL;
}

static int
by_name(const void *a, const void *b)
{
	const struct named *p = a, *q = b;

	return strcmp(p->name, q->name);
}

static void
sort_names(struct names *names)
{
	if (names->n != 0)
		qsort(names->at, names->n, sizeof(*names->at), by_name);
}

/* The folder of model, "" where NULL, and a slash; NULL out of memory. */
static char *
folder_of(struct trx_arena *a, const char *model, struct trx_error *err)
{
	size_t n = strlen(model);
	const char *slash;
	struct stat st;
	char *folder;

	if (stat(model, &st) == -1) {
		trx_error_set(err, errno == ENOENT ? TRX_INPUT : TRX_MACHINE,
		    "%s: %s", model, strerror(errno));
		return NULL;
	}
	if (!S_ISDIR(st.st_mode)) {
		slash = strrchr(model, '/');
		if (slash == NULL) {
			model = ".";
			n = 1;
		} else {
			n = (size_t)(slash - model) + 1;
		}
	}
	if ((folder = trx_arena_alloc(a, n + 2)) == NULL) {
		trx_error_memory(err);
		return NULL;
	}
	memcpy(folder, model, n);
	memcpy(folder + n, "/", 2);
	return folder;
}

static char *
join(struct trx_arena *a, const char *folder, const char *name,
    struct trx_error *err)
{
	size_t n = strlen(folder) + strlen(name) + 1;
	char *path = trx_arena_alloc(a, n);

	if (path == NULL)
		trx_error_memory(err);
	else
		snprintf(path, n, "%s%s", folder, name);
	return path;
}

static int
read_open_file(
    FILE *f, const char *path, struct trx_buf *b, struct trx_error *err)
{
	size_t n;
	char *to;

	do {
		if ((to = trx_buf_reserve(b, 64 * 1024)) == NULL)
			return trx_error_memory(err);
		n = fread(to, 1, 64 * 1024, f);
		b->len += n;
		if (b->len > FILE_MAX)
			return trx_error_set(err, TRX_INPUT,
			    "%s: over %zu bytes", path, FILE_MAX);
	} while (n != 0);
	if (ferror(f))
		return trx_error_set(err, TRX_MACHINE, "%s:", path);
	return 0;
}

/* Newlines as Jinja normalises them, in place. */
static void
normalise(struct trx_buf *b)
{
	size_t i, n = 0;

	for (i = 0; i < b->len; i++) {
		if (b->data[i] == '\r' && i + 1 < b->len &&
		    b->data[i + 1] == '\n')
			continue;
		b->data[n++] = (char)(b->data[i] == '\r' ? '\n' : b->data[i]);
	}
	b->len = n;
}

/* The template file at path under name: 1, 0 where there is none, -1. */
static int
read_template(struct trx_chat *c, const char *path, struct trx_str name,
    struct trx_error *err)
{
	FILE *f = fopen(path, "rbe");
	struct trx_buf b = TRX_BUF_INIT;
	struct trx_str text;
	int rc;

	if (f == NULL)
		return errno == ENOENT || errno == ENOTDIR
			   ? 0
			   : trx_error_set(err, TRX_MACHINE, "%s:", path);
	if ((rc = read_open_file(f, path, &b, err)) == 0) {
		normalise(&b);
		text.p = trx_arena_copy(&c->arena, trx_buf_str(&b));
		text.n = b.len;
		rc = text.p == NULL ? trx_error_memory(err)
				    : set_name(c, &c->sources, name, text, err);
	}
	fclose(f);
	trx_buf_free(&b);
	return rc == -1 ? -1 : 1;
}

/* additional_chat_templates/NAME.jinja of the model. */
static int
read_additional(struct trx_chat *c, const char *folder, struct trx_error *err)
{
	static const char suffix[] = ".jinja";
	char *path = join(&c->arena, folder, "additional_chat_templates/", err);
	const struct dirent *entry;
	struct trx_str stem;
	char *file;
	int rc = 0;
	DIR *dir;

	if (path == NULL)
		return -1;
	if ((dir = opendir(path)) == NULL)
		return errno == ENOENT || errno == ENOTDIR
			   ? 0
			   : trx_error_set(err, TRX_MACHINE, "%s:", path);
	while (rc != -1 && (entry = readdir(dir)) != NULL) {
		stem = trx_str(entry->d_name);
		if (stem.n < sizeof(suffix) ||
		    strcmp(stem.p + stem.n - strlen(suffix), suffix) != 0)
			continue;
		stem.n -= strlen(suffix);
		file = join(&c->arena, path, entry->d_name, err);
		rc = file == NULL ? -1 : read_template(c, file, stem, err);
	}
	closedir(dir);
	return rc == -1 ? -1 : 0;
}

/* chat_template of tokenizer_config.json. */
static int
take_config_templates(struct trx_chat *c, const struct trx_json *config,
    const char *path, struct trx_error *err)
{
	const struct trx_json *v = trx_json_get(config, "chat_template");
	struct trx_str name, text;
	size_t i;

	if (v == NULL || v->type == TRX_JSON_NULL)
		return 0;
	if (v->type == TRX_JSON_STRING)
		return set_name(
		    c, &c->sources, TRX_STR("default"), v->u.string, err);
	if (v->type != TRX_JSON_ARRAY)
		return trx_error_set(err, TRX_INPUT,
		    "%s: chat_template is no string and no list", path);
	for (i = 0; i < v->u.array.n; i++) {
		const struct trx_json *item = &v->u.array.items[i];

		if (trx_json_get_string(item, "name", &name) != 1 ||
		    trx_json_get_string(item, "template", &text) != 1)
			return trx_error_set(err, TRX_INPUT,
			    "%s: chat_template: an item without name and "
			    "template",
			    path);
		if (set_name(c, &c->sources, name, text, err) == -1)
			return -1;
	}
	return 0;
}

/* The text of a special token: a string, or an AddedToken's content. */
static bool
token_text(const struct trx_json *v, struct trx_str *text)
{
	if (v->type == TRX_JSON_STRING) {
		*text = v->u.string;
		return true;
	}
	return trx_json_get_string(v, "content", text) == 1;
}

static bool
ends_with(struct trx_str s, const char *suffix)
{
	size_t n = strlen(suffix);

	return s.n >= n && memcmp(s.p + s.n - n, suffix, n) == 0;
}

/* The members of an object that are tokens, by their names if `all` is not. */
static int
take_tokens(struct trx_chat *c, const struct trx_json *object, bool all,
    struct trx_error *err)
{
	struct trx_str text;
	size_t i;

	if (object == NULL || object->type != TRX_JSON_OBJECT)
		return 0;
	for (i = 0; i < object->u.object.n; i++) {
		const struct trx_json_member *m = &object->u.object.members[i];

		if ((all || ends_with(m->key, "_token")) &&
		    token_text(&m->value, &text) &&
		    set_name(c, &c->tokens, m->key, text, err) == -1)
			return -1;
	}
	return 0;
}

/* What the model's folder says. */
static int
read_model(struct trx_chat *c, const char *model, bool templates,
    struct trx_error *err)
{
	char *folder = folder_of(&c->arena, model, err), *path;
	struct trx_json config;
	struct stat st;

	if (folder == NULL)
		return -1;
	if (templates) {
		path = join(&c->arena, folder, "chat_template.jinja", err);
		if (path == NULL ||
		    read_template(c, path, TRX_STR("default"), err) == -1 ||
		    read_additional(c, folder, err) == -1)
			return -1;
	}
	path = join(&c->arena, folder, "tokenizer_config.json", err);
	if (path == NULL)
		return -1;
	if (stat(path, &st) == -1 && errno == ENOENT)
		return 0;
	if (trx_json_read_file(path, FILE_MAX, &c->arena, &config, err) == -1 ||
	    take_tokens(c, &config, false, err) == -1 ||
	    take_tokens(c, trx_json_get(&config, "extra_special_tokens"), true,
		err) == -1 ||
	    take_tokens(c,
		trx_json_get(&config, "model_specific_special_tokens"), true,
		err) == -1)
		return -1;
	if (!templates || c->sources.n != 0)
		return 0;
	return take_config_templates(c, &config, path, err);
}

/* Compile the template of that name, if there is one. */
static int
compile(struct trx_chat *c, const char *name, const char *shown,
    struct trx_template **t, struct trx_error *err)
{
	const struct named *source = get_name(&c->sources, name);

	if (source == NULL)
		return 0;
	*t = trx_template_compile(source->text, shown, err);
	return *t == NULL ? -1 : 0;
}

static void
digest_names(
    struct trx_sha256 *sha, const char *what, const struct names *names)
{
	const struct named *one;
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
	digest_names(sha, "template", &c->sources);
	digest_names(sha, "token", &c->tokens);
	rc = trx_sha256_hex(sha, c->sha256, err);
	trx_sha256_free(sha);
	return rc;
}

/* The tokens as JSON values, in the order of c->tokens. */
static int
make_values(struct trx_chat *c, struct trx_error *err)
{
	size_t i;

	c->token_values =
	    trx_arena_calloc(&c->arena, c->tokens.n, sizeof(*c->token_values));
	if (c->token_values == NULL)
		return trx_error_memory(err);
	for (i = 0; i < c->tokens.n; i++)
		c->token_values[i] = trx_json_string(c->tokens.at[i].text);
	return 0;
}

/* Read everything: templates, tokens. */
static int
read_all(struct trx_chat *c, const char *model, const char *template_file,
    struct trx_error *err)
{
	int rc;

	if (template_file != NULL) {
		rc = read_template(c, template_file, TRX_STR("default"), err);
		if (rc == 0)
			return trx_error_set(
			    err, TRX_INPUT, "%s: no such file", template_file);
		if (rc == -1)
			return -1;
	}
	if (model != NULL &&
	    read_model(c, model, template_file == NULL, err) == -1)
		return -1;
	sort_names(&c->sources);
	sort_names(&c->tokens);
	return 0;
}

struct trx_chat *
trx_chat_open(
    const char *model, const char *template_file, struct trx_error *err)
{
	const char *plain =
	    template_file != NULL ? template_file : "chat template";
	struct trx_chat *c = calloc(1, sizeof(*c));

	if (c == NULL) {
		trx_error_memory(err);
		return NULL;
	}
	if (read_all(c, model, template_file, err) == -1)
		goto fail;
	if (compile(c, "default", plain, &c->plain, err) == -1 ||
	    compile(c, "tool_use", "chat template tool_use", &c->tools, err) ==
		-1)
		goto fail;
	if (c->plain == NULL && c->tools == NULL) {
		trx_error_set(err, TRX_INPUT, "%s: no chat template",
		    model == NULL ? "no model" : model);
		goto fail;
	}
	if (make_values(c, err) == -1 || digest(c, err) == -1)
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
	trx_template_free(c->plain);
	trx_template_free(c->tools);
	trx_arena_free(&c->arena);
	free(c);
}

const char *
trx_chat_sha256(const struct trx_chat *c)
{
	return c->sha256;
}

static bool
is_none(const struct trx_json *v)
{
	return v == NULL || v->type == TRX_JSON_NULL;
}

/* tools or documents, as transformers accepts them. */
static int
check_objects(const struct trx_json *v, const char *what, struct trx_error *err)
{
	size_t i;

	if (is_none(v))
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
make_vars(const struct trx_chat *c, const struct trx_chat_input *in,
    struct trx_arena *a, size_t *n)
{
	size_t nkwargs = in->kwargs == NULL ? 0 : in->kwargs->u.object.n, i;
	struct trx_template_var *vars, *to;
	const struct trx_json_member *m;

	*n = c->tokens.n + nkwargs;
	if ((vars = trx_arena_calloc(a, *n + 4, sizeof(*vars))) == NULL)
		return NULL;
	to = vars;
	for (i = 0; i < c->tokens.n; i++)
		*to++ = (struct trx_template_var){ c->tokens.at[i].name,
			&c->token_values[i] };
	for (i = 0; i < nkwargs; i++, to++) {
		m = &in->kwargs->u.object.members[i];
		to->value = &m->value;
		if ((to->name = trx_arena_copy(a, m->key)) == NULL)
			return NULL;
	}
	return vars;
}

int
trx_chat_render(const struct trx_chat *c, const struct trx_chat_input *in,
    struct trx_arena *a, struct trx_buf *out, struct trx_error *err)
{
	const struct trx_json none = { .type = TRX_JSON_NULL };
	const struct trx_json prompt = trx_json_bool(in->add_generation_prompt);
	const struct trx_template *t = c->plain;
	struct trx_template_var *vars;
	struct trx_json messages;
	size_t n;

	if (check_input(in, err) == -1)
		return -1;
	if (!is_none(in->tools) && c->tools != NULL)
		t = c->tools;
	if (t == NULL)
		return trx_error_set(err, TRX_INPUT,
		    "the model has no default template, and the row no tools");
	if ((vars = make_vars(c, in, a, &n)) == NULL)
		return trx_error_memory(err);
	messages = *in->messages;
	if (messages.u.array.n > in->nmessages)
		messages.u.array.n = in->nmessages;
	vars[n++] = (struct trx_template_var){ "messages", &messages };
	vars[n++] = (struct trx_template_var){ "tools",
		is_none(in->tools) ? &none : in->tools };
	vars[n++] = (struct trx_template_var){ "documents",
		is_none(in->documents) ? &none : in->documents };
	vars[n++] =
	    (struct trx_template_var){ "add_generation_prompt", &prompt };
	return trx_template_render(t, vars, n, a, NULL, out, err);
}
