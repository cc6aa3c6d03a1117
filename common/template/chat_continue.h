/*
 * continue_final_message as transformers 4.57 and 5 have it: a tag is put
 * behind the last message's text, and the rendered text cut at the tag.
 */
#ifndef TRX_TEMPLATE_CHAT_CONTINUE_H
#define TRX_TEMPLATE_CHAT_CONTINUE_H

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/json/value.h"
#include "common/template/template.h"

/*
 * Put the tag behind the last message's text; what changes of messages is
 * copied to a.  *final is what the text was.  Returns 0, or -1 with err set
 * where there is none.
 */
int trx_chat_continue_tag(struct trx_json *messages, struct trx_str *final,
    struct trx_arena *a, struct trx_error *err);

/*
 * *n bytes of the rendered text are those up to the message's end.  Returns 0,
 * or -1 with err set where the template does not print the message or its tag.
 */
int trx_chat_continue_cut(struct trx_str text, struct trx_str final, size_t *n,
    struct trx_error *err);

/* Forget what was traced behind the first n bytes. */
void trx_chat_continue_cut_trace(struct trx_template_trace *t, size_t n);

#endif
