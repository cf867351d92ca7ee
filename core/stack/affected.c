/* SPDX-License-Identifier: Apache-2.0 */
/* Two resolved states of a repository side by side (spec 7.3). */
#include <signal.h>
#include <string.h>

#include "changes.h"
#include "hcl/hcl.h"
#include "same.h"
#include "stack_internal.h"

#define DEFAULT_BASE "refs/remotes/origin/HEAD"

/* The other state. */
struct base {
    struct revision revision; /* without a folder when it is compared by path */
    struct str top; /* where its files are */
    struct str label; /* what messages call it */
    struct changes changes;
    struct stacks *stacks; /* NULL: it has none */
};

/* What was found out about a component folder. */
struct folder_state {
    bool is_changed;
    bool has_changed_module;
};

struct comparing {
    struct run *run;
    const struct affected_request *request;
    const struct base *base;
    struct sameness sameness;
    struct map folders; /* by path: struct folder_state * */
    const struct str *chosen; /* describe.affected.sections */
    size_t chosen_count;
    const struct instance *now;
    const struct instance *before; /* NULL: new */
    VEC(struct str) reasons; /* of the instance */
    struct affected found;
    VEC(struct affected) list;
};

/* ---- reasons ---- */

static const enum section compared[] = { SECTION_VARS, SECTION_ENV, SECTION_PROVIDERS,
    SECTION_REQUIRED_PROVIDERS, SECTION_REQUIRED_VERSION, SECTION_GENERATE, SECTION_BACKEND,
    SECTION_BACKEND_TYPE, SECTION_REMOTE_STATE_BACKEND, SECTION_REMOTE_STATE_BACKEND_TYPE,
    SECTION_AUTH, SECTION_COMMAND, SECTION_DEPENDENCIES, SECTION_SOURCE, SECTION_PROVISION };

static void add_reason(struct comparing *c, struct str reason)
{
    if (!str_is_among(reason, c->reasons.items, c->reasons.count)) {
        VEC_PUSH(c->run->arena, &c->reasons, reason);
    }
}

/* Only what describe shows is compared: a section that was taken away changes nothing. */
static bool is_present(const struct instance *instance, enum section section)
{
    const struct value *value = instance->sections[section];
    bool has_content = section_rules[section].form == FORM_TEXT ? value_string(value).len > 0
                                                                : !value_is_empty(value);
    return has_content || section_is_shown(instance->type, section);
}

static void compare_section(struct comparing *c, enum section section)
{
    if (is_present(c->now, section) &&
            (!c->before || !sameness_ask(&c->sameness, c->now->sections[section],
                                   c->before->sections[section]))) {
        add_reason(c, arena_printf(c->run->arena, "stack.%s", section_rules[section].name));
    }
}

/* The configuration may name others in place of the usual sections, in its order; settings and
 * metadata always count. */
static void compare_sections(struct comparing *c)
{
    for (size_t i = 0; i < sizeof(compared) / sizeof(compared[0]) && !c->chosen_count; i++) {
        compare_section(c, compared[i]);
    }
    for (size_t i = 0; i < c->chosen_count; i++) {
        for (size_t s = 0; s < SECTION__COUNT; s++) {
            if (str_eq_cstr(c->chosen[i], section_rules[s].name)) {
                compare_section(c, (enum section)s);
            }
        }
    }
    compare_section(c, SECTION_SETTINGS);
}

/* Whether a module that the folder calls changed, or one that is called there. */
static bool has_changed_module(struct comparing *c, struct str folder)
{
    const struct str *modules = NULL;
    size_t count = 0;
    /* Mistakes in Terraform code are terraform's to report; what can be read counts. */
    struct run quiet = *c->run;
    diags_init(&quiet.diags, c->run->arena);
    (void)hcl_local_modules(&quiet, folder, config_add_source, &modules, &count);
    for (size_t i = 0; i < count; i++) {
        if (changes_below(c->run, &c->base->changes, modules[i])) {
            return true;
        }
    }
    return false;
}

static const struct folder_state *folder_state(struct comparing *c, struct str folder)
{
    struct folder_state *state = map_get(&c->folders, folder);
    if (!state) {
        state = ARENA_NEW(c->run->arena, struct folder_state);
        state->is_changed = changes_below(c->run, &c->base->changes, folder);
        state->has_changed_module = c->base->changes.count > 0 && has_changed_module(c, folder);
        map_put(c->run->arena, &c->folders, folder, state);
    }
    return state;
}

/* One `file` or `folder` that the instance depends on. */
static void check_path(struct comparing *c, const struct value *written, bool is_folder)
{
    struct str text = value_string(written);
    struct str *first = is_folder ? &c->found.folder : &c->found.file;
    if (text.len == 0 || first->len) {
        return;
    }
    struct str path = path_join(c->run->arena, c->run->config->base_path, text);
    if (is_folder ? changes_below(c->run, &c->base->changes, path)
                  : changes_file(c->run, &c->base->changes, path)) {
        *first = text;
    }
}

