/* SPDX-License-Identifier: Apache-2.0 */
/* `plugin new`: copies the template of a language and writes the plugin's own names into it. */
#include "plugin_new.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "identity.h"
#include "plugin_diag.h"

enum {
    FILE_MAX_BYTES = 1 << 20,
    FILES_MAX = 100,
    DEPTH_MAX = 6,
    PREFIX_MAX = 8 /* letters of finding codes */
};

/* A text of the templates and what stands for it; earlier ones win. */
struct token {
    struct str from;
    struct str to;
};

enum {
    TOKEN_COUNT = 9
};

struct starting {
    struct run *run;
    const struct plugin_new *request;
    struct token tokens[TOKEN_COUNT];
    struct tree_files files; /* with the names replaced, in their paths too */
};

static int unwritable(struct run *run, struct str path, int error)
{
    diag_add(&run->diags, &plugin_diags[PLUGIN_NEW_IO], MARK_NONE, "cannot write \"%.*s\": %s",
            STR_ARG(path), strerrordesc_np(error));
    return ERR_IO;
}

/* ---- names ---- */

static struct str last_word(struct str id)
{
    size_t start = id.len;
    while (start > 0 && id.ptr[start - 1] != '.') {
        start--;
    }
    return str_from_index(id, start);
}

/* "tag-audit" as "tag_audit". A name of one word may be a keyword of the language: "static_plugin". */
static struct str identifier_of(struct arena *arena, struct str name)
{
    if (str_find(name, '-') < 0) {
        return arena_printf(arena, "%.*s_plugin", STR_ARG(name));
    }
    AUTO_BUF out = BUF_INIT(BUF_UNBOUNDED);
    for (size_t i = 0; i < name.len; i++) {
        buf_add_byte(&out, (char)(name.ptr[i] == '-' ? '_' : name.ptr[i]));
    }
    return arena_dup(arena, buf_str(&out));
}

static char upper(char c)
{
    return (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
}

/* "tag-audit" as "TagAudit". */
static struct str type_of(struct arena *arena, struct str name)
{
    AUTO_BUF out = BUF_INIT(BUF_UNBOUNDED);
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] != '-') {
            bool is_first = i == 0 || name.ptr[i - 1] == '-';
            buf_add_byte(&out, (char)(is_first ? upper(name.ptr[i]) : name.ptr[i]));
        }
    }
    if (str_find(name, '-') < 0) {
        buf_add(&out, STR("Plugin"));
    }
    return arena_dup(arena, buf_str(&out));
}

/* Letters of the first word, two to eight of them: "tag-audit" as "TAG". */
static struct str prefix_of(struct arena *arena, struct str name)
{
    AUTO_BUF out = BUF_INIT(BUF_UNBOUNDED);
    for (size_t i = 0; i < name.len && name.ptr[i] != '-' && buf_str(&out).len < PREFIX_MAX;
            i++) {
        char c = upper(name.ptr[i]);
        if (c >= 'A' && c <= 'Z') {
            buf_add_byte(&out, c);
        }
    }
    while (buf_str(&out).len < 2) {
        buf_add_byte(&out, 'X');
    }
    return arena_dup(arena, buf_str(&out));
}

static void set_tokens(struct starting *starting, struct str name, struct str share)
{
    struct arena *arena = starting->run->arena;
    struct str prefix = prefix_of(arena, name);
    const struct token tokens[TOKEN_COUNT] = {
        { STR("com.example.tag-policy"), starting->request->id },
        { STR("tag-policy"), name },
        { STR("tag_policy"), identifier_of(arena, name) },
        { STR("TagPolicy"), type_of(arena, name) },
        { STR("\"TAG\""), arena_printf(arena, "\"%.*s\"", STR_ARG(prefix)) },
        { STR("TAG0"), arena_printf(arena, "%.*s0", STR_ARG(prefix)) },
        { STR("TAG-0"), arena_printf(arena, "%.*s-0", STR_ARG(prefix)) },
        { STR("TAG_0"), arena_printf(arena, "%.*s_0", STR_ARG(prefix)) },
        { STR("@RUST_SDK@"), path_join(arena, share, STR("rust")) },
    };
    memcpy(starting->tokens, tokens, sizeof(tokens));
}

static struct str replace(const struct starting *starting, struct str text)
{
    AUTO_BUF out = BUF_INIT(BUF_UNBOUNDED);
    for (size_t i = 0; i < text.len;) {
        struct str rest = str_from_index(text, i);
        size_t k = 0;
        while (k < TOKEN_COUNT && !str_starts_with(rest, starting->tokens[k].from)) {
            k++;
        }
        if (k < TOKEN_COUNT) {
            buf_add(&out, starting->tokens[k].to);
            i += starting->tokens[k].from.len;
        } else {
            buf_add_byte(&out, text.ptr[i++]);
        }
    }
    return arena_dup(starting->run->arena, buf_str(&out));
}

/* ---- reading the template ---- */

