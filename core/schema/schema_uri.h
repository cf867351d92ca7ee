/* SPDX-License-Identifier: Apache-2.0 */
/* References of RFC 3986, as far as schemas use them. */
#ifndef TFATMOS_SCHEMA_SCHEMA_URI_H
#define TFATMOS_SCHEMA_SCHEMA_URI_H

#include "base/base.h"

/* The reference read against the base (section 5.2), in the arena. */
struct str uri_resolve(struct arena *arena, struct str base, struct str reference);
/* Cuts "#fragment" off; the fragment is without '#' and empty when there is none. */
struct str uri_without_fragment(struct str uri, struct str *ret_fragment);
/* %41 to A; other text stays. */
struct str uri_unescape(struct arena *arena, struct str text);

#endif
