/* A whole conversation, of which every turn of the assistant's is learned. */
#ifndef TRX_EXAMPLE_RENDER_WHOLE_H
#define TRX_EXAMPLE_RENDER_WHOLE_H

#include "common/example/render_work.h"

/* Make the row's one example. */
enum trx_reason trx_render_whole(struct trx_render_work *w);

#endif
