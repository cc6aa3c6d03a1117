#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "common/tokenizer/scanner_rules.h"

/*
 * 64 bytes at a time, as sets of places: a bit for each byte.  What the regular
 * expressions say of ASCII is said of these sets, and gives the places where
 * pieces begin.  A block begins where a piece does, and is good up to the last
 * byte that is not white before anything that is not ASCII; the last piece that
 * begins by then is where the next block begins, or is for trx_scan_piece.
 */
enum { BLOCK = 64 };

struct block {
	uint64_t letter, lower, number;
	uint64_t white, newline, blank; /* blank: U+0020 */
	uint64_t other;			/* ASCII that is none of these */
	uint64_t quote;			/* ' */
	uint64_t slash;
	uint64_t strange; /* not to be decided here */
};

#if defined(__x86_64__)

#define AVX2 __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt")))

/* The places of bytes from low to low + span. */
AVX2 static inline __m256i
between(__m256i v, char low, char span)
{
	__m256i d = _mm256_sub_epi8(v, _mm256_set1_epi8(low));

	return _mm256_cmpeq_epi8(_mm256_min_epu8(d, _mm256_set1_epi8(span)), d);
}

AVX2 static inline uint64_t
bits(__m256i a, __m256i b)
{
	return (uint32_t)_mm256_movemask_epi8(a) |
	       (uint64_t)(uint32_t)_mm256_movemask_epi8(b) << 32;
}

AVX2 static inline uint64_t
equal(__m256i a, __m256i b, char c)
{
	__m256i v = _mm256_set1_epi8(c);

	return bits(_mm256_cmpeq_epi8(a, v), _mm256_cmpeq_epi8(b, v));
}

AVX2 static inline void
classify(const uint8_t *p, enum trx_scan_kind kind, struct block *k)
{
	const __m256i a = _mm256_loadu_si256((const __m256i *)p);
	const __m256i b = _mm256_loadu_si256((const __m256i *)(p + 32));
	const __m256i fold = _mm256_set1_epi8(0x20);

	k->letter = bits(between(_mm256_or_si256(a, fold), 'a', 25),
	    between(_mm256_or_si256(b, fold), 'a', 25));
	k->number = bits(between(a, '0', 9), between(b, '0', 9));
	k->blank = equal(a, b, ' ');
	k->white = k->blank | bits(between(a, '\t', 4), between(b, '\t', 4));
	k->newline = equal(a, b, '\n') | equal(a, b, '\r');
	k->strange = bits(a, b);
	if (kind == TRX_SCAN_DEEPSEEK)
		k->strange |=
		    (bits(between(a, 0, 31), between(b, 0, 31)) & ~k->white) |
		    equal(a, b, 127);
	else
		k->quote = equal(a, b, '\'');
	if (kind == TRX_SCAN_O200K) {
		k->lower = k->letter & bits(_mm256_slli_epi16(a, 2),
					   _mm256_slli_epi16(b, 2));
		k->slash = equal(a, b, '/');
	}
	k->other = ~(k->letter | k->number | k->white | k->strange);
}

/* The bits below bit i. */
static inline uint64_t
below(unsigned i)
{
	return i >= BLOCK ? UINT64_MAX : ((uint64_t)1 << i) - 1;
}

/* Where groups of so many digits begin. */
static inline uint64_t
begin_numbers(uint64_t number, unsigned digits)
{
	uint64_t pair = number & number << 1, four = pair & pair << 2;
	uint64_t at = number & ~(number << 1), all = at;

	if (digits == 1)
		return number;
	if (digits == 0)
		return at;
	while ((at = at << 3 & four) != 0)
		all |= at;
	return all;
}

/*
 * White space: \s*[\r\n]+, but for what ends punctuation (taken), then all
 * blanks but the last, then that one.  numbers end white space for DeepSeek,
 * whose lookahead does not see them.
 */
static inline uint64_t
begin_white(const struct block *k, uint64_t taken, uint64_t ends)
{
	uint64_t flat = k->white & ~k->newline;
	uint64_t own = k->white & ~taken;
	uint64_t after = flat & k->newline << 1;
	uint64_t more = (flat + after) & ~flat & k->newline, back, all;

	/* Behind a line end comes white space with another one: no cut. */
	for (back = more >> 1 & flat; back != 0; back = all) {
		all = back | (back >> 1 & flat);
		if (all == back)
			break;
	}
	after &= ~back;
	return (own & ~(own << 1)) | after | (flat & ~((k->white | ends) >> 1));
}

/* Bytes of "s", "t", "m", "d", "re", "ve", "ll" at p, in any case or not. */
static inline unsigned
suffix(const uint8_t *p, uint8_t fold)
{
	uint8_t a = p[0] | fold, b = p[1] | fold;

	if (a == 's' || a == 't' || a == 'm' || a == 'd')
		return 1;
	return ((a == 'r' || a == 'v') && b == 'e') || (a == 'l' && b == 'l')
		   ? 2
		   : 0;
}

/* 's and its like, where a piece begins: what follows begins another one. */
AVX2 static inline uint64_t
cut_contractions(const struct block *k, const uint8_t *p, uint64_t begin,
    uint8_t fold, uint64_t *good)
{
	uint64_t at = k->quote & begin;
	unsigned i, n;

	for (; at != 0; at &= at - 1) {
		i = (unsigned)__builtin_ctzll(at);
		if (i >= BLOCK - 3) {
			*good &= below(i + 1);
			break;
		}
		if ((n = suffix(p + i + 1, fold)) == 0)
			continue;
		/* GPT-2's own words do not take the quote: undo their cut. */
		begin &= ~(below(n) << (i + 1));
		begin |= k->letter & (uint64_t)1 << (i + n + 1);
	}
	return begin;
}

