#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/buf.h"
#include "common/digest/sha256.h"
#include "common/llama/llama.h"
#include "common/tokenizer/tokenizer.h"

enum { MODEL_MAX = 256 * 1024 * 1024 }; /* bytes */

struct trx_tokenizer {
	struct trx_llama *llama;
	struct trx_tokenizer_info info;
	struct trx_arena arena; /* what info points at */
};

/* Where the model is: dir ends in '/', or is empty. */
struct place {
	struct trx_buf dir, file; /* C strings */
};

static void
set_path(struct trx_buf *b, const char *path, size_t n, const char *more)
{
	trx_buf_reset(b);
	trx_buf_add(b, path, n);
	trx_buf_addz(b, more);
	trx_buf_addc(b, '\0');
}

static bool
ends_with(const char *s, const char *tail)
{
	size_t n = strlen(s), k = strlen(tail);

	return n >= k && strcmp(s + n - k, tail) == 0;
}

static int
refuse_json(const char *path, const char *dir, struct trx_error *err)
{
	return trx_error_set(err, TRX_INPUT,
	    "%s: tokenizer.json is not supported yet (name %stokenizer.model "
	    "to use the SentencePiece model)",
	    path, dir);
}

static int
find_in_folder(const char *model, struct place *p, struct trx_error *err)
{
	size_t n = strlen(model);

	set_path(&p->dir, model, n, n > 0 && model[n - 1] == '/' ? "" : "/");
	set_path(&p->file, p->dir.data, p->dir.len - 1, "tokenizer.json");
	if (p->dir.failed || p->file.failed)
		return trx_error_memory(err);
	if (access(p->file.data, F_OK) == 0)
		return refuse_json(p->file.data, p->dir.data, err);
	set_path(&p->file, p->dir.data, p->dir.len - 1, "tokenizer.model");
	if (p->file.failed)
		return trx_error_memory(err);
	if (access(p->file.data, F_OK) != 0)
		return trx_error_set(err, TRX_INPUT,
		    "%s: neither tokenizer.json nor tokenizer.model is there",
		    model);
	return 0;
}

/* Find the model's file and folder. */
static int
find_model(const char *model, struct place *p, struct trx_error *err)
{
	const char *slash = strrchr(model, '/');
	struct stat st;

	if (stat(model, &st) == -1)
		return trx_error_set(err, TRX_INPUT, "%s:", model);
	if (S_ISDIR(st.st_mode))
		return find_in_folder(model, p, err);
	set_path(&p->file, model, strlen(model), "");
	set_path(&p->dir, model,
	    slash == NULL ? 0 : (size_t)(slash - model) + 1, "");
	if (p->dir.failed || p->file.failed)
		return trx_error_memory(err);
	if (!S_ISREG(st.st_mode))
		return trx_error_set(
		    err, TRX_INPUT, "%s: not a file or folder", model);
	if (ends_with(model, ".json"))
		return refuse_json(model, p->dir.data, err);
	return 0;
}

static int
read_fd(int fd, const char *path, struct trx_buf *out, struct trx_error *err)
{
	ssize_t n;
	char *room;

	do {
		room = trx_buf_reserve(out, 1 << 16);
		if (room == NULL)
			return trx_error_memory(err);
		n = read(fd, room, 1 << 16);
		if (n == -1 && errno != EINTR)
			return trx_error_set(err, TRX_MACHINE, "%s:", path);
		if (n > 0)
			out->len += (size_t)n;
		if (out->len > MODEL_MAX)
			return trx_error_set(
			    err, TRX_INPUT, "%s: too large", path);
	} while (n != 0);
	return 0;
}

static int
read_model(const char *path, struct trx_buf *out, struct trx_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), r;

	if (fd == -1)
		return trx_error_set(err,
		    errno == ENOENT ? TRX_INPUT : TRX_MACHINE, "%s:", path);
	r = read_fd(fd, path, out, err);
	close(fd);
	return r;
}

static int
by_content(const void *a, const void *b)
{
	return trx_str_compare(((const struct trx_added_token *)a)->content,
	    ((const struct trx_added_token *)b)->content);
}

static void
describe_ids(struct trx_buf *b, const uint32_t *ids, size_t n)
{
	size_t i;

	trx_buf_add64(b, n);
	for (i = 0; i < n; i++)
		trx_buf_add32(b, ids[i]);
}

