/* SPDX-License-Identifier: Apache-2.0 */
/* Layers and sections of one component, and what can be wrong with them. */
#include "stack_fixture.h"

static void test_layers(void **state)
{
    struct repository *repository = *state;
    repository_write(
            repository, "atmos.yaml", CONFIG("") "env: {FROM: config, Kept_Case: \"1\"}\n");
    repository_write(repository, "stacks/deploy/dev.yaml",
            "vars: {at: root, root: 1, map: {root: 1}}\n"
            "env: {FROM: root}\n"
            "settings: {at: root}\n"
            "terraform:\n"
            "  vars: {at: type, type: 1, map: {type: 1}}\n"
            "  providers: {aws: {region: eu-west-1, profile: p}}\n"
            "  command: tofu\n"
            "components:\n"
            "  terraform:\n"
            "    base:\n"
            "      metadata: {type: abstract}\n"
            "      vars: {at: base, base: 1, map: {base: 1}}\n"
            "      required_version: \">= 1.6\"\n"
            "    x:\n"
            "      metadata: {inherits: [base]}\n"
            "      vars: {at: own, map: {own: 1}}\n"
            "      env: {GONE: ~}\n"
            "      providers: {aws: {region: us-east-1}}\n");
    const struct instance *x = fixture_instance(repository, "x", "deploy/dev");
    assert_flow(x->vars,
            "{at: own, root: 1, map: {root: 1, type: 1, base: 1, own: 1}, type: 1, base: 1}");
    assert_flow(x->env, "{FROM: root, Kept_Case: 1, GONE: null}");
    assert_flow(x->settings, "{at: root}");
    assert_flow(x->providers, "{aws: {region: us-east-1, profile: p}}");
    assert_flow(x->command, "tofu");
    assert_flow(x->others, "{required_version: >= 1.6}");
    assert_flow(x->inheritance, "[base]");
    assert_false(x->is_abstract);
    assert_true(x->is_enabled);
    assert_false(x->is_locked);
    assert_str(x->type, "terraform");
    assert_int_equal(x->mark.line, 14);
}

static void test_nulls_and_lists_replace(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/dev.yaml",
            "vars: {list: [1, 2], map: {a: 1}, text: a, back: ~}\n"
            "components: {terraform: {x: {vars: {list: [3], map: ~, text: [b], back: {c: "
            "1}}}}}\n");
    assert_flow(fixture_instance(repository, "x", "deploy/dev")->vars,
            "{list: [3], map: null, text: [b], back: {c: 1}}");
}

static void test_list_strategies(void **state)
{
    struct repository *repository = *state;
    repository_write(
            repository, "atmos.yaml", CONFIG("") "settings: {list_merge_strategy: append}\n");
    repository_write(repository, "stacks/deploy/dev.yaml",
            "vars: {list: [{a: 1}]}\n"
            "components:\n"
            "  terraform:\n"
            "    x: {vars: {list: [{b: 2}]}}\n"
            "    y: {settings: {list_merge_strategy: merge}, vars: {list: [{b: 2}]}}\n"
            "    z: {settings: {list_merge_strategy: replace}, vars: {list: [{b: 2}]}}\n");
    struct stacks *stacks = fixture_resolve(repository);
    const struct stack *stack = stacks_find(stacks, STR("deploy/dev"));
    assert_flow(
            stack_find_instance(stack, STR("x"), STR_EMPTY)->vars, "{list: [{a: 1}, {b: 2}]}");
    assert_flow(
            stack_find_instance(stack, STR("y"), STR_EMPTY)->vars, "{list: [{a: 1, b: 2}]}");
    assert_flow(stack_find_instance(stack, STR("z"), STR_EMPTY)->vars, "{list: [{b: 2}]}");
}

