/* SPDX-License-Identifier: Apache-2.0 */
/* Help topics, and the tables that only they print. */
#include "config/config.h"
#include "help.h"

const struct exit_meaning exit_meanings[] = {
    { "0", "done, nothing to report" },
    { "1", "findings, or the work failed: validation errors, a failed check, terraform failed "
           "with 1" },
    { "2", "differences found, only with terraform's own -detailed-exitcode" },
    { "3-63", "passed through from terraform" },
    { "64", "usage: the command line is wrong, or names a stack or component that is not "
            "there" },
    { "65", "input that cannot be read: YAML syntax, a missing import, a value of a wrong "
            "type" },
    { "69", "something needed is missing: terraform, a plugin, a library, an endpoint" },
    { "70", "internal error, a bug" },
    { "74", "input or output failed: full disk, read-only file, closed stdout" },
    { "75", "temporary: a lock is held, AWS throttles, a time-out" },
    { "77", "permission or credentials" },
    { "78", "configuration: atmos.yaml is missing or wrong" },
    { "128+n", "ended by signal n: 130 interrupted, 143 terminated" },
    { NULL, NULL },
};

/* Variables that steer output and are no options. */
static const struct exit_meaning other_variables[] = {
    { "NO_COLOR", "no color, whatever else is set" },
    { "TF_ATMOS_NO_COLOR", "the same for this program only" },
    { "CLICOLOR", "0: no color" },
    { "CLICOLOR_FORCE", "color also in pipes" },
    { "FORCE_COLOR", "the same; 0: no color" },
    { "TERM", "dumb: no color" },
    { "COLUMNS", "width when the terminal does not say" },
    { "TF_ATMOS_FORCE_TTY", "treat output as a terminal; a number sets its width" },
    { "LC_ALL, LC_CTYPE, LANG", "whether output may be UTF-8" },
    { "TF_ATMOS_PLUGIN_PATH", "folders with plugins, separated by colons" },
    { "TF_ATMOS_KEY_PASSPHRASE", "passphrase of the private key for plugin keygen and sign" },
    { "AWS_CA_BUNDLE", "certificates to trust, for AWS calls and for plugin install" },
    { "DOCKER_CONFIG", "folder of config.json with logins of registries, or the programs that "
                       "know them; default ~/.docker" },
    { "XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME",
            "where tf-atmos/keys, tf-atmos/plugins and serials of revocation lists lie" },
    { "ATMOS_CLI_CONFIG_PATH", "folder with atmos.yaml" },
    { "AWS_PROFILE, AWS_REGION, ...",
            "credentials and region, as other AWS programs read them" },
    { "AWS_ENDPOINT_URL", "another address instead of AWS" },
    { NULL, NULL },
};

static void add_meanings(struct page *page, const struct exit_meaning *meanings)
{
    struct page_rows rows = { 0 };
    for (; meanings->code; meanings++) {
        struct page_row row = { str_from(meanings->code), str_from(meanings->meaning) };
        VEC_PUSH(page->arena, &rows.list, row);
    }
    page_rows(page, &rows);
}

static void write_exit_codes(struct page *page)
{
    page_heading(page, "Codes");
    add_meanings(page, exit_meanings);
}

static void add_option_variables(
        struct page *page, struct page_rows *rows, const struct option *const *options)
{
    for (; options && *options; options++) {
        bool is_typed = (*options)->flags & (OPTION_HIDDEN | OPTION_TYPED);
        if (is_typed || (*options)->unsupported) {
            continue;
        }
        struct page_row row = { option_variables(page->arena, *options),
            arena_printf(page->arena, "--%s: %s", (*options)->name, (*options)->help) };
        bool is_known = false;
        for (size_t i = 0; i < rows->list.count; i++) {
            is_known = is_known || str_eq(rows->list.items[i].left, row.left);
        }
        if (!is_known) {
            VEC_PUSH(page->arena, &rows->list, row);
        }
    }
}

static void collect_option_variables(struct page *page, struct page_rows *rows)
{
    add_option_variables(page, rows, global_options);
    for (size_t i = 0; i < command_count; i++) {
        add_option_variables(page, rows, commands[i].options);
        add_option_variables(page, rows, command_format_options(&commands[i]));
    }
}

static void write_environment(struct page *page)
{
    struct page_rows rows = { 0 };
    collect_option_variables(page, &rows);
    page_heading(page, "Options");
    page_rows(page, &rows);
    page_heading(page, "Output and tools");
    add_meanings(page, other_variables);
    struct page_rows keys = { 0 };
    for (size_t i = 0; i < config_key_count; i++) {
        if (config_keys[i].environment) {
            struct page_row row = { str_from(config_keys[i].environment),
                str_from(config_keys[i].name) };
            VEC_PUSH(page->arena, &keys.list, row);
        }
    }
    page_heading(page, "Configuration keys");
    page_rows(page, &keys);
}

static void write_config(struct page *page)
{
    struct page_rows rows = { 0 };
    for (size_t i = 0; i < config_key_count; i++) {
        const struct config_key *key = &config_keys[i];
        struct page_row row = { str_from(key->name),
            arena_printf(page->arena, "%s (%s%s%s)", key->summary, config_kind_name(key->kind),
                    key->standard ? ", default " : "", key->standard ? key->standard : "") };
        VEC_PUSH(page->arena, &rows.list, row);
    }
    page_heading(page, "Keys");
    page_rows(page, &rows);
}

