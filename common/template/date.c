#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

#include "common/template/date.h"
#include "common/template/spec.h"
#include "common/template/unicode.h"

#define DAY 86400		  /* seconds */
#define EPOCH 719162		  /* days from 0001-01-01 to 1970-01-01 */
#define DAYS 3652059		  /* in the years 1 to 9999 */
#define FOUR_CENTURIES 146097	  /* days */
#define CENTURY 36524		  /* days, but for the fourth */
#define FOUR_YEARS 1461		  /* days, but for some */
#define TOO_LONG 1		  /* beyond what Python makes room for */
#define FIRST_ROOM ((size_t)1024) /* characters that Python begins with */
#define ROOM_PER_CHARACTER 256	  /* of the format: where it gives up */

/* The text that is being made. */
struct writer {
	struct trx_run *run;
	const struct trx_date *date;
	size_t n;    /* code points so far */
	size_t room; /* fewer than these there must be */
	struct trx_buf b;
};

/* %[flags][width][modifier]directive */
struct directive {
	struct trx_str all; /* its text */
	char pad;	    /* - _ or 0 of the flags, else 0 */
	bool upper;	    /* flag ^ */
	bool change;	    /* flag # */
	int width;	    /* -1: none */
	char modifier;	    /* E, O or 0 */
	char c;		    /* 0 where it is not ASCII, or missing */
};

/* What a directive writes: one of these is set. */
struct content {
	char c;
	const char *modifiers; /* that it does not take */
	const char *format;    /* that it stands for */
	int digits;	       /* at least; negative: padded with spaces */
};

static const struct content contents[] = {
	{ 'c', "O", "%a %b %e %H:%M:%S %Y", 0 },
	{ 'D', "EO", "%m/%d/%y", 0 },
	{ 'F', "EO", "%Y-%m-%d", 0 },
	{ 'r', "", "%I:%M:%S %p", 0 },
	{ 'R', "", "%H:%M", 0 },
	{ 'T', "", "%H:%M:%S", 0 },
	{ 'x', "O", "%m/%d/%y", 0 },
	{ 'X', "O", "%H:%M:%S", 0 },
	{ 'C', "", NULL, 1 },
	{ 'd', "E", NULL, 2 },
	{ 'e', "E", NULL, -2 },
	{ 'g', "E", NULL, 2 },
	{ 'G', "E", NULL, 1 },
	{ 'H', "E", NULL, 2 },
	{ 'I', "E", NULL, 2 },
	{ 'j', "E", NULL, 3 },
	{ 'k', "E", NULL, -2 },
	{ 'l', "E", NULL, -2 },
	{ 'm', "E", NULL, 2 },
	{ 'M', "E", NULL, 2 },
	{ 'S', "E", NULL, 2 },
	{ 'u', "", NULL, 1 },
	{ 'U', "E", NULL, 2 },
	{ 'V', "E", NULL, 2 },
	{ 'w', "E", NULL, 1 },
	{ 'W', "E", NULL, 2 },
	{ 'y', "", NULL, 2 },
	{ 'Y', "O", NULL, 1 },
	{ '%', "EO", NULL, 0 },
	{ 'a', "EO", NULL, 0 },
	{ 'A', "EO", NULL, 0 },
	{ 'b', "E", NULL, 0 },
	{ 'B', "E", NULL, 0 },
	{ 'h', "E", NULL, 0 },
	{ 'n', "", NULL, 0 },
	{ 'p', "", NULL, 0 },
	{ 'P', "", NULL, 0 },
	{ 's', "", NULL, 0 },
	{ 't', "", NULL, 0 },
	{ 'z', "", NULL, 0 },
	{ 'Z', "", NULL, 0 },
};

/* Days of the year before each month, in a year that is not a leap year. */
static const int before_month[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273,
	304, 334, 365 };

static bool
leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int
year_days(int year)
{
	return 365 + leap(year);
}

static int
days_before_month(int year, int month)
{
	return before_month[month - 1] + (month > 2 && leap(year));
}

/* Days of the year before the date's. */
static int
year_day(const struct trx_date *date)
{
	return days_before_month(date->year, date->month) + date->day - 1;
}

/* 0 for Sunday */
static int
week_day(const struct trx_date *date)
{
	int before = date->year - 1;

	/* 0001-01-01 was a Monday. */
	return (before * 365 + before / 4 - before / 100 + before / 400 +
		   year_day(date) + 1) %
	       7;
}

