#include <string.h>

#include "common/base/buf.h"
#include "common/tokenizer/regex_code.h"

typedef struct trx_regex_kinds kinds;

enum {
	TABLES_MAX = 200, /* of those that are made but once */
	EMPTY_MAX = 32,
};

struct compiler {
	const struct trx_regex_tree *tree;
	const uint8_t *tables[TABLES_MAX];
	size_t ntables;
	const kinds *of;    /* of each set */
	struct trx_buf out; /* struct trx_regex_code */
	struct trx_arena *a;
	unsigned slot; /* the first free one */
	size_t nslots;
	kinds all;
	bool failed;	  /* memory */
	const char *over; /* what there is too much of */
};

static kinds
both(kinds x, kinds y)
{
	size_t i;

	for (i = 0; i < sizeof(x.bits) / sizeof(x.bits[0]); i++)
		x.bits[i] |= y.bits[i];
	return x;
}

static kinds
common(kinds x, kinds y)
{
	size_t i;

	for (i = 0; i < sizeof(x.bits) / sizeof(x.bits[0]); i++)
		x.bits[i] &= y.bits[i];
	return x;
}

static kinds
without(kinds x, kinds y)
{
	size_t i;

	for (i = 0; i < sizeof(x.bits) / sizeof(x.bits[0]); i++)
		x.bits[i] &= ~y.bits[i];
	return x;
}

static bool
none(kinds x)
{
	size_t i;

	for (i = 0; i < sizeof(x.bits) / sizeof(x.bits[0]); i++)
		if (x.bits[i] != 0)
			return false;
	return true;
}

static bool
holds(const kinds *x, size_t kind)
{
	return (x->bits[kind / 64] >> kind % 64 & 1) != 0;
}

/* The set of n where it is but one character of a set, groups or not. */
static const struct trx_regex_node *
as_set(const struct trx_regex_node *n)
{
	while ((n->kind == TRX_REGEX_CAT || n->kind == TRX_REGEX_ATOMIC) &&
	       n->child->next == NULL)
		n = n->child;
	return n->kind == TRX_REGEX_SET ? n : NULL;
}

static kinds first_of(
    const struct compiler *c, const struct trx_regex_node *n, kinds after);

/* Of n and its next ones: all kinds where many of them may be empty. */
static kinds
first_of_list(
    const struct compiler *c, const struct trx_regex_node *n, kinds after)
{
	const struct trx_regex_node *chain[EMPTY_MAX];
	size_t length = 0;

	for (; n != NULL; n = n->next) {
		if (length == EMPTY_MAX)
			return c->all;
		chain[length++] = n;
		if (!n->empty)
			break;
	}
	while (length > 0)
		after = first_of(c, chain[--length], after);
	return after;
}

static kinds
first_of_look(
    const struct compiler *c, const struct trx_regex_node *n, kinds after)
{
	const struct trx_regex_node *set = as_set(n->child);

	if (n->behind)
		return after;
	if (!n->negative)
		return common(after, first_of(c, n->child, c->all));
	return set == NULL ? after : without(after, c->of[set->set]);
}

/*
 * The kinds of the next character where n, and then something that begins with
 * one of after, may match: no more than a bound, as it is not asked for which
 * strings.
 */
static kinds
first_of(const struct compiler *c, const struct trx_regex_node *n, kinds after)
{
	const struct trx_regex_node *k;
	kinds first = { { 0 } };

	switch (n->kind) {
	case TRX_REGEX_SET:
		return c->of[n->set];
	case TRX_REGEX_CAT:
	case TRX_REGEX_ATOMIC:
		return first_of_list(c, n->child, after);
	case TRX_REGEX_ALT:
		for (k = n->child; k != NULL; k = k->next)
			first = both(first, first_of(c, k, after));
		return first;
	case TRX_REGEX_REPEAT:
		if (n->max == 0)
			return after;
		first = first_of(c, n->child, after);
		return n->min == 0 ? both(first, after) : first;
	case TRX_REGEX_LOOK:
		return first_of_look(c, n, after);
	default:
		return after;
	}
}

static const uint8_t *
table_of(struct compiler *c, kinds here, kinds there)
{
	uint8_t made[TRX_REGEX_KINDS], *table;
	size_t i;

	for (i = 0; i < TRX_REGEX_KINDS; i++)
		made[i] = (uint8_t)((holds(&here, i) ? TRX_REGEX_HERE : 0) |
				    (holds(&there, i) ? TRX_REGEX_THERE : 0));
	for (i = 0; i < c->ntables; i++)
		if (memcmp(c->tables[i], made, sizeof(made)) == 0)
			return c->tables[i];
	table = trx_arena_alloc(c->a, sizeof(made));
	if (table == NULL) {
		c->failed = true;
		return NULL;
	}
	memcpy(table, made, sizeof(made));
	if (c->ntables < TABLES_MAX)
		c->tables[c->ntables++] = table;
	return table;
}

static const uint8_t *
set_table(struct compiler *c, kinds set)
{
	return table_of(c, set, (kinds){ { 0 } });
}

