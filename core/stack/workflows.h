/* SPDX-License-Identifier: Apache-2.0 */
/* Workflow files, read and shown; running them is not done here (spec 7.7). */
#ifndef TFATMOS_STACK_WORKFLOWS_H
#define TFATMOS_STACK_WORKFLOWS_H

#include "run.h"

/*
 * Reads every YAML file below workflows.base_path. Gives {file: {name, workflows: {...}}} with files
 * relative to that folder, in byte order; steps without a name are called step1, step2, .... A file
 * without a map `workflows` is skipped with a warning. All problems are said: ERR_NOT_FOUND when
 * there is no folder of workflows, ERR_PARSE, ERR_INVALID, ERR_IO.
 */
int workflows_load(struct run *run, const struct value **ret_files);

/* [{file, workflow}], in the order of workflows_load; workflows by name. */
const struct value *workflows_list(struct run *run, const struct value *files);
/* {file: [workflow]}. */
const struct value *workflows_names(struct run *run, const struct value *files);
/* [{file, workflow, description, steps}], `steps` being their number: rows of a listing. */
const struct value *workflows_rows(struct run *run, const struct value *files);

#endif
