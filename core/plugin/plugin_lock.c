/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the lock file as hostile input, changes it as a value tree, writes it whole. */
#include "plugin_lock.h"

#include <errno.h>
#include <string.h>

#include "config/config.h"
#include "identity.h"
#include "leftovers.h"
#include "plugin_diag.h"
#include "record.h"

enum {
    LOCK_MAX_BYTES = 1 << 20,
    LOCK_VERSION = 1
};

static int say_invalid(struct run *run, struct mark mark, struct str what)
{
    diag_add(&run->diags, &plugin_diags[PLUGIN_LOCK_INVALID], mark,
            "the lock file " LOCK_FILE_NAME " is not usable: %.*s", STR_ARG(what));
    return ERR_INVALID;
}

/* Absent, or a list of such texts. */
static bool is_list_of(const struct value *list, bool (*is_valid)(struct str))
{
    for (size_t i = 0; i < value_count(list); i++) {
        struct str text = value_string(value_at(list, i));
        if (text.len == 0 || !is_valid(text)) {
            return false;
        }
    }
    return !list || value_is(list, VALUE_LIST);
}

enum {
    SOURCE_MAX_BYTES = 2048
};

/* An address, or a path that stays below the repository. */
static bool is_source(struct str text)
{
    struct str rest = text;
    bool more = true;
    struct str piece;
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7f) {
            return false;
        }
    }
    while (str_split(&rest, &more, '/', &piece)) {
        if (str_eq_cstr(piece, "..")) {
            return false;
        }
    }
    return text.len > 0 && text.len <= SOURCE_MAX_BYTES && text.ptr[0] != '/' &&
           str_is_utf8(text);
}

/* What is wrong with one pin; empty when it is fine. */
static struct str pin_fault(struct arena *arena, struct str id, const struct value *pin)
{
    const struct value *signer = value_get_str(pin, STR("signer"));
    const struct value *source = value_get_str(pin, STR("source"));
    if (source && !is_source(value_string(source))) {
        return arena_printf(arena,
                "the `source` of `%.*s` is no address and no path below the repository",
                STR_ARG(id));
    }
    if (!is_version(value_string(value_get_str(pin, STR("version"))))) {
        return arena_printf(arena, "the pin of `%.*s` has no valid `version`", STR_ARG(id));
    }
    if (!is_list_of(value_get_str(pin, STR("kinds")), is_plugin_id) ||
            !is_list_of(value_get_str(pin, STR("components")), glob_is_valid)) {
        return arena_printf(
                arena, "the pin of `%.*s` has odd `kinds` or `components`", STR_ARG(id));
    }
    if (!is_digest(value_string(value_get_str(pin, STR("sha256"))))) {
        return arena_printf(arena, "the pin of `%.*s` has no `sha256` of 64 hexadecimal digits",
                STR_ARG(id));
    }
    if (signer && !is_key_id(value_string(signer))) {
        return arena_printf(arena,
                "the `signer` of `%.*s` is no key id of 16 hexadecimal digits", STR_ARG(id));
    }
    return STR_EMPTY;
}

static int check_pins(struct run *run, const struct value *pins)
{
    if (!value_is(pins, VALUE_MAP)) {
        return say_invalid(run, pins->mark, STR("`plugins` is not a map"));
    }
    for (size_t i = 0; i < pins->as.map.count; i++) {
        const struct value_entry *entry = &pins->as.map.entries[i];
        if (!is_plugin_id(entry->key->text)) {
            return say_invalid(
                    run, entry->mark, STR("`plugins` has a key that is no plugin id"));
        }
        struct str fault = pin_fault(run->arena, entry->key->text, entry->value);
        if (fault.len > 0) {
            return say_invalid(run, entry->value->mark, fault);
        }
    }
    return 0;
}

static int check_lock(struct run *run, const struct value *root)
{
    int64_t version = 0;
    const struct value *disabled = value_get_str(root, STR("disabled"));
    const struct value *pins = value_get_str(root, STR("plugins"));
    if (!value_is(root, VALUE_MAP)) {
        return say_invalid(run, root ? root->mark : MARK_NONE, STR("it is not a JSON object"));
    }
    if (!value_int(value_get_str(root, STR("version")), &version) || version < 1) {
        return say_invalid(run, root->mark, STR("it has no `version`"));
    }
    if (version != LOCK_VERSION) {
        return say_invalid(run, root->mark,
                arena_printf(run->arena, "it is of version %lld, this program knows version %d",
                        (long long)version, LOCK_VERSION));
    }
    if (!disabled) {
        return pins ? check_pins(run, pins) : 0;
    }
    if (!value_is(disabled, VALUE_LIST)) {
        return say_invalid(run, disabled->mark, STR("`disabled` is not a list"));
    }
    for (size_t i = 0; i < value_count(disabled); i++) {
        struct str pattern = value_string(value_at(disabled, i));
        if (pattern.len == 0 || !glob_is_valid(pattern)) {
            return say_invalid(
                    run, disabled->mark, STR("`disabled` holds something that is no pattern"));
        }
    }
    return pins ? check_pins(run, pins) : 0;
}

