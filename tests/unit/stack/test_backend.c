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

/* What is written for remote state must have the type that is asked for; where nothing is written,
 * only the backend of the same type counts. */
static void test_remote_mismatch(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/dev.yaml",
            "terraform: {backend_type: s3, backend: {s3: {}, gcs: {bucket: g}}}\n"
            "components:\n"
            "  terraform:\n"
            "    other: {remote_state_backend_type: gcs}\n"
            "    none: {remote_state_backend_type: static}\n");
    assert_flow(
            fixture_instance(repository, "other", "deploy/dev")->remote_state_backend, "{}");
    const struct instance *none = fixture_instance(repository, "none", "deploy/dev");
    assert_flow(none->remote_state_backend, "{}");
    assert_flow(none->remote_state_backend_type, "static");
    repository_write(repository, "stacks/deploy/dev.yaml",
            "terraform:\n"
            "  backend_type: s3\n"
            "  backend: {s3: {}}\n"
            "  remote_state_backend: {s3: {role: read}}\n"
            "components:\n"
            "  terraform:\n"
            "    good: {}\n"
            "    bad: {remote_state_backend_type: static}\n"
            "    moved: {backend_type: local, backend: {local: {path: p}}}\n");
    assert_broken(repository, ERR_INVALID,
            "stacks/deploy/dev.yaml:8:38: error: stack/backend-mismatch: the component \"bad\" "
            "has remote_state_backend_type \"static\", but nothing is configured for it\n"
            "stacks/deploy/dev.yaml:9:27: error: stack/backend-mismatch: the component "
            "\"moved\" has remote_state_backend_type \"local\", but nothing is configured for "
            "it\n");
}

/* A key like that of the type is its start, wherever it was written. */
static void test_azure_key_of_base(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/dev.yaml",
            "terraform: {backend_type: azurerm, backend: {azurerm: {key: start}}}\n"
            "components:\n"
            "  terraform:\n"
            "    same: {metadata: {type: abstract}, backend: {azurerm: {key: start}}}\n"
            "    other: {metadata: {type: abstract}, backend: {azurerm: {key: fixed}}}\n"
            "    of-same: {metadata: {inherits: [same]}}\n"
            "    of-other: {metadata: {inherits: [other]}}\n"
            "    own: {backend: {azurerm: {key: start}}}\n");
    assert_flow(fixture_instance(repository, "of-same", "deploy/dev")->backend,
            "{key: start/of-same.terraform.tfstate}");
    assert_flow(
            fixture_instance(repository, "of-other", "deploy/dev")->backend, "{key: fixed}");
    assert_flow(fixture_instance(repository, "own", "deploy/dev")->backend, "{key: start}");
}

/* What a component says of its lists is not for where its state is, nor for `retry`. */
static void test_lists(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/dev.yaml",
            "terraform:\n"
            "  vars: {l: [1]}\n"
            "  backend_type: s3\n"
            "  backend: {s3: {l: [1]}}\n"
            "  remote_state_backend: {s3: {l: [2]}}\n"
            "components:\n"
            "  terraform:\n"
            "    base: {metadata: {type: abstract}, retry: {conditions: [a]}}\n"
            "    app:\n"
            "      metadata: {inherits: [base]}\n"
            "      settings: {list_merge_strategy: append}\n"
            "      vars: {l: [9]}\n"
            "      retry: {conditions: [b]}\n"
            "      backend: {s3: {l: [9]}}\n");
    const struct instance *app = fixture_instance(repository, "app", "deploy/dev");
    assert_flow(app->vars, "{l: [1, 9]}");
    assert_flow(app->backend, "{l: [9], workspace_key_prefix: app}");
    assert_flow(app->remote_state_backend, "{l: [2], workspace_key_prefix: app}");
    assert_flow(value_get_str(described(&repository->run, app, true), STR("retry")),
            "{conditions: [b]}");
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
        TEST(test_azure_key_of_base),
        TEST(test_lists),
    };
    return RUN_TESTS(tests);
}
