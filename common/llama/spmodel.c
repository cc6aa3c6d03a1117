#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/bytes.h"
#include "common/llama/charsmap.h"
#include "common/llama/spmodel.h"

/* ModelProto.SentencePiece.Type */
enum piece_type {
	PIECE_NORMAL = 1,
	PIECE_UNKNOWN = 2,
	PIECE_CONTROL = 3,
	PIECE_USER_DEFINED = 4,
	PIECE_UNUSED = 5,
	PIECE_BYTE = 6
};

/* TrainerSpec.ModelType */
enum { MODEL_UNIGRAM = 1, MODEL_BPE = 2 };

enum { PIECE_MAX = 8000 };  /* bytes; the library takes shorter ones */
enum { UNUSED_MAX = 100 };  /* bytes; so deep may unused pieces nest */
enum { PREFIXES_MAX = 64 }; /* user-defined pieces that begin another */

struct piece {
	struct trx_str text;
	float score;
	uint64_t type;
};

struct model {
	struct piece *pieces; /* owned */
	size_t n, cap;
	uint64_t type; /* of the trainer */
	struct trx_str charsmap;
};

/* One field of a protobuf message: its number, and its value by wire type. */
struct field {
	uint64_t number;
	unsigned wire;
	uint64_t value;	      /* wire types 0, 1, 5 */
	struct trx_str bytes; /* wire type 2 */
};

enum { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_BYTES = 2, WIRE_32 = 5 };

static int
malformed(const char *what, struct trx_error *err)
{
	return trx_error_set(
	    err, TRX_INPUT, "%s: not a SentencePiece model", what);
}

static bool
take_varint(struct trx_str *s, uint64_t *out)
{
	unsigned shift;

	*out = 0;
	for (shift = 0; shift < 64 && s->n > 0; shift += 7) {
		unsigned char c = (unsigned char)*s->p++;

		s->n--;
		*out |= (uint64_t)(c & 0x7f) << shift;
		if (c < 0x80)
			return true;
	}
	return false;
}

static bool
take_bytes(struct trx_str *s, uint64_t n, struct trx_str *out)
{
	if (n > s->n)
		return false;
	*out = (struct trx_str){ .p = s->p, .n = (size_t)n };
	s->p += n;
	s->n -= (size_t)n;
	return true;
}

/* The next field of the message, false where it is malformed. */
static bool
take_field(struct trx_str *s, struct field *f)
{
	uint64_t tag;

	f->bytes = (struct trx_str){ NULL, 0 };
	f->value = 0;
	if (!take_varint(s, &tag))
		return false;
	f->number = tag >> 3;
	f->wire = tag & 7;
	switch (f->wire) {
	case WIRE_VARINT:
		return take_varint(s, &f->value);
	case WIRE_BYTES:
		return take_varint(s, &f->value) &&
		       take_bytes(s, f->value, &f->bytes);
	case WIRE_64:
		return take_bytes(s, 8, &f->bytes);
	case WIRE_32:
		if (!take_bytes(s, 4, &f->bytes))
			return false;
		f->value = trx_le32_get(f->bytes.p);
		return true;
	default: /* groups are not used by any model */
		return false;
	}
}

/* Is it the field of that number?  *ok turns false on another wire type. */
static bool
is_field(const struct field *f, uint64_t number, unsigned wire, bool *ok)
{
	if (f->number != number)
		return false;
	*ok = *ok && f->wire == wire;
	return f->wire == wire;
}

static int
read_piece(struct model *m, struct trx_str s, struct trx_error *err)
{
	struct piece *p, *grown;
	struct field f;
	uint32_t bits;
	bool ok = true;

	if (m->n == m->cap) {
		m->cap = m->cap == 0 ? 1024 : m->cap * 2;
		grown = reallocarray(m->pieces, m->cap, sizeof(*grown));
		if (grown == NULL)
			return trx_error_memory(err);
		m->pieces = grown;
	}
	p = &m->pieces[m->n++];
	*p = (struct piece){ .type = PIECE_NORMAL };
	while (s.n > 0) {
		if (!take_field(&s, &f))
			return malformed("pieces", err);
		if (is_field(&f, 1, WIRE_BYTES, &ok)) {
			p->text = f.bytes;
		} else if (is_field(&f, 2, WIRE_32, &ok)) {
			bits = (uint32_t)f.value;
			memcpy(&p->score, &bits, sizeof(bits));
		} else if (is_field(&f, 3, WIRE_VARINT, &ok)) {
			p->type = f.value;
		}
	}
	return ok ? 0 : malformed("pieces", err);
}

static int
read_spec(struct trx_str s, uint64_t number, unsigned wire, struct field *out,
    const char *what, struct trx_error *err)
{
	struct field f;
	bool ok = true;

	while (s.n > 0) {
		if (!take_field(&s, &f))
			return malformed(what, err);
		if (is_field(&f, number, wire, &ok))
			*out = f;
	}
	return ok ? 0 : malformed(what, err);
}

