/* SPDX-License-Identifier: Apache-2.0 */
/* Plugins that ended in the middle of their work, remembered by the bytes of their file. */
#include "quarantine.h"

#include <errno.h>
#include <string.h>
#include <sys/auxv.h>
#include <time.h>
#include <unistd.h>

#include "identity.h"
#include "plugin_set.h"
#include "record.h"
#include "trust.h"

enum {
    RECORD_MAX_BYTES = 16 << 10,
    RECORD_MAX_COUNT = 1000,
    TEXT_MAX_BYTES = 512,
    SHA256_DIGITS = 64
};

#define RECORD_SUFFIX ".json"

/* Empty: there is no place to remember anything in. */
static struct str quarantine_folder(struct run *run)
{
    struct str own = getauxval(AT_SECURE) != 0
                             ? STR_EMPTY
                             : own_folder(run, "XDG_STATE_HOME", STR(".local/state"));
    return own.len > 0 ? path_join(run->arena, own, STR("quarantine")) : STR_EMPTY;
}

/* The digest a file of the folder is named after; empty for other files. */
static struct str digest_of_name(struct str name)
{
    struct str digest = name.len > SHA256_DIGITS ? str_sub(name, 0, SHA256_DIGITS) : STR_EMPTY;
    bool is_record = is_digest(digest) &&
                     str_eq(str_from_index(name, SHA256_DIGITS), STR(RECORD_SUFFIX));
    return is_record ? digest : STR_EMPTY;
}

static struct str member(struct run *run, const struct value *root, const char *name)
{
    struct str text = value_string(value_get_str(root, str_from(name)));
    return text.len <= TEXT_MAX_BYTES ? text_shown(run->arena, text) : STR_EMPTY;
}

/* Whatever the version of the program; `*ret_is_ours` says whether it is this one's. */
static bool read_record(struct run *run, struct str path, struct str digest,
        struct quarantine_record *ret_record, bool *ret_is_ours)
{
    struct str content;
    struct diags ignored;
    const struct value *root = NULL;
    diags_init(&ignored, run->arena);
    if (file_read(run->arena, path, RECORD_MAX_BYTES, &content) != 0 ||
            json_read(run->arena, run->keys, &ignored, content, STR("record"), 0, &root) != 0 ||
            !value_is(root, VALUE_MAP)) {
        return false;
    }
    *ret_record = (struct quarantine_record){ .sha256 = digest,
        .plugin = member(run, root, "plugin"),
        .version = member(run, root, "version"),
        .function = member(run, root, "function"),
        .reason = member(run, root, "reason"),
        .time = member(run, root, "time") };
    *ret_is_ours = str_eq_cstr(member(run, root, "tf_atmos"), TFA_VERSION);
    return is_plugin_id(ret_record->plugin) &&
           value_int(value_get_str(root, STR("count")), &ret_record->count) &&
           ret_record->count > 0;
}

void quarantine_read(struct run *run, struct quarantine *ret_quarantine)
{
    struct str folder = quarantine_folder(run);
    struct folder_entry *entries = NULL;
    size_t count = 0;
    *ret_quarantine = (struct quarantine){ 0 };
    if (folder.len == 0 || folder_list(run->arena, folder, &entries, &count) != 0) {
        return;
    }
    count = count < RECORD_MAX_COUNT ? count : RECORD_MAX_COUNT;
    ret_quarantine->records = ARENA_ARRAY(run->arena, struct quarantine_record, count + 1);
    for (size_t i = 0; i < count; i++) {
        bool is_ours = false;
        struct str digest = digest_of_name(entries[i].name);
        struct str path = path_join(run->arena, folder, entries[i].name);
        struct quarantine_record *record = &ret_quarantine->records[ret_quarantine->count];
        if (digest.len > 0 && read_record(run, path, digest, record, &is_ours) && is_ours) {
            ret_quarantine->count++;
        }
    }
}

bool quarantine_names(const struct quarantine *quarantine, struct str plugin)
{
    for (size_t i = 0; i < quarantine->count; i++) {
        if (str_eq(quarantine->records[i].plugin, plugin)) {
            return true;
        }
    }
    return false;
}

