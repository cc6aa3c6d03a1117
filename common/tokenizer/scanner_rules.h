/*
 * How the regular expressions of the scanners differ, and what they ask of a
 * character.
 */
#ifndef TRX_TOKENIZER_SCANNER_RULES_H
#define TRX_TOKENIZER_SCANNER_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/tokenizer/pretokenizer.h"

/* What a character is; a set of these. */
enum {
	TRX_SCAN_UPPER = 1,    /* Lu, Lt */
	TRX_SCAN_LOWER = 2,    /* Ll */
	TRX_SCAN_CASELESS = 4, /* Lm, Lo */
	TRX_SCAN_MARK = 8,
	TRX_SCAN_NUMBER = 16,
	TRX_SCAN_SPACE = 32,
	TRX_SCAN_NEWLINE = 64, /* CR and LF: also SPACE */
	TRX_SCAN_PUNCT = 128   /* P and S */
};

#define TRX_SCAN_LETTER (TRX_SCAN_UPPER | TRX_SCAN_LOWER | TRX_SCAN_CASELESS)

enum trx_scan_kind {
	TRX_SCAN_GPT2,	 /* GPT-2: a space before a word or a number */
	TRX_SCAN_CL100K, /* Llama 3, Qwen: any one character before a word */
	TRX_SCAN_O200K,	 /* words are cut where their case rises */
	TRX_SCAN_DEEPSEEK
};

struct trx_scanner {
	enum trx_scan_kind kind;
	uint8_t letters;   /* what words are made of: letters, marks or not */
	uint8_t digits;	   /* so many make a piece; 0: all of a run */
	bool contractions; /* 's 't 're 've 'm 'll 'd */
	bool slash;	   /* of O200K: punctuation ends in [\r\n/]* */
	/* The regular expressions of its Splits, in order; then ByteLevel. */
	const char *patterns[3];
};

/* The sets of the ASCII characters. */
extern const uint8_t trx_scan_ascii[128];

/* The end of the piece that begins at p, which is before end. */
const uint8_t *trx_scan_piece(
    const struct trx_scanner *s, const uint8_t *p, const uint8_t *end);

/*
 * Cut with AVX2, from begin on, as far as it goes: n pieces, or fewer where
 * what comes next is for trx_scan_piece.
 */
size_t trx_scan_avx2(const struct trx_scanner *s, const uint8_t *text,
    size_t begin, size_t end, struct trx_piece *pieces, size_t n);

#endif
