/* SPDX-License-Identifier: Apache-2.0 */
/* Which folders a module pulls in by relative sources. */
#include <stdlib.h>

#include "hcl.h"

VEC_TYPE(folders, struct str);

struct walk {
    struct run *run;
    struct map seen; /* real paths: symbolic links make no endless family of names */
    struct folders folders; /* the module itself first, then what was found */
};

static bool is_local(struct str source)
{
    return str_starts_with(source, STR("./")) || str_starts_with(source, STR("../")) ||
           str_eq(source, STR(".")) || str_eq(source, STR(".."));
}

static void visit(struct walk *walk, struct str folder)
{
    struct str real = folder;
    (void)path_resolve(walk->run->arena, folder, &real);
    if (!map_has(&walk->seen, real)) {
        (void)map_put(walk->run->arena, &walk->seen, real, walk);
        VEC_PUSH(walk->run->arena, &walk->folders, folder);
    }
}

static void visit_calls(struct walk *walk, struct str folder, const struct hcl_body *body)
{
    for (size_t i = 0; i < body->block_count; i++) {
        const struct hcl_block *block = &body->blocks[i];
        const struct hcl_attribute *source = hcl_attribute_find(&block->body, "source");
        if (str_eq(block->type, STR("module")) && source) {
            struct str text = value_string(source->value);
            if (is_local(text)) {
                visit(walk, path_join(walk->run->arena, folder, text));
            }
        }
    }
}

static int compare(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

int hcl_local_modules(struct run *run, struct str folder, hcl_add_source_fn *add_source,
        const struct str **ret_folders, size_t *ret_count)
{
    struct walk walk = { .run = run };
    int first = 0;
    visit(&walk, folder);
    for (size_t i = 0; i < walk.folders.count; i++) {
        const struct hcl_file *files = NULL;
        size_t count = 0;
        struct str current = walk.folders.items[i];
        int code = hcl_read_folder(run, current, add_source, &files, &count);
        first = first ? first : code;
        for (size_t k = 0; k < count; k++) {
            visit_calls(&walk, current, &files[k].body);
        }
    }
    /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): the first folder is there */
    qsort(walk.folders.items + 1, walk.folders.count - 1, sizeof(struct str), compare);
    *ret_folders = walk.folders.items + 1;
    *ret_count = walk.folders.count - 1;
    return first;
}
