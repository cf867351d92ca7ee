/* SPDX-License-Identifier: Apache-2.0 */
/* Which arguments a subcommand gets. */
#include <string.h>

#include "terraform_private.h"

enum {
    GETS_VARFILE = 1 << 0,
    GETS_PLAN_OUT = 1 << 1,
    MUTATES = 1 << 2,
    HAS_SECOND_WORD = 1 << 3 /* "state list": the subcommand is two words */
};

/* What is special about a subcommand; one that is not here is passed on as it is (spec 7.8). */
struct subcommand {
    const char *name;
    int flags;
};

static const struct subcommand subcommands[] = {
    { "apply", GETS_VARFILE | MUTATES },
    { "deploy", GETS_VARFILE | MUTATES },
    { "destroy", GETS_VARFILE | MUTATES },
    { "import", GETS_VARFILE | MUTATES },
    { "plan", GETS_VARFILE | GETS_PLAN_OUT },
    { "providers", HAS_SECOND_WORD },
    { "refresh", GETS_VARFILE | MUTATES },
    { "state", HAS_SECOND_WORD | MUTATES },
    { "taint", MUTATES },
    { "test", GETS_VARFILE },
    { "untaint", MUTATES },
    { "workspace", HAS_SECOND_WORD },
};

/* Second words after which a subcommand is two words; others belong to the component. */
static const char *const second_words[] = { "delete", "identities", "list", "lock", "mirror",
    "mv", "new", "pull", "push", "replace-provider", "rm", "schema", "select", "show" };

static const struct subcommand *find_subcommand(struct str name)
{
    for (size_t i = 0; i < sizeof(subcommands) / sizeof(subcommands[0]); i++) {
        if (str_eq_cstr(name, subcommands[i].name)) {
            return &subcommands[i];
        }
    }
    return NULL;
}

static bool has_flag(struct str name, int flag)
{
    const struct subcommand *found = find_subcommand(name);
    return found && (found->flags & flag) != 0;
}

bool terraform_is_mutating(struct str subcommand)
{
    return has_flag(subcommand, MUTATES);
}

size_t terraform_subcommand_words(const struct str *words, size_t count)
{
    if (count < 2 || !has_flag(words[0], HAS_SECOND_WORD)) {
        return count > 0 ? 1 : 0;
    }
    for (size_t i = 0; i < sizeof(second_words) / sizeof(second_words[0]); i++) {
        if (str_eq_cstr(words[1], second_words[i])) {
            return 2;
        }
    }
    return 1;
}

bool is_subcommand(const struct terraform_request *request, const char *word)
{
    return request->subcommand_count > 0 && str_eq_cstr(request->subcommand[0], word);
}

struct str terraform_planfile_name(struct run *run, const struct instance *instance)
{
    return arena_printf(run->arena, "%.*s.planfile", STR_ARG(instance->file_stem));
}

/* True when the user passes -name, --name or either with =value. */
static bool is_passed(const struct terraform_request *request, const char *name)
{
    for (size_t i = 0; i < request->arg_count; i++) {
        struct str arg = request->args[i];
        while (arg.len > 0 && arg.ptr[0] == '-' && arg.ptr != request->args[i].ptr + 2) {
            arg = str_from_index(arg, 1);
        }
        struct str start = str_sub(arg, 0, strlen(name));
        bool is_end = arg.len == strlen(name) ||
                      (arg.len > strlen(name) && arg.ptr[strlen(name)] == '=');
        if (arg.ptr != request->args[i].ptr && str_eq_cstr(start, name) && is_end) {
            return true;
        }
    }
    return false;
}

static void add(struct run *run, struct words *args, struct str word)
{
    VEC_PUSH(run->arena, args, word);
}

static void add_varfile(
        struct run *run, const struct terraform_request *request, struct words *args)
{
    add(run, args, STR("-var-file"));
    add(run, args, path_base(terraform_file_path(run, request->instance, TERRAFORM_VARFILE)));
}

