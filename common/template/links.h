/* What Jinja's urlize takes for a link. */
#ifndef TRX_TEMPLATE_LINKS_H
#define TRX_TEMPLATE_LINKS_H

#include <stdbool.h>

#include "common/base/str.h"

/* Is s (UTF-8 without white space) an address of the web? */
bool trx_links_web(struct trx_str s);

/* Is s one of mail? */
bool trx_links_mail(struct trx_str s);

/* Is s a scheme as urlize may be given one: "tel:", "ftp://"? */
bool trx_links_scheme(struct trx_str s);

#endif