/* 's and its like at the end of a word, whose piece takes them. */
AVX2 static inline uint64_t
join_contractions(
    const struct block *k, const uint8_t *p, uint64_t begin, uint64_t *good)
{
	uint64_t at = k->quote & k->letter << 1;
	unsigned i, n, last = BLOCK;

	for (; at != 0; at &= at - 1) {
		i = (unsigned)__builtin_ctzll(at);
		if (i >= BLOCK - 3 || (k->strange >> (i + 1) & 1) != 0) {
			*good &= below(i);
			break;
		}
		if (i == last || (n = suffix(p + i + 1, 0x20)) == 0)
			continue;
		last = i + n + 1;
		begin &= ~(below(n + 1) << i);
		begin |= k->letter & (uint64_t)1 << last;
	}
	return begin;
}

/* Where pieces begin; *good are the places that this is known of. */
AVX2 static inline uint64_t
find_begins(const struct trx_scanner *s, enum trx_scan_kind kind,
    const uint8_t *p, const struct block *k, uint64_t *good)
{
	uint64_t words = k->letter & ~(k->letter << 1);
	uint64_t puncts = k->other & ~(k->other << 1) & ~(k->blank << 1);
	uint64_t numbers = begin_numbers(k->number, s->digits);
	uint64_t lines = k->newline & k->other << 1, taken, begin;

	*good = k->strange == 0 ? UINT64_MAX
				: below((unsigned)__builtin_ctzll(k->strange));
	if (kind == TRX_SCAN_GPT2) {
		begin = (words & ~(k->blank << 1)) |
			(numbers & ~(k->blank << 1)) | puncts |
			(k->white & ~(k->white << 1)) |
			(k->white & ~(k->white >> 1));
		return cut_contractions(k, p, begin, 0, good);
	}
	/* One character before a word is the word's, if a piece begins there.
	 */
	begin = (words & ~((k->white & ~k->newline) << 1) & ~(puncts << 1)) |
		puncts | numbers;
	taken = k->newline & ~(k->newline + lines);
	begin |=
	    begin_white(k, taken, kind == TRX_SCAN_DEEPSEEK ? k->number : 0);
	if (kind == TRX_SCAN_CL100K)
		return cut_contractions(k, p, begin, 0x20, good);
	if (kind == TRX_SCAN_O200K) {
		begin |= k->letter & ~k->lower & k->lower << 1;
		if ((k->slash & taken << 1) != 0)
			*good &= below(
			    (unsigned)__builtin_ctzll(k->slash & taken << 1));
		if (s->contractions)
			begin = join_contractions(k, p, begin, good);
	}
	return begin;
}

/* Cut one block at p; n pieces at most, which begin at `at` of the text. */
AVX2 static inline size_t
cut_block(const struct trx_scanner *s, enum trx_scan_kind kind,
    const uint8_t *p, size_t at, struct trx_piece *pieces)
{
	struct block k;
	uint64_t good, begin, known;
	uint32_t last = (uint32_t)at, next;
	size_t n = 0;

	classify(p, kind, &k);
	begin = find_begins(s, kind, p, &k, &good);
	known = ~k.white & good;
	if (known == 0)
		return 0;
	begin &= below((unsigned)(BLOCK - __builtin_clzll(known)));
	for (begin &= ~(uint64_t)1; begin != 0; begin &= begin - 1) {
		next = (uint32_t)(at + (size_t)__builtin_ctzll(begin));
		pieces[n++] = (struct trx_piece){ last, next };
		last = next;
	}
	return n;
}

AVX2 static inline size_t
cut_kind(const struct trx_scanner *s, enum trx_scan_kind kind,
    const uint8_t *text, size_t begin, size_t end, struct trx_piece *pieces,
    size_t n)
{
	uint8_t tail[BLOCK];
	size_t i = 0, done;

	while (n - i >= BLOCK && begin < end) {
		if (end - begin >= BLOCK)
			done =
			    cut_block(s, kind, text + begin, begin, pieces + i);
		else {
			memset(tail, 0x80, sizeof(tail));
			memcpy(tail, text + begin, end - begin);
			done = cut_block(s, kind, tail, begin, pieces + i);
		}
		if (done == 0)
			break;
		i += done;
		begin = pieces[i - 1].end;
	}
	return i;
}

AVX2 size_t
trx_scan_avx2(const struct trx_scanner *s, const uint8_t *text, size_t begin,
    size_t end, struct trx_piece *pieces, size_t n)
{
	/* Each kind has a loop of its own, without the others' steps. */
	switch (s->kind) {
	case TRX_SCAN_GPT2:
		return cut_kind(s, TRX_SCAN_GPT2, text, begin, end, pieces, n);
	case TRX_SCAN_CL100K:
		return cut_kind(
		    s, TRX_SCAN_CL100K, text, begin, end, pieces, n);
	case TRX_SCAN_O200K:
		return cut_kind(s, TRX_SCAN_O200K, text, begin, end, pieces, n);
	default:
		return cut_kind(
		    s, TRX_SCAN_DEEPSEEK, text, begin, end, pieces, n);
	}
}

#else

size_t
trx_scan_avx2(const struct trx_scanner *s, const uint8_t *text, size_t begin,
    size_t end, struct trx_piece *pieces, size_t n)
{
	(void)s, (void)text, (void)begin, (void)end, (void)pieces, (void)n;
	return 0;
}

#endif
