/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of stack/ share among themselves. */
#ifndef TFATMOS_STACK_STACK_INTERNAL_H
#define TFATMOS_STACK_STACK_INTERNAL_H

#include "section.h"
#include "shown.h"
#include "stack.h"
#include "template/template.h"
#include "value_rules.h"

/* ---- the resolver ---- */

/* Keys looked up often, interned once. */
struct words {
    const struct key *import;
    const struct key *components;
    const struct key *component;
    const struct key *inherits;
    const struct key *type;
    const struct key *name;
    const struct key *metadata;
    const struct key *list_merge_strategy;
    const struct key *enabled;
    const struct key *locked;
    const struct key *depends_on;
    const struct key *workspace;
    const struct key *workspace_pattern;
    const struct key *workspace_template;
    const struct key *section[SECTION__COUNT];
};

enum manifest_state {
    MANIFEST_NEW,
    MANIFEST_DONE,
    MANIFEST_FAILED /* everything wrong has been said */
};

/* The component types that `overrides` act on (spec 3.6). */
enum {
    OVERRIDE_TERRAFORM,
    OVERRIDE_HELMFILE,
    OVERRIDE__COUNT
};

/*
 * What a file receives from the one that imports it: overrides by type, NULL where there are none.
 * `above` beats what the file writes itself, `below` is beaten by it. A part of the name of a
 * manifest, so it has no padding.
 */
struct overrides {
    const struct value *above[OVERRIDE__COUNT];
    const struct value *below[OVERRIDE__COUNT];
    size_t replaced; /* root sections it may not keep, by 1u << enum section; see locals.c */
};

/* The files that one item of `import` names. */
struct import_group {
    struct mark mark; /* of the item's path */
    struct str path; /* as written */
    bool has_context; /* its files, and those they import, are rendered */
    bool skips_templates; /* but not its own files */
    struct manifest_file **files;
    size_t file_count;
};

/* One YAML file, read once. */
struct manifest_file {
    struct str path; /* absolute */
    struct str key; /* relative to the stacks folder, without .yaml or .yml */
    uint32_t file; /* sources id */
    enum manifest_state state;
    bool is_busy; /* its imports are being merged */
    bool is_built; /* instances were made of all it says */
    bool has_marks; /* its text has what starts a template or a function: its values are checked */
    bool has_delimiters; /* its values have "{{": rendering it would need the template engine */
    bool has_unset; /* its text has "!unset" */
    bool has_locals; /* at its top or in the section of a component type */
    size_t sections; /* of a file with locals: vars, settings and env, by 1u << enum section */
    size_t replaced; /* sections of which was said that an importer replaces them */
    uint32_t stamp; /* of the last walk that came by */
    bool has_text;
    struct str text; /* the whole file */
    struct facts *facts; /* NULL until asked for (facts.c) */
    struct manifest_file *top; /* top-level manifest it was last merged for, */
    size_t variants; /* and under how many overrides */
    const struct value *key_text; /* the key as a value; NULL until asked for */
    const struct value *own; /* without `import`; NULL when empty */
    struct marks referenced; /* anchored values that an alias refers to */
    const struct value *overrides[OVERRIDE__COUNT]; /* written here: root, then type */
    struct import_group *groups; /* in the order of `import` */
    size_t group_count;
};

/* A file merged with its imports. Files that receive the same overrides are the same manifest. */
struct manifest {
    struct manifest_file *from;
    struct str key; /* of the file */
    enum manifest_state state;
    bool reaches_marks; /* the file, or something it imports */
    bool reaches_unset;
    bool imports_delimiters; /* something it imports, unless that is not to be rendered */
    const struct value *own; /* what counts of the file, without `import` */
    const struct value *merged; /* imports, then own with the overrides of its scope */
    struct overrides given; /* to whoever imports it: its imports' and its own */
    struct manifest **imports; /* direct ones, in order */
    size_t import_count;
    /* Of top-level manifests, made when first asked for: everything imported, by key. */
    const struct value *imported; /* the same as a list of keys */
    struct manifest **closure;
    size_t closure_count;
    bool has_closure;
};

/* A template that names something, in the configuration or in metadata (name_template.c). */
struct name_template {
    const struct template *parsed; /* NULL: there is none */
    struct str text;
    const char *what; /* its key, for messages */
    struct mark mark;
    bool is_plain; /* texts and fields alone */
};

struct naming {
    struct name_template template; /* stacks.name_template */
    struct str *tokens; /* of name_pattern: "tenant", "stage", ... */
    size_t token_count;
    struct mark mark; /* of the template or pattern in the configuration */
};

VEC_TYPE(component_list, struct component *);

