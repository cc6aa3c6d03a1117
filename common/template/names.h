/* The names that the scopes of a template know, by Jinja's rules. */
#ifndef TRX_TEMPLATE_NAMES_H
#define TRX_TEMPLATE_NAMES_H

#include "common/template/tree.h"

/* A name as one scope knows it; Jinja's `refs`, `loads` and `stores`. */
struct trx_names_symbol {
	struct trx_str name;
	uint16_t slot;
	bool parameter;
	bool stored;
	enum trx_load_action action;
	struct trx_slot from;
};

/* The names of one scope. */
struct trx_names_table {
	struct trx_names_symbol *at;
	size_t n;
	size_t cap;
};

/* The slots of one function: unique by level and name, as in Jinja. */
struct trx_names_function {
	struct {
		struct trx_str name;
		unsigned level;
	} * slots;
	size_t n;
	size_t cap;
	bool block; /* of a block, to which names come by the context */
};

struct trx_names {
	struct trx_names *parent;
	struct trx_names_function *function;
	unsigned level;
	struct trx_names_table names;
};

struct trx_names_walk {
	struct trx_arena *arena;   /* the template's */
	struct trx_arena *scratch; /* of this analysis */
	struct trx_error *err;
	size_t work;
};

/* Use up n steps of the analysis.  Returns 0, or -1 when there are too many. */
int trx_names_work(struct trx_names_walk *w, size_t n);

/* The variable that name is, seen from s; false where none is known. */
bool trx_names_find(struct trx_names_walk *w, const struct trx_names *s,
    struct trx_str name, struct trx_slot *slot);

/* A scope inside parent (NULL: the root's), in a function. */
struct trx_names trx_names_inner(
    struct trx_names *parent, struct trx_names_function *function);

/* Make name a parameter of s.  Returns its slot, or -1. */
int trx_names_declare(
    struct trx_names_walk *w, struct trx_names *s, struct trx_str name);

/*
 * Note what a node (the nodes of a node's list) reads and writes in scope s
 * itself, not in the scopes inside it.  Return 0 or -1.
 */
int trx_names_collect(
    struct trx_names_walk *w, struct trx_names *s, struct trx_node *node);
int trx_names_collect_list(
    struct trx_names_walk *w, struct trx_names *s, struct trx_node *node);

/*
 * What is set in the scopes from s outwards, with parameters or without, as a
 * block's context holds it; NULL on failure.
 */
struct trx_exports *trx_names_exports(
    struct trx_names_walk *w, const struct trx_names *s, bool parameters);

/* The loads of a collected scope, for the tree; NULL on failure. */
struct trx_scope *trx_names_finish(
    struct trx_names_walk *w, const struct trx_names *s);

#endif