static int
read_model(struct model *m, struct trx_str s, struct trx_error *err)
{
	struct field f, type = { .value = MODEL_UNIGRAM };
	struct field charsmap = { .number = 0 };
	bool ok = true;
	int r = 0;

	while (s.n > 0 && r == 0) {
		if (!take_field(&s, &f))
			return malformed("ModelProto", err);
		if (is_field(&f, 1, WIRE_BYTES, &ok))
			r = read_piece(m, f.bytes, err);
		else if (is_field(&f, 2, WIRE_BYTES, &ok))
			r = read_spec(f.bytes, 3, WIRE_VARINT, &type,
			    "trainer_spec.model_type", err);
		else if (is_field(&f, 3, WIRE_BYTES, &ok))
			r = read_spec(f.bytes, 2, WIRE_BYTES, &charsmap,
			    "normalizer_spec.precompiled_charsmap", err);
	}
	m->type = type.value;
	m->charsmap = charsmap.bytes;
	if (r == 0 && (!ok || m->n == 0))
		r = malformed("ModelProto", err);
	return r;
}

static int
refuse_piece(const struct piece *p, const char *why, struct trx_error *err)
{
	return trx_error_set(err, TRX_INPUT, "pieces: \"%.*s\": %s",
	    p->text.n < 80 ? (int)p->text.n : 80, p->text.p, why);
}

/* Is it one character (or less)? */
static bool
is_single(struct trx_str s)
{
	size_t i, n = 0;

	for (i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n <= 1;
}

static int
check_piece(const struct piece *p, struct trx_error *err)
{
	if (p->text.n == 0)
		return refuse_piece(p, "an empty piece", err);
	if (memchr(p->text.p, '\0', p->text.n) != NULL)
		return refuse_piece(p, "a piece with a NUL", err);
	if (p->text.n >= PIECE_MAX)
		return refuse_piece(p, "too long", err);
	if (p->type < PIECE_NORMAL || p->type > PIECE_BYTE)
		return refuse_piece(p, "type is unknown", err);
	if (!isfinite(p->score))
		return refuse_piece(p, "score is not finite", err);
	if (p->type != PIECE_NORMAL && p->type != PIECE_USER_DEFINED &&
	    is_single(p->text))
		return refuse_piece(
		    p, "one character, but no normal piece", err);
	if (p->type == PIECE_UNUSED && p->text.n > UNUSED_MAX)
		return refuse_piece(p, "too long for an unused piece", err);
	return 0;
}

/* Old releases hold -0 and 0 for equal scores, new ones do not. */
static int
check_zeros(const struct model *m, struct trx_error *err)
{
	bool plus = false, minus = false;
	size_t i;

	for (i = 0; i < m->n; i++) {
		if (m->pieces[i].score != 0 ||
		    (m->pieces[i].type != PIECE_NORMAL &&
			m->pieces[i].type != PIECE_UNUSED))
			continue;
		if (signbit(m->pieces[i].score))
			minus = true;
		else
			plus = true;
	}
	if (plus && minus)
		return trx_error_set(err, TRX_INPUT,
		    "pieces: scores of both 0 and -0 are not supported");
	return 0;
}

static int
by_text(const void *a, const void *b)
{
	return trx_str_compare(
	    ((const struct piece *)a)->text, ((const struct piece *)b)->text);
}

/*
 * The sorted pieces must differ, and no more than PREFIXES_MAX user-defined
 * ones may be prefixes of each other: the library's matcher has no more room.
 */
static int
check_sorted(const struct model *m, struct trx_error *err)
{
	const struct piece *chain[PREFIXES_MAX], *p;
	size_t i, depth = 0;

	for (i = 0; i < m->n; i++) {
		p = &m->pieces[i];
		if (i > 0 && trx_str_equal(p->text, p[-1].text))
			return refuse_piece(p, "stands there twice", err);
		if (p->type != PIECE_USER_DEFINED)
			continue;
		while (
		    depth > 0 && (chain[depth - 1]->text.n > p->text.n ||
				     memcmp(chain[depth - 1]->text.p, p->text.p,
					 chain[depth - 1]->text.n) != 0))
			depth--;
		if (depth == PREFIXES_MAX)
			return refuse_piece(
			    p, "too many user-defined pieces begin it", err);
		chain[depth++] = p;
	}
	return 0;
}

int
trx_spm_check(struct trx_str bytes, struct trx_error *err)
{
	struct model m = { .n = 0 };
	size_t i;
	int r;

	r = read_model(&m, bytes, err);
	/*
	 * Releases of the library break ties between equal unigram
	 * segmentations, and weigh user-defined symbols, in different ways.
	 */
	if (r == 0 && m.type != MODEL_BPE)
		r = trx_error_set(err, TRX_INPUT,
		    "trainer_spec.model_type: only BPE is supported");
	for (i = 0; i < m.n && r == 0; i++)
		r = check_piece(&m.pieces[i], err);
	if (r == 0)
		r = check_zeros(&m, err);
	if (r == 0) {
		qsort(m.pieces, m.n, sizeof(*m.pieces), by_text);
		r = check_sorted(&m, err);
	}
	if (r == 0 && m.charsmap.n > 0)
		r = trx_charsmap_check(m.charsmap, err);
	free(m.pieces);
	return r;
}
