#include "common/template/exec.h"
#include "common/template/trace.h"

int
trx_exec_new_macro(
    struct trx_run *run, const struct trx_node *node, struct trx_value *out)
{
	struct trx_macro *macro = trx_run_alloc(run, sizeof(*macro));

	if (macro == NULL)
		return -1;
	*macro = (struct trx_macro){ .node = node,
		.outer = run->frame,
		.context = run->frame->context };
	*out = (struct trx_value){ .kind = TRX_V_MACRO, .u.macro = macro };
	return 0;
}

/* The keyword arguments that no parameter took, as a macro's kwargs. */
static int
set_kwargs(struct trx_run *run, const struct trx_keyword *rest, size_t n,
    struct trx_value *slot)
{
	struct trx_dict *d = trx_dict_new(run, n);
	struct trx_value key;
	size_t i;

	if (d == NULL)
		return -1;
	for (i = 0; i < n; i++) {
		key = trx_value_str(rest[i].name);
		if (trx_dict_set(run, d, &key, &rest[i].value) == -1)
			return -1;
	}
	*slot = (struct trx_value){ .kind = TRX_V_DICT, .u.dict = d };
	return 0;
}

/* What is left of a call's arguments when the parameters have theirs. */
static int
set_rest(struct trx_run *run, const struct trx_node *node,
    const struct trx_call *call, const struct trx_keyword *rest, size_t n,
    struct trx_value *slots)
{
	size_t more = call->nargs > node->n ? call->nargs - node->n : 0, i;
	const struct trx_inside *in = node->in;

	for (i = 0; in->kwargs == -1 && i < n; i++)
		if (trx_str_is(rest[i].name, "caller"))
			return trx_run_fail(run,
			    "macro '%.*s' was invoked with two values for the "
			    "special caller argument. This is most likely a "
			    "bug.",
			    (int)node->name.n, node->name.p);
	if (in->kwargs == -1 && n != 0)
		return trx_run_fail(run,
		    "macro '%.*s' takes no keyword argument '%.*s'",
		    (int)node->name.n, node->name.p, (int)rest[0].name.n,
		    rest[0].name.p);
	if (in->kwargs != -1 &&
	    set_kwargs(run, rest, n, &slots[in->kwargs]) == -1)
		return -1;
	if (in->varargs == -1 && more != 0)
		return trx_run_fail(run,
		    "macro '%.*s' takes not more than %zu argument(s)",
		    (int)node->name.n, node->name.p, node->n);
	if (in->varargs != -1)
		slots[in->varargs] = trx_value_seq(
		    TRX_V_TUPLE, more == 0 ? NULL : call->args + node->n, more);
	return 0;
}

/* Put the arguments of a call into the slots of the macro's parameters. */
static int
set_parameters(struct trx_run *run, const struct trx_node *node,
    const struct trx_call *call, struct trx_value *slots)
{
	struct trx_keyword *rest =
	    trx_run_calloc(run, call->nkw, sizeof(*rest));
	bool found_caller = node->in->explicit_caller;
	const struct trx_keyword *kw;
	size_t i, k, n = 0;

	if (rest == NULL)
		return -1;
	if (node->in->caller != -1)
		slots[node->in->caller] = trx_value_undefined(
		    TRX_UNDEF_HINT, TRX_V_NONE, TRX_STR("No caller defined"));
	for (i = 0; i < node->n && i < call->nargs; i++)
		slots[node->list[i]->u.slot.index] = call->args[i];
	for (k = 0; k < call->nkw; k++) {
		kw = &call->kw[k];
		for (i = call->nargs; i < node->n; i++)
			if (trx_str_equal(node->list[i]->name, kw->name))
				break;
		if (i < node->n)
			slots[node->list[i]->u.slot.index] = kw->value;
		else if (node->in->caller != -1 && !found_caller &&
			 trx_str_is(kw->name, "caller")) {
			if (kw->value.kind != TRX_V_NONE)
				slots[node->in->caller] = kw->value;
		} else
			rest[n++] = *kw;
	}
	return set_rest(run, node, call, rest, n, slots);
}

