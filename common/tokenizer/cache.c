#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "common/tokenizer/cache.h"

/*
 * A piece of up to 15 bytes is its own key, its length in the last byte; of a
 * longer one the key is its hash, LONG_MARK, its length and where its bytes are
 * kept.  A value is the first ids, their number in the top bits of the first
 * one; where that is 0, their number and where they are kept.
 *
 * A bucket is two slots, a cache line.  A piece has two buckets: it comes into
 * the first one, and what it drives out goes to that one's other bucket, where
 * it drives out another for good.  Seeds have one, and those that find no place
 * in it are left out.
 */
enum {
	SHORT_MAX = TRX_CACHE_SHORT,
	LONG_MAX = 128,	    /* bytes; what is longer is not remembered */
	VALUE_IDS = 4,	    /* in a slot */
	COUNT_SHIFT = 28,   /* in value[0] */
	TABLE_BITS = 17,    /* of a bucket's index */
	KEPT_MAX = 8 << 20, /* bytes: of long pieces and many ids */
	BATCH = 64,	    /* pieces */
	HUGE_PAGE = 2 << 20
};

#define ID_MASK ((1u << COUNT_SHIFT) - 1)
#define LONG_MARK ((uint64_t)0xff << 56)

struct key {
	uint64_t a, b; /* both 0: no piece */
};

struct slot {
	struct key key;
	uint32_t value[VALUE_IDS];
};

struct bucket {
	struct slot slots[2];
};

enum { TABLE_SIZE = sizeof(struct bucket) << TABLE_BITS };

struct trx_cache {
	const struct bucket *seeds;
	unsigned seeds_shift; /* 64 less the bits of a bucket's index */
	struct bucket *table; /* what texts brought, used seeds among it */
	void *map;	      /* where it is */
	char *kept;
	size_t nkept;
	struct trx_ids made; /* by the model, of a piece */
	trx_cache_model *model;
	void *ctx;
};

