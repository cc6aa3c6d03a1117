#include <math.h>

#include "common/template/arith.h"
#include "common/template/eval.h"
#include "common/template/fold.h"
#include "common/template/number.h"
#include "common/template/text.h"

/* Steps for all constants of a template; beyond, none is folded. */
#define STEPS ((size_t)4 << 20)

struct folder {
	struct trx_run run; /* for the constants */
	struct trx_error failure;
	struct trx_arena scratch; /* of one constant */
	struct trx_arena *arena;  /* the template's */
	struct trx_error *err;
};

/* Where autoescape is not known Jinja compiles as if nothing had changed it. */
static enum trx_escape
escape_here(const struct folder *f)
{
	if (f->run.unsure)
		return TRX_ESCAPE_ASK;
	return f->run.autoescape ? TRX_ESCAPE_YES : TRX_ESCAPE_NO;
}

/* *v is the value of node, in scratch, if it is a constant. */
static bool
constant(struct folder *f, const struct trx_node *node, struct trx_value *v)
{
	if (node->kind == TRX_N_CONST) {
		*v = node->u.value;
		return true;
	}
	trx_arena_reset(&f->scratch);
	f->run.arena_limit = f->scratch.used + TRX_TEMPLATE_MEMORY;
	f->run.nesting = 0;
	return trx_eval(&f->run, node, v) == 0;
}

/* Is what a PRINT prints a constant, *v, whose text is *text? */
static bool
is_text(struct folder *f, const struct trx_node *print, struct trx_value *v,
    struct trx_str *text)
{
	return constant(f, print->child[0], v) &&
	       trx_text_str(&f->run, v, text) == 0;
}

/* What a value is as a constant of Python code. */
enum constant { FINE, NO_CONSTANT, NOT_DEFINED, TOO_LONG };

static enum constant classify(const struct trx_value *v);

/* Of two parts of a value: NO_CONSTANT wins over all, then what is worse. */
static enum constant
worse(enum constant a, enum constant b)
{
	if (a == NO_CONSTANT || b == NO_CONSTANT)
		return NO_CONSTANT;
	return a > b ? a : b;
}

static enum constant
classify_parts(const struct trx_value *v)
{
	enum constant is = FINE;
	size_t i;

	if (v->kind == TRX_V_DICT)
		for (i = 0; i < v->u.dict->n; i++)
			is = worse(
			    is, worse(classify(&v->u.dict->pairs[i].key),
				    classify(&v->u.dict->pairs[i].value)));
	else
		for (i = 0; i < v->u.seq.n; i++)
			is = worse(is, classify(&v->u.seq.at[i]));
	return is;
}

static enum constant
classify(const struct trx_value *v)
{
	switch ((enum trx_kind)v->kind) {
	case TRX_V_NONE:
	case TRX_V_BOOL:
	case TRX_V_INT:
	case TRX_V_STR:
	case TRX_V_RANGE:
		return FINE;
	case TRX_V_BIG:
		return v->u.str.n - (v->u.str.p[0] == '-') > TRX_NUMBER_PRINTED
			   ? TOO_LONG
			   : FINE;
	case TRX_V_FLOAT:
		return isfinite(v->u.real) ? FINE : NOT_DEFINED;
	case TRX_V_LIST:
	case TRX_V_TUPLE:
	case TRX_V_DICT:
		return v->group ? NO_CONSTANT : classify_parts(v);
	default:
		return NO_CONSTANT;
	}
}

static struct trx_node *
new_node(struct folder *f, enum trx_node_kind kind, const struct trx_node *at)
{
	struct trx_node *node =
	    trx_arena_calloc(f->arena, 1, sizeof(struct trx_node));

	if (node == NULL) {
		trx_error_memory(f->err);
		return NULL;
	}
	node->kind = (uint8_t)kind;
	node->line = at->line;
	node->depth = at->depth;
	return node;
}

static int keep(struct folder *f, struct trx_value *v);

static int
keep_all(struct folder *f, const struct trx_value *from, size_t n,
    struct trx_value *to)
{
	size_t i;

	for (i = 0; i < n; i++) {
		to[i] = from[i];
		if (keep(f, &to[i]) == -1)
			return -1;
	}
	return 0;
}