static int read_template(struct starting *starting, struct str folder)
{
    static const struct tree_limits limits = { DEPTH_MAX, FILES_MAX, FILE_MAX_BYTES, NULL };
    struct run *run = starting->run;
    struct str failed;
    size_t known = starting->files.count;
    if (tree_read(run->arena, folder, &limits, &starting->files, &failed) != 0) {
        diag_add(&run->diags, &plugin_diags[PLUGIN_NO_SDK], MARK_NONE,
                "cannot read the template \"%.*s\": %s", STR_ARG(failed),
                strerrordesc_np(errno));
        return ERR_NOT_FOUND;
    }
    for (size_t i = known; i < starting->files.count; i++) {
        struct tree_file *file = &starting->files.items[i];
        file->path = replace(starting, file->path);
        file->content = replace(starting, file->content);
    }
    return 0;
}

/* share/tf-atmos of the build tree or of the prefix: above the folder of the bundled plugins. */
static bool find_share(struct run *run, struct str bundled, struct str *ret_share)
{
    for (struct str folder = bundled; folder.len > 1; folder = path_folder(folder)) {
        struct str share = path_join(run->arena, folder, STR("share/tf-atmos"));
        if (file_is_folder(path_join(run->arena, share, STR("templates")))) {
            *ret_share = share;
            return true;
        }
    }
    return false;
}

/* ---- writing ---- */

static int write_files(const struct starting *starting, struct str folder)
{
    struct run *run = starting->run;
    for (size_t i = 0; i < starting->files.count; i++) {
        const struct tree_file *file = &starting->files.items[i];
        struct str path = path_join(run->arena, folder, file->path);
        if (folder_create(path_folder(path), 0777) != 0 ||
                file_write_atomic(path, file->content, 0644) != 0) {
            return unwritable(run, path, errno);
        }
    }
    return 0;
}

/* Beside its place, then renamed: nobody sees half a folder. */
static int write_whole(const struct starting *starting, struct str folder)
{
    struct run *run = starting->run;
    struct str scratch =
            arena_printf(run->arena, "%.*s.new-%ld", STR_ARG(folder), (long)getpid());
    int r = write_files(starting, scratch);
    if (r == 0 && rename(arena_cstr(run->arena, scratch), arena_cstr(run->arena, folder))) {
        r = unwritable(run, folder, errno);
    }
    if (r) {
        folder_remove(scratch);
    }
    return r;
}

static int compare_paths(const void *a, const void *b)
{
    return str_cmp(((const struct tree_file *)a)->path, ((const struct tree_file *)b)->path);
}

static int judge(
        struct run *run, const struct plugin_new *request, struct str name, struct str folder)
{
    bool is_kind = name.len > 0 && name.ptr[0] >= 'a' && name.ptr[0] <= 'z';
    if (!is_plugin_id(request->id) || !is_kind) {
        diag_add(&run->diags, &plugin_diags[PLUGIN_BAD_ID], MARK_NONE,
                "\"%.*s\" cannot be the id of a plugin", STR_ARG(request->id));
        return ERR_INVALID;
    }
    if (file_kind_of(folder) != FILE_MISSING) {
        diag_add(&run->diags, &plugin_diags[PLUGIN_NEW_EXISTS], MARK_NONE,
                "\"%.*s\" is there already", STR_ARG(folder));
        return ERR_INVALID;
    }
    return 0;
}

int plugin_new(
        struct run *run, const struct plugin_new *request, struct plugin_started *ret_started)
{
    struct starting starting = { .run = run, .request = request };
    struct str name = last_word(request->id);
    struct str folder = path_join(
            run->arena, run->folder, request->folder.len > 0 ? request->folder : name);
    struct str share;
    int r = judge(run, request, name, folder);
    if (r) {
        return r;
    }
    if (!find_share(run, request->bundled_folder, &share)) {
        diag_add(&run->diags, &plugin_diags[PLUGIN_NO_SDK], MARK_NONE,
                "no share/tf-atmos/templates lies above \"%.*s\"",
                STR_ARG(request->bundled_folder));
        return ERR_NOT_FOUND;
    }
    set_tokens(&starting, name, share);
    struct str templates = path_join(run->arena, share, STR("templates"));
    r = read_template(&starting, path_join(run->arena, templates, STR("common")));
    r = r ? r : read_template(&starting, path_join(run->arena, templates, request->language));
    r = r || request->is_dry_run ? r : write_whole(&starting, folder);
    if (r) {
        return r;
    }
    if (starting.files.count > 1) {
        qsort(starting.files.items, starting.files.count, sizeof(struct tree_file),
                compare_paths);
    }
    struct str *files = ARENA_ARRAY(run->arena, struct str, starting.files.count);
    for (size_t i = 0; i < starting.files.count; i++) {
        files[i] = starting.files.items[i].path;
    }
    struct str prefix = path_folder(path_folder(share));
    bool is_installed = file_is_folder(path_join(run->arena, prefix, STR("include/tf-atmos")));
    bool is_rust = str_eq_cstr(request->language, "rust");
    *ret_started = (struct plugin_started){ .folder = folder,
        .name = name,
        .library = is_rust ? arena_printf(run->arena, "target/release/lib%.*s.so",
                                     STR_ARG(starting.tokens[2].to))
                           : arena_printf(run->arena, "build/plugins/%.*s.so", STR_ARG(name)),
        .prefix = is_installed ? prefix : STR_EMPTY,
        .files = files,
        .count = starting.files.count };
    return 0;
}
