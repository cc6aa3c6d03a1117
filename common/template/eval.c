#include <string.h>

#include "common/template/eval.h"
#include "common/template/format.h"
#include "common/template/object.h"
#include "common/template/ops.h"
#include "common/template/text.h"

#define SMALL 6 /* arguments that need no allocation */

/* The arguments of a call, evaluated. */
struct arguments {
	struct trx_call call;
	struct trx_value values[SMALL];
	struct trx_keyword keywords[SMALL + 1]; /* one more for caller */
};

static int
evaluate_list(
    struct trx_run *run, const struct trx_node *node, struct trx_value *at)
{
	size_t i;

	for (i = 0; i < node->n; i++)
		if (trx_eval(run, node->list[i], &at[i]) == -1)
			return -1;
	return 0;
}

/* The arguments in node's list, and caller (of a call block) if not NULL. */
static int
evaluate_arguments(struct trx_run *run, const struct trx_node *node,
    const struct trx_value *caller, struct arguments *args)
{
	struct trx_value *values = args->values;
	struct trx_keyword *keywords = args->keywords;
	struct trx_call *call = &args->call;
	const struct trx_node *item;
	size_t i;

	if (node->n > SMALL) {
		values = trx_run_calloc(run, node->n, sizeof(*values));
		keywords = trx_run_calloc(run, node->n + 1, sizeof(*keywords));
		if (values == NULL || keywords == NULL)
			return -1;
	}
	*call = (struct trx_call){ .args = values, .kw = keywords };
	if (caller != NULL)
		keywords[call->nkw++] =
		    (struct trx_keyword){ .name = TRX_STR("caller"),
			    .value = *caller };
	for (i = 0; i < node->n; i++) {
		item = node->list[i];
		if (item->kind == TRX_N_KEYWORD) {
			keywords[call->nkw].name = item->name;
			if (trx_eval(run, item->child[0],
				&keywords[call->nkw++].value) == -1)
				return -1;
		} else if (trx_eval(run, item, &values[call->nargs++]) == -1) {
			return -1;
		}
	}
	return 0;
}

static int
eval_name(
    struct trx_run *run, const struct trx_node *node, struct trx_value *out)
{
	*out = *trx_eval_slot(run, node->u.slot);
	if (out->kind == TRX_V_MISSING)
		*out =
		    trx_value_undefined(TRX_UNDEF_NAME, TRX_V_NONE, node->name);
	return 0;
}

static int
eval_sequence(
    struct trx_run *run, const struct trx_node *node, struct trx_value *out)
{
	struct trx_value *at = trx_run_calloc(run, node->n, sizeof(*at));

	if (at == NULL || evaluate_list(run, node, at) == -1)
		return -1;
	*out = trx_value_seq(
	    node->kind == TRX_N_LIST ? TRX_V_LIST : TRX_V_TUPLE, at, node->n);
	return 0;
}

static int
eval_dict(
    struct trx_run *run, const struct trx_node *node, struct trx_value *out)
{
	struct trx_dict *d = trx_dict_new(run, node->n / 2);
	struct trx_value key, value;
	size_t i;

	if (d == NULL)
		return -1;
	for (i = 0; i < node->n; i += 2)
		if (trx_eval(run, node->list[i], &key) == -1 ||
		    trx_eval(run, node->list[i + 1], &value) == -1 ||
		    trx_dict_set(run, d, &key, &value) == -1)
			return -1;
	*out = (struct trx_value){ .kind = TRX_V_DICT, .u.dict = d };
	return 0;
}

static int
eval_attribute(
    struct trx_run *run, const struct trx_node *node, struct trx_value *out)
{
	struct trx_value object;

	if (trx_eval(run, node->child[0], &object) == -1)
		return -1;
	return trx_object_attr(run, &object, node->name, node->u.method, out);
}

static int
eval_item(
    struct trx_run *run, const struct trx_node *node, struct trx_value *out)
{
	struct trx_value object, key;

	if (trx_eval(run, node->child[0], &object) == -1 ||
	    trx_eval(run, node->child[1], &key) == -1)
		return -1;
	return trx_object_item(run, &object, &key, out);
}

static int
eval_slice(
    struct trx_run *run, const struct trx_node *node, struct trx_value *out)
{
	struct trx_value object, bounds[3];
	size_t i;

	if (trx_eval(run, node->child[0], &object) == -1)
		return -1;
	for (i = 0; i < 3; i++) {
		bounds[i] = trx_value_none();
		if (node->child[i + 1] != NULL &&
		    trx_eval(run, node->child[i + 1], &bounds[i]) == -1)
			return -1;
	}
	return trx_object_slice(run, &object, bounds, out);
}

