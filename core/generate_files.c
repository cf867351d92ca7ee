/* SPDX-License-Identifier: Apache-2.0 */
/* The files of the section `generate`: written or removed, of one instance or of many. */
#include "pipeline.h"

/* The files of one instance. */
struct batch {
    const struct instance *instance;
    const struct terraform_generated *files;
    size_t count;
};

struct many_files {
    struct run *run;
    const struct generate_files *request;
    VEC(struct batch) batches;
    struct map seen; /* struct owner by path */
};

struct owner {
    const struct instance *instance;
    const struct terraform_generated *file;
};

/* A pattern is held against the manifest, its last part, and the name of the stack. */
static bool is_stack(const struct generate_files *request, const struct instance *instance)
{
    for (size_t i = 0; i < request->stack_count; i++) {
        struct str pattern = request->stacks[i];
        if (glob_match(pattern, instance->stack) || glob_match(pattern, instance->manifest) ||
                glob_match(pattern, path_base(instance->manifest))) {
            return true;
        }
    }
    return request->stack_count == 0;
}

static bool is_chosen(const struct generate_files *request, const struct instance *instance)
{
    return str_eq(instance->type, STR("terraform")) && !instance->is_abstract &&
           (request->component_count == 0 || str_is_among(instance->name, request->components,
                                                     request->component_count)) &&
           is_stack(request, instance);
}

/* A name that nothing answers to would otherwise do nothing in silence. */
static int check_names(
        struct run *run, const struct stacks *stacks, const struct generate_files *request)
{
    int err = 0;
    for (size_t i = 0; i < request->component_count; i++) {
        int one = pipeline_expect_component(run, stacks, request->components[i]);
        err = err ? err : one;
    }
    for (size_t i = 0; i < request->stack_count; i++) {
        struct generate_files one = { .stacks = &request->stacks[i], .stack_count = 1 };
        bool is_known = false;
        for (size_t k = 0; !is_known && k < stacks->instance_count; k++) {
            is_known = is_stack(&one, stacks->instances[k]);
        }
        if (!is_known) {
            err = stacks_say_unknown(run, stacks, request->stacks[i]);
        }
    }
    return err;
}

/* Instances that share a component folder share its files: what they give must be the same. */
static int check_owner(struct many_files *many, const struct instance *instance,
        const struct terraform_generated *file)
{
    struct run *run = many->run;
    struct owner *owner = ARENA_NEW(run->arena, struct owner);
    *owner = (struct owner){ instance, file };
    const struct owner *earlier = map_get(&many->seen, file->path);
    if (!earlier) {
        map_put(run->arena, &many->seen, file->path, owner);
        return 0;
    }
    if (str_eq(earlier->file->text, file->text)) {
        return 0;
    }
    struct diag *diag =
            diag_add(&run->diags, &terraform_diags[TERRAFORM_FILE_TWICE], file->entry->mark,
                    "\"%.*s\" would hold both what \"%.*s\" in stack \"%.*s\" and what "
                    "\"%.*s\" in stack "
                    "\"%.*s\" generate, which differ",
                    STR_ARG(file->entry->key->text), STR_ARG(earlier->instance->name),
                    STR_ARG(earlier->instance->stack), STR_ARG(instance->name),
                    STR_ARG(instance->stack));
    diag->stack = instance->stack;
    diag->component = instance->name;
    diag->hint = STR("name stacks with --stacks, or set auto_generate_files and run terraform");
    return ERR_CONFLICT;
}

static int plan(struct many_files *many, const struct instance *instance)
{
    struct batch batch = { .instance = instance };
    int code = many->request->is_clean ? terraform_generated_places(many->run, instance,
                                                 &batch.files, &batch.count)
                                       : terraform_generated_files(many->run, instance,
                                                 &batch.files, &batch.count);
    for (size_t i = 0; code == 0 && i < batch.count; i++) {
        code = check_owner(many, instance, &batch.files[i]);
    }
    if (code == 0) {
        VEC_PUSH(many->run->arena, &many->batches, batch);
    }
    return code;
}

static int act(struct many_files *many, const struct batch *batch)
{
    const struct generate_files *request = many->request;
    int code = 0;
    if (!request->is_dry_run) {
        code = request->is_clean ? terraform_generated_remove(many->run, batch->instance,
                                           batch->files, batch->count)
                                 : terraform_generated_write(many->run, batch->instance,
                                           batch->files, batch->count);
    }
    for (size_t i = 0; code == 0 && i < batch->count; i++) {
        const struct owner *owner = map_get(&many->seen, batch->files[i].path);
        bool is_first = owner->instance == batch->instance;
        if (is_first && (!request->is_clean || batch->files[i].is_present)) {
            request->done(request->context, batch->files[i].path);
        }
    }
    return code;
}

static int plan_all(struct many_files *many, const struct config_options *options)
{
    struct run *run = many->run;
    const struct generate_files *request = many->request;
    struct stacks *stacks = NULL;
    int first = pipeline_resolve(run, options, false, &stacks);
    first = first ? first : check_names(run, stacks, request);
    size_t count = first == 0 ? stacks->instance_count : 0;
    for (size_t i = 0; i < count; i++) {
        int code =
                is_chosen(request, stacks->instances[i]) ? plan(many, stacks->instances[i]) : 0;
        first = first ? first : code;
    }
    return first;
}

int pipeline_generate_files(struct run *run, const struct config_options *options,
        const struct generate_files *request)
{
    struct many_files many = { .run = run, .request = request };
    const struct instance *instance = NULL;
    struct stacks *stacks = NULL;
    int r = 0;
    if (request->instance.component.len == 0) {
        r = plan_all(&many, options);
    } else {
        r = pipeline_resolve_selected(run, options, false, &request->instance, &stacks);
        r = r ? r : pipeline_select_one(run, stacks, &request->instance, &instance);
        r = r ? r : plan(&many, instance);
    }
    for (size_t i = 0; r == 0 && i < many.batches.count; i++) {
        r = act(&many, &many.batches.items[i]);
    }
    return r;
}
