/* SPDX-License-Identifier: Apache-2.0 */
/* What many commands do alike: configuration options, printing values and lists. */
#include <errno.h>
#include <string.h>

#include "cmd.h"

/* "--stacks-dir", or the variable that stood for it. */
static struct str flag_name(const struct invocation *invocation, const char *option)
{
    const char *variable = NULL;
    for (size_t i = 0; i < invocation->bindings.count; i++) {
        const struct binding *binding = &invocation->bindings.items[i];
        if (strcmp(binding->option->name, option) == 0) {
            variable = binding->variable;
        }
    }
    return variable ? str_from(variable) : arena_printf(invocation->run->arena, "--%s", option);
}

/* Names of functions are taken with their "!", too. */
static struct config_kept kept_text(const struct invocation *invocation)
{
    if (invocation->command && invocation->command->flags & COMMAND_NAMES) {
        return (struct config_kept){ .templates = true, .functions = true };
    }
    struct config_kept kept = {
        .templates = option_is_given(invocation, "process-templates") &&
                     !option_flag(invocation, "process-templates"),
        .functions = option_is_given(invocation, "process-functions") &&
                     !option_flag(invocation, "process-functions"),
    };
    if (!option_is_given(invocation, "skip")) {
        return kept;
    }
    const struct str *given = option_list(invocation, "skip", &kept.name_count);
    struct str *names = ARENA_ARRAY(invocation->run->arena, struct str, kept.name_count);
    for (size_t i = 0; i < kept.name_count; i++) {
        names[i] = str_starts_with(given[i], STR("!")) ? str_from_index(given[i], 1) : given[i];
    }
    kept.names = names;
    return kept;
}

struct config_options invocation_config_options(const struct invocation *invocation)
{
    static const struct {
        const char *option;
        struct str key;
        bool is_flag;
    } settings[] = {
        { "append-user-agent", STR_INIT("components.terraform.append_user_agent"), false },
        { "auto-generate-backend-file",
                STR_INIT("components.terraform.auto_generate_backend_file"), true },
        { "deploy-run-init", STR_INIT("components.terraform.deploy_run_init"), true },
        { "edition", STR_INIT("edition"), false },
        { "helmfile-command", STR_INIT("components.helmfile.command"), false },
        { "helmfile-dir", STR_INIT("components.helmfile.base_path"), false },
        { "init-pass-vars", STR_INIT("components.terraform.init.pass_vars"), true },
        { "init-run-reconfigure", STR_INIT("components.terraform.init_run_reconfigure"), true },
        { "isolate", STR_INIT("plugins.isolate"), false },
        { "plugin-timeout", STR_INIT("plugins.callback_seconds"), false },
        { "plugin-timeout", STR_INIT("plugins.check_seconds"), false },
        { "packer-command", STR_INIT("components.packer.command"), false },
        { "packer-dir", STR_INIT("components.packer.base_path"), false },
        { "schemas-atmos-manifest", STR_INIT("schemas.atmos.manifest"), false },
        { "schemas-cue-dir", STR_INIT("schemas.cue.base_path"), false },
        { "schemas-jsonschema-dir", STR_INIT("schemas.jsonschema.base_path"), false },
        { "schemas-opa-dir", STR_INIT("schemas.opa.base_path"), false },
        { "skip-planfile", STR_INIT("components.terraform.plan.skip_planfile"), true },
        { "lenient", STR_INIT("stacks.lenient"), true },
        { "locked", STR_INIT("plugins.locked"), true },
        { "logs-file", STR_INIT("logs.file"), false },
        { "logs-level", STR_INIT("logs.level"), false },
        { "settings-list-merge-strategy", STR_INIT("settings.list_merge_strategy"), false },
        { "stacks-dir", STR_INIT("stacks.base_path"), false },
        { "terraform-dir", STR_INIT("components.terraform.base_path"), false },
        { "terraform-command", STR_INIT("components.terraform.command"), false },
        { "workflows-dir", STR_INIT("workflows.base_path"), false },
    };

