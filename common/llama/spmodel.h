/* Whether a SentencePiece model's ids can be reproduced, from its bytes. */
#ifndef TRX_LLAMA_SPMODEL_H
#define TRX_LLAMA_SPMODEL_H

#include "common/base/error.h"
#include "common/base/str.h"

/*
 * Read the model (a serialized ModelProto) far enough to refuse, by the name
 * of the field, what no release of the library takes, what its releases treat
 * differently, and what would lead the library out of its memory:
 *
 *   model types but BPE: releases break ties between equal segmentations, and
 *   weigh user-defined pieces, in different ways;
 *   pieces that are empty, too long, there twice, or hold a NUL, and scores
 *   that are not finite, or are both 0 and -0;
 *   pieces of one character that are neither normal nor user-defined, and
 *   unused pieces that may nest deep;
 *   a normalization table that is unsound (charsmap.h).
 *
 * Returns 0, or -1 with err set.
 */
int trx_spm_check(struct trx_str model, struct trx_error *err);

#endif
