#include <string.h>

#include "common/template/prepare.h"

static bool
is_sum(const struct trx_node *node)
{
	return node->kind == TRX_N_BINARY && node->op == TRX_OP_ADD;
}

static bool
is_text(const struct trx_node *node)
{
	return node->kind == TRX_N_CONST && node->u.value.kind == TRX_V_STR &&
	       !node->u.value.safe;
}

/* The constant that two are side by side; NULL out of memory. */
static struct trx_node *
join(
    struct trx_arena *arena, const struct trx_node *a, const struct trx_node *b)
{
	struct trx_str s = a->u.value.u.str, more = b->u.value.u.str;
	struct trx_node *both = trx_arena_alloc(arena, sizeof(*both));
	char *p = trx_arena_alloc(arena, s.n + more.n);

	if (both == NULL || p == NULL)
		return NULL;
	if (s.n != 0)
		memcpy(p, s.p, s.n);
	if (more.n != 0)
		memcpy(p + s.n, more.p, more.n);
	*both = *a;
	both->u.value = trx_value_str((struct trx_str){ p, s.n + more.n });
	return both;
}

/* The terms of a sum into a PRINT's list. */
static int
set_terms(struct trx_node *print, struct trx_arena *arena)
{
	struct trx_node *terms[TRX_PREPARE_TERMS], *sum = print->child[0];
	size_t n = 0, i;

	for (; is_sum(sum) && n < TRX_PREPARE_TERMS - 1; sum = sum->child[0])
		terms[n++] = sum->child[1];
	if (is_sum(sum))
		return 0;
	terms[n++] = sum;
	print->list = trx_arena_calloc(arena, n, sizeof(*print->list));
	if (print->list == NULL)
		return -1;
	for (i = n; i-- > 0;) {
		if (print->n > 1 && is_text(terms[i]) &&
		    is_text(print->list[print->n - 1])) {
			print->list[print->n - 1] =
			    join(arena, print->list[print->n - 1], terms[i]);
			if (print->list[print->n - 1] == NULL)
				return -1;
			continue;
		}
		print->list[print->n++] = terms[i];
	}
	return 0;
}

/* The text of n > 1 DATA at list[0] is that of the first. */
static int
join_data(struct trx_arena *arena, struct trx_node **list, size_t n)
{
	struct trx_str all = { NULL, 0 };
	size_t i, size = 0;
	char *p;

	for (i = 0; i < n; i++)
		size += list[i]->name.n;
	if ((p = trx_arena_alloc(arena, size)) == NULL)
		return -1;
	all.p = p;
	for (i = 0; i < n; i++) {
		if (list[i]->name.n != 0)
			memcpy(p + all.n, list[i]->name.p, list[i]->name.n);
		all.n += list[i]->name.n;
	}
	list[0]->name = all;
	return 0;
}

/* Make one of what is DATA side by side in the node's list. */
static int
join_list(struct trx_node *node, struct trx_arena *arena)
{
	size_t i, n, to = 0;

	for (i = 0; i < node->n; i += n) {
		n = 1;
		while (node->list[i]->kind == TRX_N_DATA && i + n < node->n &&
		       node->list[i + n]->kind == TRX_N_DATA)
			n++;
		if (n > 1 && join_data(arena, node->list + i, n) == -1)
			return -1;
		node->list[to++] = node->list[i];
	}
	node->n = to;
	return 0;
}

static int
visit_print(struct trx_node *node, struct trx_arena *arena)
{
	const struct trx_value *v = &node->child[0]->u.value;

	if (is_sum(node->child[0]))
		return set_terms(node, arena);
	if (node->child[0]->kind == TRX_N_CONST && v->kind == TRX_V_STR &&
	    node->escape == TRX_ESCAPE_NO) {
		node->kind = TRX_N_DATA;
		node->name = v->u.str;
		node->child[0] = NULL;
	}
	return 0;
}

/* Note what a node's key finds first in a dict: its own item, if it has one. */
static void
mark_item(struct trx_node *node)
{
	const struct trx_node *key = node->child[1];

	if (node->kind == TRX_N_GETATTR) {
		node->op =
		    node->u.attr.method == NULL && node->name.p[0] != '_';
	} else if (node->kind == TRX_N_GETITEM && key->kind == TRX_N_CONST &&
		   key->u.value.kind == TRX_V_STR) {
		node->op = 1;
		node->name = key->u.value.u.str;
	}
}

static void
make_relation(struct trx_node *node)
{
	const struct trx_node *operand;

	if (node->kind != TRX_N_COMPARE || node->n != 1)
		return;
	operand = node->list[0];
	node->kind = TRX_N_RELATION;
	node->op = operand->op;
	node->child[1] = operand->child[0];
	node->n = 0;
}

static int
visit(struct trx_node *node, struct trx_arena *arena)
{
	size_t i;

	if (node == NULL)
		return 0;
	for (i = 0; i < sizeof(node->child) / sizeof(*node->child); i++)
		if (visit(node->child[i], arena) == -1)
			return -1;
	for (i = 0; i < node->n; i++)
		if (visit(node->list[i], arena) == -1)
			return -1;
	mark_item(node);
	make_relation(node);
	if (join_list(node, arena) == -1)
		return -1;
	return node->kind == TRX_N_PRINT ? visit_print(node, arena) : 0;
}

int
trx_prepare_run(struct trx_template *t, struct trx_error *err)
{
	return visit(t->body, &t->arena) == -1 ? trx_error_memory(err) : 0;
}
