/* SPDX-License-Identifier: Apache-2.0 */
/* One source for plugins that are each wrong in one way; VARIANT_... says which. */
#include "note.h"

#ifndef VARIANT_ID
#define VARIANT_ID "test.variant"
#endif
#ifndef VARIANT_MAJOR
#define VARIANT_MAJOR "1"
#endif
#ifndef VARIANT_MINOR
#define VARIANT_MINOR "0"
#endif
#ifndef VARIANT_REQUIRED
#define VARIANT_REQUIRED "\"tfa.value/1\""
#endif
#ifndef VARIANT_SAYS_ID
#define VARIANT_SAYS_ID VARIANT_ID
#endif
#ifndef VARIANT_SAYS_VERSION
#define VARIANT_SAYS_VERSION "1.0.0"
#endif

#ifndef VARIANT_WITHOUT_NOTE
NOTE(identity, TFA_NOTE_IDENTITY,
        IDENTITY(VARIANT_ID, "1.0.0", VARIANT_MAJOR, VARIANT_MINOR, VARIANT_REQUIRED));
#endif

#ifdef VARIANT_SCHEMA
NOTE(schema, TFA_NOTE_SCHEMA, VARIANT_SCHEMA);
#endif
#ifdef VARIANT_CATALOGUE
NOTE(catalogue, TFA_NOTE_CATALOGUE, VARIANT_CATALOGUE);
#endif

#ifdef VARIANT_DOES_NOT_START
static int32_t start(const struct tfa_host *host, struct tfa_call *call, void **ret_self)
{
    (void)host;
    (void)call;
    (void)ret_self;
    return TFA_E_INTERNAL;
}
#else
#define start NULL
#endif

IDLE_PLUGIN(VARIANT_SAYS_ID, VARIANT_SAYS_VERSION, start);

#ifdef VARIANT_CONSTRUCTOR
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* Says so, and leaves a trace where it can, as soon as the file is mapped for running. */
__attribute__((constructor)) static void leave_trace(void)
{
    static const char text[] = "constructor ran\n";
    const char *path = getenv("TFA_TEST_TRACE");
    ssize_t ignored = write(STDERR_FILENO, text, sizeof(text) - 1);
    (void)ignored;
    int fd = path ? open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600) : -1;
    if (fd >= 0) {
        close(fd);
    }
}
#endif

#ifdef VARIANT_LIBRARY_ENTRY
/* The entry is used from a library, or only stands there unused. */
int library_number(void);
TFA_EXPORT int use_library(void);

TFA_EXPORT int use_library(void)
{
#ifdef VARIANT_IMPORTS_ENTRY
    return tfa_plugin_main_v1() == &plugin;
#else
    return library_number() + (plugin.id != NULL);
#endif
}
#else
TFA_EXPORT const struct tfa_plugin *VARIANT_ENTRY(void);

TFA_EXPORT const struct tfa_plugin *VARIANT_ENTRY(void)
{
    return &plugin;
}
#endif