static void check_paths(struct comparing *c, const struct value *list, bool is_folder)
{
    for (size_t i = 0; value_is(list, VALUE_LIST) && i < value_count(list); i++) {
        check_path(c, value_at(list, i), is_folder);
    }
}

/* An item of settings.depends_on or of dependencies.components. */
static void check_dependency(struct comparing *c, const struct value *item)
{
    struct str kind = value_string(value_get_str(item, STR("kind")));
    check_path(c, value_get_str(item, STR("file")), false);
    check_path(c, value_get_str(item, STR("folder")), true);
    if (str_eq_cstr(kind, "file") || str_eq_cstr(kind, "folder")) {
        check_path(c, value_get_str(item, STR("path")), str_eq_cstr(kind, "folder"));
    }
}

static void check_items(struct comparing *c, const struct value *items)
{
    for (size_t i = 0; i < value_count(items); i++) {
        check_dependency(c, value_is(items, VALUE_MAP) ? items->as.map.entries[i].value
                                                       : value_at(items, i));
    }
}

/* The file of a secrets provider, of the component or of the configuration; empty when it has none. */
static struct str provider_file(struct comparing *c, struct str provider)
{
    const struct value *own = value_get_path(c->now->sections[SECTION_SECRETS], "providers");
    const struct value *entry = value_get_str(own, provider);
    if (!entry) {
        entry = value_get_str(config_get(c->run->config, "secrets.providers"), provider);
    }
    return value_string(value_get_path(entry, "spec.file"));
}

/* Secrets kept in an encrypted file make it a file the component needs, though nothing says so. */
static void compare_secrets(struct comparing *c)
{
    const struct value *secrets = value_get_path(c->now->sections[SECTION_SECRETS], "vars");
    for (size_t i = 0; value_is(secrets, VALUE_MAP) && i < value_count(secrets); i++) {
        const struct value *secret = secrets->as.map.entries[i].value;
        struct str file = provider_file(c, value_string(value_get_str(secret, STR("sops"))));
        struct str path = path_join(c->run->arena, c->run->config->base_path, file);
        if (file.len && changes_file(c->run, &c->base->changes, path)) {
            add_reason(c, STR("secret.file"));
        }
    }
}

static void compare_paths(struct comparing *c)
{
    const struct value *dependencies = c->now->sections[SECTION_DEPENDENCIES];
    check_paths(c, value_get_str(dependencies, STR("files")), false);
    check_paths(c, value_get_str(dependencies, STR("folders")), true);
    check_items(c, value_get_str(dependencies, STR("components")));
    check_items(c, value_get_str(c->now->settings, STR("depends_on")));
    if (c->found.file.len) {
        add_reason(c, STR("file"));
    }
    if (c->found.folder.len) {
        add_reason(c, STR("folder"));
    }
}

static void compare_instance(struct comparing *c)
{
    const struct folder_state *folder = folder_state(c, c->now->path);
    compare_section(c, SECTION_METADATA);
    if (folder->has_changed_module) {
        add_reason(c, STR("component.module"));
    }
    if (folder->is_changed) {
        add_reason(c, STR("component"));
    }
    compare_sections(c);
    compare_paths(c);
    compare_secrets(c);
}

/* ---- pairing ---- */

static bool is_wanted(const struct comparing *c, const struct instance *instance)
{
    return component_type_is_known(instance->type) && !instance->is_abstract &&
           instance->is_enabled && !(c->request->exclude_locked && instance->is_locked) &&
           instance_is_of(instance, c->request->stack);
}

static void keep(struct comparing *c, const struct instance *instance)
{
    if (c->reasons.count > 0) {
        c->found.instance = instance;
        c->found.reasons = c->reasons.items;
        c->found.reason_count = c->reasons.count;
        VEC_PUSH(c->run->arena, &c->list, c->found);
    }
    memset(&c->reasons, 0, sizeof(c->reasons));
    c->found = (struct affected){ 0 };
}

static void visit(struct comparing *c, const struct stacks *stacks, const struct instance *now,
        const struct instance *before)
{
    const struct instance *shown = now ? now : before;
    if (!shown || !is_wanted(c, shown)) {
        return;
    }
    if (now) {
        c->now = now;
        c->before = before;
        compare_instance(c);
    } else {
        c->found.is_deleted = true;
        c->found.is_stack_deleted = stacks_find(stacks, before->stack) == NULL;
        add_reason(c, c->found.is_stack_deleted ? STR("deleted.stack") : STR("deleted"));
    }
    keep(c, shown);
}

static int cmp_instances(const struct instance *a, const struct instance *b)
{
    int order = str_cmp(a->stack, b->stack);
    order = order != 0 ? order : str_cmp(a->type, b->type);
    return order != 0 ? order : str_cmp(a->name, b->name);
}

/* Both lists have the same order, so one walk over both finds the pairs. */
static void pair(struct comparing *c, const struct stacks *now, const struct stacks *before)
{
    size_t i = 0;
    size_t j = 0;
    size_t before_count = before ? before->instance_count : 0;
    while (i < now->instance_count || j < before_count) {
        int order = i == now->instance_count ? 1
                    : j == before_count
                            ? -1
                            : cmp_instances(now->instances[i], before->instances[j]);
        visit(c, now, order <= 0 ? now->instances[i] : NULL,
                order >= 0 ? before->instances[j] : NULL);
        i += order <= 0;
        j += order >= 0;
    }
}

