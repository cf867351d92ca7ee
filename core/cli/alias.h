/* SPDX-License-Identifier: Apache-2.0 */
/* Commands that the configuration adds. Private to cli/. */
#ifndef TFATMOS_CLI_ALIAS_H
#define TFATMOS_CLI_ALIAS_H

#include "command.h"

/*
 * For a command line whose first word is no command: when `aliases` of the configuration has the word,
 * the command line it stands for, with the other arguments where they were; quotes group as in a shell. Else
 * false; when `commands` has the word, or the alias has a quote that is not closed, the finding says so. Of a configuration that cannot be read nothing is said.
 */
bool alias_expand(struct invocation *invocation, const char *const *arguments, size_t count,
        const char *const **ret_arguments, size_t *ret_count);

#endif
