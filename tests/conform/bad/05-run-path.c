/* SPDX-License-Identifier: Apache-2.0 */
/* R05: searches libraries in a folder of its own. */
/* link: LINKER:-rpath,/opt/lib */
#include "../base.h"
#include "../plugin.h"
