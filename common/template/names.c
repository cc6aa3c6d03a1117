#include <string.h>

#include "common/template/call.h"
#include "common/template/names.h"

#define MAX_WORK 20000000 /* steps of one analysis */
#define MAX_SLOTS 20000	  /* variables of one function */

int
trx_names_work(struct trx_names_walk *w, size_t n)
{
	w->work += n;
	if (w->work > MAX_WORK)
		return trx_error_set(
		    w->err, TRX_INPUT, "1: the template is too complex");
	return 0;
}

static void *
grow(struct trx_names_walk *w, void *old, size_t n, size_t *cap, size_t size)
{
	void *p;

	if (n < *cap)
		return old;
	*cap = *cap == 0 ? 8 : *cap * 2;
	if ((p = trx_arena_calloc(w->scratch, *cap, size)) == NULL)
		trx_error_memory(w->err);
	else if (n != 0)
		memcpy(p, old, n * size);
	return p;
}

static struct trx_names_symbol *
find_here(
    struct trx_names_walk *w, const struct trx_names *s, struct trx_str name)
{
	size_t i;

	w->work += s->names.n / 4 + 1;
	for (i = 0; i < s->names.n; i++)
		if (trx_str_equal(s->names.at[i].name, name))
			return &s->names.at[i];
	return NULL;
}

/* The variable that name is, seen from s; false where none is known. */
bool
trx_names_find(struct trx_names_walk *w, const struct trx_names *s,
    struct trx_str name, struct trx_slot *slot)
{
	const struct trx_names_function *function = s->function;
	struct trx_names_symbol *symbol;
	uint16_t up = 0;

	for (; s != NULL; s = s->parent) {
		if (s->function != function) {
			function = s->function;
			up++;
		}
		if ((symbol = find_here(w, s, name)) != NULL) {
			*slot = (struct trx_slot){ up, symbol->slot };
			return true;
		}
	}
	return false;
}

/* The slot of (level, name) in s's function; -1 out of memory or slots. */
static int
take_slot(struct trx_names_walk *w, struct trx_names *s, struct trx_str name)
{
	struct trx_names_function *f = s->function;
	size_t i;

	if (trx_names_work(w, f->n / 4 + 1) == -1)
		return -1;
	for (i = 0; i < f->n; i++)
		if (f->slots[i].level == s->level &&
		    trx_str_equal(f->slots[i].name, name))
			return (int)i;
	if (f->n >= MAX_SLOTS)
		return trx_error_set(
		    w->err, TRX_INPUT, "1: the template has too many names");
	f->slots = grow(w, f->slots, f->n, &f->cap, sizeof(*f->slots));
	if (f->slots == NULL)
		return -1;
	f->slots[f->n].name = name;
	f->slots[f->n].level = s->level;
	return (int)f->n++;
}

static struct trx_names_symbol *
define(struct trx_names_walk *w, struct trx_names *s, struct trx_str name,
    enum trx_load_action action)
{
	int slot = take_slot(w, s, name);
	struct trx_names_table *t = &s->names;

	if (slot == -1)
		return NULL;
	t->at = grow(w, t->at, t->n, &t->cap, sizeof(*t->at));
	if (t->at == NULL)
		return NULL;
	t->at[t->n] = (struct trx_names_symbol){
		.name = name, .slot = (uint16_t)slot, .action = action
	};
	return &t->at[t->n++];
}

static int
load(struct trx_names_walk *w, struct trx_names *s, struct trx_str name)
{
	struct trx_slot slot;

	if (trx_names_work(w, 1) == -1)
		return -1;
	if (trx_names_find(w, s, name, &slot))
		return 0;
	return define(w, s, name, TRX_LOAD_RESOLVE) == NULL ? -1 : 0;
}

static int
store(struct trx_names_walk *w, struct trx_names *s, struct trx_str name)
{
	struct trx_names_symbol *symbol;
	struct trx_slot outer;

	if (trx_names_work(w, 1) == -1)
		return -1;
	if ((symbol = find_here(w, s, name)) == NULL) {
		bool known =
		    s->parent != NULL && trx_names_find(w, s, name, &outer);

		symbol = define(
		    w, s, name, known ? TRX_LOAD_ALIAS : TRX_LOAD_MISSING);
		if (symbol == NULL)
			return -1;
		if (known)
			symbol->from = outer;
	}
	symbol->stored = true;
	return 0;
}

int
trx_names_declare(
    struct trx_names_walk *w, struct trx_names *s, struct trx_str name)
{
	struct trx_names_symbol *symbol = find_here(w, s, name);

	if (symbol == NULL &&
	    (symbol = define(w, s, name, TRX_LOAD_MISSING)) == NULL)
		return -1;
	symbol->parameter = true;
	symbol->stored = true;
	return symbol->slot;
}

