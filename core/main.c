/* SPDX-License-Identifier: Apache-2.0 */
/* argv in, exit code out. */
#include "cli/cli.h"

extern char **environ;

int main(int argc, char **argv)
{
    return cli_main(argc, argv, environ);
}
