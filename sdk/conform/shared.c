/* SPDX-License-Identifier: Apache-2.0 */
/* Text in memory that the processes of one test share. */
#include <string.h>
#include <sys/mman.h>

#include "conform.h"

struct shared {
    size_t len;
    char text[TRANSCRIPT_MAX];
};

struct shared *shared_new(void)
{
    void *memory = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE,
            MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void shared_set(struct shared *shared, struct str text)
{
    shared->len = text.len < TRANSCRIPT_MAX ? text.len : TRANSCRIPT_MAX;
    memcpy(shared->text, text.ptr, shared->len);
}

struct str shared_get(const struct shared *shared)
{
    return (struct str){ shared->text, shared->len };
}
