#include <inttypes.h>

#include "common/base/buf.h"
#include "common/cli/message.h"
#include "common/example/summary.h"

void
trx_summary(
    const struct trx_tally *t, const struct trx_count *counts, size_t ncounts)
{
	struct trx_buf b = TRX_BUF_INIT;
	const char *separator = " (";
	size_t i;

	trx_buf_addf(&b, "%" PRIu64 " in, ", t->in);
	if (t->made != 0)
		trx_buf_addf(&b, "%" PRIu64 " made of them, ", t->made);
	trx_buf_addf(&b, "%" PRIu64 " out, %" PRIu64 " rejected", t->out,
	    trx_tally_rejected(t));
	for (i = 0; i < TRX_REASONS; i++)
		if (t->rejected[i] != 0) {
			trx_buf_addf(&b, "%s%s %" PRIu64, separator,
			    trx_reason_name((enum trx_reason)i),
			    t->rejected[i]);
			separator = ", ";
		}
	if (trx_tally_rejected(t) > 0)
		trx_buf_addc(&b, ')');
	for (i = 0; i < ncounts; i++)
		if (counts[i].n != 0)
			trx_buf_addf(
			    &b, "; %s %" PRIu64, counts[i].name, counts[i].n);
	if (!b.failed)
		trx_warn("%.*s", (int)b.len, b.data);
	trx_buf_free(&b);
}
