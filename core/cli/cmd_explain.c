/* SPDX-License-Identifier: Apache-2.0 */
/* explain: what a diagnostic means. */
#include "aws/aws_diag.h"
#include "cmd.h"
#include "hcl/hcl_diag.h"
#include "schema/schema_diag.h"
#include "value/value_diag.h"

struct diag_table {
    const struct diag_kind *kinds;
    size_t count;
};

/* Every module that can say something, in the order of the house. */
static const struct diag_table tables[] = {
    { value_diags, VALUE_DIAG__COUNT },
    { hcl_diags, HCL_DIAG__COUNT },
    { config_diags, CONFIG_DIAG__COUNT },
    { stack_diags, STACK_DIAG__COUNT },
    { schema_diags, SCHEMA_DIAG__COUNT },
    { plugin_diags, PLUGIN_DIAG__COUNT },
    { trust_diags, TRUST_DIAG__COUNT },
    { install_diags, INSTALL_DIAG__COUNT },
    { aws_diags, AWS_DIAG__COUNT },
    { terraform_diags, TERRAFORM_DIAG__COUNT },
    { cli_diags, CLI_DIAG__COUNT },
};

const struct diag_kind *diagnostic_at(size_t index)
{
    for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++) {
        if (index < tables[t].count) {
            return &tables[t].kinds[index];
        }
        index -= tables[t].count;
    }
    return NULL;
}

static const struct diag_kind *find_diagnostic(struct str id)
{
    const struct diag_kind *kind;
    for (size_t i = 0; (kind = diagnostic_at(i)); i++) {
        if (str_eq_cstr(id, kind->id)) {
            return kind;
        }
    }
    return NULL;
}

/*
 * The plugins that can be seen from here, by their metadata alone. A repository that is broken must
 * not keep anybody from reading what its messages mean: NULL then, and no word about it.
 */
static struct plugins *visible_plugins(struct invocation *invocation)
{
    struct run *run = invocation->run;
    struct config_options config = invocation_config_options(invocation);
    struct diags said = run->diags;
    struct plugins *plugins = NULL;
    diags_init(&run->diags, run->arena);
    if (pipeline_discover(run, &config, &plugins) != 0 && !plugins) {
        struct plugin_options where;
        plugin_options_default(run, &where);
        (void)plugins_discover(run, &where, &plugins);
    }
    run->diags = said;
    return plugins;
}

static int list_all(struct invocation *invocation)
{
    static const struct column columns[] = {
        { "id", "Id", COLUMN_TEXT, 0 },
        { "severity", "Severity", COLUMN_TEXT, 0 },
        { "exit_code", "Exit code", COLUMN_NUMBER, 0 },
        { "title", "Title", COLUMN_TEXT, 1 },
    };
    struct arena *arena = invocation->run->arena;
    struct table table = { .columns = columns, .column_count = 4 };
    const struct diag_kind *kind;
    for (size_t i = 0; (kind = diagnostic_at(i)); i++) {
        const struct table_cell cells[] = {
            { str_from(kind->id), STYLE_KEY },
            { str_from(severity_name(kind->severity)), STYLE_PLAIN },
            { arena_printf(arena, "%d", (int)kind->exit_code), STYLE_PLAIN },
            { str_from(kind->title), STYLE_PLAIN },
        };
        table_add(arena, &table, cells);
    }
    size_t count = 0;
    struct plugins *plugins = visible_plugins(invocation);
    const struct plugin_code *codes =
            plugins ? plugins_codes(invocation->run, plugins, &count) : NULL;
    for (size_t i = 0; i < count; i++) {
        const struct table_cell cells[] = {
            { codes[i].code, STYLE_KEY },
            { codes[i].severity, STYLE_PLAIN },
            { STR_EMPTY, STYLE_PLAIN },
            { codes[i].title, STYLE_PLAIN },
        };
        table_add(arena, &table, cells);
    }
    bool is_json = str_eq_cstr(option_format(invocation), "json");
    table_write(invocation->run, invocation->out, &table, is_json ? TABLE_JSON : TABLE_TEXT);
    return 0;
}

