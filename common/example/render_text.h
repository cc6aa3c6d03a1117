/* A context, and apart from it the text that is to be learned there. */
#ifndef TRX_EXAMPLE_RENDER_TEXT_H
#define TRX_EXAMPLE_RENDER_TEXT_H

#include "common/example/render_work.h"

/*
 * Make the example of text, which message is (-1: none), behind the row's own
 * context, or behind what the template prints for its first n messages.
 */
enum trx_reason trx_render_text(
    struct trx_render_work *w, size_t n, struct trx_str text, int32_t message);

#endif
