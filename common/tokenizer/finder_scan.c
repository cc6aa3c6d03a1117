#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "common/tokenizer/cpu.h"
#include "common/tokenizer/finder_scan.h"

void
trx_finder_bytes_set(struct trx_finder_bytes *set, const bool has[256])
{
	int b;

	memset(set, 0, sizeof(*set));
	for (b = 0; b < 256; b++) {
		set->has[b] = has[b];
		if (!has[b])
			continue;
		set->low[b & 15] |= (uint8_t)(1 << (b >> 4 & 7));
		set->high[b >> 4] = (uint8_t)(1 << (b >> 4 & 7));
	}
}

#if defined(__x86_64__)
/* Whole vectors only: p comes back where the last one ends, or at a hit. */
__attribute__((target("avx2"))) static const uint8_t *
next_avx2(
    const struct trx_finder_bytes *set, const uint8_t *p, const uint8_t *end)
{
	const __m256i low = _mm256_broadcastsi128_si256(
	    _mm_loadu_si128((const __m128i *)set->low));
	const __m256i high = _mm256_broadcastsi128_si256(
	    _mm_loadu_si128((const __m128i *)set->high));
	const __m256i nibble = _mm256_set1_epi8(15);
	__m256i v, a, b;
	uint32_t misses;

	for (; end - p >= 32; p += 32) {
		v = _mm256_loadu_si256((const __m256i *)p);
		a = _mm256_shuffle_epi8(low, _mm256_and_si256(v, nibble));
		b = _mm256_shuffle_epi8(
		    high, _mm256_and_si256(_mm256_srli_epi16(v, 4), nibble));
		misses = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(
		    _mm256_and_si256(a, b), _mm256_setzero_si256()));
		for (misses = ~misses; misses != 0; misses &= misses - 1)
			if (set->has[p[__builtin_ctz(misses)]])
				return p + __builtin_ctz(misses);
	}
	return p;
}
#endif

const uint8_t *
trx_finder_bytes_next(
    const struct trx_finder_bytes *set, const uint8_t *p, const uint8_t *end)
{
#if defined(__x86_64__)
	if (trx_cpu_has_avx2())
		p = next_avx2(set, p, end);
#endif
	while (p < end && !set->has[*p])
		p++;
	return p;
}
