#include "common/template/exec.h"
#include "common/template/iter.h"
#include "common/template/text.h"
#include "common/template/trace.h"

static enum trx_flow exec(struct trx_run *run, const struct trx_node *node);

enum trx_flow
trx_exec_list(struct trx_run *run, const struct trx_node *node)
{
	enum trx_flow flow = TRX_FLOW_NORMAL;
	size_t i;

	for (i = 0; i < node->n && flow == TRX_FLOW_NORMAL; i++)
		flow = exec(run, node->list[i]);
	return flow;
}

static enum trx_flow
exec_if(struct trx_run *run, const struct trx_node *node)
{
	const struct trx_node *branch = node;
	size_t i = 0;
	int yes;

	for (;;) {
		run->line = branch->line;
		if ((yes = trx_eval_truth(run, branch->child[0])) == -1)
			return TRX_FLOW_FAILED;
		if (yes)
			return trx_exec_list(run, branch->child[1]);
		if (i == node->n)
			break;
		branch = node->list[i++];
	}
	return node->child[2] == NULL ? TRX_FLOW_NORMAL
				      : trx_exec_list(run, node->child[2]);
}

/* (a, b) = v */
static int
unpack(struct trx_run *run, const struct trx_node *target,
    const struct trx_value *v)
{
	struct trx_value items;
	size_t i;

	if (v->kind != TRX_V_UNDEFINED && v->kind < TRX_V_STR)
		return trx_run_fail(run, "cannot unpack non-iterable %s object",
		    trx_value_type(v));
	if (trx_iter_list(run, v, &items) == -1)
		return -1;
	if (items.u.seq.n > target->n)
		return trx_run_fail(
		    run, "too many values to unpack (expected %zu)", target->n);
	if (items.u.seq.n < target->n)
		return trx_run_fail(run,
		    "not enough values to unpack (expected %zu, got %zu)",
		    target->n, items.u.seq.n);
	for (i = 0; i < target->n; i++)
		if (trx_exec_assign(run, target->list[i], &items.u.seq.at[i]) ==
		    -1)
			return -1;
	return 0;
}

int
trx_exec_assign_other(struct trx_run *run, const struct trx_node *target,
    const struct trx_value *v)
{
	struct trx_value *to, key;

	if (target->kind == TRX_N_TARGETS)
		return unpack(run, target, v);
	to = trx_eval_slot(run, target->u.slot);
	/* Where a set block has it, it is what Python does with to[key]. */
	if (to->kind == TRX_V_MISSING || to->kind == TRX_V_UNDEFINED)
		return trx_run_fail(
		    run, "an undefined value takes no attributes");
	if (to->kind != TRX_V_NAMESPACE && to->kind != TRX_V_DICT)
		return trx_run_fail(run,
		    "'%s' object does not support item assignment",
		    trx_value_type(to));
	key = trx_value_str(target->more);
	return trx_dict_set(run, to->u.dict, &key, v);
}

/* Are all that target sets attributes of namespaces?  0 or -1. */
static int
check_namespaces(struct trx_run *run, const struct trx_node *target)
{
	size_t i;

	if (target->kind == TRX_N_NSREF &&
	    trx_eval_slot(run, target->u.slot)->kind != TRX_V_NAMESPACE)
		return trx_run_fail(
		    run, "cannot assign attribute on non-namespace object");
	for (i = 0; i < target->n; i++)
		if (check_namespaces(run, target->list[i]) == -1)
			return -1;
	return 0;
}

static int
exec_set(struct trx_run *run, const struct trx_node *node)
{
	const struct trx_value *place;
	struct trx_value v;

	if (node->child[0]->kind != TRX_N_STORE) {
		run->line = node->u.before;
		if (check_namespaces(run, node->child[0]) == -1)
			return -1;
		run->line = node->line;
	}
	if ((place = trx_eval_place(run, node->child[1], &v)) == NULL)
		return -1;
	return trx_exec_assign(run, node->child[0], place);
}

enum trx_flow
trx_exec_capture(struct trx_run *run, const struct trx_node *body,
    const struct trx_node *node, struct trx_value *out)
{
	struct trx_text text, *before = run->out;
	enum trx_flow flow;

	trx_text_begin(run, &text);
	run->out = &text;
	flow = trx_exec_list(run, body);
	run->out = before;
	*out = trx_value_str(TRX_STR(""));
	if (flow != TRX_FLOW_NORMAL) {
		trx_text_drop(run, &text);
		return flow;
	}
	run->line = node->line;
	return trx_text_take(run, &text, &out->u.str) == -1 ? TRX_FLOW_FAILED
							    : TRX_FLOW_NORMAL;
}

/* A set or filter block's text, filtered. */
static enum trx_flow
block_text(struct trx_run *run, const struct trx_node *node,
    const struct trx_node *body, const struct trx_node *filter,
    struct trx_value *out)
{
	struct trx_value text;
	enum trx_flow flow;

	if (trx_exec_enter(run, node->in->scope) == -1)
		return TRX_FLOW_FAILED;
	flow = trx_exec_capture(run, body, node, &text);
	if (flow == TRX_FLOW_NORMAL) {
		text.safe = filter != NULL && trx_exec_escapes(run, node);
		*out = text;
		if (filter != NULL &&
		    trx_eval_filter(run, filter, &text, out) == -1)
			return TRX_FLOW_FAILED;
	}
	trx_exec_leave(run, node->in->scope);
	return flow;
}