struct resolver {
    struct run *run;
    const struct config *config;
    struct merger *merger; /* of sections */
    struct merger
            *file_merger; /* of files, where `!append` counts (it is lost between levels) */
    struct words words;
    struct naming naming;
    struct map files; /* by path: struct manifest_file * */
    struct map targets; /* by path as imported: struct import_target * (import.c) */
    struct map manifests; /* by file and received overrides: struct manifest * */
    VEC(struct manifest_file *) chain; /* being merged, outermost first */

    struct {
        const struct value **items; /* nodes already looked at by unsupported.c */
        size_t count;
        size_t cap;
    } seen;
    struct map templates; /* by text: struct name_template * */

    struct {
        uint32_t file;
        struct str text;
    } source; /* the file that templates were last shown in */
    struct map said; /* findings, by what makes them the same (say.c) */
    struct diag repeated;
    size_t names_left; /* to be compared for hints: what is wrong everywhere must not cost the square */
    struct component_list base_chain; /* of inherit.c, kept to be used again */
    struct component_list base_order;
    const struct manifest *building; /* whose components are being resolved, or NULL */
    struct map unset; /* by node: what is left of it without `!unset` */
    const struct value *empty_map;
    const struct value *empty_text;
    const struct value *empty_list;
    struct sections configured; /* what the configuration puts below all else (configured.c) */
    bool has_configured;
    uint32_t stamp;
    bool is_checked;
    bool is_lenient; /* stacks.lenient */
    int err; /* of the first problem */
};

#include "say.h"

/* ---- finding and reading manifests ---- */
/* find.c: absolute paths of the top-level manifests, by key. ERR_NOT_FOUND, ERR_INVALID. */
int manifests_find(struct resolver *r, struct str **ret_paths, size_t *ret_count);
/* The same for every YAML file below the stacks folder that is not excluded, selected or not. */
int manifests_find_every(struct resolver *r, struct str **ret_paths, size_t *ret_count);
/* The key of a path (spec 2.1). */
struct str manifest_key(const struct resolver *r, struct str path);

/* A pattern below a folder whose own name is taken literally. */
struct str pattern_join(struct arena *arena, struct str folder, struct str pattern);

/* manifest.c: the text of a file, read once. ERR_... of file_read. */
int manifest_text(struct resolver *r, struct manifest_file *file);
/* Some text of a file as YAML. `referenced` may be NULL. */
int manifest_parse(struct resolver *r, const struct manifest_file *file, struct str text,
        struct marks *referenced, const struct value **ret_root);

/* manifest.c: the file of a path, known but perhaps not read. */
struct manifest_file *manifest_file_get(struct resolver *r, struct str path);
/* Reads a file unless that was done; false when something is wrong with it, which has been said.
 * `at` is the import item, or MARK_NONE. */
bool manifest_file_read(struct resolver *r, struct manifest_file *file, struct mark at);
/* The file merged with its imports; NULL when something is wrong, which has been said. */
struct manifest *manifest_load(struct resolver *r, struct manifest_file *file,
        const struct overrides *received, struct mark at);
/* Everything a top-level manifest imports, by key. */
size_t manifest_closure(
        struct resolver *r, struct manifest *manifest, struct manifest ***ret_closure);

/* import.c: finds the files that `list` names and sets the groups of `file`. ERR_... after a finding. */
int imports_find(struct resolver *r, struct manifest_file *file, const struct value *list);
/* Merges the imports of a manifest in order; *scope becomes what its own content is under. */
int imports_merge(struct resolver *r, struct manifest *manifest, struct overrides *scope,
        const struct value **ret_merged);

/* overrides.c: what the file of `own` writes. ERR_INVALID after a finding. */
int overrides_read(struct resolver *r, struct manifest_file *file);
/* Merges what a manifest gives under what its importer has gathered so far. */
void overrides_gather(
        struct resolver *r, struct overrides *gathered, const struct overrides *given);
/* `own` with the overrides of its scope at each of its components. */
const struct value *overrides_apply(
        struct resolver *r, const struct value *own, const struct overrides *scope);

/* ---- sections ---- */

/* The sections of one level written in `map`. `what` and `name` name the level in messages
 * ("component" and its name); empty for the root. Values of the wrong form are said; ERR_INVALID. */
int sections_read(struct resolver *r, const struct value *map, unsigned layer, const char *what,
        struct str name, struct sections *ret_sections);
/* "a map", "a number", ... as messages say it. */
const char *form_name(const struct value *value);
/* earlier + later for one section by its form. */
const struct value *section_merge(struct resolver *r, enum section section,
        const struct value *earlier, const struct value *later, enum list_strategy strategy);

