#include "common/template/html.h"
#include "common/template/html_entities.h"
#include "common/template/unicode.h"

#define NENTITIES (sizeof(trx_html_entities) / sizeof(*trx_html_entities))
#define NAME_MAX 32	/* code points of a name, its semicolon aside */
#define DIGITS_MAX 4300 /* Python refuses longer integers */

/* The text of the entity of exactly this name, or NULL. */
static const char *
find_entity(struct trx_str name)
{
	size_t low = 0, high = NENTITIES, mid;
	int c;

	while (low < high) {
		mid = (low + high) / 2;
		c = trx_str_compare(name, trx_str(trx_html_entities[mid].name));
		if (c == 0)
			return trx_html_entities[mid].text;
		if (c < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

/* The value of a digit, or 16. */
static unsigned
digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 16;
}

/* Append what number n stands for. */
static void
add_number(uint32_t n, struct trx_buf *b)
{
	char utf8[4];

	if (n == 0 || (n >= 0xd800 && n <= 0xdfff) || n > 0x10ffff)
		n = 0xfffd;
	else if (n >= 0x80 && n <= 0x9f)
		n = trx_html_c1[n - 0x80];
	else if (n <= 8 || n == 0xb || (n >= 0xe && n <= 0x1f) || n == 0x7f ||
		 (n >= 0xfdd0 && n <= 0xfdef) || (n & 0xfffe) == 0xfffe)
		return;
	trx_buf_add(b, utf8, trx_unicode_put(utf8, n));
}

/*
 * The reference by number at s, which begins with "&#": append what it stands
 * for, *n its bytes, 0 where it is none.  Returns 0 or -1.
 */
static int
numeric(struct trx_run *run, struct trx_str s, struct trx_buf *b, size_t *n)
{
	unsigned base = s.n > 2 && (s.p[2] | 0x20) == 'x' ? 16 : 10;
	size_t first = base == 16 ? 3 : 2, i = first;
	uint32_t v = 0;

	for (; i < s.n && digit(s.p[i]) < base; i++)
		if (v <= 0x10ffff)
			v = v * base + digit(s.p[i]);
	*n = 0;
	if (i == first)
		return 0;
	if (base == 10 && i - first > DIGITS_MAX)
		return trx_run_fail(run, "a number has too many digits");
	add_number(v, b);
	*n = i + (i < s.n && s.p[i] == ';');
	return 0;
}

/* The bytes of the name at s, a semicolon behind it included; 0: none. */
static size_t
name_length(struct trx_str s)
{
	size_t i = 0, chars = 0;

	while (i < s.n && chars < NAME_MAX &&
	       (s.p[i] == '\0' || strchr("\t\n\f <&#;", s.p[i]) == NULL)) {
		i += trx_unicode_width(s.p + i);
		chars++;
	}
	return i + (i != 0 && i < s.n && s.p[i] == ';');
}

/* Append what the name behind an '&' stands for, or a beginning of it. */
static void
add_named(struct trx_str name, struct trx_buf *b)
{
	struct trx_str part = name;
	const char *text;

	for (; part.n > 1; part.n--)
		if ((text = find_entity(part)) != NULL) {
			trx_buf_addz(b, text);
			trx_buf_add(b, name.p + part.n, name.n - part.n);
			return;
		}
	trx_buf_addc(b, '&');
	trx_buf_adds(b, name);
}

static int
unescape(struct trx_run *run, struct trx_str s, struct trx_buf *b)
{
	struct trx_str rest;
	const char *amp;
	size_t n;

	while (s.n != 0 && (amp = memchr(s.p, '&', s.n)) != NULL) {
		trx_buf_add(b, s.p, (size_t)(amp - s.p));
		s.n -= (size_t)(amp - s.p);
		s.p = amp;
		rest = (struct trx_str){ s.p + 1, s.n - 1 };
		if (rest.n != 0 && rest.p[0] == '#') {
			if (numeric(run, s, b, &n) == -1)
				return -1;
		} else if ((n = name_length(rest)) != 0) {
			add_named((struct trx_str){ rest.p, n }, b);
			n++;
		}
		if (n == 0) {
			trx_buf_addc(b, '&');
			n = 1;
		}
		s.p += n;
		s.n -= n;
		if (trx_run_charge(run, 1 + n / 4) == -1)
			return -1;
	}
	if (s.n != 0)
		trx_buf_adds(b, s);
	return 0;
}

int
trx_html_unescape(struct trx_run *run, struct trx_str s, struct trx_str *out)
{
	struct trx_buf b = TRX_BUF_INIT;

	*out = s;
	if (s.n == 0 || memchr(s.p, '&', s.n) == NULL)
		return 0;
	if (unescape(run, s, &b) == -1) {
		trx_buf_free(&b);
		return -1;
	}
	return trx_run_take(run, &b, out);
}
