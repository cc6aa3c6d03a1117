/*
 * What the files beside a model say of its tokens: tokenizer_config.json,
 * special_tokens_map.json, generation_config.json.
 */
#ifndef TRX_TOKENIZER_SETTINGS_H
#define TRX_TOKENIZER_SETTINGS_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/str.h"
#include "common/json/value.h"
#include "common/tokenizer/tokenizer.h"

/*
 * Read the JSON object of the file `name` in dir (a path that ends in '/', or
 * ""), with keys as trx_json_read_members has them; out and its text are the
 * arena's.  Returns 1, 0 where there is no such file, or -1 with err set.
 */
int trx_settings_file(const char *dir, const char *name,
    const char *const *keys, struct trx_arena *a, struct trx_json *out,
    struct trx_error *err);

/*
 * The eos_token_id of dir's generation_config.json, a number or a list of
 * them, into the arena; *n is 0 where there is none.  Returns 0, or -1 with
 * err set.
 */
int trx_settings_ends(const char *dir, struct trx_arena *a, uint32_t **ends,
    size_t *n, struct trx_error *err);

/* The id of a token of that content, or -1. */
typedef int64_t trx_settings_lookup(const void *arg, struct trx_str content);

/*
 * Fill in bos, eos, pad, unk and eot of info for a tokenizer.json in dir; eot
 * is the arena's.  Nothing else of the settings is looked at: what decides the
 * ids stands in the tokenizer.json, add_bos_token and its like do not.  A
 * token that lookup does not know is none.  Returns 0, or -1 with err set.
 */
int trx_settings_read(const char *dir, struct trx_arena *a,
    trx_settings_lookup *lookup, const void *arg,
    struct trx_tokenizer_info *info, struct trx_error *err);

#endif
