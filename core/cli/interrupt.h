/* SPDX-License-Identifier: Apache-2.0 */
/* Ctrl-C while we wait for somebody. Private to cli/. */
#ifndef TFATMOS_CLI_INTERRUPT_H
#define TFATMOS_CLI_INTERRUPT_H

#include <signal.h>

/*
 * From now on the first interrupt only sets the flag that is returned, for whoever waits to look at;
 * the second one ends the process as usual.
 */
const volatile sig_atomic_t *interrupt_watch(void);

#endif
