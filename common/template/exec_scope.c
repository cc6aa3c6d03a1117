#include "common/template/exec.h"

/* The value of variable i, made when it is first asked for. */
static int
variable(struct trx_run *run, size_t i, struct trx_value *out)
{
	struct trx_value *v = &run->vars[i];

	if (v->kind == TRX_V_MISSING &&
	    trx_value_from_json(run, run->input->vars[i].value, v) == -1)
		return -1;
	*out = *v;
	return 0;
}

/* The value of a name that no scope of the template sets. */
static inline int
resolve(struct trx_run *run, const struct trx_load *load, struct trx_value *out)
{
	size_t i;

	if ((run->var_bits & load->bit) != 0)
		for (i = run->input->nvars; i-- > 0;)
			if (trx_str_equal(load->name, run->input->vars[i].name))
				return variable(run, i, out);
	*out = load->otherwise;
	return 0;
}

int
trx_exec_load(struct trx_run *run, const struct trx_scope *scope)
{
	const struct trx_load *load = scope->loads, *end = load + scope->n;
	struct trx_value *slots = run->frame->slots, *to;

	for (; load < end; load++) {
		to = &slots[load->to];
		to->kind = TRX_V_MISSING;
		if (load->action == TRX_LOAD_ALIAS)
			*to = *trx_eval_slot(run, load->from);
		else if ((load->action == TRX_LOAD_RESOLVE ||
			     !trx_exec_known(run, load->name, to)) &&
			 resolve(run, load, to) == -1)
			return -1;
	}
	return 0;
}

void
trx_exec_leave(struct trx_run *run, const struct trx_scope *scope)
{
	size_t i;

	for (i = 0; i < scope->nleave; i++)
		run->frame->slots[scope->leave[i]].kind = TRX_V_MISSING;
}