/* ---- the base ---- */

/* A path of this repository as that of the base has it. */
static struct str moved(struct run *run, const struct base *base, struct str path)
{
    struct str top = run->config->repository;
    return path_is_below(top, path)
                   ? path_join(run->arena, base->top, path_relative(run->arena, top, path))
                   : path;
}

/* A file of the scratch folder is shown as git writes it: "main:stacks/dev.yaml". */
static struct mark shown_mark(struct run *run, const struct base *base, struct mark mark)
{
    struct str path = path_join(run->arena, run->folder, sources_path(run->sources, mark.file));
    if (mark.file == 0 || base->revision.folder.len == 0 || !path_is_below(base->top, path)) {
        return mark;
    }
    struct str name = path_relative(run->arena, base->top, path);
    mark.file = sources_add(run->sources,
            arena_printf(run->arena, "%.*s:%.*s", STR_ARG(base->label), STR_ARG(name)));
    return mark;
}

static void take_errors(struct run *run, const struct base *base, const struct diags *theirs)
{
    for (size_t i = 0; i < theirs->list.count; i++) {
        struct diag diag = theirs->list.items[i];
        if (diag.severity == DIAG_ERROR) {
            diag.mark = shown_mark(run, base, diag.mark);
            diag.related_count = 0;
            diag_append(&run->diags, &diag);
        }
    }
    diag_add(&run->diags, &stack_diags[STACK_BROKEN_BASE], MARK_NONE,
            "the stacks of \"%.*s\" cannot be resolved", STR_ARG(base->label));
}

/* Resolves the base with the configuration of the work tree. */
static int load_base(struct run *run, struct base *base)
{
    struct config config = *run->config;
    config.repository = base->top;
    config.base_path = moved(run, base, config.base_path);
    config.stacks_folder = moved(run, base, config.stacks_folder);
    config.terraform_folder = moved(run, base, config.terraform_folder);
    struct run other = *run;
    other.config = arena_copy(run->arena, &config, sizeof(config));
    diags_init(&other.diags, run->arena);
    if (!file_is_folder(config.stacks_folder)) {
        return 0;
    }
    int r = stacks_load(&other, &base->stacks);
    if (r == 0) {
        return 0;
    }
    if (other.diags.error_count == 1 && r == ERR_NOT_FOUND &&
            strcmp(other.diags.list.items[0].id, stack_diags[STACK_NO_MANIFESTS].id) == 0) {
        base->stacks = NULL;
        return 0;
    }
    take_errors(run, base, &other.diags);
    return r;
}

static int open_folder(struct run *run, struct str folder, struct base *base)
{
    base->label = folder;
    struct str path = path_join(run->arena, run->folder, folder);
    if (!file_is_folder(path) || path_resolve(run->arena, path, &base->top) != 0) {
        diag_add(&run->diags, &stack_diags[STACK_UNKNOWN_REVISION], MARK_NONE,
                "there is no folder \"%.*s\" to compare with", STR_ARG(folder));
        return ERR_NOT_FOUND;
    }
    return changes_between(run, base->top, &base->changes);
}

static int open_commit(struct run *run, struct str name, struct base *base)
{
    base->label = name.len ? name : STR(DEFAULT_BASE);
    int r = revision_open(run, run->config->repository, base->label, &base->revision);
    if (r == 0) {
        base->top = revision_tree(run->arena, &base->revision);
        r = changes_since(run, &base->revision, &base->changes);
    }
    return r;
}

/* Signals wait while there is a scratch folder: a child that is hit by one ends, and so does this. */
static void hold_signals(sigset_t *ret_before)
{
    static const int held[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
    sigset_t block;
    sigemptyset(&block);
    for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++) {
        sigaddset(&block, held[i]);
    }
    (void)sigprocmask(SIG_BLOCK, &block, ret_before);
}

static int read_base(
        struct run *run, const struct affected_request *request, struct base *ret_base)
{
    sigset_t before;
    hold_signals(&before);
    int r = request->repository.len ? open_folder(run, request->repository, ret_base)
                                    : open_commit(run, request->base, ret_base);
    if (r == 0) {
        r = load_base(run, ret_base);
    }
    revision_close(&ret_base->revision);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    return r;
}

int stacks_affected(struct run *run, const struct stacks *stacks,
        const struct affected_request *request, struct affected_list *ret_list)
{
    struct base base = { 0 };
    int r = read_base(run, request, &base);
    if (r) {
        return r;
    }
    struct comparing c = {
        .run = run, .request = request, .base = &base, .sameness = { .arena = run->arena }
    };
    c.chosen =
            config_list(run->arena, run->config, "describe.affected.sections", &c.chosen_count);
    pair(&c, stacks, base.stacks);
    *ret_list = (struct affected_list){ c.list.items, c.list.count };
    return 0;
}
