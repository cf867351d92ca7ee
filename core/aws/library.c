/* SPDX-License-Identifier: Apache-2.0 */
/* Opening libcurl at run time. */
#include "library.h"

#define CURL_SYMBOL(function) { #function, offsetof(struct curl_library, function) },

static const struct library_symbol symbols[] = { CURL_FUNCTIONS(CURL_SYMBOL){ NULL, 0 } };

int curl_library_open(
        struct curl_library *table, struct arena *arena, const char *name, struct str *ret_why)
{
    return library_open(table, symbols, arena, name, ret_why);
}