static void test_source_folder(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/dev.yaml",
            "components:\n"
            "  terraform:\n"
            "    base: {metadata: {type: abstract, component: net/vpc}}\n"
            "    vpc: {metadata: {component: net/vpc}}\n"
            "    child: {metadata: {inherits: [base]}}\n"
            "    plain/one: {vars: {}}\n");
    const struct instance *vpc = fixture_instance(repository, "vpc", "deploy/dev");
    assert_str(vpc->component, "net/vpc");
    assert_str(vpc->folder, "net/vpc");
    assert_str(path_relative(repository->run.arena, repository->folder, vpc->path),
            "components/terraform/net/vpc");
    assert_str(vpc->workspace, "deploy-dev-vpc");
    assert_str(vpc->listed_workspace, "deploy-dev");
    assert_str(vpc->file_stem, "deploy-dev-net-vpc");
    const struct instance *child = fixture_instance(repository, "child", "deploy/dev");
    /* An inherited source folder counts for the folder, not for the output. */
    assert_str(child->component, "child");
    assert_str(child->folder, "net/vpc");
    const struct instance *plain = fixture_instance(repository, "plain/one", "deploy/dev");
    assert_str(plain->workspace, "deploy-dev");
    assert_str(plain->file_stem, "deploy-dev-plain-one");
}

static void test_metadata_facts(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/dev.yaml",
            "metadata: {labels: {a: root}, tags: [root]}\n"
            "components:\n"
            "  terraform:\n"
            "    off: {metadata: {enabled: false, locked: true, labels: {b: own}}}\n"
            "    base:\n"
            "      metadata: {type: abstract}\n"
            "      settings: {spacelift: {workspace_enabled: true, kept: 1}}\n"
            "  helmfile:\n"
            "    chart:\n"
            "      metadata: {type: abstract}\n"
            "      settings: {spacelift: {workspace_enabled: true}}\n");
    const struct instance *off = fixture_instance(repository, "off", "deploy/dev");
    assert_false(off->is_enabled);
    assert_true(off->is_locked);
    assert_flow(off->metadata, "{labels: {a: root, b: own}, tags: [root], enabled: false, "
                               "locked: true}");
    const struct instance *base = fixture_instance(repository, "base", "deploy/dev");
    assert_true(base->is_abstract);
    assert_flow(base->settings, "{spacelift: {kept: 1}}");
    /* Only what terraform does not run loses the switch. */
    assert_flow(fixture_instance(repository, "chart", "deploy/dev")->settings,
            "{spacelift: {workspace_enabled: true}}");
}

/* Where a secret is declared decides whose it is, unless it says "global". */
static void test_scope_of_secrets(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/dev.yaml",
            "secrets: {vars: {A: {store: s}, B: {store: s}, G: {scope: global}}}\n"
            "components:\n"
            "  terraform:\n"
            "    base: {metadata: {type: abstract}, secrets: {vars: {C: {store: s}}}}\n"
            "    app: {metadata: {inherits: [base]}, secrets: {vars: {B: {key: k}}}}\n");
    const struct instance *app = fixture_instance(repository, "app", "deploy/dev");
    assert_flow(value_get_str(described(&repository->run, app, true), STR("secrets")),
            "{vars: {A: {store: s, scope: stack}, B: {store: s, scope: instance, key: k}, "
            "G: {scope: global}, C: {store: s, scope: instance}}}");
    repository_write(repository, "stacks/deploy/dev.yaml",
            "components: {terraform: {app: {secrets: {vars: {A: {scope: stack}}}}}}\n");
    assert_broken(repository, ERR_INVALID,
            "stacks/deploy/dev.yaml:1:60: error: stack/bad-section: the secret \"A\" says that "
            "its scope is \"stack\", but stands where it is \"instance\"\n");
}

