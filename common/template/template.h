/*
 * Jinja templates, as Jinja2 3.1.6 renders them in the environment that
 * `transformers` sets up: compiled once into a tree, rendered per row.
 *
 * Exact or refused: a statement, filter, test, method or global that the
 * engine does not know is refused by trx_template_compile, by name; what
 * Python rejects while rendering, and what the engine cannot reproduce
 * exactly, is an error of trx_template_render.
 */
#ifndef TRX_TEMPLATE_TEMPLATE_H
#define TRX_TEMPLATE_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/error.h"
#include "common/base/str.h"
#include "common/json/value.h"

/* A template is untrusted input: these bound what one may ask for. */
#define TRX_TEMPLATE_SOURCE ((size_t)1 << 20)  /* bytes of source */
#define TRX_TEMPLATE_NESTING 200	       /* levels of tags and brackets */
#define TRX_TEMPLATE_TREE 500		       /* levels of its tree */
#define TRX_TEMPLATE_DEPTH 3000		       /* those of macros in macros */
#define TRX_TEMPLATE_VALUES 900		       /* values in values */
#define TRX_TEMPLATE_OUTPUT ((size_t)64 << 20) /* bytes of any text */
#define TRX_TEMPLATE_MEMORY ((size_t)256 << 20) /* bytes of its values */

/* Steps of one rendering; builds for fuzzing give fewer. */
#ifndef TRX_TEMPLATE_STEPS
#define TRX_TEMPLATE_STEPS ((size_t)20 << 20)
#endif

struct trx_template; /* opaque, immutable once compiled */

/*
 * As trx_template_compile, for what looks at the tree as it is written:
 * constants are not folded.
 */
struct trx_template *trx_template_parse(
    struct trx_str source, const char *name, struct trx_error *err);

/*
 * Compile source (UTF-8; borrowed for the call only).  name stands in messages
 * and is copied.  Returns NULL with err `NAME:LINE: cause` (TRX_INPUT), or
 * TRX_MACHINE when memory runs out.  Freed with trx_template_free.
 */
struct trx_template *trx_template_compile(
    struct trx_str source, const char *name, struct trx_error *err);

/* NULL is fine. */
void trx_template_free(struct trx_template *t);

/* Has t a {% generation %} block? */
bool trx_template_generates(const struct trx_template *t);

/* Does t anywhere name strftime_now, run or not? */
bool trx_template_asks_date(const struct trx_template *t);

struct trx_template_var {
	struct trx_str name;
	const struct trx_json *value;
};

struct trx_date; /* common/template/date.h */

/* What a rendering is given. */
struct trx_template_input {
	/* Of a repeated name the last counts. */
	const struct trx_template_var *vars;
	size_t nvars;
	const struct trx_date *now; /* for strftime_now(); NULL: it fails */
};

/* Bytes begin..end of what a rendering appended. */
struct trx_template_span {
	size_t begin;
	size_t end;
};

#define TRX_TEMPLATE_OWN (-2)	/* the template's, or of trace->own */
#define TRX_TEMPLATE_OTHER (-1) /* made of data, or of no input */

/* Bytes that came from one place. */
struct trx_template_piece {
	size_t begin;
	size_t end;
	int32_t input;	     /* index of an input, or one of the above */
	uint32_t generation; /* number of the generation block; 0: none */
	size_t offset;	     /* of an input: where in its text they stood */
};

/* What to find out about a rendering's text beside the text. */
struct trx_template_trace {
	/* Texts to be recognised: apart, not empty. */
	const struct trx_str *inputs;
	size_t ninputs;
	const struct trx_arena *own; /* texts here count as the template's */
	/*
	 * Record generation blocks as transformers does: in code points of
	 * the whole text, by what has come out when a block runs, and not
	 * before the first text has.
	 */
	bool quirks;
	/* The answer, in the arena: pieces tile the text. */
	struct trx_template_piece *pieces;
	size_t npieces;
	struct trx_template_span *spans; /* of {% generation %}, not empty */
	size_t nspans;
};

/*
 * Render t and append the text to *out; trace may be NULL.  Values live in
 * arena, until its next reset.  Several threads may render one template at the
 * same time. Returns 0, or -1 with err `NAME:LINE: message` and nothing
 * appended.
 */
int trx_template_render(const struct trx_template *t,
    const struct trx_template_input *input, struct trx_arena *arena,
    struct trx_template_trace *trace, struct trx_buf *out,
    struct trx_error *err);

#endif