    enum {
        SETTING_COUNT = sizeof(settings) / sizeof(settings[0])
    };
    struct config_options options = { .kept = kept_text(invocation),
        .base_path = option_text(invocation, "base-path") };
    options.files = option_list(invocation, "config", &options.file_count);
    options.folders = option_list(invocation, "config-path", &options.folder_count);
    options.profiles = option_list(invocation, "profile", &options.profile_count);
    struct config_setting *given =
            ARENA_ARRAY(invocation->run->arena, struct config_setting, SETTING_COUNT);
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const char *option = settings[i].option;
        if (!option_is_given(invocation, option)) {
            continue;
        }
        struct config_setting *setting = &given[options.setting_count++];
        setting->key = settings[i].key;
        setting->text = option_text(invocation, option);
        if (settings[i].is_flag) {
            setting->text = option_flag(invocation, option) ? STR("true") : STR("false");
        }
        setting->flag = flag_name(invocation, option);
    }
    options.settings = given;
    return options;
}

int require_stack(struct invocation *invocation, struct str *ret_stack)
{
    struct run *run = invocation->run;
    struct str stack = option_text(invocation, "stack");
    if (stack.len == 0) {
        struct diag *diag = diag_add(&run->diags, &cli_diags[CLI_MISSING_OPTION], MARK_NONE,
                "`%s` needs a stack", invocation->command->path);
        diag->hint =
                diag_text(&run->diags, "name it with --stack (-s); `tf-atmos list stacks` has "
                                       "them all");
        return ERR_INVALID;
    }
    *ret_stack = stack;
    return 0;
}

struct str path_shown(struct run *run, struct str path)
{
    return path_is_below(run->folder, path) ? path_relative(run->arena, run->folder, path)
                                            : path;
}

bool can_ask(const struct invocation *invocation)
{
    const char *ci = environment_get(&invocation->run->env, "CI");
    return invocation->err->term.is_tty && term_can_read(0) && !(ci && *ci) &&
           !option_flag(invocation, "no-input");
}

static bool is_for_stdout(const struct invocation *invocation)
{
    struct str file = option_text(invocation, "file");
    return file.len == 0 || str_eq_cstr(file, "-");
}

static void write_piece(void *context, struct str text)
{
    stream_add(context, text);
}

static int write_product(struct invocation *invocation, struct str text)
{
    struct run *run = invocation->run;
    struct str file = option_text(invocation, "file");
    if (is_for_stdout(invocation)) {
        stream_add(invocation->out, text);
        return 0;
    }
    int r = file_write_atomic(path_join(run->arena, run->folder, file), text, 0644);
    if (r) {
        diag_add(&run->diags, &cli_diags[CLI_OUTPUT], MARK_NONE, "cannot write \"%.*s\": %s",
                STR_ARG(file), strerrordesc_np(errno));
    }
    return r;
}

/* A text found by a query goes through YAML once more, as in the reference: "1.5" prints as 1.5. */
static const struct value *reread_text(struct run *run, const struct value *value)
{
    struct diags unheard;
    diags_init(&unheard, run->arena);
    const struct value *again = NULL;
    struct yaml_input input = {
        .arena = run->arena,
        .keys = run->keys,
        .diags = &unheard,
        .text = value_text(value),
    };
    bool is_read = value_is(value, VALUE_STRING) && yaml_read(&input, &again) == 0;
    return is_read && again ? again : value;
}

int print_value(struct invocation *invocation, const struct value *value)
{
    return print_noted(invocation, value, STR_EMPTY, NULL);
}

void print_ordered(struct invocation *invocation, const struct value *value)
{
    AUTO_BUF text = BUF_INIT(BUF_UNBOUNDED);
    if (str_eq_cstr(option_format(invocation), "yaml")) {
        yaml_write(&text, value, &(struct yaml_style){ .keep_order = true });
    } else {
        json_write(&text, value, JSON_KEEP_ORDER);
        buf_add_byte(&text, '\n');
    }
    stream_add(invocation->out, buf_str(&text));
}

int print_matrix(struct invocation *invocation, const struct value *matrix)
{
    struct run *run = invocation->run;
    struct str file = option_text(invocation, "output-file");
    if (file.len == 0) {
        return print_value(invocation, matrix);
    }
    AUTO_BUF line = BUF_INIT(BUF_UNBOUNDED);
    buf_add_cstr(&line, "matrix=");
    json_write(&line, matrix, JSON_MASK | JSON_COMPACT);
    buf_addf(&line, "\naffected_count=%zu\n",
            value_count(value_get_str(matrix, STR("include"))));
    int r = file_append(path_join(run->arena, run->folder, file), buf_str(&line), 0644);
    if (r) {
        diag_add(&run->diags, &cli_diags[CLI_OUTPUT], MARK_NONE, "cannot write \"%.*s\": %s",
                STR_ARG(file), strerrordesc_np(errno));
    }
    return r;
}

