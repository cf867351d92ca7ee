/* SPDX-License-Identifier: Apache-2.0 */
/* One terraform subcommand on many instances, one after the other: who is meant, in which order, when to stop. */
#include <string.h>

#include "pipeline.h"

/* One terraform instance. */
struct step {
    const struct instance *instance;
    const struct value *vars;
    VEC(size_t) needs; /* steps that come before it */
    bool is_chosen; /* the others only order those that are */
    bool is_seen; /* by the walk that orders them */
    bool is_open;
    bool has_failed; /* or was left out because of one that had */
};

struct many {
    struct run *run;
    const struct terraform_many *request;
    struct estate estate;
    VEC(struct step) steps;
    VEC(size_t) order;
    size_t chosen_count;
    VEC(size_t) chain; /* being ordered, outermost first */
};

/* ---- who is meant ---- */

static int is_wanted(struct many *many, const struct instance *instance, bool *ret_is_wanted)
{
    const struct terraform_many *request = many->request;
    *ret_is_wanted =
            instance->is_enabled && instance_passes(instance, &request->filter) &&
            (request->component_count == 0 || str_is_among(instance->name, request->components,
                                                      request->component_count));
    return *ret_is_wanted && request->is_meant
                   ? request->is_meant(request->context, instance, ret_is_wanted)
                   : 0;
}

static bool is_affected(const struct affected_list *list, const struct instance *instance)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].instance == instance) {
            return true;
        }
    }
    return false;
}

/* A name that nothing answers to would otherwise be left out in silence. */
static int check_names(struct many *many)
{
    const struct terraform_many *request = many->request;
    const struct stacks *stacks = many->estate.stacks;
    bool is_known = request->filter.stack.len == 0;
    for (size_t i = 0; i < stacks->instance_count && !is_known; i++) {
        is_known = instance_is_of(stacks->instances[i], request->filter.stack);
    }
    if (!is_known) {
        return stacks_say_unknown(many->run, stacks, request->filter.stack);
    }
    int result = 0;
    for (size_t i = 0; i < request->component_count; i++) {
        int r = pipeline_expect_component(many->run, stacks, request->components[i]);
        result = result ? result : r;
    }
    return result;
}

static int choose(struct many *many)
{
    const struct stacks *stacks = many->estate.stacks;
    struct affected_list affected = { 0 };
    int r = check_names(many);
    if (r == 0 && many->request->affected) {
        r = stacks_affected(many->run, stacks, many->request->affected, &affected);
    }
    for (size_t i = 0; i < stacks->instance_count && r == 0; i++) {
        struct step step = { .instance = stacks->instances[i] };
        if (!str_eq(step.instance->type, STR("terraform"))) {
            continue;
        }
        r = is_wanted(many, step.instance, &step.is_chosen);
        step.is_chosen = step.is_chosen &&
                         (!many->request->affected || is_affected(&affected, step.instance));
        many->chosen_count += step.is_chosen;
        VEC_PUSH(many->run->arena, &many->steps, step);
    }
    return r;
}

/* ---- in which order ---- */

VEC_TYPE(step_list, size_t);

/* What each step needs of the others, by the name of the component first: names are few per step. */
static void find_needs(struct many *many)
{
    struct run *run = many->run;
    struct map by_name = { 0 };
    for (size_t i = 0; i < many->steps.count; i++) {
        struct str name = many->steps.items[i].instance->name;
        struct step_list *list = map_get(&by_name, name);
        if (!list) {
            list = ARENA_NEW(run->arena, struct step_list);
            map_put(run->arena, &by_name, name, list);
        }
        VEC_PUSH(run->arena, list, i);
    }
    for (size_t i = 0; i < many->steps.count; i++) {
        struct step *step = &many->steps.items[i];
        size_t count = 0;
        const struct dependency *wanted =
                instance_dependencies(run, step->instance, DEPENDENCY_WRITTEN, &count);
        for (size_t d = 0; d < count; d++) {
            const struct step_list *list = map_get(&by_name, wanted[d].component);
            for (size_t k = 0; list && k < list->count; k++) {
                const struct instance *other = many->steps.items[list->items[k]].instance;
                if (dependency_means(&wanted[d], step->instance, other)) {
                    VEC_PUSH(run->arena, &step->needs, list->items[k]);
                }
            }
        }
    }
}

