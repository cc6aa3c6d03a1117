/* How much of an example to cut so that it fits. */
#ifndef TRX_PACK_TRUNCATE_H
#define TRX_PACK_TRUNCATE_H

#include <stdint.h>

/* What to do with an example whose trained tokens alone pass the maximum. */
enum trx_too_long {
	TRX_TOO_LONG_REJECT,
	TRX_TOO_LONG_KEEP /* cut all of the context and keep the rest whole */
};

/*
 * An example has total tokens, of which the first `context` are frozen and may
 * be cut; it should have at most max.  The excess is cut from the left of the
 * context.  Returns 0 with the number of tokens to cut in *cut, or -1 where
 * fitting it needs cutting what follows the context.
 */
int trx_truncate_cut(uint32_t context, uint32_t total, uint32_t max,
    enum trx_too_long policy, uint32_t *cut);

#endif