/* Is any argument Markup?  Most callees do not do what Python does then. */
static bool
has_markup(const struct trx_call *call)
{
	bool markup = call->self.safe;
	size_t i;

	for (i = 0; i < call->nargs; i++)
		markup |= call->args[i].safe;
	for (i = 0; i < call->nkw; i++)
		markup |= call->kw[i].value.safe;
	return markup;
}

static int
call_method(struct trx_run *run, const struct trx_method *m,
    const struct trx_value *self, struct trx_call *call, struct trx_value *out)
{
	call->name = m->name;
	call->self = *self;
	if (has_markup(call) && m->call != trx_format &&
	    m->call != trx_format_map)
		return trx_run_refuse(run, "a method with Markup");
	return m->call(run, call, out);
}

/* Call a value, whatever it is. */
static int
call_value(struct trx_run *run, const struct trx_value *callee,
    struct trx_call *call, struct trx_value *out)
{
	switch ((enum trx_kind)callee->kind) {
	case TRX_V_UNDEFINED:
		return trx_value_fail_undefined(run, callee);
	case TRX_V_FUNCTION:
		call->name = callee->u.function->name;
		return callee->u.function->call(run, call, out);
	case TRX_V_METHOD:
		return call_method(run, callee->u.bound->method,
		    &callee->u.bound->self, call, out);
	case TRX_V_MACRO:
		return trx_exec_macro(run, callee->u.macro, call, out);
	case TRX_V_LOOP:
		return trx_run_refuse(run, "calling loop()");
	default:
		return trx_run_fail(
		    run, "'%s' object is not callable", trx_value_type(callee));
	}
}

int
trx_eval_call_node(struct trx_run *run, const struct trx_node *node,
    const struct trx_value *caller, struct trx_value *out)
{
	const struct trx_node *callee = node->child[0];
	const struct trx_method *m = NULL;
	struct trx_value object, value;
	struct arguments args;

	/* object.method(...) needs no bound method. */
	if (callee->kind == TRX_N_GETATTR && callee->u.method != NULL) {
		if (trx_eval(run, callee->child[0], &object) == -1)
			return -1;
		m = trx_method_of(callee->u.method, &object);
		if ((m == NULL || m->use != TRX_METHOD_KNOWN) &&
		    trx_object_attr(run, &object, callee->name,
			callee->u.method, &value) == -1)
			return -1;
	} else if (trx_eval(run, callee, &value) == -1) {
		return -1;
	}
	if (evaluate_arguments(run, node, caller, &args) == -1)
		return -1;
	run->line = node->line;
	if (m != NULL && m->use == TRX_METHOD_KNOWN)
		return call_method(run, m, &object, &args.call, out);
	return call_value(run, &value, &args.call, out);
}

int
trx_eval_filter(struct trx_run *run, const struct trx_node *node,
    const struct trx_value *text, struct trx_value *out)
{
	const struct trx_filter *filter = node->u.filter;
	struct arguments args;
	struct trx_value self;

	if (node->child[0] == NULL)
		self = *text;
	else if (text != NULL) {
		if (trx_eval_filter(run, node->child[0], text, &self) == -1)
			return -1;
	} else if (trx_eval(run, node->child[0], &self) == -1) {
		return -1;
	}
	if (filter == NULL)
		return trx_run_fail(run, "No filter named '%.*s' found.",
		    (int)node->name.n, node->name.p);
	if (evaluate_arguments(run, node, NULL, &args) == -1)
		return -1;
	args.call.name = filter->name;
	args.call.self = self;
	if (!filter->markup && has_markup(&args.call))
		return trx_run_fail(run,
		    "the filter '%s' with Markup is not supported yet",
		    filter->name);
	return filter->call(run, &args.call, out);
}

static int
eval_test(
    struct trx_run *run, const struct trx_node *node, struct trx_value *out)
{
	struct trx_value self;
	struct arguments args;

	if (trx_eval(run, node->child[0], &self) == -1)
		return -1;
	if (node->u.test == NULL)
		return trx_run_fail(run, "No test named '%.*s' found.",
		    (int)node->name.n, node->name.p);
	if (evaluate_arguments(run, node, NULL, &args) == -1)
		return -1;
	args.call.name = node->u.test->name;
	args.call.self = self;
	return node->u.test->call(run, &args.call, out);
}

/* bool() of an expression. */
static int
truth(struct trx_run *run, const struct trx_node *node, bool *out)
{
	struct trx_value v;

	if (trx_eval(run, node, &v) == -1)
		return -1;
	*out = trx_value_truth(&v);
	return 0;
}

static int
eval_logic(
    struct trx_run *run, const struct trx_node *node, struct trx_value *out)
{
	if (trx_eval(run, node->child[0], out) == -1)
		return -1;
	if (trx_value_truth(out) == (node->kind == TRX_N_OR))
		return 0;
	return trx_eval(run, node->child[1], out);
}

