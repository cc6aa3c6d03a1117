#include <string.h>

#include "common/template/call.h"
#include "common/template/names.h"
#include "common/template/symbols.h"
#include "common/template/uses.h"

static int
fail(struct trx_names_walk *w, const struct trx_node *node, const char *what,
    struct trx_str name)
{
	return trx_error_set(w->err, TRX_INPUT, "%u: %s '%.*s'",
	    (unsigned)node->line, what, (int)(name.n > 100 ? 100 : name.n),
	    name.p);
}

static int bind(struct trx_names_walk *w, struct trx_names *s,
    struct trx_node *node, bool soft);

/* Give node what it has inside.  Returns 0 or -1. */
static int
add_inside(struct trx_names_walk *w, struct trx_node *node)
{
	if ((node->in = trx_arena_calloc(w->arena, 1, sizeof(*node->in))) ==
	    NULL)
		return trx_error_memory(w->err);
	node->in->loop = node->in->self = node->in->parent = -1;
	node->in->caller = node->in->kwargs = node->in->varargs = -1;
	return 0;
}

static int
bind_name(struct trx_names_walk *w, struct trx_names *s, struct trx_node *node)
{
	if (!trx_names_find(w, s, node->name, &node->u.slot))
		return fail(w, node, "no such variable:", node->name);
	return trx_names_work(w, 1);
}

static int
bind_list(struct trx_names_walk *w, struct trx_names *s, struct trx_node *node,
    bool soft)
{
	size_t i;

	for (i = 0; i < node->n; i++)
		if (bind(w, s, node->list[i], soft) == -1)
			return -1;
	return 0;
}

static int
bind_children(struct trx_names_walk *w, struct trx_names *s,
    struct trx_node *node, bool soft)
{
	size_t i;

	for (i = 0; i < 4; i++)
		if (node->child[i] != NULL &&
		    bind(w, s, node->child[i], soft) == -1)
			return -1;
	return bind_list(w, s, node, soft);
}

/* Does what stands in body read a name that it has not set before? */
static bool
reads(struct trx_names_walk *w, const struct trx_node *body, const char *name)
{
	return trx_uses_first(body, name, &w->work) == TRX_USE_READ;
}

/* Declare the names of a for's target as parameters. */
static int
declare_targets(struct trx_names_walk *w, struct trx_names *s,
    const struct trx_node *target)
{
	size_t i;

	if (target->kind == TRX_N_STORE)
		return trx_names_declare(w, s, target->name) == -1 ? -1 : 0;
	for (i = 0; i < target->n; i++)
		if (declare_targets(w, s, target->list[i]) == -1)
			return -1;
	return 0;
}

static int
bind_for_test(struct trx_names_walk *w, struct trx_names *s,
    struct trx_names_function *function, struct trx_node *node)
{
	struct trx_names test = trx_names_inner(s, function);

	if (declare_targets(w, &test, node->child[0]) == -1 ||
	    trx_names_collect(w, &test, node->child[2]) == -1 ||
	    bind(w, &test, node->child[2], false) == -1)
		return -1;
	node->in->test_scope = trx_names_finish(w, &test);
	return node->in->test_scope == NULL ? -1 : 0;
}

static int
bind_for_else(struct trx_names_walk *w, struct trx_names *s,
    struct trx_names_function *function, struct trx_node *node)
{
	struct trx_names other = trx_names_inner(s, function);

	if (trx_names_collect_list(w, &other, node) == -1 ||
	    bind_list(w, &other, node, false) == -1)
		return -1;
	node->in->else_scope = trx_names_finish(w, &other);
	return node->in->else_scope == NULL ? -1 : 0;
}

static int
bind_for(struct trx_names_walk *w, struct trx_names *s, struct trx_node *node,
    bool soft)
{
	const struct trx_node *stored;
	struct trx_names_function function = { 0 };
	struct trx_names body =
	    trx_names_inner(s, node->op != 0 ? &function : s->function);

	if (add_inside(w, node) == -1)
		return -1;
	if ((stored = trx_uses_loop(node, &w->work)) != NULL)
		return trx_error_set(w->err, TRX_INPUT,
		    "%u: Can't assign to special loop variable in for-loop "
		    "target",
		    (unsigned)stored->line);
	if (node->op != 0 || reads(w, node->child[3], "loop") ||
	    trx_uses_scoped_block(node, &w->work)) {
		node->in->loop = trx_names_declare(w, &body, TRX_STR("loop"));
		if (node->in->loop == -1)
			return -1;
	}
	if (declare_targets(w, &body, node->child[0]) == -1 ||
	    trx_names_collect(w, &body, node->child[3]) == -1 ||
	    (node->n != 0 && bind_for_else(w, s, body.function, node) == -1) ||
	    (node->child[2] != NULL &&
		bind_for_test(w, s, body.function, node) == -1) ||
	    bind(w, s, node->child[1], soft) == -1 ||
	    bind(w, &body, node->child[0], false) == -1 ||
	    bind(w, &body, node->child[3], false) == -1)
		return -1;
	node->in->scope = trx_names_finish(w, &body);
	node->in->nslots = (uint16_t)function.n;
	return node->in->scope == NULL ? -1 : 0;
}

