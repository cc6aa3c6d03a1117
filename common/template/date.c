#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/template/date.h"

static bool
is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int
days_in(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };

	return days[month - 1] + (month == 2 && is_leap(year));
}

/* n digits at *p, stepped over; -1 where they are not there. */
static int
digits(const char **p, int n)
{
	int v = 0;

	for (; n > 0; n--, (*p)++) {
		if (**p < '0' || **p > '9')
			return -1;
		v = v * 10 + (**p - '0');
	}
	return v;
}

/* The byte c at *p, stepped over. */
static bool
step(const char **p, char c)
{
	bool is = **p == c;

	*p += is;
	return is;
}

int
trx_date_parse(const char *text, struct trx_date *out)
{
	const char *p = text;

	*out = (struct trx_date){ 0 };
	if ((out->year = digits(&p, 4)) < 1 || !step(&p, '-') ||
	    (out->month = digits(&p, 2)) < 1 || out->month > 12 ||
	    !step(&p, '-') || (out->day = digits(&p, 2)) < 1 ||
	    out->day > days_in(out->year, out->month))
		return -1;
	if (*p == '\0')
		return 0;
	if ((!step(&p, 'T') && !step(&p, ' ')) ||
	    (out->hour = digits(&p, 2)) < 0 || out->hour > 23 ||
	    !step(&p, ':') || (out->minute = digits(&p, 2)) < 0 ||
	    out->minute > 59 || !step(&p, ':') ||
	    (out->second = digits(&p, 2)) < 0 || out->second > 59)
		return -1;
	return *p == '\0' ? 0 : -1;
}

int
trx_date_from_epoch(int64_t seconds, struct trx_date *out)
{
	time_t t = (time_t)seconds;
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL || tm.tm_year < 1 - 1900 ||
	    tm.tm_year > 9999 - 1900)
		return -1;
	*out = (struct trx_date){ .year = tm.tm_year + 1900,
		.month = tm.tm_mon + 1,
		.day = tm.tm_mday,
		.hour = tm.tm_hour,
		.minute = tm.tm_min,
		.second = tm.tm_sec };
	return 0;
}

static const char *const months[] = { "January", "February", "March", "April",
	"May", "June", "July", "August", "September", "October", "November",
	"December" };
static const char *const weekdays[] = { "Sunday", "Monday", "Tuesday",
	"Wednesday", "Thursday", "Friday", "Saturday" };

/* Days from 1 January. */
static int
day_of_year(const struct trx_date *d)
{
	int days = d->day - 1, month;

	for (month = 1; month < d->month; month++)
		days += days_in(d->year, month);
	return days;
}

/* 0 is Sunday. */
static int
day_of_week(const struct trx_date *d)
{
	int before = d->year - 1;

	return (1 + before * 365 + before / 4 - before / 100 + before / 400 +
		   day_of_year(d)) %
	       7;
}

/* The ISO 8601 week, and in *year the year that it belongs to. */
static int
iso_week(const struct trx_date *d, int *year)
{
	int monday = (day_of_week(d) + 6) % 7; /* days since */
	int thursday = day_of_year(d) - monday + 3, days;

	*year = d->year;
	if (thursday < 0) {
		*year = d->year - 1;
		thursday += is_leap(*year) ? 366 : 365;
	} else if (thursday >= (days = is_leap(d->year) ? 366 : 365)) {
		*year = d->year + 1;
		thursday -= days;
	}
	return thursday / 7 + 1;
}

/* How a conversion is asked to be written: by one flag at most. */
struct how {
	char pad;   /* '_', '-', '0', or 0: as usual */
	bool upper; /* ^ */
	bool swap;  /* # */
};

static void
add_text(struct trx_buf *b, const char *text, const struct how *how)
{
	char c;

	for (; *text != '\0'; text++) {
		c = *text;
		if (how->upper && c >= 'a' && c <= 'z')
			c ^= 0x20;
		trx_buf_addc(b, c);
	}
}

/* A number of so many digits, filled with `fill` on its left. */
static void
add_number(
    struct trx_buf *b, int v, int width, char fill, const struct how *how)
{
	char text[16];
	int n = snprintf(text, sizeof(text), "%d", v), i;

	if (how->pad != 0)
		fill = how->pad == '_' ? ' ' : '0';
	for (i = n; how->pad != '-' && i < width; i++)
		trx_buf_addc(b, fill);
	trx_buf_add(b, text, (size_t)n);
}

/* What a conversion that stands for others stands for. */
static const char *
composed(char c)
{
	switch (c) {
	case 'c':
		return "%a %b %e %H:%M:%S %Y";
	case 'D':
	case 'x':
		return "%m/%d/%y";
	case 'F':
		return "%Y-%m-%d";
	case 'r':
		return "%I:%M:%S %p";
	case 'R':
		return "%H:%M";
	case 'T':
	case 'X':
		return "%H:%M:%S";
	default:
		return NULL;
	}
}

static void
add_name(struct trx_buf *b, const char *name, bool brief, const struct how *how)
{
	char text[16];
	struct how as = *how;

	snprintf(text, sizeof(text), "%.*s", brief ? 3 : 15, name);
	as.swap = false;
	as.upper = how->upper || how->swap;
	add_text(b, text, &as);
}