/* The settings that decide the ids, as bytes. */
static void
describe(struct trx_buf *b, const struct trx_token_config *config,
    const struct trx_special_tokens *s)
{
	struct trx_str unk = config->named[TRX_TOKEN_UNK].content;
	const struct trx_added_token *t;
	size_t i;

	trx_buf_addz(b, "llama 1\n");
	trx_buf_addc(b, (char)config->legacy);
	trx_buf_addc(b, (char)config->add_prefix_space);
	trx_buf_add64(b, unk.n);
	trx_buf_adds(b, unk);
	describe_ids(b, s->prefix, s->nprefix);
	describe_ids(b, s->suffix, s->nsuffix);
	qsort(s->tokens, s->n, sizeof(*s->tokens), by_content);
	for (i = 0; i < s->n; i++) {
		t = &s->tokens[i];
		trx_buf_add64(b, t->content.n);
		trx_buf_adds(b, t->content);
		trx_buf_add32(b, t->id);
		trx_buf_addc(
		    b, (char)(t->splits | t->lstrip << 1 | t->rstrip << 2 |
			      t->single_word << 3 | t->special << 4));
	}
}

static int
make_digest(struct trx_tokenizer *t, struct trx_str model,
    const struct trx_token_config *config, const struct trx_special_tokens *s,
    struct trx_error *err)
{
	struct trx_buf b = TRX_BUF_INIT;
	char hex[TRX_SHA256_HEX];
	int r = trx_sha256_of(model.p, model.n, hex, err);

	if (r == 0) {
		trx_buf_addz(&b, hex);
		describe(&b, config, s);
		r = b.failed
			? trx_error_memory(err)
			: trx_sha256_of(b.data, b.len, t->info.sha256, err);
	}
	trx_buf_free(&b);
	return r;
}

static int
make_info(struct trx_tokenizer *t, const struct trx_special_tokens *s,
    struct trx_error *err)
{
	struct trx_tokenizer_info *info = &t->info;
	uint32_t *ids =
	    trx_arena_calloc(&t->arena, s->nprefix + s->nsuffix, sizeof(*ids));

	if (ids == NULL)
		return trx_error_memory(err);
	info->vocab_size = trx_llama_vocab_size(t->llama);
	info->bos = s->named[TRX_TOKEN_BOS];
	info->eos = s->named[TRX_TOKEN_EOS];
	info->pad = s->named[TRX_TOKEN_PAD];
	info->unk = s->named[TRX_TOKEN_UNK];
	info->eot = s->eot;
	info->neot = s->neot;
	info->prefix = ids;
	info->nprefix = s->nprefix;
	info->suffix = ids + s->nprefix;
	info->nsuffix = s->nsuffix;
	memcpy(ids, s->prefix, s->nprefix * sizeof(*ids));
	memcpy(ids + s->nprefix, s->suffix, s->nsuffix * sizeof(*ids));
	return 0;
}

static int
load(struct trx_tokenizer *t, const struct place *p, struct trx_error *err)
{
	struct trx_token_config config;
	struct trx_special_tokens special;
	struct trx_buf bytes = TRX_BUF_INIT;
	int r = read_model(p->file.data, &bytes, err);

	if (r == 0)
		r = trx_token_config_read(p->dir.data, &t->arena, &config, err);
	if (r == 0) {
		t->llama = trx_llama_new(
		    trx_buf_str(&bytes), &config, &t->arena, &special, err);
		if (t->llama == NULL)
			r = trx_error_at(err, "%s", p->file.data);
	}
	if (r == 0)
		r = make_info(t, &special, err);
	if (r == 0)
		r = make_digest(t, trx_buf_str(&bytes), &config, &special, err);
	trx_buf_free(&bytes);
	return r;
}

struct trx_tokenizer *
trx_tokenizer_open(const char *model, struct trx_error *err)
{
	struct place p = { TRX_BUF_INIT, TRX_BUF_INIT };
	struct trx_tokenizer *t = calloc(1, sizeof(*t));

	if (t == NULL)
		trx_error_memory(err);
	else if (find_model(model, &p, err) == -1 || load(t, &p, err) == -1) {
		trx_tokenizer_free(t);
		t = NULL;
	}
	trx_buf_free(&p.dir);
	trx_buf_free(&p.file);
	return t;
}

void
trx_tokenizer_free(struct trx_tokenizer *t)
{
	if (t == NULL)
		return;
	trx_llama_free(t->llama);
	trx_arena_free(&t->arena);
	free(t);
}

const struct trx_tokenizer_info *
trx_tokenizer_info(const struct trx_tokenizer *t)
{
	return &t->info;
}

int
trx_tokenizer_encode(const struct trx_tokenizer *t, struct trx_str text,
    bool want_ends, struct trx_ids *out, struct trx_error *err)
{
	return trx_llama_encode(t->llama, text, want_ends, out, err);
}

const char *
trx_tokenizer_version(void)
{
	return trx_spm_version();
}
