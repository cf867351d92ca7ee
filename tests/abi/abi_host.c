/* SPDX-License-Identifier: Apache-2.0 */
/* A host of plugins with the interface of the day it was built: what is frozen beside the plugins of a release.
 *
 * abi_host PLUGIN.so MANIFEST INTENT   prints the variables, the findings and the results of the checks;
 *                                      no AWS request has an answer */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tf-atmos/testkit.h>

#include "read_file.h"

typedef const struct tfa_plugin *entry_fn(void);

static const struct tfa_plugin *load(const char *path)
{
    void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    void *symbol = module != NULL ? dlsym(module, TFA_ENTRY_SYMBOL) : NULL;
    entry_fn *entry;

    if (symbol == NULL) {
        (void)fprintf(stderr, "%s\n", dlerror());
        exit(2);
    }
    memcpy(&entry, &symbol, sizeof(entry));
    return entry();
}

static void print_findings(struct tfa_testkit *kit)
{
    (void)printf("variables\t%s\n", tfa_testkit_vars(kit));
    for (uint64_t i = 0; i < tfa_testkit_finding_count(kit); i++) {
        const struct tfa_testkit_finding *f = tfa_testkit_finding_at(kit, i);
        (void)printf("finding\t%s\t%u\t%u\t%u\t%s\t%s\t%s\t%s\n", f->code, f->severity, f->line,
                f->column, f->pointer, f->message, f->remediation, f->doc_url);
    }
}

static void print_results(struct tfa_testkit *kit)
{
    (void)printf("checks\t%s\n", tfa_testkit_items(kit));
    for (uint64_t i = 0; i < tfa_testkit_result_count(kit); i++) {
        const struct tfa_testkit_result *r = tfa_testkit_result_at(kit, i);
        (void)printf("result\t%s\t%u\t%s\t%s\t%s\t%u\t%u\n", r->check_id, r->outcome, r->code,
                r->message, r->pointer, r->line, r->column);
    }
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        (void)fprintf(stderr, "usage: abi_host PLUGIN.so MANIFEST INTENT\n");
        return 2;
    }
    struct tfa_testkit *kit = tfa_testkit_new(load(argv[1]), argv[2]);
    char *intent = read_file(argv[3]);
    int32_t codes[3];

    tfa_testkit_intent(kit, intent);
    tfa_testkit_context(kit,
            "{stack: dev, component: app, module: app, vars: {stage: dev, region: eu-west-1}, "
            "aws: {region: eu-west-1, partition: aws}, targets: [{alias: self, region: "
            "eu-west-1}]}");
    codes[0] = tfa_testkit_validate(kit);
    codes[1] = tfa_testkit_generate(kit);
    codes[2] = tfa_testkit_run_checks(kit);
    (void)printf("codes\t%d\t%d\t%d\n", codes[0], codes[1], codes[2]);
    print_findings(kit);
    print_results(kit);
    for (uint64_t i = 0; i < tfa_testkit_misuse_count(kit); i++) {
        (void)printf("misuse\t%s\n", tfa_testkit_misuse(kit, i));
    }
    tfa_testkit_free(kit);
    free(intent);
    return 0;
}
