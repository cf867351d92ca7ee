/* SPDX-License-Identifier: Apache-2.0 */
/* R02: exports a second function. */
/* link: NO_MAP */
#include "../base.h"
#include "../plugin.h"

TFA_EXPORT int one_more(void);

int one_more(void)
{
    return 1;
}