/* Of `auth` in the configuration nothing empty is left, but what a structure always has. */
static void test_auth_of_configuration(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/dev.yaml",
            "terraform: {auth: {identities: {T: {kind: k}}}}\n"
            "components: {terraform: {app: {}}, helmfile: {chart: {}}}\n");
    repository_write(repository, "atmos.yaml",
            CONFIG("") "auth: {realm: ours, unknown: 1, identities: {Me: {kind: k, default: "
                       "false, alias: '', via: {provider: p}}}}\n");
    const struct instance *app = fixture_instance(repository, "app", "deploy/dev");
    assert_flow(value_get_str(described(&repository->run, app, true), STR("auth")),
            "{realm: ours, providers: null, identities: {Me: {kind: k, via: {provider: p}}, "
            "T: {kind: k}}, logs: {file: , level: }, keyring: {}}");
    const struct instance *chart = fixture_instance(repository, "chart", "deploy/dev");
    assert_flow(value_get_str(described(&repository->run, chart, true), STR("auth")), "{}");
    repository_write(repository, "atmos.yaml", CONFIG("") "auth: {realm: ours}\n");
    app = fixture_instance(repository, "app", "deploy/dev");
    assert_flow(value_get_str(described(&repository->run, app, true), STR("auth")),
            "{identities: {T: {kind: k}}}");
}

/* Variables of the configuration are texts, however they are written. */
static void test_env_of_configuration(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/dev.yaml",
            "env: {OWN: 2}\ncomponents: {terraform: {app: {}}}\n");
    repository_write(repository, "atmos.yaml",
            CONFIG("") "env: {One: 0x10, two: true, three: false, four: 1.50, five: , six: "
                       "text, OWN: 1}\n");
    const struct value *env = fixture_instance(repository, "app", "deploy/dev")->env;

    static const struct {
        const char *name;
        const char *text;
    } texts[] = { { "One", "16" }, { "two", "1" }, { "three", "0" }, { "four", "1.5" },
        { "five", "" }, { "six", "text" } };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        const struct value *value = value_get_str(env, str_from(texts[i].name));
        assert_true(value_is(value, VALUE_STRING));
        assert_str(value_text(value), texts[i].text);
    }
    assert_true(value_is(value_get_str(env, STR("OWN")), VALUE_INT));
}

/* Which program the configuration names counts for the types that are run. */
static void test_standard_commands(void **state)
{
    static const struct {
        const char *type;
        const char *command;
    } cases[] = { { "terraform", "tofu" }, { "helmfile", "hf" }, { "packer", "packer" },
        { "kubernetes", "kubernetes" }, { "ansible", "ansible" } };
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml",
            "stacks: {base_path: stacks, included_paths: [\"deploy/*\"]}\n"
            "components: {terraform: {command: tofu}, helmfile: {command: hf}, packer: "
            "{command: other}, kubernetes: {command: other}}\n");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        repository_write(repository, "stacks/deploy/dev.yaml",
                arena_printf(
                        repository->run.arena, "components: {%s: {app: {}}}\n", cases[i].type)
                        .ptr);
        assert_flow(
                fixture_instance(repository, "app", "deploy/dev")->command, cases[i].command);
    }
}

static void test_truths_as_text(void **state)
{
    struct repository *repository = *state;
    struct stacks *stacks = NULL;
    repository_write(repository, "stacks/deploy/dev.yaml",
            "components: {terraform: {x: {metadata: {enabled: \"false\", locked: 1}}}}\n");
    assert_int_equal(fixture_load(repository, &stacks), 0);
    assert_findings(repository,
            "stacks/deploy/dev.yaml:1:41: warning: stack/outdated: \"metadata.enabled\" of "
            "component \"x\" has no effect: it must be true or false, not a string\n"
            "stacks/deploy/dev.yaml:1:59: warning: stack/outdated: \"metadata.locked\" of "
            "component \"x\" has no effect: it must be true or false, not a number\n");
    assert_true(stacks->instances[0]->is_enabled);
    assert_false(stacks->instances[0]->is_locked);
    assert_int_equal(stacks_load_checked(&repository->run, &stacks), ERR_INVALID);
}

