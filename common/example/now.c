#include <stdlib.h>

#include "common/cli/options.h"
#include "common/example/now.h"

int
trx_now_read(const char *option, struct trx_date *room,
    const struct trx_date **out, struct trx_error *err)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	uint64_t seconds;

	*out = room;
	if (option != NULL && trx_date_parse(trx_str(option), room) == -1)
		return trx_error_set(err, TRX_USAGE,
		    "--now is a date such as 2026-08-22T13:05:09, not '%s'",
		    option);
	if (option == NULL && epoch == NULL)
		*out = NULL;
	else if (option == NULL &&
		 (trx_options_count(epoch, &seconds) == -1 ||
		     seconds > INT64_MAX ||
		     trx_date_from_epoch((int64_t)seconds, room) == -1))
		return trx_error_set(err, TRX_USAGE,
		    "SOURCE_DATE_EPOCH is no number of seconds: '%s'", epoch);
	return 0;
}
