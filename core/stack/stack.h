/* SPDX-License-Identifier: Apache-2.0 */
/* Manifests become stacks, stacks become instances. */
#ifndef TFATMOS_STACK_STACK_H
#define TFATMOS_STACK_STACK_H

#include "affected.h"
#include "config/config.h"
#include "dependents.h"
#include "listing.h"
#include "stack_diag.h"
#include "vendor.h"
#include "workflows.h"

struct manifest; /* one file; stack_internal.h */

/*
 * The resolved repository. Everything lives in the run's arena and never changes.
 *
 * An instance is one (stack, component) pair. Its sections are kept apart; outputs are assembled from
 * them on demand, so that what is shared between instances stays shared.
 */
struct instance {
    struct str stack; /* final name of the stack */
    struct str manifest; /* manifest key, e.g. "orgs/acme/dev" */
    struct str type; /* "terraform", "helmfile", ... */
    struct str name; /* of the component as written in the manifest */
    struct str component; /* output key `component`, spec 3.5 */
    struct str folder; /* source folder below the component base path, spec 3.5 */
    struct str path; /* absolute component folder */
    struct str workspace; /* as describe component and terraform commands see it */
    struct str listed_workspace; /* as describe stacks prints it, spec 4.2 */
    struct str file_stem; /* spec 4.4, e.g. "acme-dev-vpc" */
    bool is_abstract;
    bool is_enabled;
    bool is_locked;
    struct str
            by_rule; /* what the naming rule gives, when the manifest has a name of its own */
    bool is_unnamed; /* the naming rule failed; `stack` is the manifest key */
    struct mark mark; /* of the component's key in its manifest */

    /* Sections after all layers; never NULL, empty maps where nothing was written. */
    const struct value *vars;
    const struct value *settings;
    const struct value *env;
    const struct value *metadata;
    const struct value *backend; /* inner map of the chosen type, prefix added */
    const struct value *backend_type; /* string, or an empty string */
    const struct value *remote_state_backend;
    const struct value *remote_state_backend_type;
    const struct value *providers;
    const struct value *overrides;
    const struct value *inheritance; /* list of names */
    const struct value *command; /* string */
    /* All other sections by their key (auth, hooks, generate, required_version, ...), only those
     * that something was written into. */
    const struct value *others;
    const struct value *extra; /* other keys that its type has; NULL for none */
    const struct value *imports; /* list of manifest keys */

    const struct value *const *sections; /* private: all of them, by enum section */
    const struct manifest *origin; /* private: where it was written */
};

struct stack {
    struct str name;
    const struct instance *const *instances; /* by type, then name, in byte order */
    size_t instance_count;
};

struct stacks {
    const struct stack *items; /* in byte order of name */
    size_t count;
    const struct instance *const *instances; /* of all stacks, in that order */
    size_t instance_count;
    const struct str *manifests; /* keys of the top-level manifests read, in byte order */
    size_t manifest_count;
    const struct manifest *const *origins; /* private: the manifests of these keys */
};

/*
 * Resolves the whole repository and reports every problem it finds, each once; the findings of the
 * run are then in the order of their places. On problems it returns the code of the first and still
 * sets *ret_stacks to what could be resolved, so that `validate` can go on.
 */
int stacks_load(struct run *run, struct stacks **ret_stacks);
/* The same for commands about the whole repository (describe stacks, validate): what is only a
 * warning for one instance, unknown keys and stacks that cannot be named, is an error here. */
int stacks_load_checked(struct run *run, struct stacks **ret_stacks);
/* And the form of every YAML file below the stacks folder that no stack needs. */
int stacks_load_every(struct run *run, struct stacks **ret_stacks);

/*
 * What commands about one instance need: the manifests that make `stack` (or one with that key), and
 * of these everything. Others are not resolved, only searched for the words of the naming rule, so
 * that it is certain that none of them makes the stack too; what is wrong with them is not said.
 * Everything is loaded when there is no such instance, so that stacks_select can say what there is
 * instead. `is_checked`: as strict as stacks_load_checked.
 */
int stacks_load_component(struct run *run, struct str component, struct str stack,
        bool is_checked, struct stacks **ret_stacks);

/*
 * Names in byte order, for completion: what could stand on a command line, as fast as it can be told.
 * A stack may turn out to have no component, and an instance to be broken. What is wrong with the files
 * is not said; ERR_... when there are none.
 */
int stacks_list_names(struct run *run, struct str **ret_names, size_t *ret_count);
/* `stack` empty: of all stacks. */
int stacks_list_components(
        struct run *run, struct str stack, struct str **ret_names, size_t *ret_count);