/* The macro's parameter of that name, or NULL. */
static const struct trx_node *
parameter_named(const struct trx_node *macro, const char *name)
{
	size_t i;

	for (i = 0; i < macro->n; i++)
		if (trx_str_is(macro->list[i]->name, name))
			return macro->list[i];
	return NULL;
}

/*
 * A variable that a function has because its body reads it: *slot, or -1.  As
 * ordinary parameters, varargs and kwargs are nothing special.
 */
static int
bind_special(struct trx_names_walk *w, struct trx_names *s,
    struct trx_node *macro, const char *name, int32_t *slot)
{
	*slot = -1;
	if (parameter_named(macro, name) != NULL ||
	    !reads(w, macro->child[0], name))
		return 0;
	*slot = trx_names_declare(w, s, trx_str(name));
	return *slot == -1 ? -1 : 0;
}

static int
bind_specials(
    struct trx_names_walk *w, struct trx_names *s, struct trx_node *macro)
{
	const struct trx_node *caller = parameter_named(macro, "caller");

	if (caller != NULL && reads(w, macro->child[0], "caller")) {
		if (caller->child[0] == NULL)
			return trx_error_set(w->err, TRX_INPUT,
			    "%u: When defining macros or call blocks the "
			    "special \"caller\" argument must be omitted or be "
			    "given a default.",
			    (unsigned)macro->line);
		macro->in->explicit_caller = true;
	}
	if (bind_special(w, s, macro, "caller", &macro->in->caller) == -1 ||
	    bind_special(w, s, macro, "kwargs", &macro->in->kwargs) == -1)
		return -1;
	return bind_special(w, s, macro, "varargs", &macro->in->varargs);
}

/* The function of a macro: its parameters and body. */
static int
bind_macro(struct trx_names_walk *w, struct trx_names *s, struct trx_node *node)
{
	struct trx_names_function function = { 0 };
	struct trx_names body = trx_names_inner(s, &function);
	size_t i;
	int slot;

	if (add_inside(w, node) == -1)
		return -1;
	for (i = 0; i < node->n; i++) {
		slot = trx_names_declare(w, &body, node->list[i]->name);
		if (slot == -1)
			return -1;
		node->list[i]->u.slot.index = (uint16_t)slot;
	}
	for (i = 0; i < node->n; i++)
		if (node->list[i]->child[0] != NULL &&
		    trx_names_collect(w, &body, node->list[i]->child[0]) == -1)
			return -1;
	if (bind_specials(w, &body, node) == -1 ||
	    trx_names_collect(w, &body, node->child[0]) == -1)
		return -1;
	for (i = 0; i < node->n; i++)
		if (node->list[i]->child[0] != NULL &&
		    bind(w, &body, node->list[i]->child[0], false) == -1)
			return -1;
	if (bind(w, &body, node->child[0], false) == -1 ||
	    (node->in->scope = trx_names_finish(w, &body)) == NULL)
		return -1;
	node->in->nslots = (uint16_t)function.n;
	return 0;
}

/* The body of a set or filter block: a scope of the same function. */
static int
bind_block(struct trx_names_walk *w, struct trx_names *s, struct trx_node *node,
    struct trx_node *body, struct trx_node *filter)
{
	struct trx_names block = trx_names_inner(s, s->function);

	if (add_inside(w, node) == -1)
		return -1;
	if (trx_names_collect(w, &block, body) == -1 ||
	    bind(w, &block, body, false) == -1 ||
	    (filter != NULL && bind(w, &block, filter, false) == -1))
		return -1;
	node->in->scope = trx_names_finish(w, &block);
	return node->in->scope == NULL ? -1 : 0;
}

/* An autoescape: a scope in which its condition stands as well. */
static int
bind_autoescape(
    struct trx_names_walk *w, struct trx_names *s, struct trx_node *node)
{
	struct trx_names body = trx_names_inner(s, s->function);
	size_t i;

	if (add_inside(w, node) == -1)
		return -1;
	for (i = 0; i < 2; i++)
		if (trx_names_collect(w, &body, node->child[i]) == -1)
			return -1;
	for (i = 0; i < 2; i++)
		if (bind(w, &body, node->child[i], false) == -1)
			return -1;
	node->in->scope = trx_names_finish(w, &body);
	return node->in->scope == NULL ? -1 : 0;
}