static int
eval_conditional(
    struct trx_run *run, const struct trx_node *node, struct trx_value *out)
{
	bool yes;

	if (truth(run, node->child[0], &yes) == -1)
		return -1;
	if (yes)
		return trx_eval(run, node->child[1], out);
	if (node->child[2] != NULL)
		return trx_eval(run, node->child[2], out);
	*out = trx_value_undefined(TRX_UNDEF_HINT, TRX_V_NONE, node->name);
	return 0;
}

static int
eval_binary(
    struct trx_run *run, const struct trx_node *node, struct trx_value *out)
{
	struct trx_value a, b;

	if (trx_eval(run, node->child[0], &a) == -1 ||
	    trx_eval(run, node->child[1], &b) == -1)
		return -1;
	return trx_ops_binary(run, (enum trx_op)node->op, &a, &b, out);
}

static int
eval_concat(
    struct trx_run *run, const struct trx_node *node, struct trx_value *out)
{
	struct trx_buf b = TRX_BUF_INIT;
	struct trx_value v;
	struct trx_str s;
	size_t i;

	for (i = 0; i < node->n; i++) {
		if (trx_eval(run, node->list[i], &v) == -1 ||
		    trx_text_str(run, &v, &s) == -1)
			goto fail;
		trx_buf_adds(&b, s);
		if (trx_run_charge(run, s.n / 64) == -1)
			goto fail;
		if (b.len > TRX_TEMPLATE_OUTPUT) {
			trx_run_fail(run, "the template takes too much memory");
			goto fail;
		}
	}
	*out = trx_value_str(TRX_STR(""));
	return trx_run_take(run, &b, &out->u.str);
fail:
	trx_buf_free(&b);
	return -1;
}

/* A chain: a < b < c is a < b and b < c, each evaluated once. */
static int
eval_comparison(
    struct trx_run *run, const struct trx_node *node, struct trx_value *out)
{
	struct trx_value a, b;
	int rc = 1;
	size_t i;

	if (trx_eval(run, node->child[0], &a) == -1)
		return -1;
	for (i = 0; i < node->n && rc == 1; i++) {
		if (trx_eval(run, node->list[i]->child[0], &b) == -1)
			return -1;
		rc = trx_ops_compare(
		    run, (enum trx_op)node->list[i]->op, &a, &b);
		if (rc == -1)
			return -1;
		a = b;
	}
	*out = trx_value_bool(rc == 1);
	return 0;
}

static int
eval_sign(
    struct trx_run *run, const struct trx_node *node, struct trx_value *out)
{
	struct trx_value v;

	if (trx_eval(run, node->child[0], &v) == -1)
		return -1;
	return trx_ops_sign(run, node->kind == TRX_N_NEG, &v, out);
}

static int
eval_not(
    struct trx_run *run, const struct trx_node *node, struct trx_value *out)
{
	bool yes;

	if (truth(run, node->child[0], &yes) == -1)
		return -1;
	*out = trx_value_bool(!yes);
	return 0;
}

int
trx_eval(
    struct trx_run *run, const struct trx_node *node, struct trx_value *out)
{
	if (trx_run_charge(run, 1) == -1)
		return -1;
	switch ((enum trx_node_kind)node->kind) {
	case TRX_N_CONST:
		*out = node->u.value;
		return 0;
	case TRX_N_NAME:
		return eval_name(run, node, out);
	case TRX_N_LIST:
	case TRX_N_TUPLE:
		return eval_sequence(run, node, out);
	case TRX_N_DICT:
		return eval_dict(run, node, out);
	case TRX_N_GETATTR:
		return eval_attribute(run, node, out);
	case TRX_N_GETITEM:
		return eval_item(run, node, out);
	case TRX_N_SLICE:
		return eval_slice(run, node, out);
	case TRX_N_CALL:
		return trx_eval_call_node(run, node, NULL, out);
	case TRX_N_FILTER:
		return trx_eval_filter(run, node, NULL, out);
	case TRX_N_TEST:
		return eval_test(run, node, out);
	case TRX_N_NOT:
		return eval_not(run, node, out);
	case TRX_N_NEG:
	case TRX_N_POS:
		return eval_sign(run, node, out);
	case TRX_N_AND:
	case TRX_N_OR:
		return eval_logic(run, node, out);
	case TRX_N_COND:
		return eval_conditional(run, node, out);
	case TRX_N_BINARY:
		return eval_binary(run, node, out);
	case TRX_N_CONCAT:
		return eval_concat(run, node, out);
	case TRX_N_COMPARE:
		return eval_comparison(run, node, out);
	default:
		return trx_run_refuse(run, "such an expression");
	}
}
