#include "common/tokenizer/scanner_rules.h"

size_t
trx_scan_avx2(const struct trx_scanner *s, const uint8_t *text, size_t begin,
    size_t end, struct trx_piece *pieces, size_t n)
{
	(void)s, (void)text, (void)begin, (void)end, (void)pieces, (void)n;
	return 0;
}
