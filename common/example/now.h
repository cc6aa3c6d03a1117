/* The date that templates are told, of an option or the environment. */
#ifndef TRX_EXAMPLE_NOW_H
#define TRX_EXAMPLE_NOW_H

#include "common/base/error.h"
#include "common/template/date.h"

/*
 * *out is *room, filled with the date that option is, or, where that is NULL,
 * with that of SOURCE_DATE_EPOCH (seconds since 1970, in UTC); without both it
 * is NULL.  Returns 0, or -1 with err set (TRX_USAGE).
 */
int trx_now_read(const char *option, struct trx_date *room,
    const struct trx_date **out, struct trx_error *err);

#endif
