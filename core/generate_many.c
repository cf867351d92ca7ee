/* SPDX-License-Identifier: Apache-2.0 */
/* One derived file of many instances: terraform generate varfiles and backends. */
#include <errno.h>
#include <string.h>

#include "pipeline.h"

/* What one run over many instances carries. */
struct many {
    struct run *run;
    const struct generate_many *request;
    struct map seen; /* struct planned by path */
    VEC(struct planned *) plan;
};

struct planned {
    const struct instance *instance;
    const struct value *vars;
    struct str path;
    struct str text;
};

static bool is_named(struct str name, const struct str *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(name, list[i])) {
            return true;
        }
    }
    return count == 0;
}

static bool is_chosen(const struct generate_many *request, const struct instance *instance)
{
    bool has_file = request->file != TERRAFORM_BACKEND || request->component_count > 0 ||
                    value_string(instance->backend_type).len > 0;
    return str_eq(instance->type, STR("terraform")) && !instance->is_abstract && has_file &&
           is_named(instance->name, request->components, request->component_count) &&
           (is_named(instance->stack, request->stacks, request->stack_count) ||
                   is_named(instance->manifest, request->stacks, request->stack_count));
}

static bool has_stack(const struct stacks *stacks, struct str name)
{
    for (size_t i = 0; i < stacks->instance_count; i++) {
        if (instance_is_in(stacks->instances[i], name)) {
            return true;
        }
    }
    return false;
}

/* A name that nothing answers to would otherwise generate nothing in silence. */
static int check_names(
        struct run *run, const struct stacks *stacks, const struct generate_many *request)
{
    int err = 0;
    for (size_t i = 0; i < request->component_count; i++) {
        int one = pipeline_expect_component(run, stacks, request->components[i]);
        err = err ? err : one;
    }
    for (size_t i = 0; i < request->stack_count; i++) {
        if (!has_stack(stacks, request->stacks[i])) {
            err = stacks_say_unknown(run, stacks, request->stacks[i]);
        }
    }
    return err;
}

/* ---- --file-template ---- */

static struct str without_slashes(struct run *run, struct str text)
{
    char *copy = arena_cstr(run->arena, text);
    for (char *at = copy; (at = strchr(at, '/')) != NULL;) {
        *at = '-';
    }
    return (struct str){ copy, text.len };
}

static bool token_value(struct run *run, const struct instance *instance, struct str token,
        struct str *ret_value)
{
    static const char *const vars[] = { "namespace", "tenant", "environment", "region",
        "stage" };
    if (str_eq(token, STR("component-path"))) {
        *ret_value = path_join(run->arena, run->config->terraform_base, instance->folder);
        return true;
    }
    if (str_eq(token, STR("component")) || str_eq(token, STR("base-component"))) {
        *ret_value = without_slashes(
                run, str_eq(token, STR("component")) ? instance->name : instance->component);
        return true;
    }
    for (size_t i = 0; i < sizeof(vars) / sizeof(vars[0]); i++) {
        if (str_eq_cstr(token, vars[i])) {
            struct str text = value_text(value_get_str(instance->vars, token));
            *ret_value = without_slashes(run, text);
            return !str_eq(text, STR("..")) && !str_eq(text, STR("."));
        }
    }
    return false;
}

static int bad_token(struct run *run, struct str token)
{
    struct diag *diag = diag_add(&run->diags, &terraform_diags[TERRAFORM_FILE_TEMPLATE],
            MARK_NONE, "\"{%.*s}\" cannot stand in a file template", STR_ARG(token));
    diag->hint =
            STR("known are {namespace} {tenant} {environment} {region} {stage} {component} "
                "{base-component} {component-path}");
    return ERR_INVALID;
}

static int expand(struct many *many, const struct instance *instance, struct str *ret_path)
{
    struct run *run = many->run;
    struct str rest = many->request->file_template;
    AUTO_BUF path = BUF_INIT(1 << 16);
    while (rest.len > 0) {
        ptrdiff_t open = str_find(rest, '{');
        struct str tail = open < 0 ? STR_EMPTY : str_from_index(rest, (size_t)open + 1);
        ptrdiff_t close = str_find(tail, '}');
        if (open < 0 || close < 0) {
            buf_add(&path, rest);
            break;
        }
        struct str token = str_sub(tail, 0, (size_t)close);
        struct str value;
        if (!token_value(run, instance, token, &value)) {
            return bad_token(run, token);
        }
        buf_add(&path, str_sub(rest, 0, (size_t)open));
        buf_add(&path, value);
        rest = str_from_index(tail, (size_t)close + 1);
    }
    *ret_path = path_join(run->arena, run->folder, buf_str(&path));
    return 0;
}

