/* SPDX-License-Identifier: Apache-2.0 */
/* YAML files beside the manifests: workflows and vendor manifests. Private to stack/. */
#ifndef TFATMOS_STACK_SIDE_FILE_H
#define TFATMOS_STACK_SIDE_FILE_H

#include "run.h"

/* *ret_start is where findings about the whole file belong, *ret_root may be NULL (an empty file).
 * ERR_IO, ERR_LIMIT, ERR_PARSE after a finding. */
int side_file_read(struct run *run, struct str path, const struct value **ret_root,
        struct mark *ret_start);

#endif
