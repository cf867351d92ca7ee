/* SPDX-License-Identifier: Apache-2.0 */
/* Private: giving up rights, one kind after the other, before foreign code is mapped. */
#ifndef TFATMOS_WORKER_CONFINE_H
#define TFATMOS_WORKER_CONFINE_H

#include "worker.h"

/*
 * Limits of memory, processor time, files; no capabilities, no gained rights, no core, no tracing by
 * others, death with the host; Landlock; seccomp. What the kernel lacks is left out and noted in the
 * page, unless the page wants it strict. False with a reason in page->failure.
 */
bool confine(struct worker_page *page);

/* Read-only access to the folders of shared libraries and to the file behind `image_fd` (-1: none),
 * nothing else. Returns the interface version used, 0 when the kernel has no Landlock, -1 on failure
 * (errno). */
int landlock_close(int image_fd);
/* The list of system calls that remain. 0 when the kernel has no seccomp, 1, or -1 (errno). */
int seccomp_close(void);

#endif