/* Read exactly n digits of s[at..]; -1 if they are not there. */
static int
digits(struct trx_str s, size_t at, size_t n)
{
	int value = 0;
	size_t i;

	for (i = at; i < at + n; i++) {
		if (i >= s.n || s.p[i] < '0' || s.p[i] > '9')
			return -1;
		value = value * 10 + s.p[i] - '0';
	}
	return value;
}

int
trx_date_parse(struct trx_str text, struct trx_date *out)
{
	struct trx_date d = { 0 };

	if ((text.n != 10 && text.n != 19) || text.p[4] != '-' ||
	    text.p[7] != '-')
		return -1;
	d.year = digits(text, 0, 4);
	d.month = digits(text, 5, 2);
	d.day = digits(text, 8, 2);
	if (d.year < 1 || d.month < 1 || d.month > 12 || d.day < 1 ||
	    d.day > days_before_month(d.year, d.month + 1) -
			days_before_month(d.year, d.month))
		return -1;
	if (text.n == 19) {
		if ((text.p[10] != 'T' && text.p[10] != ' ') ||
		    text.p[13] != ':' || text.p[16] != ':')
			return -1;
		d.hour = digits(text, 11, 2);
		d.minute = digits(text, 14, 2);
		d.second = digits(text, 17, 2);
		if (d.hour < 0 || d.hour > 23 || d.minute < 0 ||
		    d.minute > 59 || d.second < 0 || d.second > 59)
			return -1;
	}
	*out = d;
	return 0;
}

/* Take whole periods of so many days, at most max, out of *days. */
static int
take(int *days, int period, int max)
{
	int n = *days / period;

	n = n > max ? max : n;
	*days -= n * period;
	return n;
}

int
trx_date_from_epoch(int64_t seconds, struct trx_date *out)
{
	int64_t day = seconds / DAY;
	int days, rest = (int)(seconds % DAY);

	if (rest < 0) {
		day--;
		rest += DAY;
	}
	if (day < -EPOCH || day >= DAYS - EPOCH)
		return -1;
	days = (int)day + EPOCH;
	out->year = 1 + take(&days, FOUR_CENTURIES, INT_MAX) * 400;
	out->year += take(&days, CENTURY, 3) * 100;
	out->year += take(&days, FOUR_YEARS, INT_MAX) * 4;
	out->year += take(&days, 365, 3);
	for (out->month = 12; days_before_month(out->year, out->month) > days;)
		out->month--;
	out->day = days - days_before_month(out->year, out->month) + 1;
	out->hour = rest / 3600;
	out->minute = rest / 60 % 60;
	out->second = rest % 60;
	return 0;
}

/* The year and week of ISO 8601: those of the week's Thursday. */
static int
iso_week(const struct trx_date *date, int *year)
{
	int thursday = year_day(date) - (week_day(date) + 6) % 7 + 3;

	*year = date->year;
	if (thursday < 0) {
		(*year)--;
		thursday += year_days(*year);
	} else if (thursday >= year_days(*year)) {
		thursday -= year_days(*year);
		(*year)++;
	}
	return thursday / 7 + 1;
}

static int
number_of(const struct trx_date *date, char c)
{
	int year, week = iso_week(date, &year);

	switch (c) {
	case 'C':
		return date->year / 100;
	case 'd':
	case 'e':
		return date->day;
	case 'g':
		return year % 100;
	case 'G':
		return year;
	case 'H':
	case 'k':
		return date->hour;
	case 'I':
	case 'l':
		return (date->hour + 11) % 12 + 1;
	case 'j':
		return year_day(date) + 1;
	case 'm':
		return date->month;
	case 'M':
		return date->minute;
	case 'S':
		return date->second;
	case 'u':
		return (week_day(date) + 6) % 7 + 1;
	case 'U':
		return (year_day(date) - week_day(date) + 7) / 7;
	case 'V':
		return week;
	case 'w':
		return week_day(date);
	case 'W':
		return (year_day(date) - (week_day(date) + 6) % 7 + 7) / 7;
	case 'y':
		return date->year % 100;
	default:
		return date->year;
	}
}

