/*
 * A text made from another one, by a normalizer or a pre-tokenizer, and where
 * in that one its bytes come from.
 */
#ifndef TRX_TOKENIZER_MAPPED_H
#define TRX_TOKENIZER_MAPPED_H

#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/str.h"

/* All zero is a valid empty one, to be used again. */
struct trx_mapped {
	struct trx_buf text;
	/*
	 * uint32_t for each byte of text: the offset, in the text it was made
	 * from, just after what the byte came from; never less than the one
	 * before.  Not kept where nobody asked for it.
	 */
	struct trx_buf ends;
};

#endif