static inline uint64_t
mix(uint64_t a, uint64_t b)
{
	__uint128_t product =
	    (__uint128_t)(a ^ 0x9e3779b97f4a7c15u) * (b ^ 0xd1b54a32d192ed03u);

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/*
 * By a piece's length: what of its first 16 bytes is the key, and the length in
 * the last one.  Longer pieces have none.
 */
#define ALL UINT64_MAX
#define LOW(n) ((uint64_t)1 << 8 * (n)) - 1
#define TOP(n) (uint64_t)(n) << 56

static const struct {
	uint64_t a, b, length;
} masks[SHORT_MAX + 2] = { { 0, 0, 0 }, { LOW(1), 0, TOP(1) },
	{ LOW(2), 0, TOP(2) }, { LOW(3), 0, TOP(3) }, { LOW(4), 0, TOP(4) },
	{ LOW(5), 0, TOP(5) }, { LOW(6), 0, TOP(6) }, { LOW(7), 0, TOP(7) },
	{ ALL, 0, TOP(8) }, { ALL, LOW(1), TOP(9) }, { ALL, LOW(2), TOP(10) },
	{ ALL, LOW(3), TOP(11) }, { ALL, LOW(4), TOP(12) },
	{ ALL, LOW(5), TOP(13) }, { ALL, LOW(6), TOP(14) },
	{ ALL, LOW(7), TOP(15) }, { 0, 0, 0 } };

#undef ALL
#undef LOW
#undef TOP

/* The key of a piece behind whose first byte 15 more may be read. */
static inline struct key
make_key(const uint8_t *p, size_t n)
{
	size_t i = n <= SHORT_MAX ? n : SHORT_MAX + 1;
	struct key k;

	memcpy(&k, p, sizeof(k));
	k.a &= masks[i].a;
	k.b = (k.b & masks[i].b) | masks[i].length;
	return k;
}

/* The same, where no more than the piece may be read. */
static struct key
make_last_key(const uint8_t *p, size_t n)
{
	uint8_t copy[SHORT_MAX + 1] = { 0 };

	memcpy(copy, p, n <= SHORT_MAX ? n : 0);
	return make_key(copy, n);
}

/* Its top bits are good: two products, which do not wait for one another. */
static inline uint64_t
hash_key(struct key k)
{
	return k.a * 0x9e3779b97f4a7c15u + k.b * 0xd1b54a32d192ed03u;
}

static uint64_t
hash_long(struct trx_str s)
{
	const uint8_t *p = (const uint8_t *)s.p;
	uint64_t h = s.n, v[2];
	size_t n = s.n;

	for (; n > 16; p += 16, n -= 16) {
		memcpy(v, p, 16);
		h = mix(v[0] ^ h, v[1]);
	}
	memcpy(v, (const uint8_t *)s.p + s.n - 16, 16);
	return mix(v[0] ^ h, v[1]);
}

/* The key of a long piece, but for where its bytes are. */
static struct key
make_long_key(struct trx_str piece)
{
	return (struct key){ hash_long(piece),
		LONG_MARK | (uint64_t)piece.n << 32 };
}

static inline bool
same(struct key a, struct key b)
{
	return ((a.a ^ b.a) | (a.b ^ b.b)) == 0;
}

/* The bucket's slot of that key, or NULL. */
static inline const struct slot *
look(const struct bucket *b, struct key k)
{
	bool first = same(b->slots[0].key, k);

	return first || same(b->slots[1].key, k) ? &b->slots[!first] : NULL;
}

/* Keep n bytes.  Returns where, or SIZE_MAX where there is no room. */
static size_t
keep(struct trx_cache *c, const void *p, size_t n)
{
	size_t at = c->nkept;

	if (KEPT_MAX - at < n + 8)
		return SIZE_MAX;
	if (n > 0)
		memcpy(c->kept + at, p, n);
	c->nkept += (n + 7) / 8 * 8;
	return at;
}

/* Forget what texts brought. */
static void
wipe(struct trx_cache *c)
{
	memset(c->table, 0, TABLE_SIZE);
	c->nkept = 0;
}

/* Fill in a slot's ids.  Returns false where they find no room. */
static bool
set_value(struct trx_cache *c, struct slot *s, const uint32_t *ids, size_t n)
{
	size_t at;

	if (n > 0 && n <= VALUE_IDS) {
		memcpy(s->value, ids, n * sizeof(*ids));
		s->value[0] |= (uint32_t)n << COUNT_SHIFT;
		return true;
	}
	if ((at = keep(c, ids, n * sizeof(*ids))) == SIZE_MAX)
		return false;
	s->value[1] = (uint32_t)n;
	s->value[2] = (uint32_t)at;
	return true;
}

/* Append a slot's ids; there is room for VALUE_IDS. */
static int
get_value(const struct trx_cache *c, const struct slot *s, struct trx_ids *out,
    struct trx_error *err)
{
	uint32_t n = s->value[0] >> COUNT_SHIFT;

	if (n == 0) {
		n = s->value[1];
		if (trx_ids_reserve(out, n + VALUE_IDS) == -1)
			return trx_error_memory(err);
		memcpy(out->ids + out->n, c->kept + s->value[2],
		    n * sizeof(*out->ids));
	} else {
		memcpy(out->ids + out->n, s->value, sizeof(s->value));
		out->ids[out->n] &= ID_MASK;
	}
	out->n += n;
	return 0;
}

static inline struct bucket *
find_bucket(const struct trx_cache *c, uint64_t hash)
{
	return &c->table[hash >> (64 - TABLE_BITS)];
}

/* The other bucket of what is in that one. */
static struct bucket *
find_other(const struct trx_cache *c, const struct bucket *b, uint64_t hash)
{
	size_t i = (size_t)(b - c->table);

	size_t by = hash << TABLE_BITS >> (64 - TABLE_BITS);

	return &c->table[i ^ (by | 1)];
}

static uint64_t
hash_of(struct key k)
{
	return (k.b & LONG_MARK) == LONG_MARK ? k.a : hash_key(k);
}

/* A slot for k to be filled in. */
static struct slot *
make_slot(const struct trx_cache *c, struct bucket *b, struct key k)
{
	const struct slot old = b->slots[1];
	struct bucket *other;

	b->slots[1] = b->slots[0];
	b->slots[0] = (struct slot){ .key = k };
	if ((old.key.a | old.key.b) != 0) {
		other = find_other(c, b, hash_of(old.key));
		if ((other->slots[0].key.a | other->slots[0].key.b) == 0)
			other->slots[0] = old;
		else
			other->slots[1] = old;
	}
	return &b->slots[0];
}

/* Append what the model gives, which is in c->made then. */
static int
ask(struct trx_cache *c, struct trx_str piece, struct trx_ids *out,
    struct trx_error *err)
{
	c->made.n = 0;
	if (c->model(c->ctx, piece, &c->made, err) == -1)
		return -1;
	if (trx_ids_reserve(out, c->made.n) == -1)
		return trx_error_memory(err);
	if (c->made.n > 0)
		memcpy(out->ids + out->n, c->made.ids,
		    c->made.n * sizeof(*out->ids));
	out->n += c->made.n;
	return 0;
}

/* Ask the model, and remember what it gives under that key. */
static int
learn(struct trx_cache *c, struct bucket *b, struct key k, struct trx_str piece,
    struct trx_ids *out, struct trx_error *err)
{
	size_t at;

	if (ask(c, piece, out, err) == -1)
		return -1;
	if (piece.n > SHORT_MAX) {
		if ((at = keep(c, piece.p, piece.n)) == SIZE_MAX) {
			wipe(c);
			return 0;
		}
		k.b |= (uint64_t)at;
	}
	if (!set_value(c, make_slot(c, b, k), c->made.ids, c->made.n))
		wipe(c);
	return 0;
}

static const struct slot *
look_long(const struct trx_cache *c, const struct bucket *b, struct key k,
    struct trx_str piece)
{
	const struct slot *s = b->slots;
	int i;

	for (i = 0; i < 2; i++, s++)
		if (s->key.a == k.a && s->key.b >> 32 == k.b >> 32 &&
		    memcmp(c->kept + (uint32_t)s->key.b, piece.p, piece.n) == 0)
			return s;
	return NULL;
}

static const struct slot *
look_any(const struct trx_cache *c, const struct bucket *b, struct key k,
    struct trx_str piece)
{
	return piece.n > SHORT_MAX ? look_long(c, b, k, piece) : look(b, k);
}

/* A piece whose ids are not in the table, or not in a slot of it. */
static __attribute__((noinline)) int
encode_other(struct trx_cache *c, struct key k, uint64_t hash,
    struct trx_str piece, struct trx_ids *out, struct trx_error *err)
{
	struct bucket *b = find_bucket(c, hash);
	const struct slot *s;

	if (piece.n > LONG_MAX)
		return ask(c, piece, out, err);
	s = look_any(c, b, k, piece);
	if (s == NULL)
		s = look_any(c, find_other(c, b, hash), k, piece);
	if (s != NULL)
		return get_value(c, s, out, err);
	if (piece.n <= SHORT_MAX &&
	    (s = look(&c->seeds[hash >> c->seeds_shift], k)) != NULL) {
		memcpy(make_slot(c, b, k)->value, s->value, sizeof(s->value));
		return get_value(c, s, out, err);
	}
	return learn(c, b, k, piece, out, err);
}

/* Pieces whose keys are made, before any is looked up. */
struct batch {
	struct key keys[BATCH];
	uint64_t hashes[BATCH];
};

static inline void
prepare(const struct trx_cache *c, struct batch *b, size_t i, struct key k)
{
	b->keys[i] = k;
	b->hashes[i] = hash_key(k);
	__builtin_prefetch(find_bucket(c, b->hashes[i]));
}

/* A piece that is no key of its own, but is remembered. */
static __attribute__((noinline)) void
prepare_long(
    const struct trx_cache *c, struct batch *b, size_t i, struct trx_str piece)
{
	b->keys[i] = make_long_key(piece);
	b->hashes[i] = b->keys[i].a;
	__builtin_prefetch(find_bucket(c, b->hashes[i]));
}

/* Out of line, and so with registers of its own. */
static __attribute__((noinline)) void
prepare_batch(const struct trx_cache *c, struct batch *b, const uint8_t *text,
    const uint8_t *limit, const struct trx_piece *pieces, size_t n)
{
	size_t i, len, end = n;
	const uint8_t *p;

	while (end > 0 && limit - (text + pieces[end - 1].begin) < 16)
		end--;
	for (i = 0; i < n; i++) {
		p = text + pieces[i].begin;
		len = pieces[i].end - pieces[i].begin;
		if (len > SHORT_MAX && len <= LONG_MAX)
			prepare_long(
			    c, b, i, (struct trx_str){ (const char *)p, len });
		else if (i < end)
			prepare(c, b, i, make_key(p, len));
		else
			prepare(c, b, i, make_last_key(p, len));
	}
}

static int
encode_batch(struct trx_cache *c, const uint8_t *text, const uint8_t *limit,
    const struct trx_piece *pieces, size_t n, struct trx_ids *out,
    struct trx_error *err)
{
	struct batch batch;
	const struct bucket *b;
	const struct slot *s;
	uint32_t *to = out->ids + out->n;
	bool first, second;
	size_t i;

	prepare_batch(c, &batch, text, limit, pieces, n);
	for (i = 0; i < n; i++) {
		b = find_bucket(c, batch.hashes[i]);
		first = same(b->slots[0].key, batch.keys[i]);
		second = same(b->slots[1].key, batch.keys[i]);
		s = &b->slots[!first];
		if ((first | second) != 0 && s->value[0] != 0) {
			memcpy(to, s->value, sizeof(s->value));
			*to &= ID_MASK;
			to += s->value[0] >> COUNT_SHIFT;
			continue;
		}
		out->n = (size_t)(to - out->ids);
		if (encode_other(c, batch.keys[i], batch.hashes[i],
			(struct trx_str){ (const char *)text + pieces[i].begin,
			    pieces[i].end - pieces[i].begin },
			out, err) == -1)
			return -1;
		/* The rest of the batch needs its room. */
		if (trx_ids_reserve(out, VALUE_IDS * (n - i)) == -1)
			return trx_error_memory(err);
		to = out->ids + out->n;
	}
	out->n = (size_t)(to - out->ids);
	return 0;
}

int
trx_cache_encode(struct trx_cache *c, const uint8_t *text, const uint8_t *limit,
    const struct trx_piece *pieces, size_t n, struct trx_ids *out,
    struct trx_error *err)
{
	size_t now;

	for (; n > 0; pieces += now, n -= now) {
		now = n < BATCH ? n : BATCH;
		if (trx_ids_reserve(out, VALUE_IDS * (now + 1)) == -1)
			return trx_error_memory(err);
		if (encode_batch(c, text, limit, pieces, now, out, err) == -1)
			return -1;
	}
	return 0;
}

/* Where there are no seeds: buckets that have none. */
static const struct bucket no_seeds[2];

/* Zeros, in huge pages where there are some: their addresses are found sooner.
 */
static int
map_table(struct trx_cache *c)
{
	void *map = mmap(NULL, TABLE_SIZE + HUGE_PAGE, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (map == MAP_FAILED)
		return -1;
	c->map = map;
	c->table = (void *)(((uintptr_t)map + HUGE_PAGE - 1) &
			    ~(uintptr_t)(HUGE_PAGE - 1));
	madvise(c->table, TABLE_SIZE, MADV_HUGEPAGE);
	return 0;
}

struct trx_cache *
trx_cache_new(const struct trx_image *image, trx_cache_model *model, void *ctx,
    struct trx_error *err)
{
	struct trx_cache *c = calloc(1, sizeof(*c));
	size_t n;

	if (c == NULL)
		goto fail;
	c->model = model;
	c->ctx = ctx;
	c->seeds = trx_image_get(image, TRX_IMAGE_SEEDS, &n);
	if (c->seeds == NULL) {
		c->seeds = no_seeds;
		n = sizeof(no_seeds);
	}
	for (c->seeds_shift = 63; n > 2 * sizeof(*c->seeds); n /= 2)
		c->seeds_shift--;
	c->kept = malloc(KEPT_MAX);
	if (c->kept != NULL && map_table(c) == 0 &&
	    trx_ids_keep_ends(&c->made) == 0)
		return c;
fail:
	trx_cache_free(c);
	trx_error_memory(err);
	return NULL;
}

void
trx_cache_free(struct trx_cache *c)
{
	if (c == NULL)
		return;
	if (c->map != NULL)
		munmap(c->map, TABLE_SIZE + HUGE_PAGE);
	free(c->kept);
	trx_ids_free(&c->made);
	free(c);
}

int
trx_cache_build(const struct trx_str *pieces, size_t n, trx_cache_model *model,
    void *ctx, struct trx_image *image, struct trx_error *err)
{
	struct trx_ids ids = { .keeps_ends = true };
	struct bucket *seeds, *b;
	size_t nbuckets = 2, i;
	unsigned shift = 63;
	struct slot *s;
	struct key k;
	const uint8_t *p;

	for (; nbuckets * 4 < n * 3; nbuckets *= 2)
		shift--;
	seeds = trx_image_add(
	    image, TRX_IMAGE_SEEDS, nbuckets * sizeof(*seeds), err);
	if (seeds == NULL)
		return -1;
	for (i = 0; i < n; i++) {
		if (pieces[i].n == 0 || pieces[i].n > SHORT_MAX)
			continue;
		p = (const uint8_t *)pieces[i].p;
		k = make_last_key(p, pieces[i].n);
		b = &seeds[hash_key(k) >> shift];
		s = b->slots[0].value[0] == 0 ? &b->slots[0] : &b->slots[1];
		if (s->value[0] != 0 || look(b, k) != NULL)
			continue;
		ids.n = 0;
		if (model(ctx, pieces[i], &ids, err) == -1)
			break;
		if (ids.n == 0 || ids.n > VALUE_IDS)
			continue;
		s->key = k;
		memcpy(s->value, ids.ids, ids.n * sizeof(*ids.ids));
		s->value[0] |= (uint32_t)ids.n << COUNT_SHIFT;
	}
	trx_ids_free(&ids);
	return i == n ? 0 : -1;
}