/* The values of the parameters that the call left out. */
static int
set_defaults(struct trx_run *run, const struct trx_node *node)
{
	const struct trx_node *p;
	struct trx_value *to;
	struct trx_buf b = TRX_BUF_INIT;
	struct trx_str text;
	size_t i;

	run->line = node->line;
	for (i = 0; i < node->n; i++) {
		p = node->list[i];
		to = &run->frame->slots[p->u.slot.index];
		if (to->kind != TRX_V_MISSING)
			continue;
		if (p->child[0] != NULL) {
			if (trx_eval(run, p->child[0], to) == -1)
				return -1;
			continue;
		}
		trx_buf_addf(&b, "parameter '%.*s' was not provided",
		    (int)p->name.n, p->name.p);
		if (trx_run_take(run, &b, &text) == -1)
			return -1;
		*to = trx_value_undefined(TRX_UNDEF_HINT, TRX_V_NONE, text);
	}
	return 0;
}

int
trx_exec_function(struct trx_run *run, const struct trx_macro *macro,
    const struct trx_call *call)
{
	const struct trx_node *node = macro->node;
	struct trx_frame *frame, *before = run->frame;
	int rc = -1;

	if (run->depth + node->depth > TRX_TEMPLATE_DEPTH)
		return trx_run_fail(run, "macros call each other too deeply");
	/* A macro may outlive the call that made it, and so do its frames. */
	if ((frame = trx_run_alloc(run, sizeof(*frame))) == NULL)
		return -1;
	*frame = (struct trx_frame){ .outer = macro->outer,
		.context = macro->context };
	frame->slots =
	    trx_run_calloc(run, node->in->nslots, sizeof(*frame->slots));
	if (frame->slots == NULL ||
	    set_parameters(run, node, call, frame->slots) == -1 ||
	    trx_exec_refer(run, node, frame) == -1)
		return -1;
	run->depth += node->depth;
	run->frame = frame;
	if (trx_exec_enter(run, node->in->scope) == 0 &&
	    set_defaults(run, node) == 0 &&
	    trx_exec_list(run, node->child[0]) == TRX_FLOW_NORMAL)
		rc = 0;
	run->frame = before;
	run->depth -= node->depth;
	return rc;
}

int
trx_exec_macro(struct trx_run *run, const struct trx_macro *macro,
    const struct trx_call *call, struct trx_value *out)
{
	struct trx_text text, *before = run->out;
	uint32_t line = run->line;
	int rc;

	trx_text_begin(run, &text);
	run->out = &text;
	rc = trx_exec_function(run, macro, call);
	run->out = before;
	if (rc == -1) {
		trx_text_drop(run, &text);
		return -1;
	}
	*out = trx_value_str(TRX_STR(""));
	if (trx_text_take(run, &text, &out->u.str) == -1)
		return -1;
	run->line = line;
	out->safe = run->autoescape || trx_exec_escapes(run, macro->node);
	return 0;
}

int
trx_exec_call_block(struct trx_run *run, const struct trx_node *node)
{
	struct trx_value caller, v;

	if (trx_exec_new_macro(run, node->child[1], &caller) == -1 ||
	    trx_eval_call_node(run, node->child[0], &caller, &v) == -1)
		return -1;
	return trx_exec_write(run, &v);
}

int
trx_exec_generation(struct trx_run *run, const struct trx_node *node)
{
	const struct trx_call none = { .name = "generation" };
	struct trx_value macro, v;
	uint32_t before;
	int rc;

	if (trx_exec_new_macro(run, node->child[0], &macro) == -1)
		return -1;
	before = trx_trace_enter(run);
	rc = trx_exec_macro(run, macro.u.macro, &none, &v);
	trx_trace_leave(run, before);
	if (rc == -1 || trx_trace_generated(run, v.u.str) == -1)
		return -1;
	return trx_exec_write(run, &v);
}