static void test_all_wrong_sections_are_said(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/a.yaml",
            "vars:\n"
            "env: A=b\n"
            "components: {terraform: {x: {}}}\n");
    repository_write(repository, "stacks/deploy/b.yaml",
            "terraform: [vars]\n"
            "components: {terraform: {x: {}}}\n");
    repository_write(repository, "stacks/deploy/c.yaml", "components: [terraform]\n");
    repository_write(repository, "stacks/deploy/d.yaml",
            "components:\n"
            "  terraform:\n"
            "    empty:\n"
            "    text: main\n"
            "    x:\n"
            "      vars: [1]\n"
            "      settings:\n"
            "      command: [a]\n"
            "      metadata: {component: 5, inherits: base}\n");
    repository_write(repository, "stacks/deploy/e.yaml", "components: {terraform: }\n");
    assert_broken(repository, ERR_INVALID,
            "stacks/deploy/a.yaml:1:1: error: stack/bad-section: \"vars\" must be a map, but "
            "is "
            "empty\n"
            "stacks/deploy/a.yaml:2:6: error: stack/bad-section: \"env\" must be a map, but is "
            "a "
            "string\n"
            "stacks/deploy/b.yaml:1:12: error: stack/bad-section: \"terraform\" must be a map, "
            "but "
            "is not\n"
            "stacks/deploy/c.yaml:1:13: error: stack/bad-section: \"components\" must be a "
            "map, but "
            "is not\n"
            "stacks/deploy/d.yaml:3:5: error: stack/bad-component: the component \"empty\" "
            "must be "
            "a map, but is empty\n"
            "stacks/deploy/d.yaml:4:11: error: stack/bad-component: the component \"text\" "
            "must be "
            "a map, but is not\n"
            "stacks/deploy/d.yaml:6:13: error: stack/bad-section: \"vars\" of component \"x\" "
            "must "
            "be a map, but is a list\n"
            "stacks/deploy/d.yaml:7:7: error: stack/bad-section: \"settings\" of component "
            "\"x\" "
            "must be a map, but is empty\n"
            "stacks/deploy/d.yaml:8:16: error: stack/bad-section: \"command\" of component "
            "\"x\" "
            "must be a string, but is a list\n"
            "stacks/deploy/d.yaml:9:29: error: stack/bad-section: \"metadata.component\" of "
            "component \"x\" must be a string\n"
            "stacks/deploy/d.yaml:9:42: error: stack/bad-section: \"metadata.inherits\" of "
            "component \"x\" must be a list of names\n"
            "stacks/deploy/e.yaml:1:14: error: stack/bad-section: \"terraform\" must be a map, "
            "but "
            "is empty\n");
    assert_str(repository->run.diags.list.items[0].hint, "write vars: {} for an empty section");
}

/* Outside of terraform the settings for delivery are anybody's. */
static void test_forms_beside_sections(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/dev.yaml",
            "components:\n"
            "  terraform:\n"
            "    a: {component: 5}\n"
            "    b: {component: }\n"
            "    c: {settings: {spacelift: true}}\n"
            "    d: {settings: {spacelift: {}}, component: a}\n"
            "  helmfile:\n"
            "    e: {settings: {spacelift: true}}\n");
    assert_broken(repository, ERR_INVALID,
            "stacks/deploy/dev.yaml:3:9: error: stack/bad-section: \"component\" of component "
            "\"a\" must be a string, but is a number\n"
            "stacks/deploy/dev.yaml:4:9: error: stack/bad-section: \"component\" of component "
            "\"b\" must be a string, but is empty\n"
            "stacks/deploy/dev.yaml:5:20: error: stack/bad-section: \"settings.spacelift\" of "
            "component \"c\" must be a map, but is a boolean\n");
}

static void test_forbidden_root_metadata(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/catalog/m.yaml", "metadata: {owner: me, tags: [a]}\n");
    repository_write(repository, "stacks/deploy/a.yaml",
            "import: [catalog/m]\ncomponents: {terraform: {x: {}}}\n");
    repository_write(repository, "stacks/deploy/b.yaml",
            "import: [catalog/m]\ncomponents: {terraform: {x: {}}}\n");
    assert_broken(repository, ERR_INVALID,
            "stacks/catalog/m.yaml:1:12: error: stack/forbidden-metadata: \"owner\" may not "
            "stand "
            "in the metadata of a whole manifest\n");
}

