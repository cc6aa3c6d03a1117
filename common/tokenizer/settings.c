#include <stdbool.h>
#include <unistd.h>

#include "common/base/buf.h"
#include "common/json/reader.h"
#include "common/tokenizer/settings.h"

enum { FILE_MAX = 64 * 1024 * 1024 }; /* bytes */

int
trx_settings_file(const char *dir, const char *name, const char *const *keys,
    struct trx_arena *a, struct trx_json *out, struct trx_error *err)
{
	struct trx_buf path = TRX_BUF_INIT;
	int found = 0;

	trx_buf_addf(&path, "%s%s", dir, name);
	trx_buf_addc(&path, '\0');
	if (path.failed)
		found = trx_error_memory(err);
	else if (access(path.data, F_OK) == 0)
		found = 1;
	if (found == 1 &&
	    trx_json_read_file(path.data, FILE_MAX, keys, a, out, err) == -1)
		found = -1;
	if (found == 1 && out->type != TRX_JSON_OBJECT)
		found = trx_error_set(
		    err, TRX_INPUT, "%s: not an object", path.data);
	trx_buf_free(&path);
	return found;
}

int
trx_settings_ends(const char *dir, struct trx_arena *a, uint32_t **ends,
    size_t *n, struct trx_error *err)
{
	const struct trx_json *ids, *items;
	struct trx_json v;
	uint64_t id;
	size_t i, count;
	int found =
	    trx_settings_file(dir, "generation_config.json", NULL, a, &v, err);

	*ends = NULL;
	*n = 0;
	if (found != 1)
		return found;
	ids = trx_json_get(&v, "eos_token_id");
	if (trx_json_is_null(ids))
		return 0;
	items = ids->type == TRX_JSON_ARRAY ? ids->u.array.items : ids;
	count = ids->type == TRX_JSON_ARRAY ? ids->u.array.n : 1;
	*ends = trx_arena_calloc(a, count, sizeof(**ends));
	if (*ends == NULL)
		return trx_error_memory(err);
	for (i = 0; i < count; i++) {
		if (trx_json_to_uint(&items[i], &id) == -1 || id >= INT32_MAX)
			return trx_error_set(err, TRX_INPUT,
			    "%sgeneration_config.json: eos_token_id: not an id",
			    dir);
		(*ends)[i] = (uint32_t)id;
	}
	*n = count;
	return 0;
}

/* The tokens that info names. */
enum { BOS, EOS, PAD, UNK, NAMES };

static const char *const names[NAMES + 1] = { [BOS] = "bos_token",
	[EOS] = "eos_token",
	[PAD] = "pad_token",
	[UNK] = "unk_token",
	[NAMES] = NULL };

/* A token is a string, or an object with its content. */
static void
take_tokens(const struct trx_json *v, struct trx_str *tokens)
{
	const struct trx_json *token;
	struct trx_str text;
	size_t i;

	for (i = 0; i < NAMES; i++) {
		token = trx_json_get(v, names[i]);
		if (token == NULL)
			continue;
		text = (struct trx_str){ NULL, 0 };
		if (token->type == TRX_JSON_STRING)
			text = token->u.string;
		else
			trx_json_get_string(token, "content", &text);
		tokens[i] = text;
	}
}

/* As transformers: the map counts where no added_tokens_decoder is written. */
static int
read_tokens(const char *dir, struct trx_arena *a, struct trx_str *tokens,
    struct trx_error *err)
{
	struct trx_json v;
	int found =
	    trx_settings_file(dir, "tokenizer_config.json", names, a, &v, err);

	if (found == 1)
		take_tokens(&v, tokens);
	if (found == -1 ||
	    (found == 1 && trx_json_get(&v, "added_tokens_decoder") != NULL))
		return found == -1 ? -1 : 0;
	found = trx_settings_file(
	    dir, "special_tokens_map.json", names, a, &v, err);
	if (found == 1)
		take_tokens(&v, tokens);
	return found == -1 ? -1 : 0;
}

int
trx_settings_read(const char *dir, struct trx_arena *a,
    trx_settings_lookup *lookup, const void *arg,
    struct trx_tokenizer_info *info, struct trx_error *err)
{
	int64_t *const ids[NAMES] = { [BOS] = &info->bos,
		[EOS] = &info->eos,
		[PAD] = &info->pad,
		[UNK] = &info->unk };
	struct trx_str tokens[NAMES] = { { NULL, 0 } };
	uint32_t *ends;
	size_t i, n;

	if (read_tokens(dir, a, tokens, err) == -1 ||
	    trx_settings_ends(dir, a, &ends, &n, err) == -1)
		return -1;
	for (i = 0; i < NAMES; i++)
		*ids[i] = tokens[i].n > 0 ? lookup(arg, tokens[i]) : -1;
	info->eot = ends;
	info->neot = 0;
	for (i = 0; i < n; i++)
		if ((int64_t)ends[i] != info->eos)
			ends[info->neot++] = ends[i];
	return 0;
}
