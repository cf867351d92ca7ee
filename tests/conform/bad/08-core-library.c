/* SPDX-License-Identifier: Apache-2.0 */
/* R08: needs a library that the program uses too. */
/* link: LINKER:--no-as-needed,-lyaml */
#include "../base.h"
#include "../plugin.h"
