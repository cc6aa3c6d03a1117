#include <string.h>

#include "common/chat/openai_format.h"
#include "common/template/tree.h"

#define MAX_WORK 20000000 /* steps of one analysis */

/* Nodes of one kind, in the order in which Jinja's find_all meets them. */
struct nodes {
	const struct trx_node **at;
	size_t n;
	size_t cap;
};

/* What the value of a variable may be kept in: name, or name.attribute. */
struct alias {
	struct trx_str name;
	struct trx_str attribute; /* .p is NULL: none */
};

struct aliases {
	struct alias *at;
	size_t n;
	size_t cap;
};

/* A macro, and which loops are inside it. */
struct macro {
	const struct trx_node *node;
	size_t loops;
	size_t loops_end;
	bool *content; /* of each parameter: is it given a message's content? */
	bool any;
};

struct study {
	struct nodes assigns;
	struct nodes loops;
	struct nodes calls;
	struct macro *macros;
	size_t nmacros;
	size_t macros_cap;
	struct aliases messages; /* what may hold messages */
	struct aliases items;	 /* what may hold one of them */
	size_t work;
	struct trx_arena arena;
	struct trx_error *err;
};

static int
work(struct study *s, size_t n)
{
	s->work += n;
	if (s->work > MAX_WORK)
		return trx_error_set(s->err, TRX_INPUT,
		    "the template is too complex to find its format");
	return 0;
}

/* Room for one more in a list of n; NULL out of memory. */
static void *
grow(struct trx_arena *a, void *old, size_t n, size_t *cap, size_t size,
    struct trx_error *err)
{
	void *p;

	if (n < *cap)
		return old;
	*cap = *cap == 0 ? 16 : *cap * 2;
	if ((p = trx_arena_calloc(a, *cap, size)) == NULL)
		trx_error_memory(err);
	else if (n != 0)
		memcpy(p, old, n * size);
	return p;
}

static int
push(struct study *s, struct nodes *list, const struct trx_node *node)
{
	list->at = grow(&s->arena, list->at, list->n, &list->cap,
	    sizeof(*list->at), s->err);
	if (list->at == NULL)
		return -1;
	list->at[list->n++] = node;
	return 0;
}

static int gather(struct study *s, const struct trx_node *node);

static int
gather_inside(struct study *s, const struct trx_node *node)
{
	/* Jinja keeps the branches of an if in the order of the source. */
	bool branches = node->kind == TRX_N_IF;
	size_t i;

	for (i = 0; i < (branches ? 2 : 4); i++)
		if (node->child[i] != NULL && gather(s, node->child[i]) == -1)
			return -1;
	for (i = 0; i < node->n; i++)
		if (gather(s, node->list[i]) == -1)
			return -1;
	return branches && node->child[2] != NULL ? gather(s, node->child[2])
						  : 0;
}

static int
gather_macro(struct study *s, const struct trx_node *node)
{
	size_t at = s->nmacros;

	s->macros = grow(&s->arena, s->macros, s->nmacros, &s->macros_cap,
	    sizeof(*s->macros), s->err);
	if (s->macros == NULL)
		return -1;
	s->macros[s->nmacros++] =
	    (struct macro){ .node = node, .loops = s->loops.n };
	if (gather_inside(s, node) == -1)
		return -1;
	s->macros[at].loops_end = s->loops.n;
	return 0;
}

/* Is this child of a node a body that only trx's tree keeps as a macro? */
static bool
keeps_macro(const struct trx_node *node)
{
	return node->kind == TRX_N_CALL_BLOCK ||
	       node->kind == TRX_N_GENERATION || node->kind == TRX_N_BLOCK;
}

static int
gather(struct study *s, const struct trx_node *node)
{
	size_t i;

	if (work(s, 1) == -1)
		return -1;
	switch ((enum trx_node_kind)node->kind) {
	case TRX_N_MACRO:
		return gather_macro(s, node);
	case TRX_N_SET:
		if (push(s, &s->assigns, node) == -1)
			return -1;
		break;
	case TRX_N_FOR:
		if (push(s, &s->loops, node) == -1)
			return -1;
		break;
	case TRX_N_CALL:
		if (push(s, &s->calls, node) == -1)
			return -1;
		break;
	default:
		break;
	}
	if (!keeps_macro(node))
		return gather_inside(s, node);
	for (i = 0; i < 4; i++)
		if (node->child[i] != NULL &&
		    (node->child[i]->kind == TRX_N_MACRO
			    ? gather_inside(s, node->child[i])
			    : gather(s, node->child[i])) == -1)
			return -1;
	return 0;
}

