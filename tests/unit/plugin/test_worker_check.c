/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of a plugin in a process of its own: the same tests, with the same results. */
#include <pthread.h>

#define ESTATE_IN_WORKERS
/* NOLINTNEXTLINE(bugprone-suspicious-include) */
#include "test_plugin_check.c"
