#include "common/example/source_kinds.h"

int
trx_source_next(
    struct trx_source *s, struct trx_source_event *event, struct trx_error *err)
{
	return s->next(s, event, err);
}

struct trx_str
trx_source_abort_cause(const struct trx_source *s)
{
	return s == NULL ? TRX_STR("") : s->abort_cause(s);
}

void
trx_source_free(struct trx_source *s)
{
	if (s != NULL)
		s->free(s);
}
