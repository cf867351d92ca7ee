/* SPDX-License-Identifier: Apache-2.0 */
/* Lock files with any content: refused with one reason, or read and writable again. */
#include "plugin/plugin_lock.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct run run;
    struct plugin_lock lock = { { NULL, 0 }, NULL };
    run_init(&run, NULL, NULL);
    int code = lock_parse(&run, (struct str){ (const char *)data, size }, 1, &lock);
    ENSURE((code != 0) == (run.diags.error_count == 1));
    if (code == 0) {
        struct lock_pin pin;
        lock_set_pin(&run, &lock, STR("a.b"),
                (struct lock_pin){ .version = STR("1.0.0"), .sha256 = STR("0") });
        lock_set_disabled(&run, &lock, STR("a.b"), true);
        ENSURE(lock_find(NULL, &lock, STR("a.b"), &pin) && lock_disables(&lock, STR("a.b")));
        lock_set_disabled(&run, &lock, STR("a.b"), false);
        lock_remove_pin(&run, &lock, STR("a.b"));
        ENSURE(!lock_find(NULL, &lock, STR("a.b"), &pin));
    }
    run_clear(&run);
    return 0;
}
