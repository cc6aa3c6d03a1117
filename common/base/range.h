/* Bytes begin to end of a text. */
#ifndef TRX_BASE_RANGE_H
#define TRX_BASE_RANGE_H

#include <stdint.h>

struct trx_range {
	uint32_t begin, end;
};

#endif
