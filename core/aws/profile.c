/* SPDX-License-Identifier: Apache-2.0 */
/* Shared AWS files as profiles. */
#include "profile.h"

#include <errno.h>
#include <string.h>

#include "secret.h"

#define MAX_FILE_BYTES ((size_t)1 << 20)

static struct str find_path(struct run *run, const char *variable, const char *name)
{
    const char *home = environment_get(&run->env, "HOME");
    const char *given = environment_get(&run->env, variable);
    bool has_home = home && home[0] == '/';
    if (given && given[0] != '\0') {
        if (strncmp(given, "~/", 2) == 0 && has_home) {
            return path_join(run->arena, str_from(home), str_from(given + 2));
        }
        return path_join(run->arena, run->folder, str_from(given));
    }
    if (!has_home) {
        return STR_EMPTY;
    }
    struct str folder = path_join(run->arena, str_from(home), STR(".aws"));
    return path_join(run->arena, folder, str_from(name));
}

static int load_file(struct run *run, struct arena *arena, struct profile_file *file,
        const struct aws_fault **ret_fault)
{
    if (file->path.len == 0) {
        return 0;
    }
    char *path = arena_cstr(arena, file->path);
    int err = secret_file_read(path, MAX_FILE_BYTES, &file->content);
    if (err == ERR_NOT_FOUND) {
        return 0;
    }
    if (err != 0) {
        const char *why = err == ERR_LIMIT ? "it is larger than 1 MiB" : file_read_reason(err);
        *ret_fault = fault_new(run->arena, AWS_FILE_UNREADABLE, "cannot read `%.*s`: %s",
                STR_ARG(file->path), why);
        return ERR_IO;
    }
    uint32_t line = 0;
    const char *why = "";
    file->is_there = true;
    if (ini_parse(arena, file->content, &file->ini, &line, &why) != 0) {
        *ret_fault = fault_new(
                run->arena, AWS_FILE_INVALID, "%.*s:%u: %s", STR_ARG(file->path), line, why);
        return ERR_PARSE;
    }
    return 0;
}

int profiles_load(
        struct run *run, struct profiles *ret_profiles, const struct aws_fault **ret_fault)
{
    struct profiles profiles = { .arena = arena_new() };
    profiles.files[0].path = find_path(run, "AWS_SHARED_CREDENTIALS_FILE", "credentials");
    profiles.files[1].path = find_path(run, "AWS_CONFIG_FILE", "config");
    profiles.files[1].is_config = true;
    for (size_t i = 0; i < 2; i++) {
        int err = load_file(run, profiles.arena, &profiles.files[i], ret_fault);
        if (err != 0) {
            profiles_clear(&profiles);
            return err;
        }
    }
    *ret_profiles = profiles;
    return 0;
}

void profiles_clear(struct profiles *profiles)
{
    for (size_t i = 0; i < 2; i++) {
        secret_file_free(profiles->files[i].content);
    }
    arena_free(profiles->arena);
    *profiles = (struct profiles){ 0 };
}

/* What follows `type ` in a section's name, with quotes taken off; false for another type. */
static bool section_named(struct str section, const char *type, struct str *ret_name)
{
    struct str prefix = str_from(type);
    struct str rest = str_from_index(section, prefix.len);
    if (!str_starts_with(section, prefix) || rest.len == 0 ||
            (rest.ptr[0] != ' ' && rest.ptr[0] != '\t')) {
        return false;
    }
    rest = str_trim(rest);
    bool is_quoted = rest.len > 1 && (rest.ptr[0] == '"' || rest.ptr[0] == '\'') &&
                     rest.ptr[rest.len - 1] == rest.ptr[0];
    *ret_name = is_quoted ? str_sub(rest, 1, rest.len - 1) : rest;
    return true;
}

/* The profile a section describes; false when it describes something else. `ret_rank` is higher for
 * the spelling that wins. */