/* The text of a directive that is no number and no format. */
static struct trx_str
text_of(const struct trx_date *date, char c)
{
	static const char *const days[] = { "Sunday", "Monday", "Tuesday",
		"Wednesday", "Thursday", "Friday", "Saturday" };
	static const char *const months[] = { "January", "February", "March",
		"April", "May", "June", "July", "August", "September",
		"October", "November", "December" };
	const char *day = days[week_day(date)];
	const char *month = months[date->month - 1];

	switch (c) {
	case '%':
		return TRX_STR("%");
	case 'a':
		return (struct trx_str){ .p = day, .n = 3 };
	case 'A':
		return trx_str(day);
	case 'b':
	case 'h':
		return (struct trx_str){ .p = month, .n = 3 };
	case 'B':
		return trx_str(month);
	case 'n':
		return TRX_STR("\n");
	case 't':
		return TRX_STR("\t");
	case 'p':
	case 'P':
		return date->hour < 12 ? TRX_STR("AM") : TRX_STR("PM");
	default:
		return TRX_STR(""); /* the zone is not known */
	}
}

/* Append n times c: 0, -1 or TOO_LONG. */
static int
fill(struct writer *w, char c, int64_t n)
{
	if (n <= 0)
		return 0;
	if ((size_t)n >= w->room - w->n)
		return TOO_LONG;
	w->n += (size_t)n;
	return trx_spec_fill(w->run, (unsigned char)c, n, &w->b);
}