static int
keep_dict(struct folder *f, struct trx_value *v)
{
	const struct trx_dict *from = v->u.dict;
	struct trx_dict *d = trx_arena_calloc(f->arena, 1, sizeof(*d));
	size_t i;

	if (d == NULL || (d->pairs = trx_arena_calloc(
			      f->arena, from->n, sizeof(*d->pairs))) == NULL)
		return -1;
	d->n = d->cap = from->n;
	for (i = 0; i < d->n; i++)
		if (keep_all(f, &from->pairs[i].key, 1, &d->pairs[i].key) ==
			-1 ||
		    keep_all(f, &from->pairs[i].value, 1, &d->pairs[i].value) ==
			-1)
			return -1;
	v->u.dict = d;
	return 0;
}

/* Move what v holds to the template's arena.  Returns 0 or -1. */
static int
keep(struct folder *f, struct trx_value *v)
{
	struct trx_value *at;

	if (v->kind == TRX_V_STR || v->kind == TRX_V_BIG) {
		v->u.str.p = trx_arena_copy(f->arena, v->u.str);
		return v->u.str.p == NULL ? -1 : 0;
	}
	if (v->kind == TRX_V_DICT)
		return keep_dict(f, v);
	if (v->kind != TRX_V_LIST && v->kind != TRX_V_TUPLE)
		return 0;
	at = trx_arena_calloc(f->arena, v->u.seq.n, sizeof(*at));
	if (at == NULL || keep_all(f, v->u.seq.at, v->u.seq.n, at) == -1)
		return -1;
	v->u.seq.at = at;
	return 0;
}

static bool
has_dict(const struct trx_value *v)
{
	size_t i;

	if (v->kind == TRX_V_LIST || v->kind == TRX_V_TUPLE)
		for (i = 0; i < v->u.seq.n; i++)
			if (has_dict(&v->u.seq.at[i]))
				return true;
	return v->kind == TRX_V_DICT;
}

/*
 * Put a constant in the place of the expression that gives it.  A dict that
 * may be changed is made anew each time.
 */
static int
replace(struct folder *f, struct trx_node **at, const struct trx_value *v)
{
	struct trx_node *node;

	/* The parts of a range may be in scratch. */
	if ((*at)->kind == TRX_N_CONST || v->kind == TRX_V_RANGE ||
	    (f->run.template->mutates && has_dict(v)))
		return 0;
	if ((node = new_node(f, TRX_N_CONST, *at)) == NULL)
		return -1;
	node->u.value = *v;
	if (keep(f, &node->u.value) == -1)
		return trx_error_memory(f->err);
	*at = node;
	return 0;
}

/*
 * In base ** exponent the base is a constant: its minus comes last.  Of two
 * constants Jinja had the power itself.
 */
static int
fold_power(struct folder *f, struct trx_node **at)
{
	const struct trx_value zero = trx_value_int(0);
	struct trx_node *power = *at, *base, *minus;
	struct trx_value v;

	if (constant(f, power->child[1], &v) ||
	    !constant(f, power->child[0], &v) || !trx_number_is(&v) ||
	    (v.kind == TRX_V_FLOAT ? !signbit(v.u.real)
				   : trx_number_compare(&v, &zero) >= 0))
		return 0;
	if ((base = new_node(f, TRX_N_CONST, power)) == NULL ||
	    (minus = new_node(f, TRX_N_NEG, power)) == NULL)
		return -1;
	if (trx_arith_negate(&f->run, &v, &base->u.value) == -1)
		return 0;
	/* The digits of a long one are in scratch. */
	if (base->u.value.kind == TRX_V_BIG) {
		base->u.value.u.str.p =
		    trx_arena_copy(f->arena, base->u.value.u.str);
		if (base->u.value.u.str.p == NULL)
			return trx_error_memory(f->err);
	}
	power->child[0] = base;
	minus->child[0] = power;
	*at = minus;
	return 0;
}

/*
 * Jinja fails on a dict of constants with a key that cannot be hashed even
 * where it is never run, but for one that stands alone or in lists and the
 * like.  inside: it stands in another expression.
 */
