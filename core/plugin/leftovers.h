/* SPDX-License-Identifier: Apache-2.0 */
/* Private: what a command that was killed left beside plugins and beside the lock file. */
#ifndef TFATMOS_PLUGIN_LEFTOVERS_H
#define TFATMOS_PLUGIN_LEFTOVERS_H

#include "run.h"

/* A folder of our own: this, then six letters and digits. */
#define LEFTOVER_PREFIX ".tf-atmos-plugin-"
/* Its one file, and its signature perhaps. */
#define LEFTOVER_FILE "candidate.so"

/*
 * Makes a folder with such a name and takes hold of it: no leftovers_sweep of another process removes
 * it while *ret_hold is open. On a file system without locks *ret_hold is -1, and nobody sweeps there
 * either. ERR_IO, errno says why.
 */
int leftover_make(
        struct arena *arena, struct str parent, struct str *ret_folder, int *ret_hold);

/* Removes folders with such a name that are ours, that nobody holds, and in which nothing else lies. */
void leftovers_sweep(struct run *run, struct str parent);

/* Removes unfinished copies of a file that is written atomically, when they are an hour old. */
void leftovers_sweep_file(struct run *run, struct str path);

#endif
