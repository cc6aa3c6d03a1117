/* Running the statements of a compiled template: exec.c and its parts. */
#ifndef TRX_TEMPLATE_EXEC_H
#define TRX_TEMPLATE_EXEC_H

#include "common/template/eval.h"

/* How a statement ended. */
enum trx_flow {
	TRX_FLOW_FAILED = -1,
	TRX_FLOW_NORMAL,
	TRX_FLOW_BREAK,
	TRX_FLOW_CONTINUE
};

/* Run the statements in node's list, up to one that does not end normally. */
enum trx_flow trx_exec_list(struct trx_run *run, const struct trx_node *node);

/* trx_exec_assign to what is more than a variable. */
int trx_exec_assign_other(struct trx_run *run, const struct trx_node *target,
    const struct trx_value *v);

/* target = v.  Returns 0 or -1. */
static inline int
trx_exec_assign(struct trx_run *run, const struct trx_node *target,
    const struct trx_value *v)
{
	if (target->kind != TRX_N_STORE)
		return trx_exec_assign_other(run, target, v);
	*trx_eval_slot(run, target->u.slot) = *v;
	return 0;
}

/*
 * Run body into a text of its own, *out, which is complete where it ends
 * normally; then the line is again that of node.
 */
enum trx_flow trx_exec_capture(struct trx_run *run, const struct trx_node *body,
    const struct trx_node *node, struct trx_value *out);

/* -- exec_scope.c: the variables of a scope, when it is entered and left -- */

int trx_exec_load(struct trx_run *run, const struct trx_scope *scope);

static inline int
trx_exec_enter(struct trx_run *run, const struct trx_scope *scope)
{
	struct trx_value *slots = run->frame->slots;
	size_t i;

	if (scope->n != 0 && trx_exec_load(run, scope) == -1)
		return -1;
	for (i = 0; i < scope->nmissing; i++)
		slots[scope->missing[i]].kind = TRX_V_MISSING;
	return 0;
}

void trx_exec_leave(struct trx_run *run, const struct trx_scope *scope);

/* -- exec_print.c -- */

/* Is what node writes escaped? */
bool trx_exec_escapes(const struct trx_run *run, const struct trx_node *node);

/* Write what a block gave, which Python would join as a str.  0 or -1. */
int trx_exec_write(struct trx_run *run, const struct trx_value *v);

/* Run a PRINT.  Returns 0 or -1. */
int trx_exec_print(struct trx_run *run, const struct trx_node *node);

/* -- exec_loop.c -- */

enum trx_flow trx_exec_for(struct trx_run *run, const struct trx_node *node);

/* -- exec_macro.c -- */

/* *out is a MACRO node as a value.  Returns 0 or -1. */
int trx_exec_new_macro(
    struct trx_run *run, const struct trx_node *node, struct trx_value *out);

/* Call a macro, or a block, whose text goes where text goes now.  0 or -1. */
int trx_exec_function(struct trx_run *run, const struct trx_macro *macro,
    const struct trx_call *call);

/* Run a CALL_BLOCK, a GENERATION.  Return 0 or -1. */
int trx_exec_call_block(struct trx_run *run, const struct trx_node *node);
int trx_exec_generation(struct trx_run *run, const struct trx_node *node);

/* -- exec_block.c; eval.h has trx_exec_block -- */

/* Run a BLOCK where it stands.  Returns 0 or -1. */
int trx_exec_block_here(struct trx_run *run, const struct trx_node *node);

/* Does the context of the running block have that name?  If so, *out. */
bool trx_exec_known(
    const struct trx_run *run, struct trx_str name, struct trx_value *out);

/* Set self and super of a new frame where node reads them.  0 or -1. */
int trx_exec_refer(
    struct trx_run *run, const struct trx_node *node, struct trx_frame *frame);

#endif
