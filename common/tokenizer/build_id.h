/* Which build of the program this is. */
#ifndef TRX_TOKENIZER_BUILD_ID_H
#define TRX_TOKENIZER_BUILD_ID_H

#include <stdbool.h>
#include <stdint.h>

#define TRX_BUILD_ID_SIZE 20

/*
 * The linker's build ID of the running program, zeros behind a shorter one.
 * Returns whether it has one; id is all zeros where it has none.
 */
bool trx_build_id(uint8_t id[TRX_BUILD_ID_SIZE]);

#endif