/* configured.c: looks once for what the configuration says of sections. */
void configured_find(struct resolver *r);
/* What it puts below a section of components of a type; NULL for nothing. */
const struct value *configured_for(
        const struct resolver *r, enum section section, struct str type);

/* secrets.c: `secrets` of one level with "scope" in each declaration: where it stands decides.
 * ERR_INVALID after a finding. */
int secrets_scope(struct resolver *r, bool is_stack, const struct value **secrets);

/* ---- components ---- */

/* A component as one resolved manifest has it, before layers. */
struct component {
    const struct value_entry *entry; /* in the map of its type */
    struct sections own;
    struct sections overrides; /* the layer above own */
    const struct value *extra; /* keys beside the sections that its type has; NULL for none */
    struct str top; /* top-level `component:`, or empty */
    struct mark top_mark;
    const struct value *inherits; /* list or NULL */
    const struct value *passing; /* metadata as heirs see it; NULL until asked for */
    const struct value *name; /* as a value; NULL until asked for */
    uint32_t stamp; /* of the last list it was put into */
    bool is_abstract;
    bool is_read;
    bool is_broken; /* said */
    bool is_busy; /* its bases are being merged */
};

/* What all components of one type in one manifest have in common. */
struct scope {
    struct resolver *r;
    struct manifest *manifest;
    struct str type;
    struct sections type_own; /* written at `terraform:` */
    struct sections below; /* root + type, merged */
    const struct value *extra; /* other keys written at the type; NULL for none */
    const struct value *command; /* that nothing in the manifests names; NULL until asked for */
    const struct value *root_metadata;
    const struct value *map; /* components.<type> */
    struct component *components; /* as many as the map has entries */
    bool is_beyond_limit; /* said: bases are not looked at any more */
};

/* component.c */
struct component *component_at(struct scope *scope, size_t index);
/* By name; NULL when the type has none of that name. */
struct component *component_find(struct scope *scope, struct str name);
/* Builds the instance of a component; NULL after a finding. */
struct instance *instance_build(struct scope *scope, struct component *component);
int strategy_of(struct resolver *r, const struct value *settings, enum list_strategy *strategy);

/* inherit.c: what the bases of a component give it. */
struct bases {
    struct sections merged;
    const struct value *extra; /* as that of a component */
    const struct value *order; /* list of names, last applied first */
    struct str top; /* what `component:` led to first, or empty */
};

int bases_resolve(struct scope *scope, struct component *component, enum list_strategy strategy,
        struct bases *ret_bases);

/* ---- derived values ---- */

/* name_template.c: parsed once, however often the text stands somewhere. ERR_PARSE, ERR_LIMIT or
 * ERR_UNSUPPORTED after a finding. */
int name_template_parse(struct resolver *r, struct str text, const char *what, struct mark mark,
        struct name_template *ret_template);
/* What it says of an instance. What is wrong is for the caller to say: ERR_NOT_FOUND for a field that the
 * instance does not have as text. */
int name_template_fill(struct resolver *r, const struct name_template *template,
        const struct instance *instance, struct str *ret_text,
        struct template_error *ret_error);
/* Where in its file something is wrong. */
struct mark name_template_place(struct resolver *r, const struct name_template *template,
        const struct template_error *error);

/* stack_name.c */
int naming_parse(struct resolver *r);
/* `name` at the top of a manifest; empty when it has none. */
struct str manifest_fixed_name(const struct manifest *manifest);
/* Sets stack and is_unnamed. */
void instance_name(
        struct resolver *r, const struct manifest *manifest, struct instance *instance);

/* What replaces the tokens of a pattern beside the variables. */
struct pattern_tokens {
    struct str component;
    struct str base;
    bool has_context; /* variables count; without a name pattern the reference leaves them empty */
};

/* workspace.c: {tenant}, {component} and the like replaced; other text stays. */
struct str pattern_fill(struct arena *arena, const struct instance *instance,
        struct str pattern, const struct pattern_tokens *tokens);
/* Every slash as a hyphen. */
struct str without_slashes(struct arena *arena, struct str text);
/* Sets workspace and listed_workspace. ERR_... after a finding. */
int instance_workspace(
        struct resolver *r, const struct manifest *manifest, struct instance *instance);

/* backend.c: the four backend sections of an instance. `full` holds the maps by kind of backend. */
int instance_backend(struct scope *scope, struct instance *instance, const struct sections *own,
        struct sections *sections);

/* needs_check.c: says what of `dependencies` and settings.depends_on names nothing. */
void needs_check(struct resolver *r, const struct instance *instance);

/* stem.c */
void instance_stem(struct resolver *r, struct instance *instance);

#endif
