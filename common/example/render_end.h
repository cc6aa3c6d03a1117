/* What follows the text to be learned: stop tokens. */
#ifndef TRX_EXAMPLE_RENDER_END_H
#define TRX_EXAMPLE_RENDER_END_H

#include "common/example/render_work.h"

/*
 * Find out what the templates print behind an assistant's message.  Returns 0,
 * or -1 with err set: what --end asks for cannot be had.
 */
int trx_render_end_open(struct trx_renderer *r, struct trx_error *err);

/* What --end puts behind the text of a turn; .n 0: nothing. */
enum trx_reason trx_render_end_text(
    struct trx_render_work *w, struct trx_str *end);

/*
 * Where what the template prints for a message ends, of the text up to `end` of
 * which it is from `begin` on: with --end, behind or before its stop token.
 */
size_t trx_render_end_printed(const struct trx_render_work *w, size_t begin,
    size_t end, const char *text);

/* Is there no stop token at the end of the text? */
bool trx_render_endless(const struct trx_render_work *w, struct trx_str text);

#endif
