/*
 * The regular expressions of Jinja's urlize, by hand.  An address of the web
 * is one of
 *
 *   [http(s)://|www.] label. label. ... tld
 *   label. label. ... com (or another of eight)
 *   http(s):// IPv4 or [IPv6]
 *
 * then maybe a port, then maybe what a '/', '?' or '#' begins.  Letters match
 * in either case, which for Unicode includes four beyond ASCII.
 */
#include "common/template/links.h"
#include "common/template/unicode.h"

/* The letter that cp matches where case is ignored. */
static uint32_t
fold(uint32_t cp)
{
	if (cp >= 'A' && cp <= 'Z')
		return cp | 0x20;
	if (cp == 0x130 || cp == 0x131)
		return 'i';
	if (cp == 0x17f)
		return 's';
	return cp == 0x212a ? 'k' : cp;
}

/* Take the first code point off s. */
static uint32_t
next(struct trx_str *s)
{
	size_t n = trx_unicode_width(s->p);
	uint32_t cp = trx_unicode_get(s->p);

	s->p += n;
	s->n -= n;
	return cp;
}

/* Take `word` (lower case) off the start of s, in any case. */
static bool
skip(struct trx_str *s, const char *word)
{
	struct trx_str rest = *s;

	for (; *word != '\0'; word++)
		if (rest.n == 0 || fold(next(&rest)) != (unsigned char)*word)
			return false;
	*s = rest;
	return true;
}

static bool
skip_scheme(struct trx_str *s)
{
	return skip(s, "http://") || skip(s, "https://");
}

/* Split s at the last '.': what is behind it into *last.  False: no '.'. */
static bool
split_last(struct trx_str *s, struct trx_str *last)
{
	const char *dot = s->n == 0 ? NULL : memrchr(s->p, '.', s->n);

	*last = *s;
	if (dot == NULL)
		return false;
	last->p = dot + 1;
	last->n = s->n - (size_t)(last->p - s->p);
	s->n -= last->n + 1;
	return true;
}

/* Is s made of word characters, '%' and (if hyphens) '-', and how many? */
static bool
label_is(struct trx_str s, bool hyphens, size_t least, size_t most)
{
	size_t n = 0;
	uint32_t cp;

	for (; s.n != 0; n++) {
		cp = next(&s);
		if (!trx_unicode_word(cp) && cp != '%' &&
		    (cp != '-' || !hyphens))
			return false;
	}
	return n >= least && n <= most;
}

/* Are all parts between dots labels? */
static bool
labels_are(struct trx_str s, size_t least, size_t most)
{
	struct trx_str last;
	bool more;

	do {
		more = split_last(&s, &last);
		if (!label_is(last, true, least, most))
			return false;
	} while (more);
	return true;
}

/* A top-level domain: letters, or xn-- and word characters. */
static bool
is_tld(struct trx_str s)
{
	struct trx_str rest = s;
	size_t n = 0;
	uint32_t cp;

	if (skip(&rest, "xn--") && label_is(rest, false, 2, 59))
		return true;
	for (; s.n != 0; n++) {
		cp = fold(next(&s));
		if (cp < 'a' || cp > 'z')
			return false;
	}
	return n >= 2 && n <= 63;
}

/* The host of what has a scheme or www. in front. */
static bool
is_host(struct trx_str s)
{
	struct trx_str tld;

	if (!split_last(&s, &tld))
		return is_tld(tld);
	return is_tld(tld) && labels_are(s, 1, SIZE_MAX);
}

/* The host of what has nothing in front. */
static bool
is_known_host(struct trx_str s)
{
	static const char *const tlds[] = { "com", "net", "int", "edu", "gov",
		"org", "info", "mil" };
	struct trx_str tld, rest;
	size_t i;

	if (!split_last(&s, &tld) || !labels_are(s, 2, 63))
		return false;
	for (i = 0; i < sizeof(tlds) / sizeof(*tlds); i++) {
		rest = tld;
		if (skip(&rest, tlds[i]) && rest.n == 0)
			return true;
	}
	return false;
}