static struct str step_name(struct many *many, size_t index)
{
    const struct instance *instance = many->steps.items[index].instance;
    return arena_printf(many->run->arena, "%.*s in %.*s", STR_ARG(instance->name),
            STR_ARG(instance->stack));
}

static int say_circle(struct many *many, size_t first)
{
    struct arena *arena = many->run->arena;
    VEC(struct str) names = { 0 };
    bool is_inside = false;
    for (size_t i = 0; i < many->chain.count; i++) {
        is_inside = is_inside || many->chain.items[i] == first;
        if (is_inside) {
            VEC_PUSH(arena, &names, step_name(many, many->chain.items[i]));
        }
    }
    VEC_PUSH(arena, &names, step_name(many, first));
    diag_add(&many->run->diags, &terraform_diags[TERRAFORM_CYCLE],
            many->steps.items[first].instance->mark, "components need each other: %.*s",
            STR_ARG(arena_join(arena, names.items, names.count, STR(" -> "))));
    return ERR_INVALID;
}

/* Depth first without recursion: a step follows all it needs, else the order stays. */
static int visit(struct many *many, size_t first)
{
    struct arena *arena = many->run->arena;
    VEC(size_t) next = { 0 }; /* of the needs of each in the chain */
    many->chain.count = 0;
    VEC_PUSH(arena, &many->chain, first);
    VEC_PUSH(arena, &next, 0);
    while (many->chain.count) {
        size_t at = many->chain.items[many->chain.count - 1];
        struct step *step = &many->steps.items[at];
        step->is_open = step->is_seen = true;
        if (next.items[next.count - 1] == step->needs.count) {
            step->is_open = false;
            VEC_PUSH(arena, &many->order, at);
            many->chain.count--;
            next.count--;
            continue;
        }
        size_t need = step->needs.items[next.items[next.count - 1]++];
        if (many->steps.items[need].is_open) {
            return say_circle(many, need);
        }
        if (!many->steps.items[need].is_seen) {
            VEC_PUSH(arena, &many->chain, need);
            VEC_PUSH(arena, &next, 0);
        }
    }
    return 0;
}

static bool is_subcommand(const struct many *many, const char *name)
{
    return str_eq_cstr(many->request->job.request.subcommand[0], name);
}

/* What others need is destroyed last. */
static int put_in_order(struct many *many)
{
    int r = 0;
    find_needs(many);
    for (size_t i = 0; i < many->steps.count && r == 0; i++) {
        bool is_due = many->steps.items[i].is_chosen && !many->steps.items[i].is_seen;
        r = is_due ? visit(many, i) : 0;
    }
    for (size_t i = 0; is_subcommand(many, "destroy") && i < many->order.count / 2; i++) {
        size_t other = many->order.count - 1 - i;
        size_t kept = many->order.items[i];
        many->order.items[i] = many->order.items[other];
        many->order.items[other] = kept;
    }
    return r;
}

/* ---- running ---- */

VEC_TYPE(done, const struct instance *);

/* Everything that can be wrong with a variable is said before anything is written. */
static int resolve_vars(struct many *many)
{
    int result = 0;
    for (size_t i = 0; i < many->steps.count; i++) {
        struct step *step = &many->steps.items[i];
        int r = !step->is_chosen ? 0
                                 : plugins_resolve_vars(many->run, many->estate.plugins,
                                           step->instance, &step->vars);
        result = result ? result : r;
    }
    return result;
}

/* The one that failed among those a step stands on: its needs, or who needs it when destroying. */
static const struct step *failed_before(const struct many *many, size_t index)
{
    for (size_t i = 0; i < many->steps.count; i++) {
        const struct step *other = &many->steps.items[i];
        bool is_destroy = is_subcommand(many, "destroy");
        const struct step *from = is_destroy ? other : &many->steps.items[index];
        size_t wanted = is_destroy ? index : i;
        for (size_t k = 0; other->has_failed && k < from->needs.count; k++) {
            if (from->needs.items[k] == wanted) {
                return other;
            }
        }
    }
    return NULL;
}

static void say_left_out(struct many *many, const struct step *step, const struct step *because)
{
    struct diag *diag = diag_add(&many->run->diags, &terraform_diags[TERRAFORM_LEFT_OUT],
            step->instance->mark,
            "\"%.*s\" in stack \"%.*s\" was not run: \"%.*s\" failed before it",
            STR_ARG(step->instance->name), STR_ARG(step->instance->stack),
            STR_ARG(because->instance->name));
    diag->stack = step->instance->stack;
    diag->component = step->instance->name;
}

