#include <inttypes.h>

#include "common/template/radix.h"

#define DIGITS_MAX 4300	       /* Python writes no longer integers */
#define CHUNK 9		       /* decimal digits that fit a limb */
#define CHUNK_VALUE 1000000000 /* ten to the power of CHUNK */

/* An integer of any size, its lowest 32 bits first. */
struct limbs {
	uint32_t *at;
	size_t n;
};

bool
trx_radix_negative(const struct trx_value *v)
{
	if (v->kind == TRX_V_BIG)
		return v->u.str.p[0] == '-';
	return v->kind == TRX_V_INT && v->u.integer < 0;
}

/* x = x * by + more */
static void
multiply(struct limbs *x, uint32_t by, uint32_t more)
{
	uint64_t carry = more;
	size_t i;

	for (i = 0; i < x->n; i++) {
		carry += (uint64_t)x->at[i] * by;
		x->at[i] = (uint32_t)carry;
		carry >>= 32;
	}
	if (carry != 0)
		x->at[x->n++] = (uint32_t)carry;
}

static int
from_decimal(struct trx_run *run, struct trx_str digits, struct limbs *out)
{
	size_t i, room = digits.n / CHUNK + 1;
	uint32_t part = 0, scale = 1;

	*out = (struct limbs){ 0 };
	/* Nine decimal digits need less than 30 bits: a limb each. */
	if (trx_run_charge(run, room * room / 16) == -1 ||
	    (out->at = trx_run_calloc(run, room, sizeof(*out->at))) == NULL)
		return -1;
	for (i = 0; i < digits.n; i++) {
		part = part * 10 + (uint32_t)(digits.p[i] - '0');
		scale *= 10;
		if (scale == CHUNK_VALUE || i + 1 == digits.n) {
			multiply(out, scale, part);
			part = 0;
			scale = 1;
		}
	}
	return 0;
}

/* The bits of x from `from` on, as many as a digit of this base has. */
static unsigned
bits(const struct limbs *x, size_t from, unsigned shift)
{
	uint64_t two = x->at[from / 32];

	if (from / 32 + 1 < x->n)
		two |= (uint64_t)x->at[from / 32 + 1] << 32;
	return (unsigned)(two >> from % 32) & ((1U << shift) - 1);
}

static void
put_limbs(const struct limbs *x, unsigned shift, struct trx_buf *b)
{
	size_t at = (x->n * 32 + shift - 1) / shift;
	bool any = false;
	unsigned digit;

	while (at-- > 0) {
		digit = bits(x, at * shift, shift);
		any |= digit != 0 || at == 0;
		if (any)
			trx_buf_addc(b, "0123456789abcdef"[digit]);
	}
}

int
trx_radix_digits(struct trx_run *run, const struct trx_value *v, unsigned base,
    struct trx_buf *b)
{
	unsigned shift = base == 2 ? 1 : base == 8 ? 3 : 4;
	struct trx_str digits = v->u.str;
	uint32_t halves[2];
	struct limbs x = { .at = halves, .n = 2 };
	uint64_t u;
	int64_t i;

	if (v->kind == TRX_V_BIG) {
		digits.p += trx_radix_negative(v);
		digits.n -= trx_radix_negative(v);
		if (base == 10) {
			if (digits.n > DIGITS_MAX)
				return trx_run_fail(run,
				    "Exceeds the limit (%d digits) for integer "
				    "string conversion",
				    DIGITS_MAX);
			trx_buf_adds(b, digits);
			return 0;
		}
		if (from_decimal(run, digits, &x) == -1)
			return -1;
	} else {
		trx_value_integer(v, &i);
		u = i < 0 ? 0 - (uint64_t)i : (uint64_t)i;
		if (base == 10) {
			trx_buf_addf(b, "%" PRIu64, u);
			return 0;
		}
		halves[0] = (uint32_t)u;
		halves[1] = (uint32_t)(u >> 32);
	}
	put_limbs(&x, shift, b);
	return 0;
}