static void add_init_options(
        struct run *run, const struct terraform_request *request, struct words *args)
{
    if (config_bool(run->config, "components.terraform.init_run_reconfigure", false) ||
            is_subcommand(request, "workspace")) {
        add(run, args, STR("-reconfigure"));
    }
    if (config_bool(run->config, "components.terraform.init.pass_vars", false)) {
        add_varfile(run, request, args);
    }
}

struct words terraform_init_args(struct run *run, const struct terraform_request *request)
{
    struct words args = { 0 };
    add(run, &args, STR("init"));
    add_init_options(run, request, &args);
    return args;
}

/* The plan that apply or deploy was asked to use; empty: none was asked for. */
static int find_plan(
        struct run *run, const struct terraform_request *request, struct str *ret_plan)
{
    const struct instance *instance = request->instance;
    struct str name = request->planfile;
    if (name.len == 0 && request->from_plan) {
        name = terraform_planfile_name(run, instance);
    }
    if (name.len > 0 && !file_is_regular(path_join(run->arena, instance->path, name))) {
        struct diag *diag = diag_add(&run->diags, &terraform_diags[TERRAFORM_NO_PLAN],
                MARK_NONE, "there is no plan \"%.*s\" in %.*s", STR_ARG(name),
                STR_ARG(terraform_folder_shown(run, instance)));
        diag->stack = instance->stack;
        diag->component = instance->name;
        diag->hint = diag_text(&run->diags, "run: tf-atmos terraform plan %.*s -s %.*s",
                STR_ARG(instance->name), STR_ARG(instance->stack));
        return ERR_NOT_FOUND;
    }
    *ret_plan = name;
    return 0;
}

static int add_apply(struct run *run, const struct terraform_request *request, bool is_deploy,
        struct words *args)
{
    struct str plan = STR_EMPTY;
    int code = find_plan(run, request, &plan);
    if (code != 0) {
        return code;
    }
    bool is_approved = is_deploy || config_bool(run->config,
                                            "components.terraform.apply_auto_approve", false);
    add(run, args, STR("apply"));
    if (plan.len == 0) {
        add_varfile(run, request, args);
        if (is_approved && !is_passed(request, "auto-approve")) {
            add(run, args, STR("-auto-approve"));
        }
    }
    for (size_t i = 0; i < request->arg_count; i++) {
        add(run, args, request->args[i]);
    }
    if (plan.len > 0) {
        /* The plan is the last, positional argument: terraform takes options only before it. */
        add(run, args, plan);
    }
    return 0;
}

int terraform_command_args(
        struct run *run, const struct terraform_request *request, struct words *ret_args)
{
    struct words args = { 0 };
    struct str name = request->subcommand[0];
    bool is_deploy = str_eq(name, STR("deploy"));
    int code = 0;
    if (is_deploy || str_eq(name, STR("apply"))) {
        code = add_apply(run, request, is_deploy, &args);
    } else if (str_eq(name, STR("workspace")) && request->subcommand_count == 1) {
        /* Selecting the workspace is all there is to do. */
    } else {
        for (size_t i = 0; i < request->subcommand_count; i++) {
            add(run, &args, request->subcommand[i]);
        }
        if (str_eq(name, STR("init"))) {
            add_init_options(run, request, &args);
        }
        if (has_flag(name, GETS_VARFILE)) {
            add_varfile(run, request, &args);
        }
        bool wants_plan =
                has_flag(name, GETS_PLAN_OUT) && !is_passed(request, "out") &&
                !config_bool(run->config, "components.terraform.plan.skip_planfile", false);
        if (wants_plan) {
            add(run, &args, STR("-out"));
            add(run, &args, terraform_planfile_name(run, request->instance));
        }
        for (size_t i = 0; i < request->arg_count; i++) {
            add(run, &args, request->args[i]);
        }
    }
    if (code == 0) {
        *ret_args = args;
    }
    return code;
}