/* Exit code 2 of a plan that was asked for it means changes. */
static bool is_failure(const struct many *many, int code, int exit_code)
{
    const struct terraform_request *request = &many->request->job.request;
    bool is_detailed = false;
    for (size_t i = 0; i < request->arg_count; i++) {
        is_detailed =
                is_detailed || str_starts_with(request->args[i], STR("-detailed-exitcode"));
    }
    bool has_changes = is_detailed && is_subcommand(many, "plan") && exit_code == EXIT_CHANGES;
    return code != 0 || (exit_code != 0 && !has_changes);
}

static void say_step(struct many *many, const struct step *step, size_t number)
{
    const struct terraform_request *request = &many->request->job.request;
    if (request->say) {
        request->say(request->context,
                arena_printf(many->run->arena, "%zu of %zu: %.*s in stack %.*s", number,
                        many->chosen_count, STR_ARG(step->instance->name),
                        STR_ARG(step->instance->stack)));
    }
}

/* Runs one; what the run goes on with is in the step. */
static int run_one(struct many *many, struct step *step, size_t number, int *ret_exit_code)
{
    struct terraform_request request = many->request->job.request;
    request.instance = step->instance;
    request.vars = step->vars;
    *ret_exit_code = 0;
    say_step(many, step, number);
    int code = terraform_run(many->run, &request, ret_exit_code);
    step->has_failed = is_failure(many, code, *ret_exit_code);
    return code;
}

static void say_rest(struct many *many, size_t left)
{
    if (left) {
        diag_add(&many->run->diags, &terraform_diags[TERRAFORM_LEFT_OUT], MARK_NONE,
                "%zu more %s not run after the failure", left,
                left == 1 ? "instance was" : "instances were");
    }
}

/* One instance after the other. What succeeded is in *done, *ret_exit_code is that of the first
 * failure, or else of the first plan with changes. */
static int run_steps(struct many *many, struct done *done, int *ret_exit_code)
{
    int result = 0;
    size_t number = 0;
    bool has_failed = false;
    for (size_t i = 0; i < many->order.count; i++) {
        struct step *step = &many->steps.items[many->order.items[i]];
        const struct step *because = failed_before(many, many->order.items[i]);
        number += step->is_chosen;
        if (because || !step->is_chosen) {
            step->has_failed = because != NULL;
            if (because && step->is_chosen) {
                say_left_out(many, step, because);
            }
            continue;
        }
        int exit_code;
        int code = run_one(many, step, number, &exit_code);
        if (!has_failed && (step->has_failed || exit_code != 0)) {
            result = code;
            *ret_exit_code = exit_code;
        }
        has_failed = has_failed || step->has_failed;
        if (!step->has_failed) {
            VEC_PUSH(many->run->arena, done, step->instance);
        } else if (!many->request->keeps_going || exit_code >= 128) {
            /* An interrupt is meant for all. */
            say_rest(many, many->chosen_count - number);
            break;
        }
    }
    return result;
}

int pipeline_terraform_many(struct run *run, const struct config_options *options,
        const struct terraform_many *request, int *ret_exit_code, struct coverage *ret_coverage)
{
    struct many many = { .run = run, .request = request };
    struct done done = { 0 };
    *ret_coverage = (struct coverage){ 0 };
    *ret_exit_code = 0;
    int r = pipeline_open(run, options, false, NULL, &many.estate);
    r = r ? r : choose(&many);
    r = r ? r : put_in_order(&many);
    if (r == 0) {
        struct plugin_world world = { .stacks = many.estate.stacks };
        plugins_set_world(many.estate.plugins, &world);
        r = resolve_vars(&many);
        r = r ? r : run_steps(&many, &done, ret_exit_code);
        plugins_set_world(many.estate.plugins, NULL);
    }
    if (r == 0 && many.chosen_count == 0) {
        diag_add(&run->diags, &terraform_diags[TERRAFORM_NOTHING], MARK_NONE,
                "no instance is chosen; nothing was done");
    }
    if (done.count && terraform_job_wants_checks(&request->job)) {
        struct instance_list applied = { done.items, done.count };
        int checked = pipeline_check_instances(
                run, &many.estate, &applied, &request->job.patience, ret_coverage);
        r = r ? r : checked;
    }
    (void)plugins_shutdown(many.estate.plugins);
    return r;
}
