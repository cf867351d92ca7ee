/* SPDX-License-Identifier: Apache-2.0 */
/* Private: what a worker notes about its own end. */
#ifndef TFATMOS_WORKER_OBITUARY_H
#define TFATMOS_WORKER_OBITUARY_H

#include "worker.h"

/* From now on a fatal signal leaves its circumstances in the page before it ends the process. To be
 * called before the sandbox is closed. False with errno. */
bool obituary_prepare(struct worker_page *page);

#endif
