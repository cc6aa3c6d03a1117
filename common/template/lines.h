/* The lines of a text, as Python's str.splitlines() sees them. */
#ifndef TRX_TEMPLATE_LINES_H
#define TRX_TEMPLATE_LINES_H

#include <stdbool.h>

#include "common/base/str.h"

/*
 * Take the first line off *rest into *line, with its line end if keep.  False
 * where nothing is left; a line end at the end of the text begins no new line.
 */
bool trx_lines_next(struct trx_str *rest, bool keep, struct trx_str *line);

#endif
