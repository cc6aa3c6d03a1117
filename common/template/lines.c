#include "common/template/lines.h"
#include "common/template/unicode.h"

/* The bytes of the line end at p, of which n follow; 0 where it is none. */
static size_t
line_end(const char *p, size_t n)
{
	uint32_t cp = trx_unicode_get(p);

	if (cp == '\r')
		return n > 1 && p[1] == '\n' ? 2 : 1;
	if ((cp >= '\n' && cp <= '\f') || (cp >= 0x1c && cp <= 0x1e) ||
	    cp == 0x85 || cp == 0x2028 || cp == 0x2029)
		return trx_unicode_width(p);
	return 0;
}

bool
trx_lines_next(struct trx_str *rest, bool keep, struct trx_str *line)
{
	size_t i = 0, end = 0;

	if (rest->n == 0)
		return false;
	while (i < rest->n && (end = line_end(rest->p + i, rest->n - i)) == 0)
		i += trx_unicode_width(rest->p + i);
	line->p = rest->p;
	line->n = keep ? i + end : i;
	rest->p += i + end;
	rest->n -= i + end;
	return true;
}
