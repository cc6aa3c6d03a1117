/* The two kinds of source behind common/example/source.h. */
#ifndef TRX_EXAMPLE_SOURCE_KINDS_H
#define TRX_EXAMPLE_SOURCE_KINDS_H

#include "common/example/source.h"

/* The first member of each kind. */
struct trx_source {
	int (*next)(struct trx_source *s, struct trx_source_event *event,
	    struct trx_error *err);
	struct trx_str (*abort_cause)(const struct trx_source *s);
	void (*free)(struct trx_source *s);
};

#endif