/* The switch: keys of older versions count for nothing, with one warning for each place. */
static void test_lenient(void **state)
{
    struct repository *repository = *state;
    struct stacks *stacks = NULL;
    repository_write(repository, "atmos.yaml", CONFIG("  lenient: true\n"));
    repository_write(repository, "stacks/catalog/m.yaml",
            "metadata: {owner: me, description: x, tags: [a]}\n");
    repository_write(repository, "stacks/deploy/a.yaml",
            "import: [catalog/m]\ncomponents: {terraform: {x: {varz: {}}}}\n");
    repository_write(repository, "stacks/deploy/b.yaml",
            "import: [catalog/m]\ncomponents: {terraform: {x: {}}}\n");
    assert_int_equal(config_load(&repository->run, NULL, true), 0);
    assert_int_equal(stacks_load_checked(&repository->run, &stacks), 0);
    assert_findings(repository,
            "stacks/catalog/m.yaml:1:12: warning: stack/forbidden-metadata: \"owner\" may not "
            "stand in the metadata of a whole manifest\n"
            "stacks/catalog/m.yaml:1:23: warning: stack/forbidden-metadata: \"description\" "
            "may "
            "not stand in the metadata of a whole manifest\n"
            "stacks/deploy/a.yaml:2:30: warning: stack/unknown-key: unknown key \"varz\" in "
            "the "
            "component \"x\"\n");
    assert_int_equal(stacks->instance_count, 2);
    assert_flow(stacks->instances[0]->metadata, "{tags: [a]}");
}

/* Without it the error names it; the variable works like the key. */
static void test_lenient_is_named(void **state)
{
    struct repository *repository = *state;
    struct stacks *stacks = NULL;
    repository_write(repository, "stacks/deploy/a.yaml",
            "metadata: {owner: me}\ncomponents: {terraform: {x: {}}}\n");
    assert_int_equal(fixture_load(repository, &stacks), ERR_INVALID);
    assert_true(
            str_find_str(repository->run.diags.list.items[0].detail, STR("--lenient")) >= 0);
    assert_int_equal(stacks->instance_count, 0);

    struct repository again;
    repository_open(&again);
    repository_setenv(&again, "TF_ATMOS_LENIENT=1");
    repository_write(&again, "atmos.yaml", CONFIG(""));
    repository_write(&again, "stacks/deploy/a.yaml",
            "metadata: {owner: me}\ncomponents: {terraform: {x: {}}}\n");
    assert_int_equal(fixture_load(&again, &stacks), 0);
    assert_int_equal(again.run.diags.warning_count, 1);
    repository_close(&again);
}

static void test_unknown_keys(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/a.yaml",
            "anything: at the root\n"
            "terraform: {required_version: ignored}\n"
            "components: {terraform: {x: {varz: {}, vars: {a: 1}}}, script: {j: {anything: "
            "1}}}\n");
    /* Dropped with a warning for one instance, refused for the repository. */
    struct stacks *stacks = fixture_load_with(repository, 0,
            "stacks/deploy/a.yaml:1:1: warning: stack/unknown-key: \"anything\" has no effect "
            "at the top of a manifest\n"
            "stacks/deploy/a.yaml:2:13: warning: stack/unknown-key: \"required_version\" has "
            "no "
            "effect in \"terraform\"\n"
            "stacks/deploy/a.yaml:3:30: warning: stack/unknown-key: unknown key \"varz\" in "
            "the "
            "component \"x\"\n");
    assert_str(repository->run.diags.list.items[2].hint, "did you mean \"vars\"?");
    const struct instance *x =
            stack_find_instance(stacks_find(stacks, STR("deploy/a")), STR("x"), STR_EMPTY);
    assert_flow(x->others, "{}");
    assert_int_equal(stacks_load_checked(&repository->run, &stacks), ERR_INVALID);
    assert_int_equal(repository->run.diags.error_count, 1);
}

