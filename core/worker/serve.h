/* SPDX-License-Identifier: Apache-2.0 */
/* Private: the loop that answers the host. */
#ifndef TFATMOS_WORKER_SERVE_H
#define TFATMOS_WORKER_SERVE_H

#include "worker.h"

struct tfa_plugin;

/* Answers calls for the plugin until the host closes the socket; the exit code of the process. */
int worker_serve(int socket, struct worker_page *page, const struct tfa_plugin *descriptor);

#endif
