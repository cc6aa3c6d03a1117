#include "common/ucd/decompose.h"
#include "common/ucd/ucd.h"

/* Hangul syllables are arithmetic: L, V and T give one, T may be absent. */
enum {
	S_BASE = 0xac00,
	L_BASE = 0x1100,
	V_BASE = 0x1161,
	T_BASE = 0x11a7, /* stands for no T */
	L_COUNT = 19,
	V_COUNT = 21,
	T_COUNT = 28,
	S_COUNT = L_COUNT * V_COUNT * T_COUNT
};

static size_t
decompose_hangul(uint32_t s, uint32_t parts[3])
{
	parts[0] = L_BASE + s / (V_COUNT * T_COUNT);
	parts[1] = V_BASE + s / T_COUNT % V_COUNT;
	parts[2] = T_BASE + s % T_COUNT;
	return s % T_COUNT == 0 ? 2 : 3;
}

static uint32_t
compose_hangul(uint32_t first, uint32_t second)
{
	uint32_t l = first - L_BASE, v = second - V_BASE;
	uint32_t s = first - S_BASE, t = second - T_BASE;

	if (l < L_COUNT && v < V_COUNT)
		return S_BASE + (l * V_COUNT + v) * T_COUNT;
	if (s < S_COUNT && s % T_COUNT == 0 && t - 1 < T_COUNT - 1)
		return first + t;
	return 0;
}

size_t
trx_ucd_decompose(uint32_t cp, bool compatible, uint32_t parts[TRX_UCD_PARTS])
{
	struct trx_str s;
	size_t n = 0, i;

	if (cp - S_BASE < S_COUNT)
		return decompose_hangul(cp - S_BASE, parts);
	s = compatible ? trx_ucd_compatible(cp) : trx_ucd_canonical(cp);
	if (s.p == NULL) {
		parts[0] = cp;
		return 1;
	}
	for (i = 0; i < s.n; i += trx_ucd_width((const uint8_t *)s.p + i))
		parts[n++] = trx_ucd_get((const uint8_t *)s.p + i);
	return n;
}

uint32_t
trx_ucd_compose(uint32_t first, uint32_t second)
{
	uint32_t slot = trx_ucd_pair_hash(first, second);
	const struct trx_ucd_pair *p;

	for (; trx_ucd_pair_slots[slot] != 0; slot = (slot + 1) & 4095) {
		p = &trx_ucd_pairs[trx_ucd_pair_slots[slot] - 1];
		if (p->first == first && p->second == second)
			return p->both;
	}
	return compose_hangul(first, second);
}
