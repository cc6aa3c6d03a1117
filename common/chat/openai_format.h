/*
 * How a template wants content, guessed from its tree as vLLM 0.33.0 does
 * (_detect_content_format of vllm/renderers/hf.py).
 */
#ifndef TRX_CHAT_OPENAI_FORMAT_H
#define TRX_CHAT_OPENAI_FORMAT_H

#include "common/base/error.h"
#include "common/template/template.h"

/* How the template wants a message's content. */
enum trx_openai_format {
	TRX_OPENAI_FORMAT_STRING, /* vLLM's "string": one text */
	TRX_OPENAI_FORMAT_PARTS	  /* vLLM's "openai": a list of parts */
};

/*
 * *out is the format: PARTS where a loop runs over what looks like the content
 * of a message.  Returns 0, or -1 with err set where the template is too
 * complex to tell, or memory runs out.
 */
int trx_openai_format_detect(const struct trx_template *t,
    enum trx_openai_format *out, struct trx_error *err);

#endif
