/* SPDX-License-Identifier: Apache-2.0 */
/* Terraform files as far as we look into them: blocks, attributes, literals, and the facts of a folder. */
#ifndef TFATMOS_HCL_HCL_H
#define TFATMOS_HCL_HCL_H

#include "hcl_diag.h"
#include "run.h"

/*
 * A tolerant reader: it knows where blocks, attributes, strings, heredocs, comments and brackets begin
 * and end, and understands no expression beyond literals. What is wrong inside an expression is for
 * Terraform to say. Everything lives in the arena given and never changes.
 */

/* `name = expression`. */
struct hcl_attribute {
    struct str name;
    struct str text; /* the expression as written, without blanks and comments around it */
    const struct value
            *value; /* NULL: not a literal (references, calls, templates, operators) */
    struct mark mark; /* of the name */
};

struct hcl_block;

struct hcl_body {
    const struct hcl_attribute *attributes; /* in the order of the file, repetitions included */
    size_t attribute_count;
    const struct hcl_block *blocks;
    size_t block_count;
};

/* `type "label" ... { body }`. */
struct hcl_block {
    struct str type;
    const struct str *labels; /* decoded */
    size_t label_count;
    struct hcl_body body;
    struct mark mark; /* of the type */
};

/* What the readers need. */
struct hcl_input {
    struct arena *arena;
    struct keys *keys;
    struct diags *diags;
    struct str text;
    uint32_t file; /* sources id */
};

enum {
    HCL_MAX_BYTES = 16 * 1024 * 1024, /* of one file */
    HCL_MAX_DEPTH = 100 /* of blocks, and of brackets, strings and templates of an expression */
};

/* Reads a .tf file. ERR_PARSE, ERR_LIMIT with one diagnostic at the first mistake. */
int hcl_read(const struct hcl_input *input, struct hcl_body *ret_body);
/* Reads a .tf.json file to the same shape, by the blocks Terraform knows: what has labels there is a
 * block, everything else an attribute. ERR_PARSE, ERR_LIMIT, ERR_INVALID. */
int hcl_read_json(const struct hcl_input *input, struct hcl_body *ret_body);

/* The last attribute of that name, NULL when absent. */
const struct hcl_attribute *hcl_attribute_find(const struct hcl_body *body, const char *name);

/*
 * The pairs of an object expression ("{ source = x, version = y }") as attributes of a body, so that
 * one that is no literal does not hide the others. False when the expression is no such object.
 */
bool hcl_object_read(const struct hcl_input *input, const struct hcl_attribute *object,
        struct hcl_body *ret_body);

/* ---- text out ---- */

enum hcl_form {
    HCL_CONFIG, /* of .tf files: maps become blocks where Terraform knows blocks */
    HCL_VALUES /* of .tfvars files: arguments only */
};

/* Why a map cannot be written. */
struct hcl_fault {
    struct mark mark;
    struct str what; /* goes on after the name of the file: "has ... " */
};

/*
 * Adds a map as HCL, sorted by keys and laid out as `terraform fmt` does. Strings are text, never
 * expressions: "${" and "%{" are escaped. The one exception is `type` of a variable, which Terraform
 * takes without quotes only.
 *
 * Of HCL_CONFIG, a map becomes a block: with labels, one level of maps for each, when its name is one that
 * Terraform knows to have some (variable, resource, backend ...), else without. A list of maps of such a
 * name becomes several. Where Terraform takes arguments only (locals, module, required_providers, and
 * beside the blocks of variable, output and backend) and in lists, maps are values.
 *
 * ERR_INVALID, ERR_LIMIT (nested more than HCL_MAX_DEPTH deep) with *ret_fault, nothing added.
 */
int hcl_write(struct arena *arena, struct buf *out, const struct value *map, enum hcl_form form,
        struct hcl_fault *ret_fault);

/* ---- a folder of Terraform files ---- */

/* Registers a file under the name users are shown and returns its sources id. */
typedef uint32_t hcl_add_source_fn(struct run *run, struct str path);

/* The files of a module in the order Terraform merges them: overrides last. Of each only what could
 * be read. */
struct hcl_file {
    struct str path; /* absolute */
    struct hcl_body body;
};

/*
 * Reads the .tf and .tf.json files of a folder (absolute), those below not. All files with mistakes
 * are reported, and then the code of the first is returned, with *ret_files still set. A folder that
 * does not exist has no files.
 */
int hcl_read_folder(struct run *run, struct str folder, hcl_add_source_fn *add_source,
        const struct hcl_file **ret_files, size_t *ret_count);

/*
 * The map that describe component shows as terraform_config (spec 4.3): path, variables, outputs,
 * required_core, required_providers, provider_configs, managed_resources, data_resources,
 * module_calls. ERR_* of hcl_read_folder.
 */
int hcl_facts(struct run *run, struct str folder, hcl_add_source_fn *add_source,
        const struct value **ret_facts);

/*
 * The folders of all modules that a module uses by a relative source ("./x", "../x"), and those that
 * they use, absolute, sorted, each once, without the folder itself. A folder that does not exist is
 * listed, too. Files with mistakes give what can be read of the others, and the code of the first.
 */
int hcl_local_modules(struct run *run, struct str folder, hcl_add_source_fn *add_source,
        const struct str **ret_folders, size_t *ret_count);

#endif