/* ---- planning and writing ---- */

/* Two instances may share a file only when it would be the same for both. */
static int check_same(
        struct many *many, const struct planned *one, const struct planned *earlier)
{
    if (str_eq(earlier->text, one->text)) {
        return 0;
    }
    struct diag *diag = diag_add(&many->run->diags, &terraform_diags[TERRAFORM_FILE_TWICE],
            one->instance->mark,
            "\"%.*s\" would hold both \"%.*s\" in stack \"%.*s\" and \"%.*s\" in stack "
            "\"%.*s\", which differ",
            STR_ARG(one->path), STR_ARG(earlier->instance->name),
            STR_ARG(earlier->instance->stack), STR_ARG(one->instance->name),
            STR_ARG(one->instance->stack));
    diag->stack = one->instance->stack;
    diag->component = one->instance->name;
    diag->hint = STR("name stacks with --stacks, or places with --file-template");
    return ERR_CONFLICT;
}

static int plan_one(struct many *many, struct estate *estate, const struct instance *instance)
{
    struct run *run = many->run;
    struct planned *one = ARENA_NEW(run->arena, struct planned);
    one->instance = instance;
    int code = 0;
    if (many->request->file == TERRAFORM_VARFILE) {
        code = plugins_resolve_vars(run, estate->plugins, instance, &one->vars);
    }
    if (code == 0) {
        code = terraform_file_text(run, instance, one->vars, many->request->file, &one->text);
    }
    if (code == 0 && many->request->file_template.len > 0) {
        code = expand(many, instance, &one->path);
    } else if (code == 0) {
        one->path = terraform_file_path(run, instance, many->request->file);
    }
    if (code != 0) {
        return code;
    }
    const struct planned *earlier = map_put(run->arena, &many->seen, one->path, one);
    if (!earlier) {
        VEC_PUSH(run->arena, &many->plan, one);
    }
    return earlier ? check_same(many, one, earlier) : 0;
}

static int write_one(struct many *many, const struct planned *one)
{
    struct run *run = many->run;
    const struct generate_many *request = many->request;
    int code = 0;
    if (!request->is_dry_run && request->file_template.len > 0) {
        struct str folder = arena_dup(run->arena, path_folder(one->path));
        code = folder_create(folder, 0755);
        if (code != 0) {
            (void)diag_add(&run->diags, &terraform_diags[TERRAFORM_NOT_WRITTEN], MARK_NONE,
                    "cannot create \"%.*s\": %s", STR_ARG(folder), strerrordesc_np(errno));
        }
    }
    if (code == 0 && !request->is_dry_run) {
        code = terraform_file_write(run, one->instance, one->vars, request->file, one->path);
    }
    if (code == 0 && request->wrote) {
        request->wrote(request->context, one->path);
    }
    return code;
}

int pipeline_generate_many(struct run *run, const struct config_options *options,
        const struct generate_many *request)
{
    struct estate estate = { 0 };
    struct many many = { .run = run, .request = request };
    bool has_plugins = request->file == TERRAFORM_VARFILE;
    int first = has_plugins ? pipeline_open(run, options, false, NULL, &estate)
                            : pipeline_resolve(run, options, false, &estate.stacks);
    first = first ? first : check_names(run, estate.stacks, request);
    if (first == 0) {
        if (has_plugins) {
            struct plugin_world world = estate_world(&estate);
            plugins_set_world(estate.plugins, &world);
        }
        for (size_t i = 0; i < estate.stacks->instance_count && first != ERR_INVALID; i++) {
            const struct instance *instance = estate.stacks->instances[i];
            int code = is_chosen(request, instance) ? plan_one(&many, &estate, instance) : 0;
            first = first ? first : code;
        }
    }
    /* Everything is known before the first file is written. */
    for (size_t i = 0; first == 0 && i < many.plan.count; i++) {
        first = write_one(&many, many.plan.items[i]);
    }
    (void)plugins_shutdown(estate.plugins);
    return first;
}
