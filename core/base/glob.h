/* SPDX-License-Identifier: Apache-2.0 */
/* The glob dialect of stack manifests: * ? [a-z] [^a] [!a] {a,b} \x and whole-segment ** . */
#ifndef TFATMOS_BASE_GLOB_H
#define TFATMOS_BASE_GLOB_H

#include "arena.h"
#include "vec.h"

/* True when the text has an active wildcard. */
bool glob_has_magic(struct str pattern);
/* True when the pattern is well-formed (closed brackets and braces, no trailing backslash). */
bool glob_is_valid(struct str pattern);
/*
 * Matches a whole path. `*` and `?` stay within a segment, dot-files match, `**` as a whole segment
 * matches zero or more folders and otherwise acts as `*`. Work is bounded: no pattern takes more
 * than pattern x path steps per brace alternative, and alternatives are capped (glob_is_valid is
 * false beyond the cap).
 */
bool glob_match(struct str pattern, struct str path);

/*
 * All files that match an absolute pattern, as absolute paths: a folder's own files before its
 * sub-folders' files, each in byte order. Also FIFOs and the like, links that lead nowhere, and
 * folders that cannot be listed: reading those fails with a reason, so none is lost in silence.
 * Symbolic links to folders are followed, loops are cut. ERR_INVALID for a malformed pattern,
 * ERR_LIMIT beyond `max_files`.
 */
int glob_find(struct arena *arena, struct str pattern, size_t max_files, struct str **ret_paths,
        size_t *ret_count);

#endif