/* Returns its place. */
static uint32_t
emit(struct compiler *c, struct trx_regex_code code)
{
	size_t n = c->out.len / sizeof(code);

	if (n == TRX_REGEX_CODE_MAX)
		c->over = "is too long";
	if (c->over == NULL)
		trx_buf_add(&c->out, &code, sizeof(code));
	c->failed = c->failed || c->out.failed;
	return (uint32_t)n;
}

/* Where the next one will stand. */
static uint32_t
here(const struct compiler *c)
{
	return (uint32_t)(c->out.len / sizeof(struct trx_regex_code));
}

static void
land(struct compiler *c, uint32_t from)
{
	if (from < here(c))
		((struct trx_regex_code *)c->out.data)[from].to = here(c);
}

static bool
stopped(const struct compiler *c)
{
	return c->failed || c->over != NULL;
}

static uint8_t
take_slot(struct compiler *c)
{
	if (c->slot == TRX_REGEX_SLOTS)
		c->over = "nests too deep";
	else
		c->slot++;
	if (c->slot > c->nslots)
		c->nslots = c->slot;
	return (uint8_t)(c->slot - 1);
}

static void compile(
    struct compiler *c, const struct trx_regex_node *n, kinds after);

static uint32_t
split(struct compiler *c, kinds to_here, kinds to_there, bool there_first)
{
	return emit(c, (struct trx_regex_code){ .op = TRX_REGEX_OP_SPLIT,
			   .there_first = there_first,
			   .table = table_of(c, to_here, to_there) });
}

static void
compile_list(struct compiler *c, const struct trx_regex_node *n, kinds after)
{
	for (; n != NULL && !stopped(c); n = n->next)
		compile(c, n, first_of_list(c, n->next, after));
}

/* The first of the alternatives from n on. */
static kinds
first_of_alts(
    const struct compiler *c, const struct trx_regex_node *n, kinds after)
{
	kinds first = { { 0 } };

	for (; n != NULL; n = n->next)
		first = both(first, first_of(c, n, after));
	return first;
}

static void
compile_alts(struct compiler *c, const struct trx_regex_node *n, kinds after)
{
	/* The jumps to the end: each holds the place of the one before. */
	uint32_t jumps = UINT32_MAX, from, next;
	struct trx_regex_code *code;

	for (; n->next != NULL && !stopped(c); n = n->next) {
		from = split(c, first_of(c, n, after),
		    first_of_alts(c, n->next, after), false);
		compile(c, n, after);
		jumps = emit(c, (struct trx_regex_code){
				    .op = TRX_REGEX_OP_JUMP, .to = jumps });
		land(c, from);
	}
	compile(c, n, after);
	code = (struct trx_regex_code *)c->out.data;
	for (; jumps != UINT32_MAX && !stopped(c); jumps = next) {
		next = code[jumps].to;
		land(c, jumps);
	}
}

/* One character, a number of times. */
static void
compile_run(struct compiler *c, const struct trx_regex_node *n,
    const struct trx_regex_node *set, bool own, kinds after)
{
	struct trx_regex_code code = { .op = TRX_REGEX_OP_RUN,
		.min = n->min,
		.max = n->max,
		.table = set_table(c, c->of[set->set]),
		.next = set_table(c, after) };

	/* What follows can't match a character that is taken back. */
	if (own || n->min == n->max ||
	    (!n->lazy && none(common(after, c->of[set->set]))))
		code.op = TRX_REGEX_OP_OWN;
	else if (n->lazy)
		code.op = TRX_REGEX_OP_LAZY;
	emit(c, code);
}

/*
 * Any number of times.  A time round that takes nothing is the last one, as in
 * Oniguruma.
 */
static void
compile_loop(struct compiler *c, const struct trx_regex_node *n, kinds after)
{
	kinds again = both(first_of(c, n->child, after), after);
	unsigned slots = c->slot;
	uint32_t top, leave = UINT32_MAX;
	uint8_t slot = 0;

	top = split(c, first_of(c, n->child, again), after, n->lazy);
	if (n->child->empty) {
		slot = take_slot(c);
		emit(c, (struct trx_regex_code){
			    .op = TRX_REGEX_OP_ENTER, .slot = slot });
	}
	compile(c, n->child, again);
	if (n->child->empty)
		leave = emit(c, (struct trx_regex_code){
				    .op = TRX_REGEX_OP_LEAVE, .slot = slot });
	emit(c, (struct trx_regex_code){ .op = TRX_REGEX_OP_JUMP, .to = top });
	land(c, top);
	if (leave != UINT32_MAX)
		land(c, leave);
	c->slot = slots;
}

