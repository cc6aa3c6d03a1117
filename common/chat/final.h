/*
 * A conversation that ends inside its last message, to be continued there, as
 * apply_chat_template of `transformers` does it: the message is rendered with a
 * tag behind its text, and what is printed from the tag on is cut off.
 */
#ifndef TRX_CHAT_FINAL_H
#define TRX_CHAT_FINAL_H

#include <stddef.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/json/value.h"
#include "common/template/template.h"

/*
 * Put the tag behind the text of the last message of an array that has one;
 * *final is what it was.  What is changed is copied to a before.  Returns 0, or
 * -1 with err set: the message has no text.
 */
int trx_chat_final_tag(struct trx_json *messages, struct trx_str *final,
    struct trx_arena *a, struct trx_error *err);

/*
 * *n is how much of the text that was rendered is to be kept.  Returns 0, or -1
 * with err set: the template does not print the message as it is.
 */
int trx_chat_final_find(struct trx_str text, struct trx_str final, size_t *n,
    struct trx_error *err);

/* Forget what was traced behind the first n bytes. */
void trx_chat_final_cut(struct trx_template_trace *t, size_t n);

#endif
