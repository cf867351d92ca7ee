/* SPDX-License-Identifier: Apache-2.0 */
/* Which files of the repository differ from a base, and the base itself. Private to stack/. */
#ifndef TFATMOS_STACK_CHANGES_H
#define TFATMOS_STACK_CHANGES_H

#include "stack.h"

/* ---- revision.c: git as a child process ---- */

/* A commit and a scratch folder with its files. */
struct revision {
    struct str folder; /* scratch, absolute; empty: nothing to remove */
    struct str commit; /* its full name */
};

/* `name` is a reference or a commit of the repository whose top folder is given. Says what is wrong:
 * ERR_UNAVAILABLE, ERR_NOT_FOUND, ERR_IO. Nothing is left behind on failure. */
int revision_open(
        struct run *run, struct str repository, struct str name, struct revision *ret_revision);
/* Removes the scratch folder. */
void revision_close(struct revision *revision);
/* Where its files are. */
struct str revision_tree(struct arena *arena, const struct revision *revision);

/* Paths that differ between a commit and the work tree, relative to the top folder, NUL behind each:
 * tracked ones, and new ones that are not ignored. */
int revision_changes(struct run *run, struct str repository, const struct revision *revision,
        struct str *ret_paths);
/* Paths of all files that git does not ignore, in the same form; ERR_UNAVAILABLE without a finding
 * when the folder is no work tree or there is no git. */
int revision_files(struct run *run, struct str repository, struct str *ret_paths);

/* ---- changes.c ---- */

/* Paths relative to the top folder of the repository, in byte order. */
struct changes {
    struct str repository; /* absolute */
    const struct str *paths;
    size_t count;
};

/* Against a commit. */
int changes_since(
        struct run *run, const struct revision *revision, struct changes *ret_changes);
/* Against another folder: by content, without what is ignored. */
int changes_between(struct run *run, struct str other, struct changes *ret_changes);
/* Whether a file, or anything below a folder, changed; absolute paths. Never outside the repository. */
bool changes_file(struct run *run, const struct changes *changes, struct str path);
bool changes_below(struct run *run, const struct changes *changes, struct str folder);

#endif
