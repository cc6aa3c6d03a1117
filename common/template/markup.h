/* Markup: strings marked safe by |safe and |escape, as MarkupSafe has them. */
#ifndef TRX_TEMPLATE_MARKUP_H
#define TRX_TEMPLATE_MARKUP_H

#include "common/base/buf.h"
#include "common/template/value.h"

/* Append s with & < > " ' as HTML entities (&amp; &lt; &gt; &#34; &#39;). */
void trx_markup_escape(struct trx_str s, struct trx_buf *b);

/* Append what escape(v) is: Markup as it stands, else str(v) escaped. */
int trx_markup_text(
    struct trx_run *run, const struct trx_value *v, struct trx_buf *b);

#endif
