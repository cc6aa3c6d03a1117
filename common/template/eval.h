/* Evaluating a compiled template: expressions here, statements in exec.c. */
#ifndef TRX_TEMPLATE_EVAL_H
#define TRX_TEMPLATE_EVAL_H

#include "common/template/call.h"
#include "common/template/tree.h"

/* The variables of one running function. */
struct trx_frame {
	struct trx_value *slots;
	struct trx_frame *outer;	   /* of the function around it */
	const struct trx_context *context; /* of the block around it, or NULL */
};

/*
 * Variables as a scoped block finds them where it stands, and those around
 * them.  Where there is no context, blocks see those of the template itself.
 */
struct trx_context {
	const struct trx_context *outer;
	struct {
		struct trx_str name;
		struct trx_value value;
	} * at;
	size_t n;
};

/* A macro (or the body of a call block) as a value. */
struct trx_macro {
	const struct trx_node *node; /* MACRO */
	struct trx_frame *outer;
	const struct trx_context *context; /* as outer's, where there is one */
};

/* *out is the value of an expression.  Returns 0 or -1. */
int trx_eval(
    struct trx_run *run, const struct trx_node *node, struct trx_value *out);

/* bool() of an expression: 1, 0 or -1. */
int trx_eval_truth(struct trx_run *run, const struct trx_node *node);

/* Run a filter node on a value that is given (a block's text). */
int trx_eval_filter(struct trx_run *run, const struct trx_node *node,
    const struct trx_value *text, struct trx_value *out);

/* Call a callable; caller may be NULL. */
int trx_eval_call_node(struct trx_run *run, const struct trx_node *node,
    const struct trx_value *caller, struct trx_value *out);

/* The variable of a slot. */
static inline struct trx_value *
trx_eval_slot(const struct trx_run *run, struct trx_slot slot)
{
	struct trx_frame *f = run->frame;

	for (; slot.up > 0; slot.up--)
		f = f->outer;
	return &f->slots[slot.index];
}

/*
 * The item of a dict in a variable by a short key that is constant, as most
 * are; or NULL.  It calls nothing.
 */
static inline const struct trx_value *
trx_eval_near(struct trx_run *run, const struct trx_node *node)
{
	const struct trx_value *object;

	if (node->op != TRX_ITEM_NEAR || !trx_str_is_short(node->name))
		return NULL;
	object = trx_eval_slot(run, node->child[0]->u.slot);
	if (object->kind != TRX_V_DICT)
		return NULL;
	return trx_dict_get_str(run, object->u.dict, node->name);
}

/* trx_eval_place where it takes more than a look. */
const struct trx_value *trx_eval_other(
    struct trx_run *run, const struct trx_node *node, struct trx_value *room);

/*
 * The value of an expression where it stands, without a copy, or else in
 * *room; NULL where it fails.  It is valid, and does not change, until the
 * statement that asks for it ends.
 */
static inline const struct trx_value *
trx_eval_place(
    struct trx_run *run, const struct trx_node *node, struct trx_value *room)
{
	const struct trx_value *v;

	if (node->kind == TRX_N_CONST)
		return &node->u.value;
	if (node->kind == TRX_N_NAME && !run->folding) {
		v = trx_eval_slot(run, node->u.slot);
		if (v->kind != TRX_V_MISSING)
			return v;
	}
	return trx_eval_other(run, node, room);
}

/* trx_eval_place of what is an item of a variable more often than not. */
static inline const struct trx_value *
trx_eval_item(
    struct trx_run *run, const struct trx_node *node, struct trx_value *room)
{
	const struct trx_value *found = NULL;

	if (node->kind == TRX_N_GETITEM || node->kind == TRX_N_GETATTR)
		found = trx_eval_near(run, node);
	return found != NULL ? found : trx_eval_place(run, node, room);
}

/* Call a macro: *out is its text. */
int trx_exec_macro(struct trx_run *run, const struct trx_macro *macro,
    const struct trx_call *call, struct trx_value *out);

/*
 * Run a recursive loop over v, in a function inside that of frame outer; around
 * is the loop that calls it, or NULL: *out is its text.
 */
int trx_exec_recursion(struct trx_run *run, const struct trx_node *node,
    struct trx_frame *outer, const struct trx_loop *around,
    const struct trx_value *v, struct trx_value *out);

/* Run a BLOCK in a context (NULL: the template's own): *out is its text. */
int trx_exec_block(struct trx_run *run, const struct trx_node *node,
    const struct trx_context *context, struct trx_value *out);

/* Run a whole template in run->frame.  Returns 0 or -1. */
int trx_exec_template(struct trx_run *run, const struct trx_template *t);

#endif
