/* A message that is more than text: what the template prints for it. */
#ifndef TRX_EXAMPLE_RENDER_PRINTED_H
#define TRX_EXAMPLE_RENDER_PRINTED_H

#include "common/example/render_work.h"

/* Make the example of the row's message `turn`. */
enum trx_reason trx_render_printed(struct trx_render_work *w, size_t turn);

/*
 * Is what the row's first n messages give, with the prompt or without, at the
 * start of the text?  *length: its bytes.
 */
enum trx_reason trx_render_measure(
    struct trx_render_work *w, size_t n, bool prompt, size_t *length);

/*
 * Does the template print all that is to be learned of a message which is more
 * than text?  What it can do without, it does not print.  whole: its text for
 * the messages up to that one.
 */
enum trx_reason trx_render_check_printed(
    struct trx_render_work *w, size_t turn, struct trx_str whole);

#endif
