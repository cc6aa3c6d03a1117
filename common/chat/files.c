#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/buf.h"
#include "common/chat/files.h"
#include "common/json/reader.h"

#define FILE_MAX ((size_t)64 << 20) /* bytes of a model file */

/* Set name (a later one of the same name wins).  Returns 0 or -1. */
static int
set_name(struct trx_chat_files *f, struct trx_chat_names *names,
    struct trx_str name, struct trx_str text, struct trx_error *err)
{
	size_t i, cap = names->cap == 0 ? 8 : names->cap * 2;
	struct trx_chat_named *at;

	for (i = 0; i < names->n; i++)
		if (trx_str_is(name, names->at[i].name)) {
			names->at[i].text = text;
			return 0;
		}
	if (names->n == names->cap) {
		at = trx_arena_calloc(f->arena, cap, sizeof(*at));
		if (at == NULL)
			return trx_error_memory(err);
		if (names->n != 0)
			memcpy(at, names->at, names->n * sizeof(*at));
		names->at = at;
		names->cap = cap;
	}
	if ((names->at[i].name = trx_arena_copy(f->arena, name)) == NULL)
		return trx_error_memory(err);
	names->at[i].text = text;
	names->n++;
	return 0;
}

struct trx_str
trx_chat_names_get(const struct trx_chat_names *names, const char *name)
{
	size_t i;

	for (i = 0; i < names->n; i++)
		if (strcmp(names->at[i].name, name) == 0)
			return names->at[i].text;
	return (struct trx_str){ NULL, 0 };
}

static int
by_name(const void *a, const void *b)
{
	const struct trx_chat_named *p = a, *q = b;

	return strcmp(p->name, q->name);
}

static void
sort_names(struct trx_chat_names *names)
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
read_template(struct trx_chat_files *f, const char *path, struct trx_str name,
    struct trx_error *err)
{
	FILE *file = fopen(path, "rbe");
	struct trx_buf b = TRX_BUF_INIT;
	struct trx_str text;
	int rc;

	if (file == NULL)
		return errno == ENOENT || errno == ENOTDIR
			   ? 0
			   : trx_error_set(err, TRX_MACHINE, "%s:", path);
	if ((rc = read_open_file(file, path, &b, err)) == 0) {
		normalise(&b);
		text.p = trx_arena_copy(f->arena, trx_buf_str(&b));
		text.n = b.len;
		rc = text.p == NULL
			 ? trx_error_memory(err)
			 : set_name(f, &f->templates, name, text, err);
	}
	fclose(file);
	trx_buf_free(&b);
	return rc == -1 ? -1 : 1;
}

/* additional_chat_templates/NAME.jinja of the model. */
static int
read_additional(
    struct trx_chat_files *f, const char *folder, struct trx_error *err)
{
	static const char suffix[] = ".jinja";
	char *path = join(f->arena, folder, "additional_chat_templates/", err);
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
		file = join(f->arena, path, entry->d_name, err);
		rc = file == NULL ? -1 : read_template(f, file, stem, err);
	}
	closedir(dir);
	return rc == -1 ? -1 : 0;
}

/* chat_template of tokenizer_config.json. */
static int
take_config_templates(struct trx_chat_files *f, const struct trx_json *config,
    const char *path, struct trx_error *err)
{
	const struct trx_json *v = trx_json_get(config, "chat_template");
	struct trx_str name, text;
	size_t i;

	if (v == NULL || v->type == TRX_JSON_NULL)
		return 0;
	if (v->type == TRX_JSON_STRING)
		return set_name(
		    f, &f->templates, TRX_STR("default"), v->u.string, err);
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
		if (set_name(f, &f->templates, name, text, err) == -1)
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

/* Add a special token that has no name of its own. */
static int
add_special(
    struct trx_chat_files *f, struct trx_str text, struct trx_error *err)
{
	if (text.n == 0)
		return 0;
	return set_name(f, &f->added, text, text, err);
}

/* The members of an object that are tokens, by their names if `all` is not. */
static int
take_tokens(struct trx_chat_files *f, const struct trx_json *object, bool all,
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
		    (set_name(f, &f->tokens, m->key, text, err) == -1 ||
			add_special(f, text, err) == -1))
			return -1;
	}
	return 0;
}

/* The items of a list, or the values of an object, that are special tokens. */
static int
take_added(struct trx_chat_files *f, const struct trx_json *v, bool marked,
    struct trx_error *err)
{
	const struct trx_json *one, *special;
	struct trx_str text;
	size_t i, n;

