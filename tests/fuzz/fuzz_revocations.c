/* SPDX-License-Identifier: Apache-2.0 */
/* Revocation lists with any content: refused with one reason, or answering every question. */
#include "plugin/revocations.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct str text = { (const char *)data, size };
    struct revocations list;
    struct str reason = STR_EMPTY;
    struct str minimum = STR_EMPTY;
    int code = revocations_read(arena, text, &list, &reason);
    ENSURE((code != 0) == (reason.len > 0));
    if (code == 0) {
        ENSURE(list.record.signed_part.len < size);
        (void)revokes_key(&list, STR("0123456789abcdef"));
        (void)revokes_digest(&list, list.key_id);
        (void)revokes_version(&list, STR("com.example.a"), STR("1.0.0-rc.1+x"));
        bool is_later = demands_later(&list, STR("com.example.a"), STR("1.0.0"), &minimum);
        ENSURE(is_later == (minimum.len > 0));
    }
    arena_free(arena);
    return 0;
}
