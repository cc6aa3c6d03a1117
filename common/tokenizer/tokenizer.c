#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/digest/sha256.h"
#include "common/json/reader.h"
#include "common/llama/llama.h"
#include "common/llama/sentencepiece.h"
#include "common/tokenizer/image_cache.h"
#include "common/tokenizer/model_files.h"
#include "common/tokenizer/pipeline.h"
#include "common/tokenizer/settings.h"
#include "common/tokenizer/tokenizer.h"

/* One of both. */
struct trx_tokenizer {
	struct trx_llama *llama;
	struct trx_pipeline *pipeline;
	struct trx_tokenizer_info info;
	struct trx_arena arena; /* what info points at */
};

struct trx_tokenizer_worker {
	const struct trx_tokenizer *t;
	struct trx_pipeline_worker *pipeline; /* NULL: none is needed */
};

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
		trx_special_tokens_describe(s, config, &b);
		r = b.failed
			? trx_error_memory(err)
			: trx_sha256_of(b.data, b.len, t->info.sha256, err);
	}
	trx_buf_free(&b);
	return r;
}

static int
make_llama_info(struct trx_tokenizer *t, const struct trx_special_tokens *s,
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

/* A SentencePiece model, as a slow LlamaTokenizer. */
static int
open_llama(struct trx_tokenizer *t, const struct trx_model_files *files,
    struct trx_error *err)
{
	struct trx_token_config config;
	struct trx_special_tokens special;
	struct trx_buf bytes = TRX_BUF_INIT;
	int r = trx_model_file_read(files->file.data, &bytes, err);

	if (r == 0)
		r = trx_token_config_read(
		    files->dir.data, &t->arena, &config, err);
	if (r == 0) {
		t->llama = trx_llama_new(
		    trx_buf_str(&bytes), &config, &t->arena, &special, err);
		if (t->llama == NULL)
			r = trx_error_at(err, "%s", files->file.data);
	}
	if (r == 0)
		r = make_llama_info(t, &special, err);
	if (r == 0)
		r = make_digest(t, trx_buf_str(&bytes), &config, &special, err);
	trx_buf_free(&bytes);
	return r;
}

static int64_t
find_id(const void *pipeline, struct trx_str token)
{
	return trx_pipeline_id(pipeline, token);
}

static int
make_info(struct trx_tokenizer *t, const char *dir, struct trx_error *err)
{
	const struct trx_postprocessor *post =
	    trx_pipeline_postprocessor(t->pipeline);
	struct trx_tokenizer_info *info = &t->info;

	info->vocab_size = trx_pipeline_vocab_size(t->pipeline);
	info->prefix = post->prefix;
	info->nprefix = post->nprefix;
	info->suffix = post->suffix;
	info->nsuffix = post->nsuffix;
	return trx_settings_read(
	    dir, &t->arena, find_id, t->pipeline, info, err);
}

/*
 * Compile a tokenizer.json, or find its image by what it holds, and keep what
 * was not kept; sha256 is of the file.
 */
static struct trx_image *
compile(const char *path, const struct trx_image_cache *cache, char sha256[65],
    struct trx_error *err)
{
	struct trx_buf bytes = TRX_BUF_INIT;
	struct trx_image *image = NULL;
	struct stat before, after;
	bool found;

	if (stat(path, &before) == -1)
		trx_error_set(err, TRX_MACHINE, "%s:", path);
	else if (trx_model_file_read(path, &bytes, err) == 0 &&
		 trx_sha256_of(bytes.data, bytes.len, sha256, err) == 0) {
		image = trx_image_cache_get(cache, sha256);
		found = image != NULL;
		if (!found)
			image = trx_pipeline_compile(&bytes, err);
		if (image == NULL)
			trx_error_at(err, "%s", path);
		else if (stat(path, &after) == 0 &&
			 trx_image_cache_same(&before, &after))
			trx_image_cache_keep(
			    cache, &before, sha256, found ? NULL : image);
	}
	trx_buf_free(&bytes);
	malloc_trim(0); /* a compile leaves much behind */
	return image;
}

/* A tokenizer.json. */
static int
open_json(struct trx_tokenizer *t, const struct trx_model_files *files,
    const struct trx_tokenizer_options *options, struct trx_error *err)
{
	struct trx_image_cache cache = { TRX_BUF_INIT };
	const char *path = files->file.data;
	struct trx_image *image = NULL;
	struct stat st;

	if (!options->no_cache)
		trx_image_cache_open(&cache);
	if (stat(path, &st) == 0 &&
	    trx_image_cache_recall(&cache, &st, t->info.sha256))
		image = trx_image_cache_get(&cache, t->info.sha256);
	if (image == NULL)
		image = compile(path, &cache, t->info.sha256, err);
	trx_image_cache_close(&cache);
	if (image == NULL)
		return -1;
	t->pipeline = trx_pipeline_open(image, options->ignore_truncation, err);
	if (t->pipeline == NULL)
		return trx_error_at(err, "%s", path);
	return make_info(t, files->dir.data, err);
}

struct trx_tokenizer *
trx_tokenizer_open(const char *model,
    const struct trx_tokenizer_options *options, struct trx_error *err)
{
	struct trx_model_files files = { 0 };
	struct trx_tokenizer *t = calloc(1, sizeof(*t));
	int r;

	if (t == NULL) {
		trx_error_memory(err);
		return NULL;
	}
	r = trx_model_files_find(model, &files, err);
	if (r == 0)
		r = files.is_json ? open_json(t, &files, options, err)
				  : open_llama(t, &files, err);
	trx_model_files_free(&files);
	if (r == 0)
		return t;
	trx_tokenizer_free(t);
	return NULL;
}

void
trx_tokenizer_free(struct trx_tokenizer *t)
{
	if (t == NULL)
		return;
	trx_llama_free(t->llama);
	trx_pipeline_free(t->pipeline);
	trx_arena_free(&t->arena);
	free(t);
}

const struct trx_tokenizer_info *
trx_tokenizer_info(const struct trx_tokenizer *t)
{
	return &t->info;
}

struct trx_tokenizer_worker *
trx_tokenizer_worker_new(const struct trx_tokenizer *t, struct trx_error *err)
{
	struct trx_tokenizer_worker *w = calloc(1, sizeof(*w));

	if (w == NULL) {
		trx_error_memory(err);
		return NULL;
	}
	w->t = t;
	if (t->pipeline != NULL) {
		w->pipeline = trx_pipeline_worker_new(t->pipeline, err);
		if (w->pipeline == NULL) {
			free(w);
			return NULL;
		}
	}
	return w;
}

void
trx_tokenizer_worker_free(struct trx_tokenizer_worker *w)
{
	if (w == NULL)
		return;
	trx_pipeline_worker_free(w->pipeline);
	free(w);
}

int
trx_tokenizer_encode(struct trx_tokenizer_worker *w,
    struct trx_tokenizer_input *in, struct trx_ids *out, struct trx_error *err)
{
	struct trx_finding search = {
		.text = in->text, .guards = in->guards, .nguards = in->nguards
	};
	int r;

	if (w->pipeline == NULL && in->guards != NULL)
		return trx_error_set(err, TRX_USAGE,
		    "special tokens cannot be told from text for a "
		    "SentencePiece model");
	if (in->want_ends && trx_ids_keep_ends(out) == -1)
		return trx_error_memory(err);
	if (w->pipeline == NULL)
		return trx_llama_encode(
		    w->t->llama, in->text, in->want_ends, out, err);
	if (!trx_json_is_utf8(in->text))
		return trx_error_set(err, TRX_INPUT, "its text is not UTF-8");
	r = trx_pipeline_encode(w->pipeline, &search, in->want_ends, out, err);
	in->nguarded += search.nguarded;
	return r;
}

const char *
trx_tokenizer_version(void)
{
	return trx_spm_version();
}