/* By name; NULL when absent (no diagnostic). */
const struct stack *stacks_find(const struct stacks *stacks, struct str name);
const struct instance *stack_find_instance(const struct stack *stack, struct str component,
        struct str type /* empty: the order of spec 4.6 */);

/*
 * The instance a user means by component, stack and, unless that is empty, component type; a manifest
 * path with a slash is accepted as stack and then becomes the stack's name in what is printed. Says
 * what is wrong, with the nearest names, when there is none: ERR_NOT_FOUND.
 */
int stacks_select(struct run *run, const struct stacks *stacks, struct str component,
        struct str stack, struct str type, const struct instance **ret_instance);

/*
 * The map `describe component` prints (spec 4.6), filter `schema` or `full`. Facts are what the Terraform
 * files of the component folder declare (hcl/hcl.h): ERR_PARSE, ERR_LIMIT, ERR_INVALID, ERR_IO when one
 * cannot be read, with a diagnostic for each.
 */
enum describe_extent {
    DESCRIBE_SCHEMA, /* what authors write */
    DESCRIBE_FULL,
    DESCRIBE_FACTS /* and component_info.terraform_config */
};

int instance_describe(struct run *run, const struct instance *instance,
        enum describe_extent extent, const struct value **ret_value);

/* How far the files of an instance are from its manifest. Lives in the run's arena. */
struct provenance {
    struct run *run;
    const unsigned *depths; /* by id of the file; 0: none of its manifests */
    size_t count;
};

struct provenance instance_provenance(struct run *run, const struct instance *instance);
/*
 * "● [1] deploy/dev.yaml:3" for a place in the instance's manifest, "○ [2] ..." for one in what it
 * imports, with the number of files on the way, "∴ atmos.yaml:3" for other files; empty for no place.
 */
struct str provenance_text(const struct provenance *provenance, struct mark mark);

/* The map `describe stacks` prints for one instance (spec 4.7). */
const struct value *instance_describe_in_stacks(
        struct run *run, const struct instance *instance);

/*
 * The locals of the manifest of a stack, by the stack's name or the manifest's key: {locals: ...,
 * terraform: {locals: ...}, ...}, only what the file itself has. ERR_NOT_FOUND after a finding when
 * there is no such stack or nothing in it. A warning when several manifests are meant.
 */
int stack_locals(struct run *run, const struct stacks *stacks, struct str stack,
        const struct value **ret_value);
/* Those an instance sees, its own and its bases' on top: {components: {<type>: {<name>: {locals}}}}. */
int instance_locals(
        struct run *run, const struct instance *instance, const struct value **ret_value);

/* Whether what a user wrote as stack, its name or the key of its manifest, is that of the instance. */
bool instance_is_in(const struct instance *instance, struct str stack);
/* The same where a pattern of names is one more way to write it. Empty means all. */
bool instance_is_of(const struct instance *instance, struct str stack);

/* Warns when nothing answers to what a filter asks for: a stack (or a pattern), a component; empty: not
 * asked for. */
void stacks_check_filter(
        struct run *run, const struct stacks *stacks, struct str stack, struct str component);

/* Says that there is no stack of this name, with the nearest: ERR_NOT_FOUND. */
int stacks_say_unknown(struct run *run, const struct stacks *stacks, struct str stack);

/* What to show of the stacks; empty texts and lists choose everything. */
struct stacks_filter {
    struct str stack; /* name, manifest key or pattern */
    const struct str *components; /* names; a source component names all instances of it */
    size_t component_count;
    const struct str *types;
    size_t type_count;
    const struct str *sections; /* keys to keep */
    size_t section_count;
    bool include_empty_stacks; /* stacks whose components show nothing, or that have none, appear */
    bool without_templates; /* as the reference: where nothing is rendered, no bases are null, not [] */
};

/* The map `describe stacks` prints (spec 4.7). Component types that the command does not know are
 * left out, as in the reference. */
const struct value *stacks_describe(
        struct run *run, const struct stacks *stacks, const struct stacks_filter *filter);

/* Gets the entries of that map one after the other, in byte order of their names. */
struct stack_visitor {
    /* The maps of `stack` that have VALUE_ONCE are gone after the call. */
    void (*visit)(void *context, struct str name, const struct value *stack);
    void *context;
};

/* The same without keeping all of it in memory. */
void stacks_describe_each(struct run *run, const struct stacks *stacks,
        const struct stacks_filter *filter, const struct stack_visitor *visitor);

#endif
