/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the plugin it is linked with on the mock host it is linked with, and prints what came of it. */
#include <stdio.h>

#include <tf-atmos/testkit.h>

int main(void)
{
    struct tfa_testkit *kit = tfa_testkit_new(tfa_plugin_main_v1(), NULL);
    const struct tfa_testkit_finding *finding;

    tfa_testkit_intent(kit, "x: 1\na: [1, two]\n");
    if (tfa_testkit_validate(kit) != TFA_OK || tfa_testkit_generate(kit) != TFA_OK ||
            tfa_testkit_misuse_count(kit) > 0) {
        return 1;
    }
    finding = tfa_testkit_find(kit, "GR0001");
    (void)printf("%s:%u %s | %s | %s | %s\n", finding->file, finding->line, finding->message,
            finding->resource, finding->detail, tfa_testkit_vars(kit));
    tfa_testkit_free(kit);
    return 0;
}
