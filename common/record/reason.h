/* Why a row is rejected: the closed list of trx-records(5). */
#ifndef TRX_RECORD_REASON_H
#define TRX_RECORD_REASON_H

enum trx_reason {
	TRX_REASON_NONE,
	/* the line */
	TRX_REASON_NOT_JSON,
	TRX_REASON_NOT_UTF8,
	TRX_REASON_LONE_SURROGATE,
	TRX_REASON_DUPLICATE_KEY,
	TRX_REASON_TOO_DEEP,
	TRX_REASON_TOO_LARGE,
	/* its fields */
	TRX_REASON_BAD_FIELD,
	TRX_REASON_AMBIGUOUS_ROW,
	TRX_REASON_NOTHING_TRAINED,
	/* its text */
	TRX_REASON_TEMPLATE_ERROR,
	TRX_REASON_NOT_PREFIX,
	TRX_REASON_TURN_CHANGED,
	TRX_REASON_SPECIAL_IN_TEXT,
	/* its length */
	TRX_REASON_TOO_LONG,
	TRX_REASONS
};

/* The reason's name as ledgers and rejects files have it: "too_long". */
const char *trx_reason_name(enum trx_reason reason);

#endif
