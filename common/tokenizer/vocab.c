#include <stdlib.h>
#include <string.h>

#include "common/tokenizer/vocab.h"

/*
 * A slot is 0 where it is free, else an id + 1 with the hash's top byte above
 * it: most strings that are not there are told without a look at any text.
 */
enum { ID_BITS = 24, ID_MASK = (1 << ID_BITS) - 1 };

static uint64_t
read64(const char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static uint64_t
read32(const char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static uint64_t
byte(const char *p)
{
	return (unsigned char)*p;
}

/* Multiply, and fold the upper half of the product into the lower. */
static uint64_t
mix(uint64_t a, uint64_t b)
{
	__uint128_t product =
	    (__uint128_t)(a ^ 0x9e3779b97f4a7c15) * (b ^ 0xd1b54a32d192ed03);

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* What is left at the end is read as two words, which may overlap. */
static uint64_t
hash(struct trx_str s)
{
	const char *p = s.p;
	size_t n = s.n;
	uint64_t h = n;

	for (; n > 16; p += 16, n -= 16)
		h = mix(read64(p) ^ h, read64(p + 8));
	if (n >= 8)
		return mix(read64(p) ^ h, read64(p + n - 8));
	if (n >= 4)
		return mix(read32(p) ^ h, read32(p + n - 4));
	if (n > 0)
		return mix(
		    byte(p) << 16 | byte(p + n / 2) << 8 | byte(p + n - 1), h);
	return mix(h, h);
}

/* The slot of s, or the free one where it belongs. */
static uint32_t
find_slot(const struct trx_vocab *v, struct trx_str s, uint32_t *tag)
{
	uint64_t h = hash(s);
	uint32_t mask = v->nslots - 1, i = (uint32_t)h & mask, slot;

	*tag = (uint32_t)(h >> 56) << ID_BITS;
	for (; (slot = v->slots[i]) != 0; i = (i + 1) & mask)
		if ((slot & ~(uint32_t)ID_MASK) == *tag &&
		    trx_str_equal(trx_vocab_text(v, (slot & ID_MASK) - 1), s))
			break;
	return i;
}

int64_t
trx_vocab_find(const struct trx_vocab *v, struct trx_str s)
{
	uint32_t tag;

	/* A free slot gives -1. */
	return (int64_t)(v->slots[find_slot(v, s, &tag)] & ID_MASK) - 1;
}

/*
 * Which entry has which id: index + 1 into by_id, calloc'd; size is the
 * largest id + 1.
 */
static int
order(const struct trx_vocab_entry *entries, size_t n, uint32_t **by_id,
    uint32_t *size, struct trx_error *err)
{
	uint64_t bytes = 0;
	size_t i;

	*size = 0;
	for (i = 0; i < n; i++) {
		if (entries[i].id >= TRX_VOCAB_MAX)
			return trx_error_set(err, TRX_INPUT,
			    "model.vocab: the id %lu is too large",
			    (unsigned long)entries[i].id);
		if (entries[i].id >= *size)
			*size = entries[i].id + 1;
		bytes += entries[i].text.n;
	}
	if (bytes > UINT32_MAX || n >= UINT32_MAX)
		return trx_error_set(err, TRX_INPUT, "model.vocab: too large");
	*by_id = calloc((size_t)*size + 1, sizeof(**by_id));
	if (*by_id == NULL)
		return trx_error_memory(err);
	for (i = 0; i < n; i++) {
		if ((*by_id)[entries[i].id] != 0)
			return trx_error_set(err, TRX_INPUT,
			    "model.vocab: the id %lu has two strings",
			    (unsigned long)entries[i].id);
		(*by_id)[entries[i].id] = (uint32_t)i + 1;
	}
	return 0;
}

static int
add_text(const struct trx_vocab_entry *entries, const uint32_t *by_id,
    uint32_t size, struct trx_image *image, struct trx_error *err)
{
	uint32_t *offsets, id, at = 0;
	char *bytes;

	offsets = trx_image_add(image, TRX_IMAGE_VOCAB_OFFSETS,
	    ((size_t)size + 1) * sizeof(*offsets), err);
	if (offsets == NULL)
		return -1;
	for (id = 0; id < size; id++) {
		if (by_id[id] != 0)
			at += (uint32_t)entries[by_id[id] - 1].text.n;
		offsets[id + 1] = at;
	}
	bytes = trx_image_add(image, TRX_IMAGE_VOCAB_BYTES, at, err);
	if (bytes == NULL)
		return -1;
	for (id = 0; id < size; id++)
		if (offsets[id + 1] > offsets[id])
			memcpy(bytes + offsets[id],
			    entries[by_id[id] - 1].text.p,
			    offsets[id + 1] - offsets[id]);
	return 0;
}

static int
add_slots(const struct trx_vocab_entry *entries, size_t n,
    struct trx_image *image, struct trx_error *err)
{
	uint32_t *slots, tag, at;
	struct trx_vocab v;
	size_t i, nslots = 1;

	while (nslots < 2 * n)
		nslots *= 2;
	slots = trx_image_add(
	    image, TRX_IMAGE_VOCAB_SLOTS, nslots * sizeof(*slots), err);
	if (slots == NULL || trx_vocab_open(image, &v, err) == -1)
		return -1;
	for (i = 0; i < n; i++) {
		at = find_slot(&v, entries[i].text, &tag);
		slots[at] = tag | (entries[i].id + 1);
	}
	return 0;
}

int
trx_vocab_build(const struct trx_vocab_entry *entries, size_t n,
    struct trx_image *image, struct trx_error *err)
{
	uint32_t *by_id = NULL, size;
	int r = order(entries, n, &by_id, &size, err);

	if (r == 0)
		r = add_text(entries, by_id, size, image, err);
	if (r == 0)
		r = add_slots(entries, n, image, err);
	free(by_id);
	return r;
}

int
trx_vocab_build_object(const struct trx_json *vocab, struct trx_image *image,
    struct trx_error *err)
{
	const struct trx_json_member *m;
	struct trx_vocab_entry *entries;
	uint64_t id;
	size_t i, n;
	int r = 0;

	if (vocab == NULL || vocab->type != TRX_JSON_OBJECT)
		return trx_error_set(
		    err, TRX_INPUT, "model.vocab: not an object");
	n = vocab->u.object.n;
	entries = calloc(n + 1, sizeof(*entries));
	if (entries == NULL)
		return trx_error_memory(err);
	for (i = 0; i < n && r == 0; i++) {
		m = &vocab->u.object.members[i];
		if (trx_json_to_uint(&m->value, &id) == -1 || id > UINT32_MAX)
			r = trx_error_set(err, TRX_INPUT,
			    "model.vocab: '%.*s' has no id",
			    m->key.n < 80 ? (int)m->key.n : 80, m->key.p);
		else
			entries[i] =
			    (struct trx_vocab_entry){ m->key, (uint32_t)id };
	}
	if (r == 0)
		r = trx_vocab_build(entries, n, image, err);
	free(entries);
	return r;
}

int
trx_vocab_open(
    const struct trx_image *image, struct trx_vocab *v, struct trx_error *err)
{
	size_t noffsets, nbytes, nslots;

	v->offsets = trx_image_get(image, TRX_IMAGE_VOCAB_OFFSETS, &noffsets);
	v->bytes = trx_image_get(image, TRX_IMAGE_VOCAB_BYTES, &nbytes);
	v->slots = trx_image_get(image, TRX_IMAGE_VOCAB_SLOTS, &nslots);
	noffsets /= sizeof(*v->offsets);
	nslots /= sizeof(*v->slots);
	if (v->offsets == NULL || v->bytes == NULL || v->slots == NULL ||
	    noffsets == 0 || noffsets - 1 > TRX_VOCAB_MAX || nslots == 0 ||
	    nslots > UINT32_MAX || (nslots & (nslots - 1)) != 0 ||
	    v->offsets[0] != 0 || v->offsets[noffsets - 1] != nbytes)
		return trx_error_set(
		    err, TRX_INPUT, "the vocabulary is damaged");
	v->size = (uint32_t)noffsets - 1;
	v->nslots = (uint32_t)nslots;
	return 0;
}