int query_value(struct run *run, const struct value *value, struct str query,
        const struct value **ret_value)
{
    struct str why;
    int r = query_apply(run, value, query, ret_value, &why);
    if (r) {
        struct diag *diag = diag_add(&run->diags, &cli_diags[CLI_QUERY], MARK_NONE,
                "cannot use the query \"%.*s\"", STR_ARG(query));
        diag->detail = why;
    }
    return r;
}

int print_noted(struct invocation *invocation, const struct value *value, struct str head,
        const struct yaml_notes *notes)
{
    struct run *run = invocation->run;
    struct str query = option_text(invocation, "query");
    if (query.len > 0) {
        int r = query_value(run, value, query, &value);
        if (r) {
            return r;
        }
        value = str_eq_cstr(option_format(invocation), "yaml") ? reread_text(run, value)
                                                               : value;
    }
    return print_answer(invocation, value, head, notes);
}

static void write_stack(void *context, struct str name, const struct value *stack)
{
    json_map_add(context, name, stack);
}

int print_stacks(struct invocation *invocation, const struct config_options *config,
        const struct stacks_filter *filter)
{
    struct run *run = invocation->run;
    struct stacks *stacks = NULL;
    int r = pipeline_filter_stacks(run, config, filter, &stacks);
    if (r) {
        return r;
    }
    if (option_text(invocation, "query").len > 0 || !is_for_stdout(invocation) ||
            !str_eq_cstr(option_format(invocation), "json")) {
        return print_value(invocation, stacks_describe(run, stacks, filter));
    }
    struct json_output output = { write_piece, invocation->out };
    struct json_map *map = json_map_begin(&output, JSON_MASK);
    stacks_describe_each(run, stacks, filter, &(struct stack_visitor){ write_stack, map });
    json_map_end(map);
    stream_add_cstr(invocation->out, "\n");
    return 0;
}

int print_answer(struct invocation *invocation, const struct value *value, struct str head,
        const struct yaml_notes *notes)
{
    struct run *run = invocation->run;
    /* A matrix is one line: jobs hand it on in a variable. */
    bool is_matrix = str_eq_cstr(option_format(invocation), "matrix");
    bool is_json = is_matrix || str_eq_cstr(option_format(invocation), "json");
    AUTO_BUF text = BUF_INIT(BUF_UNBOUNDED);
    if (is_json && !is_matrix && is_for_stdout(invocation)) {
        struct json_output output = { write_piece, invocation->out };
        json_stream(&output, value, JSON_MASK);
        stream_add_cstr(invocation->out, "\n");
        return 0;
    }
    if (is_json) {
        json_write(&text, value, JSON_MASK | (is_matrix ? JSON_COMPACT : 0u));
        buf_add_byte(&text, '\n');
    } else {
        int64_t tab;
        struct yaml_style style = { .mask = true, .notes = notes };
        const struct value *width =
                value_get_path(run->config->root, "settings.terminal.tab_width");
        if (value_int(width, &tab) && tab >= 1 && tab <= 8) {
            style.indent = (unsigned)tab;
        }
        buf_add(&text, head);
        yaml_write(&text, value, &style);
    }
    return write_product(invocation, buf_str(&text));
}

int print_table(struct invocation *invocation, const struct table *table)
{
    enum table_format format = TABLE_TEXT;
    table_format_from(option_format(invocation), &format);
    /* The lists that Atmos has look in a pipe as there. */
    if (format == TABLE_TEXT && table->is_flat && !table->has_header &&
            !invocation->out->term.is_tty && !option_is_given(invocation, "format")) {
        format = TABLE_PLAIN;
    }
    struct table names = *table;
    names.delimiter = option_text(invocation, "delimiter");
    if (option_flag(invocation, "quiet") && (format == TABLE_TEXT || format == TABLE_PLAIN)) {
        names.column_count = 1;
        format = TABLE_PLAIN;
    }
    table_write(invocation->run, invocation->out, &names, format);
    return 0;
}
