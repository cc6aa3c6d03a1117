#include <inttypes.h>
#include <string.h>

#include "common/archive/pattern.h"

/* The first percent sign that is not doubled; NULL where there is none. */
static const char *
find_percent(const char *text)
{
	const char *p = strchr(text, '%');

	while (p != NULL && p[1] == '%')
		p = strchr(p + 2, '%');
	return p;
}

int
trx_pattern_parse(struct trx_pattern *p, const char *text, const char *suffix,
    struct trx_error *err)
{
	const char *percent = find_percent(text);
	size_t len = strlen(text), end = strlen(suffix);

	if (percent == NULL || percent[1] != '0' || percent[2] < '1' ||
	    percent[2] > '9' || percent[3] != 'd' ||
	    find_percent(percent + 4) != NULL)
		return trx_error_set(err, TRX_USAGE,
		    "%s: a name of shards has exactly one %%0Nd in it, as "
		    "'train-%%06d%s' has",
		    text, suffix);
	p->before = (struct trx_str){ text, (size_t)(percent - text) };
	p->after = trx_str(percent + 4);
	p->width = percent[2] - '0';
	if (p->after.n < end || strcmp(text + len - end, suffix) != 0)
		return trx_error_set(err, TRX_USAGE,
		    "%s: the name must end in %s", text, suffix);
	return 0;
}

/* Append the text around the number, each %% as one percent sign. */
static void
add_text(struct trx_buf *out, struct trx_str text)
{
	size_t i;

	for (i = 0; i < text.n; i++) {
		trx_buf_addc(out, text.p[i]);
		i += text.p[i] == '%';
	}
}

void
trx_pattern_name(
    const struct trx_pattern *p, uint64_t index, struct trx_buf *out)
{
	add_text(out, p->before);
	trx_buf_addf(out, "%0*" PRIu64, p->width, index);
	add_text(out, p->after);
	trx_buf_addc(out, '\0');
}
