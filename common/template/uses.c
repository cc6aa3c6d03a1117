#include "common/template/uses.h"

/* In which order the parts of a node are gone through. */
#define LIST 4	/* all of the list */
#define EVENS 5 /* of the list: those at even places */
#define ODDS 6
#define DEFAULTS 7 /* of the list of parameters */
#define END 8

static const unsigned char *
order(const struct trx_node *node)
{
	static const unsigned char plain[] = { 0, 1, 2, 3, LIST, END },
				   an_if[] = { 0, 1, LIST, 2, END },
				   a_for[] = { 0, 1, 3, LIST, 2, END },
				   with[] = { EVENS, ODDS, 0, END },
				   filter[] = { 1, 0, END },
				   macro[] = { LIST, DEFAULTS, 0, END },
				   load[] = { 0, END }, none[] = { END };

	switch ((enum trx_node_kind)node->kind) {
	case TRX_N_IF:
		return an_if;
	case TRX_N_FOR:
		return a_for;
	case TRX_N_WITH:
		return with;
	case TRX_N_FILTER_BLOCK:
		return filter;
	case TRX_N_MACRO:
		return macro;
	case TRX_N_LOAD: /* whose names are no nodes in Jinja */
		return load;
	case TRX_N_BLOCK:
	case TRX_N_PARAM:
		return none;
	default:
		return plain;
	}
}

static enum trx_use
first_in_list(
    const struct trx_node *node, unsigned part, const char *name, size_t *work)
{
	size_t i, step = part == EVENS || part == ODDS ? 2 : 1;
	enum trx_use use = TRX_USE_NONE;
	const struct trx_node *one;

	for (i = part == ODDS; i < node->n && use == TRX_USE_NONE; i += step) {
		one = node->list[i];
		if (part == DEFAULTS)
			one = one->child[0];
		if (one != NULL)
			use = trx_uses_first(one, name, work);
	}
	return use;
}

enum trx_use
trx_uses_first(const struct trx_node *node, const char *name, size_t *work)
{
	enum trx_use use = TRX_USE_NONE;
	const unsigned char *part;

	++*work;
	if (node->kind == TRX_N_NAME || node->kind == TRX_N_STORE ||
	    node->kind == TRX_N_PARAM) {
		if (!trx_str_is(node->name, name))
			return TRX_USE_NONE;
		return node->kind == TRX_N_NAME ? TRX_USE_READ : TRX_USE_WRITE;
	}
	for (part = order(node); *part != END && use == TRX_USE_NONE; part++)
		if (*part >= LIST)
			use = first_in_list(node, *part, name, work);
		else if (node->child[*part] != NULL)
			use = trx_uses_first(node->child[*part], name, work);
	return use;
}

const struct trx_node *
trx_uses_loop(const struct trx_node *node, size_t *work)
{
	const struct trx_node *found = NULL;
	size_t i;

	++*work;
	if (node->kind == TRX_N_STORE && trx_str_is(node->name, "loop"))
		return node;
	for (i = 0; i < 4 && found == NULL; i++)
		if (node->child[i] != NULL)
			found = trx_uses_loop(node->child[i], work);
	for (i = 0; i < node->n && found == NULL; i++)
		found = trx_uses_loop(node->list[i], work);
	return found;
}

bool
trx_uses_scoped_block(const struct trx_node *node, size_t *work)
{
	size_t i;

	++*work;
	if (node->kind == TRX_N_BLOCK && (node->op & TRX_BLOCK_SCOPED))
		return true;
	for (i = 0; i < 4; i++)
		if (node->child[i] != NULL &&
		    trx_uses_scoped_block(node->child[i], work))
			return true;
	for (i = 0; i < node->n; i++)
		if (trx_uses_scoped_block(node->list[i], work))
			return true;
	return false;
}
