#include "common/example/inputs.h"
#include "common/json/reader.h"
#include "common/record/ledger.h"

void
trx_inputs_init(struct trx_inputs *in)
{
	*in = (struct trx_inputs){ .list = trx_json_array() };
}

int
trx_inputs_begin(struct trx_inputs *in, const struct trx_source_event *e,
    struct trx_error *err)
{
	struct trx_header h;

	if (trx_header_parse(&h, e->bytes, &in->arena, err) == -1)
		return trx_error_at(err, "%s", e->name);
	if (trx_header_kind(&h) != TRX_KIND_TOKENS)
		return trx_error_set(err, TRX_INPUT,
		    "%s: it is text, not tokens: trx-encode comes before",
		    e->name);
	in->header = h.json;
	if (in->list.u.array.n == 0)
		/* Read again: stages are added to this one. */
		return trx_header_parse(
			   &in->first, e->bytes, &in->arena, err) == -1
			   ? -1
			   : 1;
	if (trx_header_compatible(&in->first, &h, err) == -1)
		return trx_error_at(err, "%s", e->name);
	return 0;
}

int
trx_inputs_end(struct trx_inputs *in, const struct trx_source_event *e,
    uint64_t examples, struct trx_error *err)
{
	struct trx_json input = trx_json_object();
	struct trx_arena *a = &in->arena;

	if (trx_json_parse(e->bytes, a, &in->trailer, err) == -1 ||
	    trx_ledger_check(&in->trailer, examples, err) == -1)
		return trx_error_at(err, "%s", e->name);
	if (trx_json_set(a, &input, "header", in->header) == NULL ||
	    trx_json_set(a, &input, "trailer", in->trailer) == NULL ||
	    trx_json_push(a, &in->list, input) == NULL)
		return trx_error_memory(err);
	return 0;
}

int
trx_inputs_trailer(
    struct trx_inputs *in, struct trx_json *trailer, struct trx_error *err)
{
	if (in->list.u.array.n == 1) {
		*trailer = in->trailer;
		return 0;
	}
	*trailer = trx_json_object();
	if (trx_json_set(&in->arena, trailer, "inputs", in->list) == NULL)
		return trx_error_memory(err);
	return 0;
}

void
trx_inputs_free(struct trx_inputs *in)
{
	trx_arena_free(&in->arena);
}
