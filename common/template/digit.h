/* The digits of Python's str (Unicode 14), beyond ASCII too. */
#ifndef TRX_TEMPLATE_DIGIT_H
#define TRX_TEMPLATE_DIGIT_H

#include <stdbool.h>
#include <stdint.h>

/* The value of a decimal digit, 0 to 9; -1 of any other code point. */
int trx_digit_value(uint32_t cp);

/* str.isdigit() of one code point: superscripts and the like count too. */
bool trx_digit_is(uint32_t cp);

#endif
