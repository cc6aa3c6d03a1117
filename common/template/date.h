/* A moment without a time zone, and Python's strftime of it. */
#ifndef TRX_TEMPLATE_DATE_H
#define TRX_TEMPLATE_DATE_H

#include <stdint.h>

#include "common/template/run.h"

struct trx_date {
	int year; /* 1 to 9999 */
	int month;
	int day;
	int hour;
	int minute;
	int second;
};

/*
 * Read `2026-08-22T13:05:09` (a blank serves for the T) or `2026-08-22`, which
 * is midnight.  Returns 0, or -1 where text is no such date.
 */
int trx_date_parse(const char *text, struct trx_date *out);

/*
 * The moment so many seconds after 1970, in UTC.  Returns 0, or -1 outside the
 * years 1 to 9999.
 */
int trx_date_from_epoch(int64_t seconds, struct trx_date *out);

/*
 * datetime(...).strftime(format), as CPython on glibc has it in the C locale.
 * Of glibc's extensions one flag is known; widths, the modifiers E and O, %s
 * and letters that mean nothing are refused.  Returns 0 or -1.
 */
int trx_date_format(struct trx_run *run, const struct trx_date *date,
    struct trx_str format, struct trx_str *out);

#endif