int
trx_names_collect_list(
    struct trx_names_walk *w, struct trx_names *s, struct trx_node *node)
{
	size_t i;

	for (i = 0; i < node->n; i++)
		if (trx_names_collect(w, s, node->list[i]) == -1)
			return -1;
	return 0;
}

static int
collect_children(
    struct trx_names_walk *w, struct trx_names *s, struct trx_node *node)
{
	size_t i;

	for (i = 0; i < 4; i++)
		if (node->child[i] != NULL &&
		    trx_names_collect(w, s, node->child[i]) == -1)
			return -1;
	return trx_names_collect_list(w, s, node);
}

static int
copy_table(struct trx_names_walk *w, const struct trx_names_table *from,
    struct trx_names_table *to)
{
	*to = (struct trx_names_table){ .n = from->n, .cap = from->n };
	if (trx_names_work(w, from->n + 1) == -1)
		return -1;
	to->at = trx_arena_calloc(w->scratch, from->n, sizeof(*to->at));
	if (to->at == NULL)
		return trx_error_memory(w->err);
	if (from->n != 0)
		memcpy(to->at, from->at, from->n * sizeof(*to->at));
	return 0;
}

/* The names of one branch of an if, as if it alone came next. */
static int
collect_branch(struct trx_names_walk *w, struct trx_names *s,
    struct trx_node *body, struct trx_node *lists,
    struct trx_names_table *names)
{
	struct trx_names_table before = s->names;
	int rc;

	if (copy_table(w, &before, &s->names) == -1)
		return -1;
	rc = body == NULL ? 0 : trx_names_collect(w, s, body);
	if (rc == 0 && lists != NULL)
		rc = trx_names_collect_list(w, s, lists);
	*names = s->names;
	s->names = before;
	return rc;
}

/* Add to s what a branch came to know; what it loads wins. */
static int
merge_branch(struct trx_names_walk *w, struct trx_names *s,
    const struct trx_names_table *branch)
{
	struct trx_names_symbol *mine;
	size_t i;

	for (i = 0; i < branch->n; i++) {
		if (trx_names_work(w, 1) == -1)
			return -1;
		mine = find_here(w, s, branch->at[i].name);
		if (mine == NULL &&
		    (mine = define(w, s, branch->at[i].name, 0)) == NULL)
			return -1;
		*mine = (struct trx_names_symbol){
			.name = mine->name,
			.slot = mine->slot,
			.parameter = mine->parameter || branch->at[i].parameter,
			.stored = mine->stored || branch->at[i].stored,
			.action = branch->at[i].action,
			.from = branch->at[i].from,
		};
	}
	return 0;
}

static bool
stored_in(const struct trx_names_table *t, struct trx_str name)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (trx_str_equal(t->at[i].name, name))
			return t->at[i].stored;
	return false;
}

/*
 * A name that is stored in a branch and not before keeps its outer or context
 * value until then.
 */
static int
settle_branches(struct trx_names_walk *w, struct trx_names *s,
    const struct trx_names_table *before)
{
	struct trx_names_symbol *symbol;
	struct trx_slot outer;
	size_t i;

	for (i = 0; i < s->names.n; i++) {
		symbol = &s->names.at[i];
		if (trx_names_work(w, before->n + 1) == -1)
			return -1;
		if (!symbol->stored || stored_in(before, symbol->name))
			continue;
		if (s->parent != NULL &&
		    trx_names_find(w, s->parent, symbol->name, &outer)) {
			outer.up += s->parent->function != s->function;
			symbol->action = TRX_LOAD_ALIAS;
			symbol->from = outer;
		} else {
			symbol->action = TRX_LOAD_RESOLVE;
		}
	}
	return 0;
}

static int
collect_if(struct trx_names_walk *w, struct trx_names *s, struct trx_node *node)
{
	struct trx_names_table before, branches[3];
	size_t i;

	if (trx_names_collect(w, s, node->child[0]) == -1 ||
	    copy_table(w, &s->names, &before) == -1 ||
	    collect_branch(w, s, node->child[1], NULL, &branches[0]) == -1 ||
	    collect_branch(w, s, NULL, node, &branches[1]) == -1 ||
	    collect_branch(w, s, node->child[2], NULL, &branches[2]) == -1)
		return -1;
	for (i = 0; i < 3; i++)
		if (merge_branch(w, s, &branches[i]) == -1)
			return -1;
	return settle_branches(w, s, &before);
}

/* The values of a with. */
static int
collect_values(
    struct trx_names_walk *w, struct trx_names *s, struct trx_node *node)
{
	size_t i;

	for (i = 1; i < node->n; i += 2)
		if (trx_names_collect(w, s, node->list[i]) == -1)
			return -1;
	return 0;
}

