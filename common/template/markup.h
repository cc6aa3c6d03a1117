/* Markup: strings marked safe by |safe and |escape, as MarkupSafe has them. */
#ifndef TRX_TEMPLATE_MARKUP_H
#define TRX_TEMPLATE_MARKUP_H

#include "common/base/buf.h"
#include "common/template/value.h"

/* Append s with & < > " ' as HTML entities (&amp; &lt; &gt; &#34; &#39;). */
void trx_markup_escape(struct trx_str s, struct trx_buf *b);

/* The same as a string of the arena into *out.  Returns 0 or -1. */
int trx_markup_escaped(
    struct trx_run *run, struct trx_str s, struct trx_str *out);

/*
 * s without tags and comments, its white space single blanks, its character
 * references resolved, into *out.  Returns 0, or -1: of named references only
 * the common ones are known.
 */
int trx_markup_striptags(
    struct trx_run *run, struct trx_str s, struct trx_str *out);

#endif
