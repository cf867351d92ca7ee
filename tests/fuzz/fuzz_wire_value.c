/* SPDX-License-Identifier: Apache-2.0 */
/* The reader of values on any bytes; what it takes is written and read again. */
#include "run.h"
#include "wire/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct value *read_back(struct run *run, struct str bytes)
{
    struct wire_in in = wire_in_of(bytes);
    struct wire_names names = { .arena = run->arena };
    struct wire_reader reader = { &in, run->arena, run->keys, run->sources, &names };
    const struct value *value = wire_get_value(&reader);
    ENSURE(!value || !in.is_bad);
    return value;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *const none[] = { NULL };
    struct run run;
    run_init(&run, none, NULL);
    const struct value *value = read_back(&run, (struct str){ (const char *)data, size });
    if (value) {
        AUTO_BUF out = BUF_INIT(WIRE_FRAME_MAX);
        struct wire_names told = { .arena = run.arena };
        wire_put_value(&out, &told, run.sources, value);
        ENSURE(!out.is_full);
        const struct value *again = read_back(&run, buf_str(&out));
        ENSURE(again && value_equal(value, again));
    }
    run_clear(&run);
    return 0;
}
