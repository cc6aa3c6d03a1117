/* Whether a SentencePiece model's ids can be reproduced, from its bytes. */
#ifndef TRX_TOKENIZER_SPMODEL_H
#define TRX_TOKENIZER_SPMODEL_H

#include "common/base/error.h"
#include "common/base/str.h"

/*
 * Read the model (a serialized ModelProto) far enough to refuse, by the name
 * of the field, what no release of the library takes, what its releases treat
 * differently, and what would lead the library out of its memory.  Returns 0,
 * or -1 with err set.
 */
int trx_spm_check(struct trx_str model, struct trx_error *err);

#endif