/* Append s in upper (lower) case, padded on its left; as fill. */
static int
put(struct writer *w, const struct directive *d, struct trx_str s, bool upper,
    bool lower)
{
	size_t i, n = trx_unicode_length(s);
	int rc = fill(w, d->pad == '0' ? '0' : ' ', d->width - (int64_t)n);
	char c;

	if (rc != 0)
		return rc;
	if (n >= w->room - w->n)
		return TOO_LONG;
	w->n += n;
	for (i = 0; i < s.n; i++) {
		c = s.p[i];
		if (upper && c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		else if (lower && c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		trx_buf_addc(&w->b, c);
	}
	return 0;
}

/* Append a number of so many digits, as fill. */
static int
put_number(struct writer *w, const struct directive *d, int number, int digits)
{
	struct directive plain = { .width = d->width };
	char pad = d->pad, text[12];
	struct trx_str s = { .p = text, .n = 0 };
	int size, rc;

	if (digits < 0 && pad != '0' && pad != '-')
		pad = '_';
	digits = digits < 0 ? -digits : digits;
	size = digits > d->width ? digits : d->width;
	s.n = (size_t)snprintf(text, sizeof(text), "%d", number);
	if (pad != '-') {
		rc = fill(w, pad == '_' ? ' ' : '0', size - (int64_t)s.n);
		if (rc != 0)
			return rc;
		plain.width = -1;
	}
	return put(w, &plain, s, false, false);
}

static int expand(struct writer *w, struct trx_str format);

/* Append what a format that a directive stands for gives; as fill. */
static int
put_format(struct writer *w, const struct directive *d, const char *format)
{
	struct writer inner = {
		.run = w->run, .date = w->date, .room = SIZE_MAX
	};
	int rc = expand(&inner, trx_str(format));

	if (rc == 0)
		rc = put(w, d, trx_buf_str(&inner.b), d->upper, false);
	w->b.failed |= inner.b.failed;
	trx_buf_free(&inner.b);
	return rc;
}

static const struct content *
content_of(const struct directive *d)
{
	size_t i;

	for (i = 0; i < sizeof(contents) / sizeof(*contents); i++)
		if (contents[i].c == d->c)
			return d->modifier != 0 && strchr(contents[i].modifiers,
						       d->modifier) != NULL
				   ? NULL
				   : &contents[i];
	return NULL;
}

static int
put_unknown(struct writer *w, const struct directive *d)
{
	struct trx_str s = d->all;
	size_t i;

	/* Whether its case changes is up to the machine's locale. */
	for (i = 0; i < s.n; i++)
		if (d->upper && (unsigned char)s.p[i] >= 0x80)
			return trx_run_refuse(
			    w->run, "such a directive of a date");
	/* glibc looks back for the '%', and finds that of "%E%" at once. */
	if (s.n > 1 && d->c == '%')
		s = TRX_STR("%");
	/* It has looked at # by then for these two, not for %B, %a or %A. */
	return put(w, d, s,
	    d->upper || (d->change && (d->c == 'b' || d->c == 'h')), false);
}

/* Append what one directive stands for, as fill. */
static int
put_directive(struct writer *w, const struct directive *d)
{
	const struct content *content = content_of(d);
	bool name, half = d->c == 'p' || d->c == 'P';

	if (content == NULL)
		return put_unknown(w, d);
	if (d->c == 's')
		return trx_run_refuse(w->run, "the directive %s of a date");
	if (content->format != NULL)
		return put_format(w, d, content->format);
	if (content->digits != 0)
		return put_number(
		    w, d, number_of(w->date, d->c), content->digits);
	/* Without daylight saving time known, glibc writes no offset at all. */
	if (d->c == 'z')
		return 0;
	name = strchr("aAbBh", d->c) != NULL;
	return put(w, d, text_of(w->date, d->c),
	    d->upper || (d->change && name),
	    d->c == 'P' || (d->change && half));
}

/* Read the directive at s, which begins with '%'. */
static struct directive
read_directive(struct trx_str s)
{
	struct directive d = { .width = -1 };
	size_t i = 1, digit;

	for (; i < s.n && strchr("_-0^#", s.p[i]) != NULL; i++)
		if (s.p[i] == '^')
			d.upper = true;
		else if (s.p[i] == '#')
			d.change = true;
		else
			d.pad = s.p[i];
	for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++) {
		digit = (size_t)(s.p[i] - '0');
		d.width = d.width < 0 ? 0 : d.width;
		d.width = (size_t)d.width > (INT_MAX - digit) / 10
			      ? INT_MAX
			      : d.width * 10 + (int)digit;
	}
	if (i < s.n && (s.p[i] == 'E' || s.p[i] == 'O'))
		d.modifier = s.p[i++];
	if (i < s.n) {
		d.c = (unsigned char)s.p[i] < 0x80 ? s.p[i] : 0;
		i += trx_unicode_width(s.p + i);
	}
	d.all = (struct trx_str){ .p = s.p, .n = i };
	return d;
}

/* Append format with its directives replaced; as fill. */
static int
expand(struct writer *w, struct trx_str format)
{
	static const struct directive plain = { .width = -1 };
	struct directive d;
	struct trx_str part;
	const char *found;
	int rc = 0;

	while (rc == 0 && format.n != 0) {
		found = memchr(format.p, '%', format.n);
		part = format;
		if (found != NULL)
			part.n = (size_t)(found - format.p);
		if (part.n != 0) {
			rc = put(w, &plain, part, false, false);
		} else {
			d = read_directive(format);
			part = d.all;
			rc = put_directive(w, &d);
		}
		if (rc == 0 && trx_run_charge(w->run, 4 + part.n / 32) == -1)
			return -1;
		if (w->b.len > TRX_TEMPLATE_OUTPUT)
			return trx_run_fail(
			    w->run, "the template takes too much memory");
		format.p += part.n;
		format.n -= part.n;
	}
	return rc;
}

/* Append format with the directives replaced that Python knows by itself. */
static void
python_directives(struct trx_str format, struct trx_buf *b)
{
	size_t i;

	for (i = 0; i < format.n && format.p[i] != '\0'; i++) {
		if (format.p[i] != '%' || i + 1 == format.n ||
		    format.p[i + 1] == '\0') {
			trx_buf_addc(b, format.p[i]);
			continue;
		}
		i++;
		if (format.p[i] == 'f')
			trx_buf_addz(b, "000000");
		else if (format.p[i] != 'z' && format.p[i] != 'Z')
			trx_buf_add(b, format.p + i - 1, 2);
	}
}

int
trx_date_format(struct trx_run *run, const struct trx_date *date,
    struct trx_str format, struct trx_str *out)
{
	struct writer w = { .run = run, .date = date, .room = FIRST_ROOM };
	struct trx_buf b = TRX_BUF_INIT;
	size_t n;
	int rc;

	if (trx_run_charge(run, 1 + format.n / 16) == -1)
		return -1;
	python_directives(format, &b);
	n = trx_unicode_length(trx_buf_str(&b));
	while (w.room / ROOM_PER_CHARACTER < n)
		w.room *= 2;
	rc = expand(&w, trx_buf_str(&b));
	w.b.failed |= b.failed;
	trx_buf_free(&b);
	if (rc == TOO_LONG)
		trx_buf_reset(&w.b);
	if (rc != -1)
		return trx_run_take(run, &w.b, out);
	trx_buf_free(&w.b);
	return -1;
}
