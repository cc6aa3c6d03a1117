/* Methods of str that the filters share. */
#ifndef TRX_TEMPLATE_STRINGS_H
#define TRX_TEMPLATE_STRINGS_H

#include "common/template/unicode.h"
#include "common/template/value.h"

enum trx_strings_case {
	TRX_STRINGS_UPPER,
	TRX_STRINGS_LOWER,
	TRX_STRINGS_CAPITALIZE,
	TRX_STRINGS_TITLE, /* the method title() */
	TRX_STRINGS_WORDS, /* the filter title */
	TRX_STRINGS_SWAP,  /* swapcase() */
	TRX_STRINGS_FOLD   /* casefold() */
};

/* Where what is padded stands. */
enum trx_strings_align {
	TRX_STRINGS_LEFT,
	TRX_STRINGS_RIGHT,
	TRX_STRINGS_CENTER
};

/* s in another case into *out, which may be s itself.  Returns 0 or -1. */
int trx_strings_case(struct trx_run *run, struct trx_str s,
    enum trx_strings_case which, struct trx_str *out);

/* s without white space (or the characters of *set) at the asked-for ends. */
struct trx_str trx_strings_strip(
    struct trx_str s, const struct trx_str *set, bool left, bool right);

/* s with `from` replaced by `to`, at most limit times (< 0: all). */
int trx_strings_replace(struct trx_run *run, struct trx_str s,
    struct trx_str from, struct trx_str to, int64_t limit, struct trx_str *out);

/* s.split(*sep or white space, limit) (or rsplit): *out is a list. */
int trx_strings_split(struct trx_run *run, struct trx_str s,
    const struct trx_str *sep, int64_t limit, bool from_right,
    struct trx_value *out);

/* Where part first (last) begins in s, in bytes; -1 if nowhere. */
int64_t trx_strings_find(struct trx_str s, struct trx_str part, bool last);

/* Has s a letter of class wanted, and none of class other or in title case? */
bool trx_strings_is_cased(struct trx_str s, enum trx_unicode_class wanted,
    enum trx_unicode_class other);

/* s.splitlines(keep): *out is a list. */
int trx_strings_lines(
    struct trx_run *run, struct trx_str s, bool keep, struct trx_value *out);

/* s with fill, one code point, on its sides up to width code points. */
int trx_strings_pad(struct trx_run *run, struct trx_str s,
    enum trx_strings_align align, int64_t width, struct trx_str fill,
    struct trx_str *out);

#endif
