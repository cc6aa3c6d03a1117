/* HTML's character references, as Python's html.unescape() reads them. */
#ifndef TRX_TEMPLATE_HTML_H
#define TRX_TEMPLATE_HTML_H

#include "common/template/run.h"

/*
 * s with what &amp; and the like stand for into *out: s itself where there are
 * none.  The rules are those of HTML 5, for broken references too.  0 or -1.
 */
int trx_html_unescape(
    struct trx_run *run, struct trx_str s, struct trx_str *out);

#endif
