/* SPDX-License-Identifier: Apache-2.0 */
/* What is copied into the repository from elsewhere: vendor manifests, read and shown (spec 7.9). */
#ifndef TFATMOS_STACK_VENDOR_H
#define TFATMOS_STACK_VENDOR_H

#include "run.h"

/*
 * Reads the vendor manifests that vendor.base_path names (a file or a folder; else vendor.yaml or
 * vendor.yml at the base path), what they import, and every component.yaml in the folders of
 * components. Gives [{component, type, tags, tags_list, manifest, folder, source, version}], one for
 * each target of each source, by component; paths are relative to the base path. In a target
 * {{ .Component }} and {{ .Version }} are filled in. All problems are said: ERR_NOT_FOUND when a
 * manifest that is named does not exist, ERR_PARSE, ERR_INVALID, ERR_LIMIT, ERR_IO.
 */
int vendor_rows(struct run *run, const struct value **ret_rows);

#endif