static void
compile_repeat(struct compiler *c, const struct trx_regex_node *n, kinds after)
{
	const struct trx_regex_node *set = as_set(n->child);
	kinds again = both(first_of(c, n->child, after), after);
	uint32_t i, splits = UINT32_MAX, next;

	if (n->max == 0)
		return;
	if (set != NULL) {
		compile_run(c, n, set, false, after);
		return;
	}
	for (i = 0; i < n->min && !stopped(c); i++)
		compile(c, n->child, again);
	if (n->max == TRX_REGEX_INFINITE) {
		compile_loop(c, n, after);
		return;
	}
	for (; i < n->max && !stopped(c); i++) {
		next = split(c, first_of(c, n->child, again), after, n->lazy);
		if (!stopped(c))
			((struct trx_regex_code *)c->out.data)[next].to =
			    splits;
		splits = next;
		compile(c, n->child, again);
	}
	for (; splits != UINT32_MAX && !stopped(c); splits = next) {
		next = ((struct trx_regex_code *)c->out.data)[splits].to;
		land(c, splits);
	}
}

static void
compile_atomic(struct compiler *c, const struct trx_regex_node *n, kinds after)
{
	const struct trx_regex_node *child = n->child;
	unsigned slots = c->slot;
	uint8_t slot;

	if (child->kind == TRX_REGEX_REPEAT && child->next == NULL &&
	    !child->lazy && child->max > 0 && as_set(child->child) != NULL) {
		compile_run(c, child, as_set(child->child), true, after);
		return;
	}
	slot = take_slot(c);
	emit(c,
	    (struct trx_regex_code){ .op = TRX_REGEX_OP_MARK, .slot = slot });
	/* Not after: what is inside is chosen without a look at what follows.
	 */
	compile_list(c, child, c->all);
	emit(
	    c, (struct trx_regex_code){ .op = TRX_REGEX_OP_CUT, .slot = slot });
	c->slot = slots;
}

static void
compile_look(struct compiler *c, const struct trx_regex_node *n)
{
	const struct trx_regex_node *set = as_set(n->child);
	unsigned slots = c->slot;
	uint32_t from;
	uint8_t slot;

	if (set != NULL && !n->behind) {
		emit(c, (struct trx_regex_code){ .op = TRX_REGEX_OP_NEXT,
			    .table = set_table(c,
				n->negative ? without(c->all, c->of[set->set])
					    : c->of[set->set]) });
		return;
	}
	slot = take_slot(c);
	from = emit(
	    c, (struct trx_regex_code){
		   .op = n->negative ? TRX_REGEX_OP_UNLESS : TRX_REGEX_OP_MARK,
		   .slot = slot });
	if (n->behind)
		emit(c, (struct trx_regex_code){
			    .op = TRX_REGEX_OP_BACK, .min = n->back });
	compile(c, n->child, c->all);
	emit(c, (struct trx_regex_code){
		    .op = n->negative ? TRX_REGEX_OP_FAIL : TRX_REGEX_OP_RETURN,
		    .slot = slot });
	if (n->negative)
		land(c, from);
	c->slot = slots;
}

/* n, before what begins with one of after. */
static void
compile(struct compiler *c, const struct trx_regex_node *n, kinds after)
{
	switch (n->kind) {
	case TRX_REGEX_EMPTY:
		break;
	case TRX_REGEX_SET:
		emit(c, (struct trx_regex_code){ .op = TRX_REGEX_OP_SET,
			    .table = set_table(c, c->of[n->set]) });
		break;
	case TRX_REGEX_CAT:
		compile_list(c, n->child, after);
		break;
	case TRX_REGEX_ALT:
		compile_alts(c, n->child, after);
		break;
	case TRX_REGEX_REPEAT:
		compile_repeat(c, n, after);
		break;
	case TRX_REGEX_ATOMIC:
		compile_atomic(c, n, after);
		break;
	case TRX_REGEX_LOOK:
		compile_look(c, n);
		break;
	case TRX_REGEX_ASSERT:
		emit(c, (struct trx_regex_code){ .op = TRX_REGEX_OP_ASSERT,
			    .assert = (uint8_t)n->assert });
		break;
	}
}

int
trx_regex_compile(const struct trx_regex_tree *tree,
    const struct trx_regex_kinds *of, struct trx_regex *r, struct trx_arena *a,
    struct trx_error *err)
{
	struct compiler c = { .tree = tree, .of = of, .a = a };
	struct trx_regex_code *code = NULL;

	memset(&c.all, 0xff, sizeof(c.all));
	compile(&c, tree->root, c.all);
	emit(&c, (struct trx_regex_code){ .op = TRX_REGEX_OP_MATCH });
	r->first = set_table(&c, first_of(&c, tree->root, c.all));
	if (tree->nsets > 0)
		r->word = set_table(&c, of[tree->word]);
	if (!c.failed)
		code = trx_arena_alloc(a, c.out.len);
	if (code != NULL) {
		memcpy(code, c.out.data, c.out.len);
		r->code = code;
		r->nslots = c.nslots;
	}
	trx_buf_free(&c.out);
	if (c.over != NULL)
		return trx_error_set(err, TRX_INPUT,
		    "the regular expression '%.*s' %s",
		    (int)(r->pattern.n < 600 ? r->pattern.n : 600),
		    r->pattern.p, c.over);
	return code == NULL ? trx_error_memory(err) : 0;
}
