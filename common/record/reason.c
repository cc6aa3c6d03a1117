#include "common/record/reason.h"

const char *
trx_reason_name(enum trx_reason reason)
{
	static const char *const names[TRX_REASONS] = {
		[TRX_REASON_NONE] = "none",
		[TRX_REASON_NOT_JSON] = "not_json",
		[TRX_REASON_NOT_UTF8] = "not_utf8",
		[TRX_REASON_LONE_SURROGATE] = "lone_surrogate",
		[TRX_REASON_DUPLICATE_KEY] = "duplicate_key",
		[TRX_REASON_TOO_DEEP] = "too_deep",
		[TRX_REASON_TOO_LARGE] = "too_large",
		[TRX_REASON_BAD_FIELD] = "bad_field",
		[TRX_REASON_AMBIGUOUS_ROW] = "ambiguous_row",
		[TRX_REASON_NOTHING_TRAINED] = "nothing_trained",
		[TRX_REASON_TEMPLATE_ERROR] = "template_error",
		[TRX_REASON_NOT_PREFIX] = "not_prefix",
		[TRX_REASON_TURN_CHANGED] = "turn_changed",
		[TRX_REASON_SPECIAL_IN_TEXT] = "special_in_text",
		[TRX_REASON_TOO_LONG] = "too_long",
	};

	return names[reason];
}
