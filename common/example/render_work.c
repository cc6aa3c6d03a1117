#include "common/example/render_work.h"

bool
trx_render_fine(const struct trx_render_work *w, enum trx_reason reason)
{
	return reason == TRX_REASON_NONE && w->err->status == TRX_OK;
}

enum trx_reason
trx_render_reject(
    struct trx_render_work *w, enum trx_reason reason, const char *text)
{
	trx_error_set(w->err, TRX_INPUT, "%s", text);
	return reason;
}

enum trx_reason
trx_render_list(struct trx_render_work *w, const struct trx_json *list,
    size_t n, bool prompt, bool inside, struct trx_chat_trace *trace,
    struct trx_buf *b)
{
	const struct trx_jsonl_row *row = w->row;
	const struct trx_chat_input in = { .messages = list,
		.nmessages = n,
		.tools = row->tools,
		.documents = row->documents,
		.kwargs = row->kwargs,
		.add_generation_prompt = prompt,
		.continue_final_message = inside,
		.trace = trace };

	if (w->r->chat == NULL)
		return trx_render_reject(w, TRX_REASON_TEMPLATE_ERROR,
		    "the row needs a chat template: give -m or -t");
	if (trx_chat_render(w->r->chat, &in, w->arena, b, w->err) == -1 &&
	    w->err->status == TRX_INPUT)
		return TRX_REASON_TEMPLATE_ERROR;
	return TRX_REASON_NONE;
}

enum trx_reason
trx_render_messages(struct trx_render_work *w, size_t n, bool prompt,
    bool inside, struct trx_chat_trace *trace, struct trx_buf *b)
{
	return trx_render_list(
	    w, w->row->messages, n, prompt, inside, trace, b);
}