static int
add_alias(struct study *s, struct aliases *list, struct alias alias)
{
	size_t i;

	if (work(s, list->n + 1) == -1)
		return -1;
	for (i = 0; i < list->n; i++)
		if (trx_str_equal(list->at[i].name, alias.name) &&
		    trx_str_equal(list->at[i].attribute, alias.attribute))
			return 0;
	list->at = grow(&s->arena, list->at, list->n, &list->cap,
	    sizeof(*list->at), s->err);
	if (list->at == NULL)
		return -1;
	list->at[list->n++] = alias;
	return 0;
}

static bool
is_variable(const struct trx_node *node, const struct alias *alias)
{
	if (alias->attribute.p != NULL) {
		if (node->kind != TRX_N_GETATTR ||
		    !trx_str_equal(node->name, alias->attribute))
			return false;
		node = node->child[0];
	}
	return node->kind == TRX_N_NAME &&
	       trx_str_equal(node->name, alias->name);
}

/*
 * Is node that variable (key: that item of it), or made of it by filters,
 * tests and slices?
 */
static bool
comes_from(
    const struct trx_node *node, const struct alias *alias, const char *key)
{
	while (node->kind == TRX_N_FILTER || node->kind == TRX_N_TEST ||
	       node->kind == TRX_N_SLICE)
		if ((node = node->child[0]) == NULL)
			return false;
	if (key == NULL)
		return is_variable(node, alias);
	if (node->kind == TRX_N_GETATTR)
		return is_variable(node->child[0], alias) &&
		       trx_str_is(node->name, key);
	return node->kind == TRX_N_GETITEM &&
	       is_variable(node->child[0], alias) &&
	       node->child[1]->kind == TRX_N_CONST &&
	       node->child[1]->u.value.kind == TRX_V_STR &&
	       trx_str_is(node->child[1]->u.value.u.str, key);
}

static bool
calls_name(const struct trx_node *node, struct trx_str name)
{
	return node->kind == TRX_N_CALL && node->child[0]->kind == TRX_N_NAME &&
	       trx_str_equal(node->child[0]->name, name);
}

/* What an assignment makes another name of the variable. */
static int
add_assigned(struct study *s, const struct trx_node *node, struct alias related)
{
	const struct trx_node *target = node->child[0], *value = node->child[1];
	struct alias alias = { .name = target->name };
	bool plain = target->kind == TRX_N_STORE;
	size_t i;

	if (target->kind == TRX_N_NSREF)
		alias.attribute = target->more;
	else if (!plain)
		return 0;
	if (comes_from(value, &related, NULL))
		return add_alias(s, &s->messages, alias);
	if (!plain || !calls_name(value, TRX_STR("namespace")))
		return 0;
	for (i = 0; i < value->n; i++) {
		if (work(s, 1) == -1)
			return -1;
		alias.attribute = value->list[i]->name;
		if (value->list[i]->kind == TRX_N_KEYWORD &&
		    comes_from(value->list[i]->child[0], &related, NULL) &&
		    add_alias(s, &s->messages, alias) == -1)
			return -1;
	}
	return 0;
}

/* Every variable that messages are assigned to, directly or not. */
static int
find_messages(struct study *s)
{
	struct alias messages = { .name = TRX_STR("messages") };
	size_t i, k;

	if (add_alias(s, &s->messages, messages) == -1)
		return -1;
	for (i = 0; i < s->messages.n; i++)
		for (k = 0; k < s->assigns.n; k++)
			if (work(s, 1) == -1 ||
			    add_assigned(
				s, s->assigns.at[k], s->messages.at[i]) == -1)
				return -1;
	return 0;
}

/* 1 where node comes from one of the variables, 0 where not, -1. */
static int
comes_from_any(struct study *s, const struct trx_node *node,
    const struct aliases *list, const char *key)
{
	size_t i;

	if (work(s, list->n + 1) == -1)
		return -1;
	for (i = 0; i < list->n; i++)
		if (comes_from(node, &list->at[i], key))
			return 1;
	return 0;
}

/*
 * The variables of loops over messages.  1; 0 where vLLM gives up: it knows
 * only loops with a single variable.
 */