/* One explanation, whoever the diagnostic belongs to. */
struct explanation {
    struct str id, severity, title, cause, fix, doc_url;
    struct str exit_code; /* empty for plugins' */
    struct str plugin; /* empty for the core's */
};

static void print_explanation(struct invocation *invocation, const struct explanation *found)
{
    struct run *run = invocation->run;

    const struct {
        const char *name;
        const char *word;
        struct str text;
    } members[] = {
        { "id", NULL, found->id },
        { "severity", NULL, found->severity },
        { "title", NULL, found->title },
        { "cause", "Why", found->cause },
        { "fix", "What to do", found->fix },
        { "exit_code", "Exit code", found->exit_code },
        { "plugin", "Plugin", found->plugin },
        { "doc_url", "See", found->doc_url },
    };

    if (str_eq_cstr(option_format(invocation), "json")) {
        struct value_builder builder;
        value_builder_init(&builder, run->arena, MARK_NONE);
        row_put_text(run, &builder, "format_version", STR("1.0"));
        for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
            row_put_text(run, &builder, members[i].name, members[i].text);
        }
        print_ordered(invocation, value_builder_map(&builder));
        return;
    }
    AUTO_BUF text = BUF_INIT(BUF_UNBOUNDED);
    buf_addf(&text, "%.*s[%.*s]: ", STR_ARG(found->severity), STR_ARG(found->id));
    text_add_clean(&text, found->title);
    buf_add_cstr(&text, "\n\n");
    for (size_t i = 3; i < sizeof(members) / sizeof(members[0]); i++) {
        if (members[i].text.len > 0) {
            AUTO_BUF clean = BUF_INIT(BUF_UNBOUNDED);
            text_add_clean(&clean, members[i].text);
            buf_addf(&text, "%-11s ", arena_printf(run->arena, "%s:", members[i].word).ptr);
            text_add_wrapped(&text, buf_str(&clean), 12, 12, 80);
            buf_add_byte(&text, '\n');
        }
    }
    stream_add(invocation->out, buf_str(&text));
}

int cmd_explain(struct invocation *invocation)
{
    struct run *run = invocation->run;
    if (option_flag(invocation, "list") || invocation->args.count == 0) {
        return list_all(invocation);
    }
    struct str id = invocation->args.items[0];
    const struct diag_kind *kind = find_diagnostic(id);
    if (kind) {
        struct explanation found = { .id = str_from(kind->id),
            .severity = str_from(severity_name(kind->severity)),
            .title = str_from(kind->title),
            .cause = str_from(kind->cause),
            .fix = str_from(kind->fix),
            .exit_code = arena_printf(run->arena, "%d", (int)kind->exit_code) };
        print_explanation(invocation, &found);
        return 0;
    }
    struct plugin_code code;
    struct plugins *plugins = visible_plugins(invocation);
    if (plugins && plugins_find_code(run, plugins, id, &code)) {
        struct explanation found = { .id = code.code,
            .severity = code.severity,
            .title = code.title,
            .cause = code.cause,
            .fix = code.fix,
            .doc_url = code.doc_url,
            .plugin = code.plugin->identity->id };
        print_explanation(invocation, &found);
        return 0;
    }
    VEC(struct str) ids = { 0 };
    for (size_t i = 0; (kind = diagnostic_at(i)); i++) {
        VEC_PUSH(run->arena, &ids, str_from(kind->id));
    }
    size_t count = 0;
    const struct plugin_code *codes = plugins ? plugins_codes(run, plugins, &count) : NULL;
    for (size_t i = 0; i < count; i++) {
        VEC_PUSH(run->arena, &ids, codes[i].code);
    }
    struct diag *diag = diag_add(&run->diags, &cli_diags[CLI_UNKNOWN_DIAGNOSTIC], MARK_NONE,
            "there is no diagnostic \"%.*s\"", STR_ARG(id));
    struct str near = suggest_hint(run->arena, id, ids.items, ids.count);
    diag->hint = near.len > 0 ? near : STR("see `tf-atmos explain --list`");
    return ERR_NOT_FOUND;
}
