/*
 * Jinja notes the line of a template only where it writes certain statements
 * of Python, and Python knows a failure by the last one noted above it.  So
 * this goes through a template in the order in which Jinja writes its code.
 */
#include "common/template/place.h"

static void place(struct trx_node *node, uint32_t *last);

static void
place_list(struct trx_node *node, uint32_t *last)
{
	size_t i;

	for (i = 0; i < node->n; i++)
		place(node->list[i], last);
}

static void
place_if(struct trx_node *node, uint32_t *last)
{
	size_t i;

	*last = node->line;
	place(node->child[1], last);
	for (i = 0; i < node->n; i++)
		place(node->list[i], last);
	if (node->child[2] != NULL)
		place(node->child[2], last);
}

static void
place_for(struct trx_node *node, uint32_t *last)
{
	*last = node->line;
	place(node->child[3], last);
	place_list(node, last);
	if (node->op != 0)
		*last = node->line;
}

/* What is printed, unless it is a constant. */
static void
place_print(struct trx_node *node, uint32_t *last)
{
	if (node->child[0]->kind != TRX_N_CONST)
		*last = node->line;
}

/* A body, and then the statement that takes its text. */
static void
place_around(struct trx_node *node, struct trx_node *body, uint32_t *last)
{
	place(body, last);
	*last = node->line;
}

static void
place(struct trx_node *node, uint32_t *last)
{
	switch ((enum trx_node_kind)node->kind) {
	case TRX_N_DATA:
		return;
	case TRX_N_PRINT:
		place_print(node, last);
		return;
	case TRX_N_BODY:
		place_list(node, last);
		return;
	case TRX_N_IF:
		place_if(node, last);
		return;
	case TRX_N_FOR:
		place_for(node, last);
		return;
	case TRX_N_SET_BLOCK:
		place_around(node, node->child[2], last);
		return;
	case TRX_N_FILTER_BLOCK:
		place_around(node, node->child[1], last);
		return;
	case TRX_N_CALL_BLOCK:
		place_around(node, node->child[1], last);
		return;
	case TRX_N_GENERATION:
		place_around(node, node->child[0], last);
		return;
	case TRX_N_MACRO:
		*last = node->line;
		place(node->child[0], last);
		return;
	case TRX_N_WITH:
		node->u.before = *last;
		place(node->child[0], last);
		return;
	case TRX_N_AUTOESCAPE:
		node->u.before = *last;
		place(node->child[1], last);
		return;
	case TRX_N_SET:
		node->u.before = *last;
		*last = node->line;
		return;
	default:
		*last = node->line;
	}
}

void
trx_place_run(struct trx_template *t)
{
	uint32_t last = 1;
	size_t i;

	place(t->body, &last);
	for (i = 0; i < t->nblocks; i++)
		place(t->blocks[i]->child[0], &last);
}