static const struct value *empty_map(struct run *run)
{
    struct value_builder builder;
    value_builder_init(&builder, run->arena, MARK_NONE);
    return value_builder_map(&builder);
}

int lock_parse(struct run *run, struct str content, uint32_t file, struct plugin_lock *lock)
{
    const struct value *root = NULL;
    struct diags details;
    diags_init(&details, run->arena);
    int code = json_read(
            run->arena, run->keys, &details, content, STR(LOCK_FILE_NAME), file, &root);
    if (code != 0) {
        struct mark mark = { file, 1, 1 };
        struct str what =
                details.list.count > 0 ? details.list.items[0].message : STR("it is not JSON");
        if (str_starts_with(what, STR(LOCK_FILE_NAME ": "))) {
            what = str_from_index(what, sizeof(LOCK_FILE_NAME ": ") - 1);
        }
        say_invalid(run, details.list.count > 0 ? details.list.items[0].mark : mark, what);
        return code;
    }
    code = check_lock(run, root);
    if (code == 0) {
        lock->root = root;
    }
    return code;
}

int lock_read(struct run *run, struct str repository, struct plugin_lock *ret_lock)
{
    struct plugin_lock lock = { STR_EMPTY, empty_map(run) };
    struct str content;
    if (repository.len == 0) {
        *ret_lock = lock;
        return 0;
    }
    lock.path = path_join(run->arena, repository, STR(LOCK_FILE_NAME));
    int code = file_read(run->arena, lock.path, LOCK_MAX_BYTES, &content);
    if (code == ERR_NOT_FOUND) {
        *ret_lock = lock;
        return 0;
    }
    if (code == ERR_LIMIT || code == ERR_INVALID) {
        say_invalid(run, MARK_NONE,
                code == ERR_LIMIT ? STR("it is larger than 1 MiB")
                                  : str_from(file_read_reason(code)));
        return code;
    }
    if (code != 0) {
        diag_add(&run->diags, &plugin_diags[PLUGIN_LOCK_UNREADABLE], MARK_NONE,
                "the lock file `%.*s` cannot be read: %s", STR_ARG(lock.path),
                strerrordesc_np(errno));
        return code;
    }
    lock.root = NULL;
    code = lock_parse(run, content, config_add_source(run, lock.path), &lock);
    if (code == 0) {
        *ret_lock = lock;
    }
    return code;
}

struct str_list lock_ids(struct arena *arena, const struct plugin_lock *lock)
{
    const struct value *pins = value_get_str(lock->root, STR("plugins"));
    struct str *ids = ARENA_ARRAY(arena, struct str, value_count(pins) + 1);
    for (size_t i = 0; i < value_count(pins); i++) {
        ids[i] = pins->as.map.entries[i].key->text;
    }
    return (struct str_list){ ids, value_count(pins) };
}

/* The texts of a list; none without an arena to keep them in. */
static struct str_list read_list(struct arena *arena, const struct value *list)
{
    size_t count = arena ? value_count(list) : 0;
    struct str *items = count > 0 ? ARENA_ARRAY(arena, struct str, count) : NULL;
    for (size_t i = 0; i < count; i++) {
        items[i] = value_string(value_at(list, i));
    }
    return (struct str_list){ items, count };
}

bool lock_find(struct arena *arena, const struct plugin_lock *lock, struct str id,
        struct lock_pin *ret_pin)
{
    const struct value *pin = value_get_str(value_get_str(lock->root, STR("plugins")), id);
    if (!pin) {
        return false;
    }
    ret_pin->version = value_string(value_get_str(pin, STR("version")));
    ret_pin->sha256 = value_string(value_get_str(pin, STR("sha256")));
    ret_pin->signer = value_string(value_get_str(pin, STR("signer")));
    ret_pin->source = value_string(value_get_str(pin, STR("source")));
    ret_pin->kinds = read_list(arena, value_get_str(pin, STR("kinds")));
    ret_pin->components = read_list(arena, value_get_str(pin, STR("components")));
    return true;
}

bool lock_disables(const struct plugin_lock *lock, struct str id)
{
    const struct value *disabled = value_get_str(lock->root, STR("disabled"));
    for (size_t i = 0; i < value_count(disabled); i++) {
        if (glob_match(value_string(value_at(disabled, i)), id)) {
            return true;
        }
    }
    return false;
}

