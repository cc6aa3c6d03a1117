/* Markup: strings marked safe by |safe and |escape, as MarkupSafe has them. */
#ifndef TRX_TEMPLATE_MARKUP_H
#define TRX_TEMPLATE_MARKUP_H

#include "common/base/buf.h"
#include "common/template/value.h"

/* Append s with & < > " ' as HTML entities (&amp; &lt; &gt; &#34; &#39;). */
void trx_markup_escape(struct trx_str s, struct trx_buf *b);

/* The same into *out: s itself, or a string of the arena.  Returns 0 or -1. */
int trx_markup_escaped(
    struct trx_run *run, struct trx_str s, struct trx_str *out);

/* Has v, as Python asks, a way to write itself as HTML?  Markup has. */
bool trx_markup_is(struct trx_run *run, const struct trx_value *v);

/* MarkupSafe's escape(v): v if it is Markup, else its text escaped. */
int trx_markup_of(
    struct trx_run *run, const struct trx_value *v, struct trx_value *out);

/*
 * s without tags and comments, its white space single blanks, its entities
 * what they stand for.  Returns 0 or -1.
 */
int trx_markup_striptags(
    struct trx_run *run, struct trx_str s, struct trx_str *out);
/* Append what escape(v) is: Markup as it stands, else str(v) escaped. */
int trx_markup_text(
    struct trx_run *run, const struct trx_value *v, struct trx_buf *b);

#endif