/* Are there `least` to `most` decimal digits (of any script) and no more? */
static bool
is_digits(struct trx_str s, size_t least, size_t most)
{
	size_t n = 0;

	for (; s.n != 0; n++)
		if (trx_unicode_decimal(next(&s)) == -1)
			return false;
	return n >= least && n <= most;
}

static bool
is_ipv4(struct trx_str s)
{
	struct trx_str last;
	int i;

	for (i = 0; i < 3; i++)
		if (!split_last(&s, &last) || !is_digits(last, 1, 3))
			return false;
	return is_digits(s, 1, 3);
}

/* Is cp a hexadecimal digit, or a decimal one of any script? */
static bool
is_hex(uint32_t cp)
{
	cp = fold(cp);
	return (cp >= 'a' && cp <= 'f') || trx_unicode_decimal(cp) != -1;
}

/*
 * In brackets two groups of at most four digits with a colon each, then one to
 * six with one or none: longer runs of digits count as several.
 */
static bool
is_ipv6(struct trx_str s)
{
	size_t colons = 0, groups = 0, run = 0;
	uint32_t cp;

	if (s.n < 2 || s.p[0] != '[' || s.p[s.n - 1] != ']')
		return false;
	s.p++;
	s.n -= 2;
	while (s.n != 0) {
		cp = next(&s);
		if (cp == ':' && colons < 2) {
			if (run > 4)
				return false;
			colons++;
			run = 0;
		} else if (cp == ':') {
			groups += run <= 4 ? 1 : (run + 3) / 4;
			run = 0;
		} else if (is_hex(cp)) {
			run++;
		} else {
			return false;
		}
	}
	return colons == 2 && groups + (run + 3) / 4 <= 6;
}

/* Take a port off the end of s, if there is one. */
static void
drop_port(struct trx_str *s)
{
	const char *colon = s->n == 0 ? NULL : memrchr(s->p, ':', s->n);
	struct trx_str port;

	if (colon == NULL)
		return;
	port.p = colon + 1;
	port.n = s->n - (size_t)(port.p - s->p);
	if (is_digits(port, 1, 5))
		s->n = (size_t)(colon - s->p);
}

bool
trx_links_web(struct trx_str s)
{
	struct trx_str host = s;
	bool scheme = skip_scheme(&host);
	size_t i = 0;

	while (i < host.n && host.p[i] != '/' && host.p[i] != '?' &&
	       host.p[i] != '#')
		i++;
	host.n = i;
	if (scheme && host.n != 0 && host.p[host.n - 1] == ']')
		return is_ipv6(host);
	drop_port(&host);
	if (scheme)
		return is_host(host) || is_ipv4(host) || is_ipv6(host);
	return is_known_host(host) || (skip(&host, "www.") && is_host(host));
}

bool
trx_links_mail(struct trx_str s)
{
	const char *at = s.n == 0 ? NULL : memrchr(s.p, '@', s.n);
	struct trx_str domain, last;
	uint32_t cp;

	if (at == NULL || at == s.p)
		return false;
	domain.p = at + 1;
	domain.n = s.n - (size_t)(domain.p - s.p);
	if (!split_last(&domain, &last) || domain.n == 0 || last.n == 0)
		return false;
	while (last.n != 0)
		if (!trx_unicode_word(next(&last)))
			return false;
	if (!trx_unicode_word(next(&domain)))
		return false;
	while (domain.n != 0) {
		cp = next(&domain);
		if (!trx_unicode_word(cp) && cp != '.' && cp != '-')
			return false;
	}
	return true;
}

bool
trx_links_scheme(struct trx_str s)
{
	size_t slashes = 0, n = 0;
	uint32_t cp;

	for (; slashes < 2 && s.n != 0 && s.p[s.n - 1] == '/'; slashes++)
		s.n--;
	if (s.n == 0 || s.p[s.n - 1] != ':')
		return false;
	for (s.n--; s.n != 0; n++) {
		cp = next(&s);
		if (!trx_unicode_word(cp) && cp != '.' && cp != '+' &&
		    cp != '-')
			return false;
	}
	return n >= 2;
}
