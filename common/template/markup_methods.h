/* What MarkupSafe makes of the methods of str, and those it adds. */
#ifndef TRX_TEMPLATE_MARKUP_METHODS_H
#define TRX_TEMPLATE_MARKUP_METHODS_H

#include "common/template/call.h"

/*
 * Call a method: of Markup, some arguments are escaped first and texts that it
 * gives are Markup.  Returns what the method does.
 */
int trx_markup_call(struct trx_run *run, const struct trx_method *m,
    struct trx_call *call, struct trx_value *out);

/*
 * Append the repr() of Markup's method m: 1, or 0 where it is one of str's,
 * whose text is an address; -1.
 */
int trx_markup_repr_method(
    struct trx_run *run, const struct trx_bound *bound, struct trx_buf *b);

/* Those of Markup alone. */
trx_call_fn trx_markup_join;
trx_call_fn trx_markup_escape_method;
trx_call_fn trx_markup_striptags_method;
trx_call_fn trx_markup_unescape_method;

#endif
