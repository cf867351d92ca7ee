/* SPDX-License-Identifier: Apache-2.0 */
/* libcurl, opened at run time by the commands that call AWS and by no other. */
#ifndef TFATMOS_AWS_LIBRARY_H
#define TFATMOS_AWS_LIBRARY_H

/* The type-checking macros of curl.h would swallow calls through a table. */
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include "crypto/crypto.h"

/* Every function we call, named once: the tables below and the look-up at run time follow. */
#define CURL_FUNCTIONS(X)                                                                      \
    X(curl_global_init)                                                                        \
    X(curl_global_cleanup)                                                                     \
    X(curl_easy_init)                                                                          \
    X(curl_easy_setopt)                                                                        \
    X(curl_easy_getinfo)                                                                       \
    X(curl_easy_reset)                                                                         \
    X(curl_easy_cleanup)                                                                       \
    X(curl_easy_strerror)                                                                      \
    X(curl_multi_init)                                                                         \
    X(curl_multi_setopt)                                                                       \
    X(curl_multi_add_handle)                                                                   \
    X(curl_multi_remove_handle)                                                                \
    X(curl_multi_perform)                                                                      \
    X(curl_multi_poll)                                                                         \
    X(curl_multi_info_read)                                                                    \
    X(curl_multi_cleanup)                                                                      \
    X(curl_slist_append)                                                                       \
    X(curl_slist_free_all)

struct curl_library {
    CURL_FUNCTIONS(LIBRARY_MEMBER)
};

/* As library_open: 0, or ERR_UNAVAILABLE with the loader's words in `ret_why`. */
int curl_library_open(
        struct curl_library *table, struct arena *arena, const char *name, struct str *ret_why);

#endif