static enum trx_flow
exec_set_block(struct trx_run *run, const struct trx_node *node)
{
	struct trx_value v;
	enum trx_flow flow =
	    block_text(run, node, node->child[2], node->child[1], &v);

	if (flow != TRX_FLOW_NORMAL)
		return flow;
	if (run->autoescape) {
		if (v.kind != TRX_V_STR &&
		    trx_text_str(run, &v, &v.u.str) == -1)
			return TRX_FLOW_FAILED;
		v.kind = TRX_V_STR;
		v.safe = true;
	}
	return trx_exec_assign(run, node->child[0], &v) == -1 ? TRX_FLOW_FAILED
							      : TRX_FLOW_NORMAL;
}

static enum trx_flow
exec_filter_block(struct trx_run *run, const struct trx_node *node)
{
	struct trx_value v;
	enum trx_flow flow =
	    block_text(run, node, node->child[1], node->child[0], &v);

	if (flow == TRX_FLOW_NORMAL && trx_exec_write(run, &v) == -1)
		return TRX_FLOW_FAILED;
	return flow;
}

static enum trx_flow
exec_with(struct trx_run *run, const struct trx_node *node)
{
	struct trx_value v;
	enum trx_flow flow;
	size_t i;

	run->line = node->u.before;
	if (trx_exec_enter(run, node->in->scope) == -1)
		return TRX_FLOW_FAILED;
	for (i = 0; i < node->n; i += 2)
		if (trx_eval(run, node->list[i + 1], &v) == -1 ||
		    trx_exec_assign(run, node->list[i], &v) == -1)
			return TRX_FLOW_FAILED;
	flow = trx_exec_list(run, node->child[0]);
	trx_exec_leave(run, node->in->scope);
	return flow;
}

static enum trx_flow
exec_autoescape(struct trx_run *run, const struct trx_node *node)
{
	bool before = run->autoescape;
	struct trx_value v;
	enum trx_flow flow;

	run->line = node->u.before;
	if (trx_exec_enter(run, node->in->scope) == -1 ||
	    trx_eval(run, node->child[0], &v) == -1)
		return TRX_FLOW_FAILED;
	run->autoescape = trx_value_truth(&v);
	flow = trx_exec_list(run, node->child[1]);
	/* As in Jinja, a turn that ends inside leaves it as it is. */
	if (flow == TRX_FLOW_NORMAL)
		run->autoescape = before;
	trx_exec_leave(run, node->in->scope);
	return flow;
}

/* A statement that wants another template. */
static int
exec_load(struct trx_run *run, const struct trx_node *node)
{
	struct trx_value v;

	if (trx_eval(run, node->child[0], &v) == -1)
		return -1;
	/* Nothing at all is what may be missing; a name always fails. */
	if (node->op != 0 && v.kind != TRX_V_STR && v.kind != TRX_V_UNDEFINED &&
	    !trx_value_truth(&v))
		return 0;
	return trx_run_fail(run, "no loader for this environment specified");
}

static enum trx_flow
exec(struct trx_run *run, const struct trx_node *node)
{
	struct trx_value v;

	if (trx_run_charge(run, 1) == -1)
		return TRX_FLOW_FAILED;
	run->line = node->line;
	switch ((enum trx_node_kind)node->kind) {
	case TRX_N_DATA:
		if (trx_text_room(run, node->name.n, 0) == -1)
			return TRX_FLOW_FAILED;
		return trx_text_put(run, node->name, true);
	case TRX_N_PRINT:
		return trx_exec_print(run, node);
	case TRX_N_IF:
		return exec_if(run, node);
	case TRX_N_FOR:
		return trx_exec_for(run, node);
	case TRX_N_SET:
		return exec_set(run, node);
	case TRX_N_SET_BLOCK:
		return exec_set_block(run, node);
	case TRX_N_FILTER_BLOCK:
		return exec_filter_block(run, node);
	case TRX_N_MACRO:
		if (trx_exec_new_macro(run, node, &v) == -1)
			return TRX_FLOW_FAILED;
		*trx_eval_slot(run, node->u.slot) = v;
		return TRX_FLOW_NORMAL;
	case TRX_N_CALL_BLOCK:
		return trx_exec_call_block(run, node);
	case TRX_N_GENERATION:
		return trx_exec_generation(run, node);
	case TRX_N_BODY:
		return trx_exec_list(run, node);
	case TRX_N_WITH:
		return exec_with(run, node);
	case TRX_N_AUTOESCAPE:
		return exec_autoescape(run, node);
	case TRX_N_BLOCK:
		return trx_exec_block_here(run, node);
	case TRX_N_LOAD:
		return exec_load(run, node);
	case TRX_N_BREAK:
		return TRX_FLOW_BREAK;
	case TRX_N_CONTINUE:
		return TRX_FLOW_CONTINUE;
	default:
		return trx_run_refuse(run, "such a statement");
	}
}

int
trx_exec_template(struct trx_run *run, const struct trx_template *t)
{
	struct trx_frame frame = { 0 };
	size_t i;

	frame.slots = trx_run_calloc(run, t->nslots, sizeof(*frame.slots));
	run->vars = trx_run_alloc(run, run->input->nvars * sizeof(*run->vars));
	if (frame.slots == NULL || run->vars == NULL)
		return -1;
	for (i = 0; i < run->input->nvars; i++) {
		run->vars[i].kind = TRX_V_MISSING;
		run->var_bits |= trx_load_bit(run->input->vars[i].name);
	}
	run->frame = run->root = &frame;
	run->template = t;
	run->depth = t->body->depth;
	if (trx_exec_refer(run, t->body, &frame) == -1 ||
	    trx_exec_enter(run, t->body->in->scope) == -1)
		return -1;
	if (trx_exec_list(run, t->body) == TRX_FLOW_FAILED)
		return -1;
	return trx_text_check(run, run->out);
}