static void set_key(
        struct run *run, struct plugin_lock *lock, struct str key, const struct value *value)
{
    const struct key *interned = key_of(run->keys, key);
    lock->root = value ? value_with(run->arena, lock->root, interned, value)
                       : value_without(run->arena, lock->root, interned);
}

static const struct value *write_list(struct run *run, const struct str_list *list)
{
    const struct value **items = ARENA_ARRAY(run->arena, const struct value *, list->count + 1);
    for (size_t i = 0; i < list->count; i++) {
        items[i] = value_string_new(run->arena, list->items[i], MARK_NONE);
    }
    return value_list_new(run->arena, items, list->count, MARK_NONE);
}

static const struct value *with_text(
        struct run *run, const struct value *map, const char *name, struct str text)
{
    const struct key *key = key_of(run->keys, str_from(name));
    return text.len > 0 ? value_with(run->arena, map, key,
                                  value_string_new(
                                          run->arena, arena_dup(run->arena, text), MARK_NONE))
                        : value_without(run->arena, map, key);
}

void lock_set_pin(struct run *run, struct plugin_lock *lock, struct str id, struct lock_pin pin)
{
    const struct value *pins = value_get_str(lock->root, STR("plugins"));
    const struct value *entry = value_get_str(pins, id);
    entry = value_is(entry, VALUE_MAP) ? entry : empty_map(run);
    entry = with_text(run, entry, "sha256", pin.sha256);
    entry = with_text(run, entry, "version", pin.version);
    entry = value_with(
            run->arena, entry, key_of(run->keys, STR("kinds")), write_list(run, &pin.kinds));
    entry = value_with(run->arena, entry, key_of(run->keys, STR("components")),
            write_list(run, &pin.components));
    entry = with_text(run, entry, "signer", pin.signer);
    entry = with_text(run, entry, "source", pin.source);
    set_key(run, lock, STR("plugins"),
            value_with(run->arena, pins ? pins : empty_map(run), key_of(run->keys, id), entry));
}

void lock_remove_pin(struct run *run, struct plugin_lock *lock, struct str id)
{
    const struct value *pins = value_get_str(lock->root, STR("plugins"));
    if (value_get_str(pins, id)) {
        set_key(run, lock, STR("plugins"),
                value_without(run->arena, pins, key_of(run->keys, id)));
    }
}

void lock_set_disabled(
        struct run *run, struct plugin_lock *lock, struct str id, bool is_disabled)
{
    const struct value *disabled = value_get_str(lock->root, STR("disabled"));
    size_t count = 0;
    const struct value **items =
            ARENA_ARRAY(run->arena, const struct value *, value_count(disabled) + 1);
    const struct value *new_item = value_string_new(run->arena, id, MARK_NONE);
    bool is_placed = !is_disabled;
    for (size_t i = 0; i < value_count(disabled); i++) {
        const struct value *item = value_at(disabled, i);
        int order = str_cmp(id, value_string(item));
        if (order == 0) {
            continue;
        }
        if (order < 0 && !is_placed) {
            items[count++] = new_item;
            is_placed = true;
        }
        items[count++] = item;
    }
    if (!is_placed) {
        items[count++] = new_item;
    }
    set_key(run, lock, STR("disabled"),
            count > 0 ? value_list_new(run->arena, items, count, MARK_NONE) : NULL);
}

int lock_write(struct run *run, const struct plugin_lock *lock)
{
    if (lock->path.len == 0) {
        diag_add(&run->diags, &plugin_diags[PLUGIN_NO_REPOSITORY], MARK_NONE,
                "no repository: there is no place for " LOCK_FILE_NAME);
        return ERR_INVALID;
    }
    struct plugin_lock full = *lock;
    set_key(run, &full, STR("version"), value_int_new(run->arena, LOCK_VERSION, MARK_NONE));
    if (!value_get_str(full.root, STR("plugins"))) {
        set_key(run, &full, STR("plugins"), empty_map(run));
    }
    AUTO_BUF content = BUF_INIT(BUF_UNBOUNDED);
    json_write(&content, full.root, 0);
    buf_add_byte(&content, '\n');
    leftovers_sweep_file(run, full.path);
    if (file_write_atomic(full.path, buf_str(&content), 0644) != 0) {
        struct diag *diag = diag_add(&run->diags, &plugin_diags[PLUGIN_LOCK_UNWRITABLE],
                MARK_NONE, "the lock file `%.*s` cannot be written: %s", STR_ARG(full.path),
                strerrordesc_np(errno));
        diag->hint = STR("make the folder writable, or run the command where it is");
        return ERR_IO;
    }
    return 0;
}