static int
find_items(struct study *s)
{
	const struct trx_node *loop;
	struct alias alias = { 0 };
	size_t i;
	int rc;

	for (i = 0; i < s->loops.n; i++) {
		loop = s->loops.at[i];
		rc = comes_from_any(s, loop->child[1], &s->messages, NULL);
		if (rc == -1)
			return -1;
		if (rc == 0)
			continue;
		if (loop->child[0]->kind != TRX_N_STORE)
			return 0;
		alias.name = loop->child[0]->name;
		if (add_alias(s, &s->items, alias) == -1)
			return -1;
	}
	return 1;
}

/* Mark the parameter that an argument of a call goes to. */
static int
mark_argument(struct study *s, struct macro *m, const struct trx_node *argument,
    size_t position)
{
	const struct trx_node *macro = m->node;
	size_t i = position;
	int rc;

	if (argument->kind == TRX_N_SPREAD ||
	    argument->kind == TRX_N_SPREAD_KEYWORDS)
		return 0;
	if (argument->kind == TRX_N_KEYWORD) {
		if (work(s, macro->n) == -1)
			return -1;
		for (i = 0; i < macro->n; i++)
			if (trx_str_equal(macro->list[i]->name, argument->name))
				break;
		argument = argument->child[0];
	}
	if (i >= macro->n)
		return 0;
	rc = comes_from_any(s, argument, &s->items, "content");
	if (rc == 1)
		m->content[i] = m->any = true;
	return rc == -1 ? -1 : 0;
}

/* Which parameters of macros are given a message's content. */
static int
find_parameters(struct study *s)
{
	const struct trx_node *call;
	struct macro *m;
	size_t i, k, j;

	for (i = 0; i < s->nmacros; i++) {
		m = &s->macros[i];
		m->content = trx_arena_calloc(
		    &s->arena, m->node->n, sizeof(*m->content));
		if (m->content == NULL)
			return trx_error_memory(s->err);
		if (work(s, s->calls.n) == -1)
			return -1;
		for (k = 0; k < s->calls.n; k++) {
			call = s->calls.at[k];
			if (!calls_name(call, m->node->name))
				continue;
			for (j = 0; j < call->n; j++)
				if (mark_argument(s, m, call->list[j], j) == -1)
					return -1;
		}
	}
	return 0;
}

/* Does a loop in macros run over a parameter that holds content? */
static bool
loops_over_parameter(const struct trx_node *loop, const struct macro *macro)
{
	size_t i;

	if (macro == NULL || loop->child[1]->kind != TRX_N_NAME)
		return false;
	for (i = 0; i < macro->node->n; i++)
		if (macro->content[i] &&
		    trx_str_equal(
			macro->node->list[i]->name, loop->child[1]->name))
			return true;
	return false;
}

/* Does loop number i run over content?  1, 0 or -1. */
static int
loops_over_content(struct study *s, size_t i)
{
	const struct trx_node *loop = s->loops.at[i];
	const struct macro *macro = NULL;
	bool inside = false;
	int rc = comes_from_any(s, loop->child[1], &s->items, "content");
	size_t k;

	if (rc != 0)
		return rc;
	if (work(s, s->nmacros + 1) == -1)
		return -1;
	for (k = 0; k < s->nmacros; k++) {
		if (i < s->macros[k].loops || i >= s->macros[k].loops_end)
			continue;
		inside = true;
		if (s->macros[k].any)
			macro = &s->macros[k];
	}
	if (loops_over_parameter(loop, macro))
		return 1;
	return !inside && loop->child[1]->kind == TRX_N_NAME &&
	       trx_str_is(loop->child[1]->name, "content");
}

static int
detect(
    struct study *s, const struct trx_template *t, enum trx_openai_format *out)
{
	size_t i;
	int rc;

	*out = TRX_OPENAI_FORMAT_STRING;
	if (gather(s, t->body) == -1 || find_messages(s) == -1)
		return -1;
	if ((rc = find_items(s)) != 1)
		return rc;
	if (find_parameters(s) == -1)
		return -1;
	for (i = 0; i < s->loops.n; i++) {
		if ((rc = loops_over_content(s, i)) == -1)
			return -1;
		if (rc == 0)
			continue;
		/* The first such loop decides; see find_items. */
		if (s->loops.at[i]->child[0]->kind == TRX_N_STORE)
			*out = TRX_OPENAI_FORMAT_PARTS;
		break;
	}
	return 0;
}

int
trx_openai_format_detect(const struct trx_template *t,
    enum trx_openai_format *out, struct trx_error *err)
{
	struct study s = { .err = err };
	int rc = detect(&s, t, out);

	trx_arena_free(&s.arena);
	return rc;
}