static void test_unsupported_values(void **state)
{
    struct repository *repository = *state;
    repository_write(
            repository, "atmos.yaml", CONFIG("") "templates: {settings: {enabled: true}}\n");
    repository_write(repository, "stacks/catalog/c.yaml", "locals: {a: !env X}\n");
    repository_write(repository, "stacks/catalog/n.yaml", "locals: {}\noverrides: {}\n");
    repository_write(repository, "stacks/deploy/a.yaml",
            "import: [catalog/n]\n"
            "vars: {t: \"{{ .vars.a }}\", overridden: \"{{ .x }}\"}\n"
            "components:\n"
            "  terraform:\n"
            "    x:\n"
            "      vars:\n"
            "        overridden: plain\n"
            "        fn: !env HOME\n"
            "        quoted: \"!exec date\"\n"
            "        safe: !literal \"{{ .x }}\"\n"
            "        mark: \"!important\"\n");
    repository_write(repository, "stacks/deploy/b.yaml",
            "import: [catalog/c]\ncomponents: {terraform: {x: {}}}\n");
    repository_write(repository, "stacks/deploy/d.yaml",
            "vars: {file: !include x.json}\ncomponents: {terraform: {x: {}}}\n");
    assert_broken(repository, ERR_UNSUPPORTED,
            "stacks/catalog/c.yaml:1:13: error: stack/unsupported: YAML functions are not "
            "supported "
            "yet: !env\n"
            "stacks/deploy/a.yaml:2:11: error: stack/unsupported: templates in values are not "
            "supported yet: \"{{ .vars.a }}\"\n"
            "stacks/deploy/a.yaml:8:13: error: stack/unsupported: YAML functions are not "
            "supported "
            "yet: !env\n"
            "stacks/deploy/a.yaml:9:17: error: stack/unsupported: YAML functions are not "
            "supported "
            "yet: !exec\n"
            "stacks/deploy/d.yaml:1:14: error: stack/unsupported: YAML functions are not "
            "supported "
            "yet: !include\n");
}

static void test_delimiters_without_templates_are_text(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/a.yaml",
            "components: {terraform: {x: {vars: {t: \"{{ .vars.a }}\"}}}}\n");
    assert_flow(fixture_instance(repository, "x", "deploy/a")->vars, "{t: {{ .vars.a }}}");
}

static void test_other_types(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/a.yaml",
            "helmfile: {vars: {type: helmfile}}\n"
            "components:\n"
            "  helmfile: {x: {vars: {a: h}}, only: {vars: {}}}\n"
            "  terraform: {x: {vars: {a: t}}}\n"
            "  script: {job: {vars: {a: s}}}\n");
    struct stacks *stacks = fixture_resolve(repository);
    const struct stack *stack = stacks_find(stacks, STR("deploy/a"));
    assert_int_equal(stack->instance_count, 4);
    assert_str(stack_find_instance(stack, STR("x"), STR_EMPTY)->type, "terraform");
    assert_flow(stack_find_instance(stack, STR("x"), STR("helmfile"))->vars,
            "{type: helmfile, a: h}");
    assert_flow(stack_find_instance(stack, STR("only"), STR_EMPTY)->command, "helmfile");
    assert_str(stack_find_instance(stack, STR("job"), STR_EMPTY)->type, "script");
    assert_null(stack_find_instance(stack, STR("job"), STR("terraform")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_layers),
        TEST(test_nulls_and_lists_replace),
        TEST(test_list_strategies),
        TEST(test_source_folder),
        TEST(test_metadata_facts),
        TEST(test_scope_of_secrets),
        TEST(test_auth_of_configuration),
        TEST(test_env_of_configuration),
        TEST(test_standard_commands),
        TEST(test_truths_as_text),
        TEST(test_all_wrong_sections_are_said),
        TEST(test_forms_beside_sections),
        TEST(test_forbidden_root_metadata),
        TEST(test_lenient),
        TEST(test_lenient_is_named),
        TEST(test_unknown_keys),
        TEST(test_unsupported_values),
        TEST(test_delimiters_without_templates_are_text),
        TEST(test_other_types),
    };
    return RUN_TESTS(tests);
}
