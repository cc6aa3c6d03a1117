/* NPY 1.0, the three kinds of array that a shard holds; C order. */
#ifndef TRX_ARCHIVE_NPY_H
#define TRX_ARCHIVE_NPY_H

#include <stdint.h>

/* Bytes before the data. */
#define TRX_NPY_HEAD 128

enum trx_npy_type { TRX_NPY_I4, TRX_NPY_U2, TRX_NPY_U1 }; /* <i4 <u2 |u1 */

struct trx_npy {
	enum trx_npy_type type;
	uint64_t rows;	  /* the first dimension */
	unsigned columns; /* the second one, 1 to 9; 0: one dimension */
};

/* Bytes of data. */
uint64_t trx_npy_size(const struct trx_npy *npy);

/* Write the head, byte for byte as numpy.save does. */
void trx_npy_put(const struct trx_npy *npy, char head[TRX_NPY_HEAD]);

/*
 * Read a head: the only one taken is what trx_npy_put gives.  Returns 0, or
 * -1 where it is another one or has more than 2^31 - 1 rows.
 */
int trx_npy_get(const char head[TRX_NPY_HEAD], struct trx_npy *npy);

#endif