static void write_options(struct page *page)
{
    struct page_rows rows = { 0 };
    for (const struct option *const *o = global_options; *o; o++) {
        if (!((*o)->flags & OPTION_HIDDEN)) {
            struct str value = option_value_text(page->arena, NULL, *o);
            struct page_row row = { arena_printf(page->arena, "--%s%s%.*s", (*o)->name,
                                            value.len > 0 ? " " : "", STR_ARG(value)),
                str_from((*o)->help) };
            VEC_PUSH(page->arena, &rows.list, row);
        }
    }
    page_heading(page, "Global options");
    page_rows(page, &rows);
}

const struct topic topics[] = {
    {
            .name = "options",
            .summary = "how options are written, and those every command has",
            .text = "Options stand before or behind the command and its arguments:\n\n"
                    "  --stack dev   --stack=dev   -s dev   -sdev\n"
                    "  --strict      --no-strict   --strict=false\n"
                    "  -vv           two times -v\n\n"
                    "An option given twice counts with its last value, unless it may be "
                    "repeated; "
                    "those that may also take values separated by commas. Names are never "
                    "abbreviated. Everything behind -- goes to terraform; `terraform` commands "
                    "also "
                    "pass on options they do not know.",
            .write = write_options,
    },
    {
            .name = "environment",
            .summary = "environment variables that are read",
            .text = "A flag beats a variable, a variable beats the configuration. Names "
                    "beginning "
                    "with ATMOS_ are read where Atmos has them; TF_ATMOS_ wins over ATMOS_.\n\n"
                    "What the process does not have may stand in `env` of atmos.yaml: the "
                    "variables of configuration keys, ATMOS_STACK, ATMOS_FORMAT, "
                    "ATMOS_DRY_RUN and ATMOS_SKIP_INIT.",
            .write = write_environment,
    },
    {
            .name = "exit-codes",
            .summary = "what the exit code says",
            .text = "0, 1 and 2 mean what they mean for terraform. Of several errors the first "
                    "decides. A warning changes the code only with --strict.",
            .write = write_exit_codes,
    },
    {
            .name = "formats",
            .summary = "forms of output and what of them is stable",
            .text = "Results are on stdout; findings, progress and logs on stderr. The text "
                    "for "
                    "people may change with any release; everything else below may not.\n\n"
                    "  table      for people: cut to the width of a terminal, never in a pipe\n"
                    "  json       two-space JSON\n"
                    "  yaml       the same data as YAML\n"
                    "  csv, tsv   a header line, then rows (RFC 4180; tabs with \\t \\n "
                    "escapes)\n"
                    "  full       findings with source line, cause and help\n"
                    "  concise    findings, one per line: file:line:column: severity id "
                    "message\n\n"
                    "Lists that Atmos has are printed as there: in a pipe without a header, "
                    "and in "
                    "JSON as a list of maps with the titles of the columns. All other JSON is "
                    "one "
                    "document with \"format_version\"; its minor number grows when members are "
                    "added, its major number when something changes or goes.\n\n"
                    "--query takes .name, [\"any name\"], [0], [1:3], [] and ..; |, //, and, "
                    "or,\n"
                    "==, !=, < and their kin; [.a, .b] and {name: .a}; keys, length, not,\n"
                    "select(...), map(...) and has(...). Anything else is an error that says "
                    "where it stands.",
    },
    {
            .name = "config",
            .summary = "atmos.yaml: where it is looked for and which keys count",
            .text = "The configuration is merged from, lowest first: /usr/local/etc/atmos, "
                    "~/.atmos, the nearest folder above with an atmos.yaml, the top of the git "
                    "repository, the current folder, ATMOS_CLI_CONFIG_PATH. --config and "
                    "--config-path replace all of them. Environment variables beat files, "
                    "options "
                    "beat variables.",
            .write = write_config,
    },
    {
            .name = "plugins",
            .summary = "what plugins are, where they are found, when they run",
            .text = "A plugin is a shared object that validates the settings of a component, "
                    "generates its Terraform variables, and checks the account after apply. It "
                    "handles an instance that has settings.<plugin>.\n\n"
                    "Plugins are looked for in the bundled folder, TF_ATMOS_PLUGIN_PATH, "
                    "plugins.paths of atmos.yaml, plugins.d of the repository, and the user's "
                    "data "
                    "folder; the earlier one wins.\n\n"
                    "Bundled plugins run unless they are disabled. Any other runs only when "
                    "`tf-atmos plugin enable` has pinned its digest in tf-atmos.lock.json, or "
                    "when it is signed with a key that `tf-atmos plugin trust add` allows to "
                    "sign it; it then runs inside this program. Policies and revocation lists "
                    "can forbid either.",
    },
};

const size_t topic_count = sizeof(topics) / sizeof(topics[0]);

const struct topic *topic_find(struct str name)
{
    for (size_t i = 0; i < topic_count; i++) {
        if (str_eq_cstr(name, topics[i].name)) {
            return &topics[i];
        }
    }
    return NULL;
}

const struct str *variable_names(struct arena *arena, size_t *ret_count)
{
    VEC(struct str) names = { 0 };
    const struct option *const *lists[2] = { global_options, NULL };
    for (size_t i = 0; i <= command_count; i++) {
        for (size_t l = 0; l < 2; l++) {
            for (const struct option *const *o = lists[l]; o && *o; o++) {
                VEC_PUSH(arena, &names, option_variable(arena, "TF_ATMOS_", *o));
            }
        }
        if (i < command_count) {
            lists[0] = commands[i].options;
            lists[1] = command_format_options(&commands[i]);
        }
    }
    for (const struct exit_meaning *v = other_variables; v->code; v++) {
        VEC_PUSH(arena, &names, str_from(v->code));
    }
    *ret_count = names.count;
    return names.items;
}
