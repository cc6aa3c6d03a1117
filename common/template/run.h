/* One rendering: its memory, its budget, its output and its failure. */
#ifndef TRX_TEMPLATE_RUN_H
#define TRX_TEMPLATE_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/error.h"
#include "common/base/str.h"
#include "common/template/template.h"

struct trx_frame;
struct trx_text;
struct trx_trace;
struct trx_value;

struct trx_run {
	const struct trx_template_input *input; /* borrowed */
	struct trx_arena *arena;		/* borrowed */
	struct trx_value *vars;	 /* input's; MISSING until asked for */
	uint64_t var_bits;	 /* of their names: trx_load_bit() */
	size_t arena_limit;	 /* so many of its bytes may be used */
	struct trx_text *main;	 /* what comes out in the end */
	struct trx_text *out;	 /* where text goes now */
	struct trx_trace *trace; /* NULL: text is not traced */
	const struct trx_template *template;
	struct trx_frame *frame; /* the running function's */
	struct trx_frame *root;	 /* the template's own */
	bool autoescape;	 /* what is printed becomes HTML */
	bool folding;		 /* of constants: there are no variables */
	bool unsure;		 /* in folding: is autoescape not known? */
	bool surrogates;	 /* may the text hold some? */
	int64_t left;		 /* steps; below 0: too many were used */
	unsigned depth;		 /* of macro calls */
	unsigned nesting;	 /* of values being visited */
	size_t written;		 /* bytes, those of macros twice */
	uint32_t line;		 /* of what runs now, for messages */
	struct trx_error *err;
};

/* Fail with a message (without its place).  Returns -1. */
int trx_run_fail(struct trx_run *run, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Fail: trx cannot do `what` exactly.  Returns -1. */
int trx_run_refuse(struct trx_run *run, const char *what);

/* Fail for the steps that were used. */
void trx_run_charge_fail(struct trx_run *run);

/* Use up n steps.  Returns 0, or -1 with the rendering failed. */
static inline int
trx_run_charge(struct trx_run *run, size_t n)
{
	run->left -= (int64_t)n;
	if (run->left >= 0)
		return 0;
	trx_run_charge_fail(run);
	return -1;
}

/*
 * Around the visit of a value's items: fails when values are nested deeper
 * than TRX_TEMPLATE_VALUES.  After 0, trx_run_leave.
 */
static inline int
trx_run_enter(struct trx_run *run)
{
	if (run->nesting >= TRX_TEMPLATE_VALUES)
		return trx_run_fail(run, "a value is nested too deeply");
	run->nesting++;
	return 0;
}

static inline void
trx_run_leave(struct trx_run *run)
{
	run->nesting--;
}

/* Fail for n bytes: too many for a template, or for the machine. */
void *trx_run_alloc_fail(struct trx_run *run, size_t n);

/* n bytes of the arena; NULL with the rendering failed. */
static inline void *
trx_run_alloc(struct trx_run *run, size_t n)
{
	void *p;

	if (n <= TRX_TEMPLATE_MEMORY &&
	    run->arena->used <= run->arena_limit - n &&
	    (p = trx_arena_alloc(run->arena, n)) != NULL)
		return p;
	return trx_run_alloc_fail(run, n);
}

/* n * size cleared bytes of the arena; NULL with the rendering failed. */
void *trx_run_calloc(struct trx_run *run, size_t n, size_t size);

/* A copy of s in the arena; s.p is NULL with the rendering failed. */
struct trx_str trx_run_copy(struct trx_run *run, struct trx_str s);

/*
 * What was put in b, copied to the arena into *out; b is freed either way.
 * Returns 0 or -1.
 */
int trx_run_take(struct trx_run *run, struct trx_buf *b, struct trx_str *out);

#endif
