/* Numbers as the serde_json that the reference is built with reads them. */
#ifndef TRX_TOKENIZER_NUMBER_H
#define TRX_TOKENIZER_NUMBER_H

#include "common/base/str.h"

/*
 * The double of a JSON number.  It may be the neighbour of the nearest one:
 * serde_json keeps 64 bits of the digits and scales them once.  Returns 0, or
 * -1 where the number is out of range, which serde_json refuses.
 */
int trx_serde_double(struct trx_str number, double *out);

#endif
