/* Characters by their Unicode names, for the escape \N{NAME}. */
#ifndef TRX_TEMPLATE_CHARNAME_H
#define TRX_TEMPLATE_CHARNAME_H

#include <stdint.h>

#include "common/base/str.h"

/*
 * The character of that name in Unicode 14, or -1: no name, or one that trx
 * does not know (aliases, and the Hangul syllables that end in NJ).
 */
int32_t trx_charname_find(struct trx_str name);

#endif