static int
check_keys(struct folder *f, const struct trx_node *node, bool inside)
{
	struct trx_value v;
	struct trx_str text;
	size_t i;

	if (node == NULL ||
	    (node->kind == TRX_N_PRINT && is_text(f, node, &v, &text)))
		return 0;
	for (i = 0; inside && node->kind == TRX_N_DICT && i < node->n; i += 2) {
		if (!constant(f, node->list[i + 1], &v) ||
		    !constant(f, node->list[i], &v))
			break;
		if (trx_value_hashable(&f->run, &v) == -1)
			return trx_error_set(f->err, TRX_INPUT, "%u: %s",
			    (unsigned)node->line, f->failure.text);
	}
	inside = node->kind == TRX_N_LIST || node->kind == TRX_N_TUPLE ||
			 node->kind == TRX_N_DICT
		     ? inside
		     : node->kind <= TRX_N_OPERAND;
	for (i = 0; i < sizeof(node->child) / sizeof(*node->child); i++)
		if (check_keys(f, node->child[i], inside) == -1)
			return -1;
	for (i = 0; i < node->n; i++)
		if (check_keys(f, node->list[i], inside) == -1)
			return -1;
	return 0;
}

static int fold_children(struct folder *f, struct trx_node *node);

/* An expression that becomes Python code. */
static int
fold(struct folder *f, struct trx_node **at)
{
	enum constant is = NO_CONSTANT;
	struct trx_node *node = *at;
	struct trx_value v;

	node->escape = escape_here(f);
	if (constant(f, node, &v))
		is = classify(&v);
	if (is == TOO_LONG)
		return trx_error_set(f->err, TRX_INPUT,
		    "%u: Exceeds the limit (%d digits) for integer string "
		    "conversion",
		    (unsigned)node->line, TRX_NUMBER_PRINTED);
	if (is == NOT_DEFINED) {
		*at = new_node(f, TRX_N_NOT_DEFINED, node);
		return *at == NULL ? -1 : 0;
	}
	if (is == FINE)
		return replace(f, at, &v);
	if (fold_children(f, node) == -1)
		return -1;
	if (node->kind == TRX_N_BINARY && node->op == TRX_OP_POW)
		return fold_power(f, at);
	return 0;
}

/* A print tag: one that is constant never becomes code but for its text. */
static int
fold_print(struct folder *f, struct trx_node *node)
{
	struct trx_value v;
	struct trx_str text;

	node->escape = escape_here(f);
	if (!is_text(f, node, &v, &text))
		return fold(f, &node->child[0]);
	node->escape = f->run.autoescape ? TRX_ESCAPE_YES : TRX_ESCAPE_NO;
	if (classify(&v) != FINE)
		v = trx_value_str(text);
	return replace(f, &node->child[0], &v);
}

/* Fold what is in an autoescape, or in a block, which knows of none. */
static int
fold_region(struct folder *f, struct trx_node *node)
{
	bool escapes = f->run.autoescape, unsure = f->run.unsure;
	struct trx_value v;
	int rc;

	if (node->kind == TRX_N_BLOCK)
		f->run.autoescape = f->run.unsure = false;
	else if (constant(f, node->child[0], &v))
		f->run.autoescape = trx_value_truth(&v);
	else
		f->run.unsure = true;
	rc = fold_children(f, node);
	f->run.autoescape = escapes;
	f->run.unsure = unsure;
	return rc;
}

static int
fold_node(struct folder *f, struct trx_node **at)
{
	struct trx_node *node = *at;

	if (node == NULL)
		return 0;
	if (node->kind == TRX_N_PRINT)
		return fold_print(f, node);
	if (node->kind <= TRX_N_OPERAND)
		return fold(f, at);
	node->escape = escape_here(f);
	if (node->kind == TRX_N_AUTOESCAPE || node->kind == TRX_N_BLOCK)
		return fold_region(f, node);
	return fold_children(f, node);
}

static int
fold_children(struct folder *f, struct trx_node *node)
{
	size_t i;

	for (i = 0; i < sizeof(node->child) / sizeof(*node->child); i++)
		if (fold_node(f, &node->child[i]) == -1)
			return -1;
	for (i = 0; i < node->n; i++)
		if (fold_node(f, &node->list[i]) == -1)
			return -1;
	return 0;
}

int
trx_fold_run(struct trx_template *t, struct trx_error *err)
{
	struct folder f = { .arena = &t->arena, .err = err };
	int rc;

	f.run = (struct trx_run){ .arena = &f.scratch,
		.template = t,
		.folding = true,
		.surrogates = t->surrogates,
		.left = STEPS,
		.line = 1,
		.err = &f.failure };
	rc = check_keys(&f, t->body, false);
	if (rc == 0)
		rc = fold_children(&f, t->body);
	t->surrogates |= f.run.surrogates;
	trx_arena_free(&f.scratch);
	return rc;
}
