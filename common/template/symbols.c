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

/* Which comes first below node, a read of the name (1) or a write (2)? */
static int
first_use(
    struct trx_names_walk *w, const struct trx_node *node, const char *name)
{
	size_t i;
	int use = 0;

	w->work++;
	if (node->kind == TRX_N_BLOCK)
		return 0;
	if ((node->kind == TRX_N_NAME || node->kind == TRX_N_STORE) &&
	    trx_str_is(node->name, name))
		return node->kind == TRX_N_NAME ? 1 : 2;
	for (i = 0; i < 4 && use == 0; i++)
		if (node->child[i] != NULL)
			use = first_use(w, node->child[i], name);
	for (i = 0; i < node->n && use == 0; i++)
		use = first_use(w, node->list[i], name);
	return use;
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
static const struct trx_node *
stored_loop(struct trx_names_walk *w, const struct trx_node *node)
{
	const struct trx_node *found = NULL;
	size_t i;

	w->work++;
	if (node->kind == TRX_N_STORE && trx_str_is(node->name, "loop"))
		return node;
	for (i = 0; i < 4 && found == NULL; i++)
		if (node->child[i] != NULL)
			found = stored_loop(w, node->child[i]);
	for (i = 0; i < node->n && found == NULL; i++)
		found = stored_loop(w, node->list[i]);
	return found;
}

/* A scoped block may read loop unseen. */
static bool
has_scoped_block(struct trx_names_walk *w, const struct trx_node *node)
{
	size_t i;

	w->work++;
	if (node->kind == TRX_N_BLOCK && (node->op & TRX_BLOCK_SCOPED))
		return true;
	for (i = 0; i < 4; i++)
		if (node->child[i] != NULL &&
		    has_scoped_block(w, node->child[i]))
			return true;
	for (i = 0; i < node->n; i++)
		if (has_scoped_block(w, node->list[i]))
			return true;
	return false;
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
	if ((stored = stored_loop(w, node)) != NULL)
		return trx_error_set(w->err, TRX_INPUT,
		    "%u: Can't assign to special loop variable in for-loop "
		    "target",
		    (unsigned)stored->line);
	if (node->op != 0 || first_use(w, node->child[3], "loop") == 1 ||
	    has_scoped_block(w, node)) {
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
 * A variable that a macro has because its body reads it: *slot, or -1.  As
 * ordinary parameters, varargs and kwargs are nothing special.
 */
static int
bind_special(struct trx_names_walk *w, struct trx_names *s,
    struct trx_node *macro, const char *name, int32_t *slot)
{
	*slot = -1;
	if (parameter_named(macro, name) != NULL ||
	    first_use(w, macro->child[0], name) != 1)
		return 0;
	*slot = trx_names_declare(w, s, trx_str(name));
	return *slot == -1 ? -1 : 0;
}

static int
bind_specials(
    struct trx_names_walk *w, struct trx_names *s, struct trx_node *macro)
{
	const struct trx_node *caller = parameter_named(macro, "caller");

	if (caller != NULL && first_use(w, macro->child[0], "caller") == 1) {
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

/* A scoped block sees what a macro sees, but has no special variables. */
enum function { MACRO, BLOCK, SCOPED_BLOCK };

/* The function of a macro or block: its parameters and body. */
static int
bind_function(struct trx_names_walk *w, struct trx_names *s,
    struct trx_node *node, enum function kind)
{
	struct trx_names_function function = { .block = kind == BLOCK };
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
	if ((kind == MACRO && bind_specials(w, &body, node) == -1) ||
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

/* A block sees the template's own variables, or as a scoped one all. */
static int
bind_template_block(
    struct trx_names_walk *w, struct trx_names *s, struct trx_node *node)
{
	struct trx_names *outer = s;

	if (node->op & TRX_BLOCK_SCOPED)
		return bind_function(w, s, node->child[0], SCOPED_BLOCK);
	while (outer->parent != NULL)
		outer = outer->parent;
	return bind_function(w, outer, node->child[0], BLOCK);
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
		if (bind_function(w, s, node, MACRO) == -1)
			return -1;
		return bind_name(w, s, node);
	case TRX_N_GENERATION:
		return bind_function(w, s, node->child[0], MACRO);
	case TRX_N_CALL_BLOCK:
		if (bind_function(w, s, node->child[1], MACRO) == -1)
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
