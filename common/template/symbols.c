#include <string.h>

#include "common/template/call.h"
#include "common/template/names.h"
#include "common/template/symbols.h"

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
	node->in->loop = -1;
	return 0;
}

static int
bind_name(struct trx_names_walk *w, struct trx_names *s, struct trx_node *node)
{
	const struct trx_function *global = trx_function_find(node->name);

	if (!trx_names_find(w, s, node->name, &node->u.slot))
		return fail(w, node, "no such variable:", node->name);
	if (node->kind == TRX_N_NAME && global != NULL && global->call == NULL)
		return fail(
		    w, node, "not supported yet: the global", node->name);
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

/* Does what is below node mention the variable name? */
static bool
mentions(
    struct trx_names_walk *w, const struct trx_node *node, const char *name)
{
	size_t i;

	w->work++;
	if (node->kind == TRX_N_NAME && trx_str_is(node->name, name))
		return true;
	for (i = 0; i < 4; i++)
		if (node->child[i] != NULL && mentions(w, node->child[i], name))
			return true;
	for (i = 0; i < node->n; i++)
		if (mentions(w, node->list[i], name))
			return true;
	return false;
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

/* Jinja looks through the whole for, inner loops' targets included. */
static bool
stores_loop(struct trx_names_walk *w, const struct trx_node *node)
{
	size_t i;

	w->work++;
	if (node->kind == TRX_N_STORE && trx_str_is(node->name, "loop"))
		return true;
	for (i = 0; i < 4; i++)
		if (node->child[i] != NULL && stores_loop(w, node->child[i]))
			return true;
	for (i = 0; i < node->n; i++)
		if (stores_loop(w, node->list[i]))
			return true;
	return false;
}

static int
bind_for_test(
    struct trx_names_walk *w, struct trx_names *s, struct trx_node *node)
{
	struct trx_names test = trx_names_inner(s, s->function);

	if (declare_targets(w, &test, node->child[0]) == -1 ||
	    trx_names_collect(w, &test, node->child[2]) == -1 ||
	    bind(w, &test, node->child[2], false) == -1)
		return -1;
	node->in->test_scope = trx_names_finish(w, &test);
	return node->in->test_scope == NULL ? -1 : 0;
}

static int
bind_for_else(
    struct trx_names_walk *w, struct trx_names *s, struct trx_node *node)
{
	struct trx_names other = trx_names_inner(s, s->function);

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
	struct trx_names body = trx_names_inner(s, s->function);

	if (add_inside(w, node) == -1)
		return -1;
	if (stores_loop(w, node))
		return trx_error_set(w->err, TRX_INPUT,
		    "%u: Can't assign to special loop variable in for-loop "
		    "target",
		    (unsigned)node->line);
	if (mentions(w, node->child[3], "loop")) {
		node->in->loop = trx_names_declare(w, &body, TRX_STR("loop"));
		if (node->in->loop == -1)
			return -1;
	}
	if (declare_targets(w, &body, node->child[0]) == -1 ||
	    trx_names_collect(w, &body, node->child[3]) == -1 ||
	    (node->n != 0 && bind_for_else(w, s, node) == -1) ||
	    (node->child[2] != NULL && bind_for_test(w, s, node) == -1) ||
	    bind(w, s, node->child[1], soft) == -1 ||
	    bind(w, &body, node->child[0], false) == -1 ||
	    bind(w, &body, node->child[3], false) == -1)
		return -1;
	node->in->scope = trx_names_finish(w, &body);
	return node->in->scope == NULL ? -1 : 0;
}

/* The special variables of a macro: caller is known, the others are not. */
static int
bind_specials(
    struct trx_names_walk *w, struct trx_names *s, struct trx_node *macro)
{
	static const char *const names[] = { "caller", "varargs", "kwargs" };
	size_t i, k;

	macro->in->caller = -1;
	for (k = 0; k < 3; k++) {
		for (i = 0; i < macro->n; i++)
			if (trx_str_is(macro->list[i]->name, names[k]))
				return fail(w, macro,
				    "not supported yet: a parameter named",
				    macro->list[i]->name);
		if (!mentions(w, macro->child[0], names[k]))
			continue;
		if (k != 0)
			return fail(w, macro,
			    "not supported yet: in a macro, the variable",
			    trx_str(names[k]));
		macro->in->caller = trx_names_declare(w, s, TRX_STR("caller"));
		if (macro->in->caller == -1)
			return -1;
	}
	return 0;
}

/* The function of a macro: its parameters and body. */
static int
bind_function(
    struct trx_names_walk *w, struct trx_names *s, struct trx_node *node)
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
	if (trx_names_collect(w, &body, node->child[0]) == -1 ||
	    bind_specials(w, &body, node) == -1)
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
		if (bind_function(w, s, node) == -1)
			return -1;
		return bind_name(w, s, node);
	case TRX_N_GENERATION:
		return bind_function(w, s, node->child[0]);
	case TRX_N_CALL_BLOCK:
		if (bind_function(w, s, node->child[1]) == -1)
			return -1;
		return bind(w, s, node->child[0], soft);
	case TRX_N_SET_BLOCK:
		if (bind_block(w, s, node, node->child[2], node->child[1]) ==
		    -1)
			return -1;
		return bind(w, s, node->child[0], soft);
	case TRX_N_FILTER_BLOCK:
		return bind_block(w, s, node, node->child[1], node->child[0]);
	default:
		return bind_children(w, s, node, soft);
	}
}

int
trx_symbols_run(struct trx_template *t, struct trx_error *err)
{
	struct trx_arena scratch = TRX_ARENA_INIT;
	struct trx_names_walk w = {
		.arena = &t->arena, .scratch = &scratch, .err = err
	};
	struct trx_names_function function = { 0 };
	struct trx_names root = trx_names_inner(NULL, &function);
	int rc = -1;

	if (add_inside(&w, t->body) == -1 ||
	    trx_names_collect(&w, &root, t->body) == -1 ||
	    bind(&w, &root, t->body, false) == -1)
		goto out;
	if ((t->body->in->scope = trx_names_finish(&w, &root)) == NULL)
		goto out;
	t->nslots = (uint16_t)function.n;
	rc = 0;
out:
	trx_arena_free(&scratch);
	return rc;
}