	if (v == NULL ||
	    (v->type != TRX_JSON_ARRAY && v->type != TRX_JSON_OBJECT))
		return 0;
	n = v->type == TRX_JSON_ARRAY ? v->u.array.n : v->u.object.n;
	for (i = 0; i < n; i++) {
		one = v->type == TRX_JSON_ARRAY ? &v->u.array.items[i]
						: &v->u.object.members[i].value;
		special = trx_json_get(one, "special");
		if (marked &&
		    (special == NULL || special->type != TRX_JSON_BOOL ||
			!special->u.boolean))
			continue;
		if (token_text(one, &text) && add_special(f, text, err) == -1)
			return -1;
	}
	return 0;
}

/* What tokenizer_config.json or special_tokens_map.json says of tokens. */
static int
take_special(struct trx_chat_files *f, const struct trx_json *config,
    struct trx_error *err)
{
	const struct trx_json *extra =
	    trx_json_get(config, "extra_special_tokens");

	if (take_tokens(f, config, false, err) == -1 ||
	    take_tokens(f, extra, true, err) == -1 ||
	    take_tokens(f,
		trx_json_get(config, "model_specific_special_tokens"), true,
		err) == -1 ||
	    take_added(f, extra, false, err) == -1 ||
	    take_added(f, trx_json_get(config, "additional_special_tokens"),
		false, err) == -1)
		return -1;
	return take_added(
	    f, trx_json_get(config, "added_tokens_decoder"), true, err);
}

/* The JSON file of that name in folder: 1, 0 where there is none, -1. */
static int
read_json(struct trx_chat_files *f, const char *folder, const char *name,
    struct trx_json *out, struct trx_error *err)
{
	char *path = join(f->arena, folder, name, err);
	struct stat st;

	if (path == NULL)
		return -1;
	if (stat(path, &st) == -1 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	return trx_json_read_file(path, FILE_MAX, NULL, f->arena, out, err) ==
		       -1
		   ? -1
		   : 1;
}

/* The folder's templates, config being what tokenizer_config.json holds. */
static int
read_templates(struct trx_chat_files *f, const char *folder,
    const struct trx_json *config, struct trx_error *err)
{
	char *path = join(f->arena, folder, "chat_template.jinja", err);

	if (path == NULL ||
	    read_template(f, path, TRX_STR("default"), err) == -1 ||
	    read_additional(f, folder, err) == -1)
		return -1;
	if (config == NULL || f->templates.n != 0)
		return 0;
	return take_config_templates(f, config, "tokenizer_config.json", err);
}

/* What the model's folder says. */
static int
read_model(struct trx_chat_files *f, const char *model, struct trx_error *err)
{
	char *folder = folder_of(f->arena, model, err);
	struct trx_json config, map;
	int there;

	if (folder == NULL)
		return -1;
	there = read_json(f, folder, "tokenizer_config.json", &config, err);
	if (there == -1 || (there == 1 && take_special(f, &config, err) == -1))
		return -1;
	if (read_templates(f, folder, there == 1 ? &config : NULL, err) == -1)
		return -1;
	if (there == 1 && trx_json_get(&config, "added_tokens_decoder") != NULL)
		return 0;
	there = read_json(f, folder, "special_tokens_map.json", &map, err);
	return there == 1 ? take_special(f, &map, err) : there;
}

/* The one template asked for: one of the model's, or that of a file. */
static int
choose_template(
    struct trx_chat_files *f, const char *wanted, struct trx_error *err)
{
	struct trx_str text = trx_chat_names_get(&f->templates, wanted);
	int rc;

	f->templates.n = 0;
	if (text.p != NULL)
		return set_name(
		    f, &f->templates, TRX_STR("default"), text, err);
	rc = read_template(f, wanted, TRX_STR("default"), err);
	if (rc == 0)
		return trx_error_set(
		    err, TRX_INPUT, "%s: no such file", wanted);
	return rc == -1 ? -1 : 0;
}

int
trx_chat_files_read(struct trx_chat_files *f, const char *model,
    const char *template, struct trx_error *err)
{
	if (model != NULL && read_model(f, model, err) == -1)
		return -1;
	if (template != NULL && choose_template(f, template, err) == -1)
		return -1;
	sort_names(&f->templates);
	sort_names(&f->tokens);
	return 0;
}

int
trx_chat_files_read_added(
    struct trx_chat_files *f, const char *model, struct trx_error *err)
{
	char *folder = folder_of(f->arena, model, err);
	struct trx_json tokenizer;
	int there;

	if (folder == NULL)
		return -1;
	there = read_json(f, folder, "tokenizer.json", &tokenizer, err);
	if (there != 1)
		return there;
	return take_added(
	    f, trx_json_get(&tokenizer, "added_tokens"), true, err);
}