/* %p, %P: with # the other case. */
static void
add_half(
    struct trx_buf *b, const struct trx_date *d, char c, const struct how *how)
{
	bool small = c == 'P' || how->swap;
	struct how as = *how;

	as.swap = false;
	as.upper = how->upper && c != 'P' && !how->swap;
	add_text(b,
	    d->hour < 12 ? (small ? "am" : "AM") : (small ? "pm" : "PM"), &as);
}

/* The number of a conversion, its width and fill; false where it is none. */
static bool
number_of(const struct trx_date *d, char c, int *v, int *width, char *fill)
{
	int hour = d->hour % 12 == 0 ? 12 : d->hour % 12, year;

	*width = 2;
	*fill = strchr("ekl", c) != NULL ? ' ' : '0';
	switch (c) {
	case 'C':
		*v = d->year / 100;
		return true;
	case 'd':
	case 'e':
		*v = d->day;
		return true;
	case 'g':
		iso_week(d, &year);
		*v = year % 100;
		return true;
	case 'G':
		iso_week(d, v);
		*width = 1;
		return true;
	case 'H':
	case 'k':
		*v = d->hour;
		return true;
	case 'I':
	case 'l':
		*v = hour;
		return true;
	case 'j':
		*v = day_of_year(d) + 1;
		*width = 3;
		return true;
	case 'm':
		*v = d->month;
		return true;
	case 'M':
		*v = d->minute;
		return true;
	case 'S':
		*v = d->second;
		return true;
	case 'u':
		*v = day_of_week(d) == 0 ? 7 : day_of_week(d);
		*width = 1;
		return true;
	case 'U':
		*v = (day_of_year(d) - day_of_week(d) + 7) / 7;
		return true;
	case 'V':
		*v = iso_week(d, &year);
		return true;
	case 'w':
		*v = day_of_week(d);
		*width = 1;
		return true;
	case 'W':
		*v = (day_of_year(d) - (day_of_week(d) + 6) % 7 + 7) / 7;
		return true;
	case 'y':
		*v = d->year % 100;
		return true;
	case 'Y':
		*v = d->year;
		*width = 1;
		return true;
	default:
		return false;
	}
}

static int format_date(struct trx_run *run, const struct trx_date *d,
    struct trx_str format, struct trx_buf *b);

/* Write the conversion c.  Returns 1 or -1. */
static int
convert(struct trx_run *run, const struct trx_date *d, char c,
    const struct how *how, struct trx_buf *b)
{
	struct trx_buf part = TRX_BUF_INIT;
	const char *text = composed(c);
	int v, width, rc;
	char fill;

	if (text != NULL) {
		rc = format_date(run, d, trx_str(text), &part);
		trx_buf_addc(&part, '\0');
		if (rc == 1 && !part.failed)
			add_text(b, part.data, how);
		trx_buf_free(&part);
		return rc;
	}
	if (number_of(d, c, &v, &width, &fill)) {
		add_number(b, v, width, fill, how);
		return 1;
	}
	if (c == 'a' || c == 'A')
		add_name(b, weekdays[day_of_week(d)], c == 'a', how);
	else if (c == 'b' || c == 'h' || c == 'B')
		add_name(b, months[d->month - 1], c != 'B', how);
	else if (c == 'p' || c == 'P')
		add_half(b, d, c, how);
	else if (c == 'n' || c == 't' || c == '%')
		add_text(b, c == 'n' ? "\n" : c == 't' ? "\t" : "%", how);
	else
		return trx_run_fail(
		    run, "the conversion '%%%c' of a date is not supported", c);
	return 1;
}

/* The flag at *i, if there is one, stepped over. */
static struct how
read_how(struct trx_str format, size_t *i)
{
	struct how how = { 0 };
	char c = *i < format.n ? format.p[*i] : '\0';

	how.upper = c == '^';
	how.swap = c == '#';
	how.pad = c == '-' || c == '_' || c == '0' ? c : '\0';
	*i += how.upper || how.swap || how.pad != '\0';
	return how;
}

/* Append the formatted date: 1, or -1. */
static int
format_date(struct trx_run *run, const struct trx_date *d,
    struct trx_str format, struct trx_buf *b)
{
	size_t i, from;
	struct how how;
	char c;

	for (i = 0; i < format.n; i++) {
		if (format.p[i] != '%') {
			trx_buf_addc(b, format.p[i]);
			continue;
		}
		from = i++;
		how = read_how(format, &i);
		c = i < format.n ? format.p[i] : '\0';
		/* A naive moment: Python leaves these empty, or zero. */
		if (i == from + 1 && (c == 'z' || c == 'Z'))
			continue;
		if (i == from + 1 && c == 'f')
			trx_buf_addz(b, "000000");
		else if (convert(run, d, c, &how, b) == -1)
			return -1;
		if (b->len > TRX_TEMPLATE_OUTPUT)
			return trx_run_fail(
			    run, "the template takes too much memory");
		if (trx_run_charge(run, 1) == -1)
			return -1;
	}
	return 1;
}

int
trx_date_format(struct trx_run *run, const struct trx_date *date,
    struct trx_str format, struct trx_str *out)
{
	struct trx_buf b = TRX_BUF_INIT;

	if (format_date(run, date, format, &b) == -1) {
		trx_buf_free(&b);
		return -1;
	}
	return trx_run_take(run, &b, out);
}