/* A with: values seen from outside, targets and body inside. */
static int
bind_with(struct trx_names_walk *w, struct trx_names *s, struct trx_node *node,
    bool soft)
{
	struct trx_names body = trx_names_inner(s, s->function);
	size_t i;

	if (add_inside(w, node) == -1)
		return -1;
	for (i = 0; i < node->n; i += 2)
		if (declare_targets(w, &body, node->list[i]) == -1 ||
		    bind(w, s, node->list[i + 1], soft) == -1)
			return -1;
	if (trx_names_collect(w, &body, node->child[0]) == -1)
		return -1;
	for (i = 0; i < node->n; i += 2)
		if (bind(w, &body, node->list[i], false) == -1)
			return -1;
	if (bind(w, &body, node->child[0], false) == -1)
		return -1;
	node->in->scope = trx_names_finish(w, &body);
	return node->in->scope == NULL ? -1 : 0;
}

/*
 * The function of a block.  What stands around it is known to no name inside:
 * that comes by the context, which a scoped block gets a larger one of.
 */
static int
bind_template_block(
    struct trx_names_walk *w, struct trx_names *s, struct trx_node *block)
{
	struct trx_node *node = block->child[0];
	struct trx_names_function function = { .block = true };
	struct trx_names body = trx_names_inner(NULL, &function);

	if (add_inside(w, node) == -1 ||
	    bind_special(w, &body, node, "self", &node->in->self) == -1 ||
	    bind_special(w, &body, node, "super", &node->in->parent) == -1 ||
	    trx_names_collect(w, &body, node->child[0]) == -1 ||
	    bind(w, &body, node->child[0], false) == -1 ||
	    (node->in->scope = trx_names_finish(w, &body)) == NULL)
		return -1;
	node->in->nslots = (uint16_t)function.n;
	if (!(block->op & TRX_BLOCK_SCOPED))
		return 0;
	node->in->exports = trx_names_exports(w, s, true);
	return node->in->exports == NULL ? -1 : 0;
}

static int
bind_known(struct trx_names_walk *w, struct trx_names *s, struct trx_node *node,
    bool soft)
{
	bool filter = node->kind == TRX_N_FILTER;

	if (!soft &&
	    (filter ? (const void *)node->u.filter : node->u.test) == NULL)
		return trx_error_set(w->err, TRX_INPUT,
		    "%u: No %s named '%.*s'.", (unsigned)node->line,
		    filter ? "filter" : "test",
		    (int)(node->name.n > 100 ? 100 : node->name.n),
		    node->name.p);
	return bind_children(w, s, node, soft);
}

static int
bind(struct trx_names_walk *w, struct trx_names *s, struct trx_node *node,
    bool soft)
{
	if (trx_names_work(w, 1) == -1)
		return -1;
	switch ((enum trx_node_kind)node->kind) {
	case TRX_N_NAME:
	case TRX_N_STORE:
	case TRX_N_NSREF:
		return bind_name(w, s, node);
	case TRX_N_FILTER:
	case TRX_N_TEST:
		return bind_known(w, s, node, soft);
	case TRX_N_IF:
	case TRX_N_COND:
		return bind_children(w, s, node, true);
	case TRX_N_FOR:
		return bind_for(w, s, node, soft);
	case TRX_N_MACRO:
		if (bind_macro(w, s, node) == -1)
			return -1;
		return bind_name(w, s, node);
	case TRX_N_GENERATION:
		return bind_macro(w, s, node->child[0]);
	case TRX_N_CALL_BLOCK:
		if (bind_macro(w, s, node->child[1]) == -1)
			return -1;
		return bind(w, s, node->child[0], soft);
	case TRX_N_SET_BLOCK:
		if (bind_block(w, s, node, node->child[2], node->child[1]) ==
		    -1)
			return -1;
		return bind(w, s, node->child[0], soft);
	case TRX_N_FILTER_BLOCK:
		return bind_block(w, s, node, node->child[1], node->child[0]);
	case TRX_N_AUTOESCAPE:
		return bind_autoescape(w, s, node);
	case TRX_N_WITH:
		return bind_with(w, s, node, soft);
	case TRX_N_BLOCK:
		return bind_template_block(w, s, node);
	default:
		return bind_children(w, s, node, soft);
	}
}

static int
bind_root(struct trx_names_walk *w, struct trx_template *t)
{
	struct trx_names_function function = { 0 };
	struct trx_names root = trx_names_inner(NULL, &function);
	struct trx_inside *in;

	if (add_inside(w, t->body) == -1)
		return -1;
	in = t->body->in;
	if ((reads(w, t->body, "self") &&
		(in->self = trx_names_declare(w, &root, TRX_STR("self"))) ==
		    -1) ||
	    trx_names_collect(w, &root, t->body) == -1 ||
	    bind(w, &root, t->body, false) == -1 ||
	    (in->scope = trx_names_finish(w, &root)) == NULL ||
	    (in->exports = trx_names_exports(w, &root, false)) == NULL)
		return -1;
	t->nslots = (uint16_t)function.n;
	return 0;
}

int
trx_symbols_run(struct trx_template *t, struct trx_error *err)
{
	struct trx_arena scratch = TRX_ARENA_INIT;
	struct trx_names_walk w = {
		.arena = &t->arena, .scratch = &scratch, .err = err
	};
	int rc = bind_root(&w, t);

	trx_arena_free(&scratch);
	return rc;
}
