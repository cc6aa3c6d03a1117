#include <stdlib.h>

#include "common/json/canonical.h"
#include "common/json/reader.h"
#include "common/record/header.h"

int
trx_header_init(
    struct trx_header *h, struct trx_arena *a, struct trx_error *err)
{
	struct trx_json *j = &h->json;

	*j = trx_json_object();
	if (trx_json_set(a, j, "compat", trx_json_object()) == NULL ||
	    trx_json_set(a, j, "format", trx_json_uint(a, TRX_HEADER_FORMAT)) ==
		NULL ||
	    trx_json_set(a, j, "kind", trx_json_string(TRX_STR("text"))) ==
		NULL ||
	    trx_json_set(a, j, "special", trx_json_object()) == NULL ||
	    trx_json_set(a, j, "stages", trx_json_array()) == NULL)
		return trx_error_memory(err);
	return 0;
}

static bool
member_is(const struct trx_json *j, const char *key, enum trx_json_type type)
{
	const struct trx_json *v = trx_json_get(j, key);

	return v != NULL && v->type == type;
}

static int
check(const struct trx_json *j, struct trx_error *err)
{
	uint64_t format, vocab;
	struct trx_str kind;

	if (trx_json_get_uint(j, "format", &format) != 1)
		return trx_error_set(
		    err, TRX_INPUT, "its header has no format number");
	if (format != TRX_HEADER_FORMAT)
		return trx_error_set(err, TRX_INPUT,
		    "a stream of a newer format (%llu)",
		    (unsigned long long)format);
	if (trx_json_get_string(j, "kind", &kind) != 1 ||
	    !(trx_str_is(kind, "text") || trx_str_is(kind, "tokens")))
		return trx_error_set(err, TRX_INPUT,
		    "its header's kind is neither text nor tokens");
	if (!member_is(j, "compat", TRX_JSON_OBJECT) ||
	    !member_is(j, "special", TRX_JSON_OBJECT) ||
	    !member_is(j, "stages", TRX_JSON_ARRAY))
		return trx_error_set(err, TRX_INPUT,
		    "its header lacks compat, special or stages");
	if (trx_str_is(kind, "tokens") &&
	    (trx_json_get_uint(
		 trx_json_get(j, "compat"), "vocab_size", &vocab) != 1 ||
		vocab > (uint64_t)INT32_MAX + 1))
		return trx_error_set(
		    err, TRX_INPUT, "its header has no valid vocab_size");
	return 0;
}

int
trx_header_parse(struct trx_header *h, struct trx_str bytes,
    struct trx_arena *a, struct trx_error *err)
{
	if (bytes.n > TRX_HEADER_MAX)
		return trx_error_set(err, TRX_INPUT, "its header is too large");
	if (trx_json_parse(bytes, a, &h->json, err) == -1)
		return trx_error_at(err, "its header");
	return check(&h->json, err);
}

enum trx_kind
trx_header_kind(const struct trx_header *h)
{
	struct trx_str kind;

	if (trx_json_get_string(&h->json, "kind", &kind) == 1 &&
	    trx_str_is(kind, "tokens"))
		return TRX_KIND_TOKENS;
	return TRX_KIND_TEXT;
}

uint32_t
trx_header_vocab_size(const struct trx_header *h)
{
	uint64_t n;

	if (trx_json_get_uint(
		trx_json_get(&h->json, "compat"), "vocab_size", &n) != 1)
		return 0;
	return (uint32_t)n;
}

int
trx_header_set_tokens(
    struct trx_header *h, struct trx_arena *a, struct trx_error *err)
{
	if (trx_json_set(a, &h->json, "kind",
		trx_json_string(TRX_STR("tokens"))) == NULL)
		return trx_error_memory(err);
	return 0;
}

/* A header that was made or parsed here has these members. */
static struct trx_json *
member(struct trx_header *h, const char *key)
{
	return (struct trx_json *)trx_json_get(&h->json, key);
}

struct trx_json *
trx_header_compat(struct trx_header *h)
{
	return member(h, "compat");
}

struct trx_json *
trx_header_special(struct trx_header *h)
{
	return member(h, "special");
}

int
trx_header_add_stage(struct trx_header *h, const char *name,
    struct trx_json options, struct trx_arena *a, struct trx_error *err)
{
	struct trx_json stage = trx_json_object();

	if (trx_json_set(a, &stage, "name", trx_json_string(trx_str(name))) ==
		NULL ||
	    trx_json_set(a, &stage, "options", options) == NULL ||
	    trx_json_set(a, &stage, "version",
		trx_json_string(TRX_STR(TRX_VERSION))) == NULL ||
	    trx_json_push(a, member(h, "stages"), stage) == NULL)
		return trx_error_memory(err);
	return 0;
}

int
trx_header_write(
    const struct trx_header *h, struct trx_buf *out, struct trx_error *err)
{
	if (trx_json_canonical(&h->json, out, err) == -1)
		return -1;
	return out->failed ? trx_error_memory(err) : 0;
}

int
trx_header_compatible(const struct trx_header *a, const struct trx_header *b,
    struct trx_error *err)
{
	struct trx_buf x = TRX_BUF_INIT, y = TRX_BUF_INIT;
	int rc = -1;

	if (trx_json_canonical(trx_json_get(&a->json, "compat"), &x, err) ==
		-1 ||
	    trx_json_canonical(trx_json_get(&b->json, "compat"), &y, err) == -1)
		goto out;
	if (x.failed || y.failed)
		trx_error_memory(err);
	else if (trx_header_kind(a) != trx_header_kind(b) ||
		 !trx_str_equal(trx_buf_str(&x), trx_buf_str(&y)))
		trx_error_set(err, TRX_INPUT,
		    "made with another model than the segment before it");
	else
		rc = 0;
out:
	trx_buf_free(&x);
	trx_buf_free(&y);
	return rc;
}
