/*
 * A record: one row with the examples in it, to and from the payload of a data
 * frame (trx-records(5)).
 *
 * In a stream of text a row is one example, with its text in parts.  In a
 * stream of tokens it is ids, trained spans and one or more segments, each of
 * one example: a single example and a packed row are the same thing.
 */
#ifndef TRX_RECORD_ROW_H
#define TRX_RECORD_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/error.h"
#include "common/base/str.h"

enum trx_kind { TRX_KIND_TEXT, TRX_KIND_TOKENS };

/* Flags of a part. */
#define TRX_PART_TRAINED 1u    /* its tokens are to be learned */
#define TRX_PART_CUT_BEFORE 2u /* tokenized apart from what is before */
#define TRX_PART_PRINTED 4u    /* the template printed it: no user's text */

/* Bytes begin..end of the text.  The parts of a text tile it, in order. */
struct trx_part {
	uint32_t begin;
	uint32_t end;
	uint32_t flags;
	int32_t message; /* index of the message it is from, -1: unknown */
};

/* Trained tokens begin..end of the row; ascending, apart, not empty. */
struct trx_span {
	uint32_t begin;
	uint32_t end;
};

/* Tokens of one example.  The segments of a row tile its ids, in order. */
struct trx_segment {
	uint32_t begin;
	uint32_t context_end; /* the first trained token */
	uint32_t end;
	uint32_t group; /* index of the example in the row's groups */
};

/* A section of a kind that this version does not know, to be copied. */
struct trx_section {
	uint16_t tag;
	uint16_t flags;
	struct trx_str bytes;
};

/* What a row carries of one example. */
struct trx_group {
	struct trx_str id;
	struct trx_str metadata; /* a JSON object, as it stood in the input */
	bool rendered;		 /* the context came out of a chat template */
	uint32_t cut_frozen;	 /* tokens cut off so far */
	uint32_t cut_trained;
	struct trx_str text; /* text streams only */
	const struct trx_part *parts;
	size_t nparts;
	struct trx_section *unknown;
	size_t nunknown;
};

struct trx_row {
	enum trx_kind kind;
	uint32_t *ids; /* the rest: token streams only */
	size_t nids;
	struct trx_span *spans;
	size_t nspans;
	struct trx_segment *segments;
	size_t nsegments;
	struct trx_group *groups;
	size_t ngroups;
	struct trx_section *unknown; /* of the row itself */
	size_t nunknown;
	size_t ndropped; /* unknown sections that may not be copied */
};

/*
 * Read and check a payload.  Arrays are the arena's, strings borrow payload.
 * Returns 0, or -1 with err set: TRX_INPUT where it breaks trx-records(5),
 * TRX_MACHINE where memory ran out.
 */
int trx_row_decode(struct trx_str payload, enum trx_kind kind,
    struct trx_arena *a, struct trx_row *row, struct trx_error *err);

/*
 * Is every id below vocab_size?  0, or -1 with err set, TRX_INPUT.  A row of
 * text has no ids.
 */
int trx_row_check_ids(
    const struct trx_row *row, uint32_t vocab_size, struct trx_error *err);

/*
 * Append row's payload to an empty buffer.  Returns 0; -1 with err set:
 * TRX_INPUT where it would pass TRX_FRAME_MAX (the reject too_large),
 * TRX_MACHINE where memory ran out.
 */
int trx_row_encode(
    const struct trx_row *row, struct trx_buf *out, struct trx_error *err);

/*
 * mask[i] = 1 where the loss of predicting token i counts: token i is in a
 * span and is not the first of its segment.  mask has row->nids bytes.
 * Returns how many are 1.
 */
size_t trx_row_mask(const struct trx_row *row, uint8_t *mask);

/* How many mask bytes of the row's tokens begin..end are 1. */
size_t trx_row_trained(const struct trx_row *row, const struct trx_segment *s);

#endif
