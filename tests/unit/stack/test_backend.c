/* SPDX-License-Identifier: Apache-2.0 */
/* Backends: what is added to each kind, remote state, and a kind that is not configured. */
#include "stack_fixture.h"

static void test_kinds(void **state)
{
    static const struct {
        const char *name;
        const char *backend;
        const char *type;
    } cases[] = {
        { "s3", "{bucket: b, workspace_key_prefix: s3}", "s3" },
        { "s3/own", "{bucket: b, workspace_key_prefix: mine}", "s3" },
        { "s3-name", "{bucket: b, workspace_key_prefix: identity-center}", "s3" },
        { "s3-folder", "{bucket: b, workspace_key_prefix: net-hub}", "s3" },
        { "gcs", "{bucket: g, prefix: gcs}", "gcs" },
        { "azure", "{container: c, key: base/azure.terraform.tfstate}", "azurerm" },
        { "azure-own", "{container: c, key: own}", "azurerm" },
        { "local", "{}", "local" },
    };
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/dev.yaml",
            "terraform:\n"
            "  backend_type: s3\n"
            "  backend:\n"
            "    s3: {bucket: b}\n"
            "    gcs: {bucket: g}\n"
            "    azurerm: {container: c, key: base}\n"
            "    local: {}\n"
            "components:\n"
            "  terraform:\n"
            "    s3: {}\n"
            "    s3/own: {backend: {s3: {workspace_key_prefix: mine}}}\n"
            "    s3-name: {metadata: {name: identity-center, component: net/hub}}\n"
            "    s3-folder: {metadata: {component: net/hub}}\n"
            "    gcs: {backend_type: gcs}\n"
            "    azure: {backend_type: azurerm}\n"
            "    azure-own: {backend_type: azurerm, backend: {azurerm: {key: own}}}\n"
            "    local: {backend_type: local}\n");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct instance *x = fixture_instance(repository, cases[i].name, "deploy/dev");
        assert_flow(x->backend, cases[i].backend);
        assert_flow(x->backend_type, cases[i].type);
        assert_flow(x->remote_state_backend, cases[i].backend);
        assert_flow(x->remote_state_backend_type, cases[i].type);
    }
}

static void test_separator(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml",
            "stacks: {base_path: stacks, included_paths: [\"deploy/*\"]}\n"
            "components: {terraform: {base_path: c, workspace: {prefix_separator: /}}}\n");
    repository_write(repository, "stacks/deploy/dev.yaml",
            "components: {terraform: {a/b: {backend_type: s3, backend: {s3: {}}}}}\n");
    assert_flow(fixture_instance(repository, "a/b", "deploy/dev")->backend,
            "{workspace_key_prefix: a/b}");
}

static void test_remote_state(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/dev.yaml",
            "terraform:\n"
            "  backend_type: s3\n"
            "  backend: {s3: {bucket: b, role: write}}\n"
            "  remote_state_backend: {s3: {role: read}}\n"
            "components:\n"
            "  terraform:\n"
            "    base: {metadata: {type: abstract}, remote_state_backend: {s3: {acl: "
            "private}}}\n"
            "    child: {metadata: {inherits: [base]}}\n"
            "    fixed:\n"
            "      remote_state_backend_type: static\n"
            "      remote_state_backend: {static: {id: i}}\n");
    const struct instance *child = fixture_instance(repository, "child", "deploy/dev");
    assert_flow(child->backend, "{bucket: b, role: write, workspace_key_prefix: child}");
    assert_flow(child->remote_state_backend,
            "{bucket: b, role: read, workspace_key_prefix: child, acl: private}");
    const struct instance *fixed = fixture_instance(repository, "fixed", "deploy/dev");
    assert_flow(fixed->remote_state_backend, "{id: i}");
    assert_flow(fixed->remote_state_backend_type, "static");
}

static void test_mismatch(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/dev.yaml",
            "terraform: {backend_type: s3, backend: {s3: {}, gcs: text}}\n"
            "components:\n"
            "  terraform:\n"
            "    good: {}\n"
            "    bad: {backend_type: azurerm}\n"
            "    odd: {backend_type: gcs}\n"
            "  helmfile:\n"
            "    chart: {}\n");
    assert_broken(repository, ERR_INVALID,
            "stacks/deploy/dev.yaml:1:54: error: stack/bad-section: \"backend.gcs\" of "
            "component "
            "\"odd\" must be a map\n"
            "stacks/deploy/dev.yaml:5:25: error: stack/backend-mismatch: the component \"bad\" "
            "has "
            "backend_type \"azurerm\", but nothing is configured for it\n");
    assert_str(repository->run.diags.list.items[1].detail, "configured is: s3, gcs");
}

/* The rest of the settings may come from the command line of init. */
static void test_type_alone(void **state)
{
    static const struct {
        const char *type;
        const char *backend;
    } cases[] = {
        { "s3", "{workspace_key_prefix: net-hub}" },
        { "gcs", "{prefix: net-hub}" },
        { "azurerm", "{key: net-hub.terraform.tfstate}" },
        { "local", "{}" },
        { "http", "{}" },
        { "cloud", "{}" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct repository repository;
        repository_open(&repository);
        repository_write(&repository, "atmos.yaml", CONFIG(""));
        repository_write(&repository, "stacks/deploy/dev.yaml",
                arena_printf(repository.run.arena,
                        "terraform: {backend_type: %s}\n"
                        "components: {terraform: {net/hub: {}}}\n",
                        cases[i].type)
                        .ptr);
        const struct instance *x = fixture_instance(&repository, "net/hub", "deploy/dev");
        assert_flow(x->backend, cases[i].backend);
        assert_flow(x->backend_type, cases[i].type);
        assert_flow(x->remote_state_backend, cases[i].backend);
        assert_flow(x->remote_state_backend_type, cases[i].type);
        repository_close(&repository);
    }
    (void)state;
}

static void test_remote_mismatch(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/dev.yaml",
            "terraform: {backend_type: s3, backend: {s3: {}, gcs: {}}}\n"
            "components:\n"
            "  terraform:\n"
            "    good: {remote_state_backend_type: gcs}\n"
            "    bad: {remote_state_backend_type: static}\n");
    assert_broken(repository, ERR_INVALID,
            "stacks/deploy/dev.yaml:5:38: error: stack/backend-mismatch: the component \"bad\" "
            "has remote_state_backend_type \"static\", but nothing is configured for it\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_kinds),
        TEST(test_separator),
        TEST(test_remote_state),
        TEST(test_mismatch),
        TEST(test_type_alone),
        TEST(test_remote_mismatch),
    };
    return RUN_TESTS(tests);
}
