/*
 * Grapheme clusters (UAX #29), extended ones, of Unicode 17.  Pairs of regional
 * indicators are left apart: HF's tokenizers treats a cluster of 6 bytes or
 * more, as every such pair is, as the characters it is made of.
 */
#ifndef TRX_UCD_GRAPHEME_H
#define TRX_UCD_GRAPHEME_H

#include <stddef.h>

#include "common/base/str.h"

/* Where the cluster that begins at begin, less than text.n, ends. */
size_t trx_ucd_cluster_end(struct trx_str text, size_t begin);

#endif
