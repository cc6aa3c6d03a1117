/*
 * Read one JSON document at a time, strictly, with simdjson's On-Demand API.
 * The shim reader.cc is the one place that meets simdjson; no exception
 * leaves it.
 */
#ifndef TRX_JSON_READER_H
#define TRX_JSON_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/json/value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes that must be readable (any value) after a document's last one. */
#define TRX_JSON_PADDING 64

/* Objects and arrays may nest this deep. */
#define TRX_JSON_DEPTH 500

/* Why a document is refused. */
enum trx_json_fault {
	TRX_JSON_FINE,
	TRX_JSON_SYNTAX, /* not JSON, or something follows the value */
	TRX_JSON_NOT_UTF8,
	TRX_JSON_LONE_SURROGATE, /* "\ud800" without its other half */
	TRX_JSON_DUPLICATE_KEY,	 /* at any depth */
	TRX_JSON_TOO_DEEP,
	TRX_JSON_MACHINE /* memory ran out; err->status is TRX_MACHINE */
};

struct trx_json_reader; /* opaque; one per thread */

/* Returns NULL when memory runs out.  Freed with trx_json_reader_free. */
struct trx_json_reader *trx_json_reader_new(struct trx_error *err);

/* NULL is fine. */
void trx_json_reader_free(struct trx_json_reader *r);

/*
 * Read the one document that text[0..len) is, white space around it allowed,
 * visiting and checking every value of it.  text[len .. len+TRX_JSON_PADDING)
 * must be readable.  *out is allocated in a; its raw slices borrow text, so
 * text must live as long.  Numbers keep their text and are checked against
 * JSON's grammar only.  Returns TRX_JSON_FINE, or the fault, with err set
 * (status TRX_INPUT but for TRX_JSON_MACHINE).
 */
enum trx_json_fault trx_json_read(struct trx_json_reader *r, const char *text,
    size_t len, struct trx_arena *a, struct trx_json *out,
    struct trx_error *err);

/*
 * The same, but of the root object only the members of those keys are read:
 * keys ends with NULL, or is NULL for all.  Of the others nothing is checked
 * but where they end; they come out as null.
 */
enum trx_json_fault trx_json_read_members(struct trx_json_reader *r,
    const char *text, size_t len, const char *const *keys, struct trx_arena *a,
    struct trx_json *out, struct trx_error *err);

/*
 * Read text, of any length and unpadded, as one document: for JSON of our own,
 * such as headers.  The text is copied into a.  Returns 0, or -1 with err set.
 */
int trx_json_parse(struct trx_str text, struct trx_arena *a,
    struct trx_json *out, struct trx_error *err);

/*
 * Read the file at path as one document, for settings and model files, with
 * keys as trx_json_read_members has them: the bytes and the tree are allocated
 * in a.  Files over max bytes are refused.  Returns 0, or -1 with err naming
 * the path: TRX_INPUT when it is absent or no JSON, TRX_MACHINE when reading
 * failed.
 */
int trx_json_read_file(const char *path, size_t max, const char *const *keys,
    struct trx_arena *a, struct trx_json *out, struct trx_error *err);

/* Is all of text well-formed UTF-8?  At simdjson's speed, for long ones. */
bool trx_json_is_utf8(struct trx_str text);

/* simdjson's version, for --version. */
const char *trx_json_version(void);

#ifdef __cplusplus
}
#endif

#endif