/* What a statement or expression reads and writes in scope s itself. */
int
trx_names_collect(
    struct trx_names_walk *w, struct trx_names *s, struct trx_node *node)
{
	switch ((enum trx_node_kind)node->kind) {
	case TRX_N_NAME:
	case TRX_N_NSREF:
		return load(w, s, node->name);
	case TRX_N_STORE:
	case TRX_N_MACRO:
		return store(w, s, node->name);
	case TRX_N_IF:
		return collect_if(w, s, node);
	case TRX_N_SET:
		if (trx_names_collect(w, s, node->child[1]) == -1)
			return -1;
		return trx_names_collect(w, s, node->child[0]);
	case TRX_N_FOR:
		return trx_names_collect(w, s, node->child[1]);
	case TRX_N_SET_BLOCK:
	case TRX_N_FILTER_BLOCK:
	case TRX_N_CALL_BLOCK:
		return trx_names_collect(w, s, node->child[0]);
	case TRX_N_WITH:
		return collect_values(w, s, node);
	case TRX_N_AUTOESCAPE:
	case TRX_N_GENERATION:
	case TRX_N_BLOCK:
		return 0;
	default:
		return collect_children(w, s, node);
	}
}

struct trx_names
trx_names_inner(struct trx_names *parent, struct trx_names_function *function)
{
	return (struct trx_names){ .parent = parent,
		.function = function,
		.level = parent == NULL ? 0 : parent->level + 1 };
}

static bool
is_exported(const struct trx_exports *out, struct trx_str name)
{
	size_t i;

	for (i = 0; i < out->n; i++)
		if (trx_str_equal(out->at[i].name, name))
			return true;
	return false;
}

struct trx_exports *
trx_names_exports(
    struct trx_names_walk *w, const struct trx_names *s, bool parameters)
{
	struct trx_exports *out = trx_arena_calloc(w->arena, 1, sizeof(*out));
	const struct trx_names *from;
	struct trx_slot slot;
	size_t i, n = 0;

	for (from = s; from != NULL; from = from->parent)
		n += from->names.n;
	if (out == NULL ||
	    (out->at = trx_arena_calloc(w->arena, n, sizeof(*out->at))) == NULL)
		goto memory;
	for (from = s; from != NULL; from = from->parent)
		for (i = 0; i < from->names.n; i++) {
			const struct trx_names_symbol *symbol =
			    &from->names.at[i];

			if (trx_names_work(w, out->n / 4 + 1) == -1)
				return NULL;
			if (!symbol->stored ||
			    (symbol->parameter && !parameters) ||
			    is_exported(out, symbol->name) ||
			    !trx_names_find(w, s, symbol->name, &slot))
				continue;
			out->at[out->n].name = symbol->name;
			out->at[out->n++].slot = slot;
		}
	return out;
memory:
	trx_error_memory(w->err);
	return NULL;
}

/* Do the names of s come from a block's context? */
static bool
in_block(const struct trx_names *s)
{
	while (s->parent != NULL)
		s = s->parent;
	return s->function->block;
}

/* The loads of a collected scope, for the tree; NULL out of memory. */
struct trx_scope *
trx_names_finish(struct trx_names_walk *w, const struct trx_names *s)
{
	struct trx_scope *out = trx_arena_calloc(w->arena, 1, sizeof(*out));
	size_t i, n = s->names.n;
	bool block = in_block(s);
	struct trx_load *loads;
	const struct trx_names_symbol *symbol;

	if (out == NULL)
		goto memory;
	loads = out->loads = trx_arena_calloc(w->arena, n, sizeof(*loads));
	out->missing = trx_arena_calloc(w->arena, n, sizeof(*out->missing));
	out->leave = trx_arena_calloc(w->arena, n, sizeof(*out->leave));
	if (loads == NULL || out->missing == NULL || out->leave == NULL)
		goto memory;
	for (i = 0; i < n; i++) {
		symbol = &s->names.at[i];
		out->leave[out->nleave++] = symbol->slot;
		if (symbol->parameter)
			continue;
		if (symbol->action == TRX_LOAD_MISSING) {
			out->missing[out->nmissing++] = symbol->slot;
			continue;
		}
		loads[out->n++] = (struct trx_load){
			.action = symbol->action == TRX_LOAD_RESOLVE && block
				      ? TRX_LOAD_CONTEXT
				      : symbol->action,
			.to = symbol->slot,
			.from = symbol->from,
			.name = symbol->name,
			.bit = trx_load_bit(symbol->name),
			.otherwise = trx_function_value(symbol->name),
		};
	}
	return out;
memory:
	trx_error_memory(w->err);
	return NULL;
}
