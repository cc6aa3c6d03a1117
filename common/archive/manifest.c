#include <string.h>

#include "common/archive/manifest.h"
#include "common/json/canonical.h"
#include "common/json/reader.h"

#define FORMAT 1

/* Add the members that every manifest has, but for manifest_sha256. */
static bool
build(struct trx_arena *a, struct trx_json *o, const struct trx_manifest *m,
    struct trx_str version)
{
	struct trx_json null = { .type = TRX_JSON_NULL };
	const struct {
		const char *key;
		struct trx_json value;
	} all[] = {
		{ "examples", trx_json_uint(a, m->examples) },
		{ "format", trx_json_uint(a, FORMAT) },
		{ "last", trx_json_bool(m->last) },
		{ "previous", m->previous[0] == '\0'
				  ? null
				  : trx_json_string(trx_str(m->previous)) },
		{ "rows", trx_json_uint(a, m->rows) },
		{ "shard", trx_json_uint(a, m->shard) },
		{ "tar_sha256", trx_json_string(trx_str(m->tar_sha256)) },
		{ "tokens", trx_json_uint(a, m->tokens) },
		{ "trained", trx_json_uint(a, m->trained) },
		{ "version", trx_json_string(version) },
	};
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (trx_json_set(a, o, all[i].key, all[i].value) == NULL)
			return false;
	if (!m->last)
		return true;
	return trx_json_set(a, o, "shards", trx_json_uint(a, m->shards)) !=
		   NULL &&
	       trx_json_set(a, o, "trailer", *m->trailer) != NULL;
}

/* Append the manifest with its own digest in it. */
static int
put(const struct trx_manifest *m, struct trx_str version, struct trx_buf *out,
    struct trx_error *err)
{
	struct trx_arena a = TRX_ARENA_INIT;
	struct trx_json o = trx_json_object();
	struct trx_buf bare = TRX_BUF_INIT;
	char hex[TRX_SHA256_HEX];
	int rc = -1;

	if (!build(&a, &o, m, version)) {
		trx_error_memory(err);
		goto out;
	}
	if (trx_json_canonical(&o, &bare, err) == -1)
		goto out;
	if (bare.failed) {
		trx_error_memory(err);
		goto out;
	}
	if (trx_sha256_of(bare.data, bare.len, hex, err) == -1)
		goto out;
	if (trx_json_set(&a, &o, "manifest_sha256",
		trx_json_string(trx_str(hex))) == NULL) {
		trx_error_memory(err);
		goto out;
	}
	if (trx_json_canonical(&o, out, err) == -1)
		goto out;
	rc = out->failed ? trx_error_memory(err) : 0;
out:
	trx_buf_free(&bare);
	trx_arena_free(&a);
	return rc;
}

int
trx_manifest_put(
    const struct trx_manifest *m, struct trx_buf *out, struct trx_error *err)
{
	return put(m, TRX_STR(TRX_VERSION), out, err);
}

/* A digest's member, or null where that is allowed. */
static bool
get_hex(const struct trx_json *root, const char *key, bool null,
    char hex[TRX_SHA256_HEX])
{
	struct trx_str s;
	int got = trx_json_get_string(root, key, &s);

	hex[0] = '\0';
	if (got == 0)
		return null && trx_json_get(root, key) != NULL;
	if (got == -1 || s.n != TRX_SHA256_HEX - 1 ||
	    memchr(s.p, '\0', s.n) != NULL)
		return false;
	memcpy(hex, s.p, s.n);
	hex[s.n] = '\0';
	return true;
}

/* Fill in m from root; what is missing or of another type is false. */
static bool
get_members(const struct trx_json *root, struct trx_manifest *m,
    struct trx_str *version)
{
	const struct trx_json *last = trx_json_get(root, "last");
	uint64_t format;

	*m = (struct trx_manifest){ 0 };
	if (trx_json_get_uint(root, "format", &format) != 1 ||
	    format != FORMAT || last == NULL || last->type != TRX_JSON_BOOL ||
	    trx_json_get_uint(root, "examples", &m->examples) != 1 ||
	    trx_json_get_uint(root, "rows", &m->rows) != 1 ||
	    trx_json_get_uint(root, "shard", &m->shard) != 1 ||
	    trx_json_get_uint(root, "tokens", &m->tokens) != 1 ||
	    trx_json_get_uint(root, "trained", &m->trained) != 1 ||
	    trx_json_get_string(root, "version", version) != 1 ||
	    !get_hex(root, "tar_sha256", false, m->tar_sha256) ||
	    !get_hex(root, "previous", m->shard == 0, m->previous) ||
	    (m->previous[0] == '\0') != (m->shard == 0))
		return false;
	m->last = last->u.boolean;
	if (!m->last)
		return true;
	m->trailer = trx_json_get(root, "trailer");
	return m->trailer != NULL && m->trailer->type == TRX_JSON_OBJECT &&
	       trx_json_get_uint(root, "shards", &m->shards) == 1 &&
	       m->shards == m->shard + 1;
}

static enum trx_json_fault
parse(const char *text, size_t len, struct trx_arena *a, struct trx_json *root,
    struct trx_error *err)
{
	struct trx_json_reader *r = trx_json_reader_new(err);
	enum trx_json_fault fault;

	if (r == NULL)
		return TRX_JSON_MACHINE;
	fault = trx_json_read(r, text, len, a, root, err);
	trx_json_reader_free(r);
	return fault;
}

int
trx_manifest_get(const char *text, size_t len, struct trx_arena *a,
    struct trx_json *root, struct trx_manifest *m, struct trx_error *err)
{
	struct trx_buf same = TRX_BUF_INIT;
	struct trx_str version;
	int rc = -1;

	if (parse(text, len, a, root, err) != TRX_JSON_FINE)
		return -1;
	if (!get_members(root, m, &version))
		return trx_error_set(err, TRX_INPUT,
		    "a member is missing, or not as in trx-archive(5)");
	if (put(m, version, &same, err) == -1)
		goto out;
	if (!trx_str_equal(
		trx_buf_str(&same), (struct trx_str){ .p = text, .n = len })) {
		trx_error_set(err, TRX_INPUT,
		    "it is not what its manifest_sha256 says: damaged");
		goto out;
	}
	rc = 0;
out:
	trx_buf_free(&same);
	return rc;
}
