/* SPDX-License-Identifier: Apache-2.0 */
/* A small record of serials, written whole. */
#include "serials.h"

#include "record.h"

#define SERIALS_HEADING "tf-atmos revocation serials 1"

enum {
    SERIALS_MAX_BYTES = 65536
};

/* "3b6a27bcceb6a42d 7" */
static bool is_serial(struct str value)
{
    return value.len > 17 && is_key_id(str_sub(value, 0, 16)) && value.ptr[16] == ' ' &&
           is_number(str_from_index(value, 17));
}

static const struct record_field fields[] = {
    { "seen", is_serial, 0, 4096 },
    { NULL, NULL, 0, 0 },
};

static int read_record(struct run *run, struct str folder, struct record *ret_record)
{
    struct str text;
    struct str reason;
    int code = folder.len == 0
                       ? ERR_NOT_FOUND
                       : file_read(run->arena, path_join(run->arena, folder, STR(SERIALS_NAME)),
                                 SERIALS_MAX_BYTES, &text);
    return code == 0 ? record_read(run->arena, text, STR(SERIALS_HEADING), fields, ret_record,
                               &reason)
                     : code;
}

int serial_seen(struct run *run, struct str folder, struct str key_id, uint64_t *ret_serial)
{
    struct record record;
    struct str value;
    size_t index = 0;
    int code = read_record(run, folder, &record);
    *ret_serial = 0;
    while (code == 0 && record_next(&record, "seen", &index, &value)) {
        if (str_eq(str_sub(value, 0, 16), key_id)) {
            (void)str_to_u64(str_from_index(value, 17), ret_serial);
        }
    }
    return code == ERR_NOT_FOUND ? 0 : code;
}

void serial_remember(struct run *run, struct str folder, struct str key_id, uint64_t serial)
{
    struct record record = { 0 };
    struct str value;
    size_t index = 0;
    uint64_t seen = 0;
    if (folder.len == 0 || serial_seen(run, folder, key_id, &seen) != 0 || seen >= serial) {
        return;
    }
    AUTO_BUF text = BUF_INIT(SERIALS_MAX_BYTES);
    buf_add(&text, STR(SERIALS_HEADING "\n"));
    (void)read_record(run, folder, &record);
    while (record_next(&record, "seen", &index, &value)) {
        if (!str_eq(str_sub(value, 0, 16), key_id)) {
            record_add(&text, "seen", value);
        }
    }
    record_add(&text, "seen",
            arena_printf(run->arena, "%.*s %llu", STR_ARG(key_id), (unsigned long long)serial));
    if (text.is_full || folder_create(folder, 0700) != 0 ||
            file_write_atomic(path_join(run->arena, folder, STR(SERIALS_NAME)), buf_str(&text),
                    0600) != 0) {
        log_at(run->log, LOG_INFO, "the serial of a revocation list is not remembered");
    }
}