const struct quarantine_record *quarantine_find(
        const struct quarantine *quarantine, struct str sha256)
{
    for (size_t i = 0; i < quarantine->count; i++) {
        if (str_eq(quarantine->records[i].sha256, sha256)) {
            return &quarantine->records[i];
        }
    }
    return NULL;
}

static struct str time_text(struct run *run)
{
    char text[32];
    struct tm utc;
    const time_t seconds = (time_t)(run->clock->wall_ms(run->clock->context) / 1000);
    bool is_time = gmtime_r(&seconds, &utc) &&
                   strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc) > 0;
    return is_time ? arena_dup(run->arena, str_from(text)) : STR_EMPTY;
}

static struct str record_text(struct run *run, const struct quarantine_record *record)
{
    struct value_builder builder;
    AUTO_BUF text = BUF_INIT(RECORD_MAX_BYTES);
    value_builder_init(&builder, run->arena, MARK_NONE);
    row_put_text(run, &builder, "plugin", record->plugin);
    row_put_text(run, &builder, "version", record->version);
    row_put_text(run, &builder, "tf_atmos", STR(TFA_VERSION));
    row_put_text(run, &builder, "function", record->function);
    row_put_text(run, &builder, "reason", record->reason);
    row_put_text(run, &builder, "time", record->time);
    value_builder_add(&builder, key_of(run->keys, STR("count")),
            value_int_new(run->arena, record->count, MARK_NONE), MARK_NONE);
    json_write(&text, value_builder_map(&builder), JSON_KEEP_ORDER);
    buf_add_byte(&text, '\n');
    return arena_dup(run->arena, buf_str(&text));
}

static struct str shortened(struct str text)
{
    return text.len <= TEXT_MAX_BYTES ? text : str_sub(text, 0, TEXT_MAX_BYTES);
}

void quarantine_add(struct run *run, const struct quarantine_record *record)
{
    struct str folder = quarantine_folder(run);
    struct quarantine_record earlier;
    struct quarantine_record now = *record;
    bool is_ours = false;
    if (folder.len == 0 || !is_digest(record->sha256)) {
        log_at(run->log, LOG_WARNING, "plugin %.*s is not remembered: no state folder",
                STR_ARG(record->plugin));
        return;
    }
    struct str path = path_join(run->arena, folder,
            arena_printf(run->arena, "%.*s" RECORD_SUFFIX, STR_ARG(record->sha256)));
    now.count = read_record(run, path, record->sha256, &earlier, &is_ours) &&
                                earlier.count < INT32_MAX
                        ? earlier.count + 1
                        : 1;
    now.time = time_text(run);
    now.function = shortened(record->function);
    now.reason = shortened(record->reason);
    if (folder_create(folder, 0700) != 0 ||
            file_write_atomic(path, record_text(run, &now), 0600) != 0) {
        log_at(run->log, LOG_WARNING, "cannot write %.*s: %s", STR_ARG(path),
                strerrordesc_np(errno));
    }
}

static int remove_record(struct run *run, struct str path)
{
    if (unlink(arena_cstr(run->arena, path)) == 0 || errno == ENOENT) {
        return 0;
    }
    (void)diag_add(&run->diags, &plugin_diags[PLUGIN_RESET_FAILED], MARK_NONE,
            "the record `%.*s` cannot be removed: %s", STR_ARG(path), strerrordesc_np(errno));
    return ERR_IO;
}

int quarantine_clear(struct run *run, struct str plugin, size_t *ret_count)
{
    struct str folder = quarantine_folder(run);
    struct folder_entry *entries = NULL;
    size_t count = 0;
    size_t removed = 0;
    if (folder.len > 0 && folder_list(run->arena, folder, &entries, &count) != 0) {
        count = 0;
    }
    for (size_t i = 0; i < count; i++) {
        struct quarantine_record record;
        bool is_ours = false;
        struct str digest = digest_of_name(entries[i].name);
        struct str path = path_join(run->arena, folder, entries[i].name);
        if (digest.len == 0) {
            continue;
        }
        bool is_read = read_record(run, path, digest, &record, &is_ours);
        if (plugin.len > 0 && !(is_read && str_eq(record.plugin, plugin))) {
            continue;
        }
        int code = remove_record(run, path);
        if (code != 0) {
            return code;
        }
        removed++;
    }
    *ret_count = removed;
    return 0;
}