static bool profile_of(const struct profile_file *file, const struct ini_section *section,
        struct str *ret_name, int *ret_rank)
{
    if (file->is_config && section_named(section->name, "profile", ret_name)) {
        *ret_rank = 1;
        return true;
    }
    *ret_rank = 0;
    *ret_name = section->name;
    return !file->is_config || str_eq(section->name, STR("default"));
}

bool profiles_has(const struct profiles *profiles, struct str profile)
{
    struct str *names = NULL;
    size_t count = profiles_names(profiles, &names);
    for (size_t i = 0; i < count; i++) {
        if (str_eq(names[i], profile)) {
            return true;
        }
    }
    return false;
}

size_t profiles_names(const struct profiles *profiles, struct str **ret_names)
{
    VEC(struct str) names = { 0 };
    struct map seen = { 0 };
    for (size_t i = 0; i < 2; i++) {
        const struct profile_file *file = &profiles->files[i];
        for (size_t k = 0; k < file->ini.sections.count; k++) {
            struct str name;
            int rank;
            if (profile_of(file, &file->ini.sections.items[k], &name, &rank) &&
                    !map_put(profiles->arena, &seen, name, &seen)) {
                VEC_PUSH(profiles->arena, &names, name);
            }
        }
    }
    *ret_names = names.items;
    return names.count;
}

/* The last setting of this name in a section; NULL when there is none. */
static const struct ini_entry *find_entry(
        const struct ini_section *section, struct str parent, const char *name)
{
    for (size_t i = section->entries.count; i > 0; i--) {
        const struct ini_entry *entry = &section->entries.items[i - 1];
        if (str_eq(entry->parent, parent) && str_eq_cstr(entry->name, name) &&
                entry->value.len > 0) {
            return entry;
        }
    }
    return NULL;
}

static struct setting setting_at(const struct profiles *profiles,
        const struct profile_file *file, const struct ini_entry *entry)
{
    return (struct setting){
        .value = entry->value,
        .place = arena_printf(
                profiles->arena, "%.*s:%u", STR_ARG(file->path), (unsigned)entry->line),
        .is_continued = entry->is_continued,
    };
}

bool profiles_get(const struct profiles *profiles, struct str profile, const char *name,
        struct setting *ret_setting)
{
    for (size_t i = 0; i < 2; i++) {
        const struct profile_file *file = &profiles->files[i];
        const struct ini_entry *found = NULL;
        int found_rank = -1;
        for (size_t k = 0; k < file->ini.sections.count; k++) {
            const struct ini_section *section = &file->ini.sections.items[k];
            struct str section_profile;
            int rank;
            if (!profile_of(file, section, &section_profile, &rank) ||
                    !str_eq(section_profile, profile) || rank < found_rank) {
                continue;
            }
            const struct ini_entry *entry = find_entry(section, STR_EMPTY, name);
            if (entry) {
                found = entry;
                found_rank = rank;
            }
        }
        if (found) {
            *ret_setting = setting_at(profiles, file, found);
            return true;
        }
    }
    return false;
}

bool profiles_get_service(const struct profiles *profiles, struct str services,
        struct str parent, const char *name, struct setting *ret_setting)
{
    const struct profile_file *file = &profiles->files[1];
    for (size_t k = file->ini.sections.count; k > 0; k--) {
        const struct ini_section *section = &file->ini.sections.items[k - 1];
        struct str found;
        const struct ini_entry *entry =
                section_named(section->name, "services", &found) && str_eq(found, services)
                        ? find_entry(section, parent, name)
                        : NULL;
        if (entry) {
            *ret_setting = setting_at(profiles, file, entry);
            return true;
        }
    }
    return false;
}

struct str profiles_paths(const struct profiles *profiles, struct arena *arena)
{
    struct str parts[2];
    size_t count = 0;
    for (size_t i = 0; i < 2; i++) {
        const struct profile_file *file = &profiles->files[i];
        if (file->path.len > 0) {
            parts[count++] = arena_printf(arena, "`%.*s`%s", STR_ARG(file->path),
                    file->is_there ? "" : " (not there)");
        }
    }
    return count > 0 ? arena_join(arena, parts, count, STR(" and "))
                     : STR("no files, because HOME is not set");
}
