/* SPDX-License-Identifier: Apache-2.0 */
/* The command line: from argv to an exit code. */
#ifndef TFATMOS_CLI_CLI_H
#define TFATMOS_CLI_CLI_H

#include "cli_diag.h"
#include "command.h"

/*
 * Runs one command line to its end and returns the exit code (cli-level meaning in `help
 * exit-codes`). Writes to descriptors 1 and 2, nothing else. `environment` ends with NULL.
 */
int cli_main(int argc, char **argv, char *const *environment);

#endif
