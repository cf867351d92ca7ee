/* SPDX-License-Identifier: Apache-2.0 */
/* Whether `terraform init` has anything to do. */
#include <sys/stat.h>

#include "terraform_private.h"

/*
 * A success of init is remembered by a digest of everything it depended on, in the data folder of the
 * instance. When terraform made no data folder (a stand-in did not, say), nothing is remembered.
 */
static const char stamp_name[] = "tf-atmos-init.sha256";

enum {
    SOURCE_MAX = 16 * 1024 * 1024,
    MODULES_MAX = 1000
};

static void add_text(struct sha256 *hash, struct str text)
{
    uint64_t len = text.len;
    sha256_add(hash, &len, sizeof(len));
    sha256_add(hash, text.ptr, text.len);
}

static bool is_source(struct str name)
{
    return str_ends_with(name, STR(".tf")) || str_ends_with(name, STR(".tf.json")) ||
           str_ends_with(name, STR(".tofu")) || str_eq(name, STR(".terraform.lock.hcl"));
}

/* Names and contents of the Terraform sources in one folder. */
static void add_folder(struct run *run, struct sha256 *hash, struct str folder)
{
    struct folder_entry *entries = NULL;
    size_t count = 0;
    if (folder_list(run->arena, folder, &entries, &count) != 0) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct str content = STR_EMPTY;
        if (!is_source(entries[i].name)) {
            continue;
        }
        add_text(hash, entries[i].name);
        (void)file_read(run->arena, path_join(run->arena, folder, entries[i].name), SOURCE_MAX,
                &content);
        add_text(hash, content);
    }
}

/* The local modules that the last init found: a provider may have been added in one of them. */
static void add_modules(struct run *run, struct sha256 *hash, const struct instance *instance,
        struct str data_folder)
{
    struct str content;
    struct diags unheard;
    const struct value *root = NULL;
    struct str path = path_join(run->arena, data_folder, STR("modules/modules.json"));
    diags_init(&unheard, run->arena);
    if (file_read(run->arena, path, SOURCE_MAX, &content) != 0 ||
            json_read(run->arena, run->keys, &unheard, content, path, 0, &root) != 0) {
        return;
    }
    const struct value *modules = value_get_str(root, STR("Modules"));
    for (size_t i = 0; i < value_count(modules) && i < MODULES_MAX; i++) {
        struct str folder = value_string(value_get_str(value_at(modules, i), STR("Dir")));
        if (folder.len > 0 && !str_eq(folder, STR("."))) {
            add_text(hash, folder);
            add_folder(run, hash, path_join(run->arena, instance->path, folder));
        }
    }
}

static struct str stamp_path(struct run *run, const struct instance *instance)
{
    struct str folder =
            path_join(run->arena, instance->path, terraform_data_folder(run, instance));
    return path_join(run->arena, folder, str_from(stamp_name));
}

struct str terraform_init_stamp(struct run *run, const struct instance *instance,
        struct str program, const struct words *init_args)
{
    struct sha256 hash;
    struct stat info;
    sha256_init(&hash);
    add_text(&hash, program);
    if (stat(program.ptr, &info) == 0) {
        int64_t identity[3] = { info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec };
        sha256_add(&hash, identity, sizeof(identity));
    }
    for (size_t i = 0; i < init_args->count; i++) {
        add_text(&hash, init_args->items[i]);
    }
    add_folder(run, &hash, instance->path);
    add_modules(run, &hash, instance, path_folder(stamp_path(run, instance)));
    return sha256_hex(run->arena, sha256_finish(&hash));
}

bool terraform_init_has_run(struct run *run, const struct instance *instance, struct str stamp)
{
    struct str present;
    return file_read(run->arena, stamp_path(run, instance), 64, &present) == 0 &&
           str_eq(present, stamp);
}

void terraform_init_done(struct run *run, const struct instance *instance, struct str stamp)
{
    struct str path = stamp_path(run, instance);
    if (file_is_folder(path_folder(path)) && file_write_atomic(path, stamp, 0600) != 0) {
        /* Without the stamp the next run only initializes once more. */
        log_at(run->log, LOG_DEBUG, "cannot write %s", path.ptr);
    }
}
