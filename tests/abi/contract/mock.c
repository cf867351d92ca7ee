/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the contract plugin on the mock host: prints the variables, then one line per finding. */
#include <stdio.h>

#include <tf-atmos/testkit.h>

int main(int argc, char **argv)
{
    struct tfa_testkit *kit = tfa_testkit_new(tfa_plugin_main_v1(), TFA_TESTKIT_MANIFEST);
    static char text[65536];
    FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;
    size_t len = file == NULL ? 0 : fread(text, 1, sizeof(text) - 1, file);

    if (len == 0) {
        return 2;
    }
    text[len] = '\0';
    (void)fclose(file);
    tfa_testkit_intent(kit, text);
    tfa_testkit_context(kit, "{stack: dev, component: app, module: app, kind: contract, "
                             "vars: {stage: dev}, aws: {}}");
    if (tfa_testkit_generate(kit) != TFA_OK || tfa_testkit_validate(kit) != TFA_OK) {
        return 1;
    }
    (void)printf("%s\n", tfa_testkit_vars(kit));
    for (uint64_t i = 0; i < tfa_testkit_finding_count(kit); i++) {
        const struct tfa_testkit_finding *f = tfa_testkit_finding_at(kit, i);
        (void)printf("%s\t%u\t%u\t%u\t%s\t%s\t%s\t%s\n", f->code, f->severity, f->line,
                f->column, f->pointer, f->message, f->remediation, f->doc_url);
    }
    for (uint64_t i = 0; i < tfa_testkit_misuse_count(kit); i++) {
        (void)fprintf(stderr, "misuse: %s\n", tfa_testkit_misuse(kit, i));
    }
    tfa_testkit_free(kit);
    return 0;
}
