/* SPDX-License-Identifier: Apache-2.0 */
/* Paths as text: no file system access here. */
#ifndef TFATMOS_BASE_PATH_H
#define TFATMOS_BASE_PATH_H

#include "arena.h"

bool path_is_absolute(struct str path);
/* Joins and cleans; an absolute second part stands alone, an empty part adds nothing. */
struct str path_join(struct arena *arena, struct str folder, struct str name);
/* Removes "." and "a/..", doubled and trailing slashes, lexically. Empty gives ".". */
struct str path_clean(struct arena *arena, struct str path);
/* "" for a plain name, "/" for the root. */
struct str path_folder(struct str path);
/* Last segment. */
struct str path_base(struct str path);
/* From the last dot of the last segment on (".yaml"), empty when there is none. */
struct str path_extension(struct str path);
/* `path` relative to `folder` (both absolute and clean), with ".." where needed. */
struct str path_relative(struct arena *arena, struct str folder, struct str path);
/* True when the clean absolute `path` is `folder` or lies below it. */
bool path_is_below(struct str folder, struct str path);

#endif
