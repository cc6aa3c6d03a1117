/* The lines that Jinja has for what it compiles without noting one. */
#ifndef TRX_TEMPLATE_PLACE_H
#define TRX_TEMPLATE_PLACE_H

#include "common/template/tree.h"

/*
 * Give every SET, WITH and AUTOESCAPE of t, whose constants are folded, the
 * line that Python reports for what stands before its own in the code.
 */
void trx_place_run(struct trx_template *t);

#endif
