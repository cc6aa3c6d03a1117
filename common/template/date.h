/* Dates without a time zone, and Python's strftime of them. */
#ifndef TRX_TEMPLATE_DATE_H
#define TRX_TEMPLATE_DATE_H

#include <stdint.h>

#include "common/base/str.h"
#include "common/template/run.h"

/* A day of the Gregorian calendar, 0001 to 9999, and a time of it. */
struct trx_date {
	int year;  /* 1 to 9999 */
	int month; /* 1 to 12 */
	int day;   /* 1 to 31 */
	int hour;
	int minute;
	int second; /* 0 to 59 */
};

/*
 * Read `2026-08-22T13:05:09`, `2026-08-22 13:05:09` or `2026-08-22`, which is
 * its midnight.  Returns 0, or -1 where text is no such date.
 */
int trx_date_parse(struct trx_str text, struct trx_date *out);

/*
 * The date in UTC that is so many seconds after 1970-01-01T00:00:00.  Returns
 * 0, or -1 where that is not in the years 1 to 9999.
 */
int trx_date_from_epoch(int64_t seconds, struct trx_date *out);

/*
 * *out, in the run's arena, is what Python's datetime(...).strftime(format)
 * gives for a datetime without a time zone, on Linux with glibc 2.36 and the
 * C locale: glibc's directives, flags, widths and modifiers, of which Python
 * itself replaces %z and %Z (by nothing) and %f (000000).  As there, format
 * ends at a NUL, a directive that glibc does not know stands for itself, and
 * a text far longer than its format is empty.  Returns 0, or -1: %s, which
 * asks for the machine's time zone, is refused.
 */
int trx_date_format(struct trx_run *run, const struct trx_date *date,
    struct trx_str format, struct trx_str *out);

#endif
