/* SPDX-License-Identifier: Apache-2.0 */
/* completion, and the hidden __complete that the scripts call. */
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "help.h"

/* ---- the scripts ---- */

static const char script_bash[] =
        "# bash completion of tf-atmos; load it with: source <(tf-atmos completion bash)\n"
        "_tf_atmos() {\n"
        "    local line\n"
        "    COMPREPLY=()\n"
        "    while IFS=$'\\t' read -r line _; do\n"
        "        COMPREPLY+=(\"$line\")\n"
        "    done < <(tf-atmos __complete -- \"${COMP_WORDS[@]:1:COMP_CWORD}\" 2>/dev/null)\n"
        "    [ ${#COMPREPLY[@]} -gt 0 ] || compopt -o default\n"
        "}\n"
        "complete -F _tf_atmos tf-atmos\n";

static const char script_zsh[] =
        "#compdef tf-atmos\n"
        "# zsh completion of tf-atmos; load it with: source <(tf-atmos completion zsh)\n"
        "_tf_atmos() {\n"
        "    local -a found\n"
        "    local name text\n"
        "    while IFS=$'\\t' read -r name text; do\n"
        "        found+=(\"${name//:/\\\\:}${text:+:$text}\")\n"
        "    done < <(tf-atmos __complete -- \"${(@)words[2,CURRENT]}\" 2>/dev/null)\n"
        "    if (( ${#found} )); then\n"
        "        _describe tf-atmos found\n"
        "    else\n"
        "        _files\n"
        "    fi\n"
        "}\n"
        "compdef _tf_atmos tf-atmos\n";

static const char script_fish[] =
        "# fish completion of tf-atmos; load it with: tf-atmos completion fish | source\n"
        "function __tf_atmos_complete\n"
        "    set -l words (commandline -opc) (commandline -ct)\n"
        "    tf-atmos __complete -- $words[2..-1] 2>/dev/null\n"
        "end\n"
        "complete -c tf-atmos -f -a '(__tf_atmos_complete)'\n";

int cmd_completion(struct invocation *invocation)
{
    static const struct {
        const char *shell;
        const char *script;
    } scripts[] = { { "bash", script_bash }, { "zsh", script_zsh }, { "fish", script_fish } };
    struct run *run = invocation->run;
    struct str shell = invocation->args.items[0];
    for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
        if (str_eq_cstr(shell, scripts[i].shell)) {
            stream_add_cstr(invocation->out, scripts[i].script);
            return 0;
        }
    }
    struct diag *diag = diag_add(&run->diags, &cli_diags[CLI_BAD_VALUE], MARK_NONE,
            "there is no completion script for \"%.*s\"", STR_ARG(shell));
    diag->hint = STR("use one of bash, zsh, fish");
    return ERR_INVALID;
}

/* ---- candidates ---- */

/* What is being completed: the words before the cursor, understood, and the word at the cursor. */
struct completer {
    struct invocation *invocation;
    struct invocation partial;
    struct str current;
    struct str prefix; /* "--stack=" when the value is glued to its option */
};

static void offer(struct completer *completer, struct str name, const char *text)
{
    if (str_starts_with(name, completer->current) && name.len > 0) {
        struct stream *out = completer->invocation->out;
        stream_add(out, completer->prefix);
        stream_add_foreign(out, name);
        stream_addf(out, "%s%s\n", text ? "\t" : "", text ? text : "");
    }
}

static void offer_stacks(struct completer *completer, bool want_components)
{
    struct run *run = completer->invocation->run;
    struct config_options config = invocation_config_options(&completer->partial);
    struct str stack = STR_EMPTY;
    struct str *names = NULL;
    size_t count = 0;
    if (pipeline_configure(run, &config, true) != 0) {
        return;
    }
    if (!want_components) {
        (void)stacks_list_names(run, &names, &count);
    } else {
        if (option_find(completer->partial.command, STR("stack"))) {
            stack = option_text(&completer->partial, "stack");
        }
        (void)stacks_list_components(run, stack, &names, &count);
    }
    for (size_t i = 0; i < count; i++) {
        offer(completer, names[i], NULL);
    }
}

static void offer_plugins(struct completer *completer)
{
    struct run *run = completer->invocation->run;
    struct config_options config = invocation_config_options(&completer->partial);
    struct plugins *plugins = NULL;
    (void)pipeline_discover(run, &config, &plugins);
    for (size_t i = 0; plugins && i < plugins_count(plugins); i++) {
        const struct plugin *plugin = plugins_at(plugins, i);
        if (plugin->identity && plugin->state != PLUGIN_SHADOWED) {
            offer(completer, plugin->identity->id, plugin_state_name(plugin->state));
        }
    }
}

static void offer_diagnostics(struct completer *completer)
{
    const struct diag_kind *kind;
    for (size_t i = 0; (kind = diagnostic_at(i)); i++) {
        offer(completer, str_from(kind->id), kind->title);
    }
}

static void offer_commands(struct completer *completer)
{
    struct arena *arena = completer->invocation->run->arena;
    struct str words = completer->partial.words;
    struct map known = { 0 };
    for (size_t i = 0; i < command_count; i++) {
        struct str path = str_from(commands[i].path);
        bool is_below =
                words.len == 0 || (path.len > words.len && str_starts_with(path, words) &&
                                          path.ptr[words.len] == ' ');
        if (!is_below || !command_is_visible(&commands[i])) {
            continue;
        }
        struct str rest = str_from_index(path, words.len > 0 ? words.len + 1 : 0);
        ptrdiff_t blank = str_find(rest, ' ');
        struct str word = str_sub(rest, 0, blank < 0 ? rest.len : (size_t)blank);
        if (!map_has(&known, word)) {
            map_put(arena, &known, word, arena);
            offer(completer, word, blank < 0 ? commands[i].summary : NULL);
        }
    }
}

static void offer_kind(struct completer *completer, enum completion kind)
{
    switch (kind) {
    case COMPLETE_STACK:
        offer_stacks(completer, false);
        break;
    case COMPLETE_COMPONENT:
        offer_stacks(completer, true);
        break;
    case COMPLETE_DIAGNOSTIC:
        offer_diagnostics(completer);
        break;
    case COMPLETE_TOPIC:
        completer->partial.words = STR_EMPTY;
        offer_commands(completer);
        for (size_t i = 0; i < topic_count; i++) {
            offer(completer, str_from(topics[i].name), topics[i].summary);
        }
        break;
    case COMPLETE_PLUGIN:
        offer_plugins(completer);
        break;
    case COMPLETE_NOTHING:
    case COMPLETE_FILE:
    case COMPLETE_FOLDER:
        /* Nothing offered: the shell completes files. */
        break;
    }
}

static void offer_value(struct completer *completer, const struct option *option)
{
    const struct command *command = completer->partial.command;
    bool is_format = strcmp(option->name, "format") == 0 && command;
    const char *const *choices = is_format ? command->formats : option->choices;
    for (; choices && *choices; choices++) {
        offer(completer, str_from(*choices), NULL);
    }
    if (!option->choices) {
        offer_kind(completer, option->completion);
    }
}

static void offer_options(struct completer *completer)
{
    struct arena *arena = completer->invocation->run->arena;
    const struct command *command = completer->partial.command;
    const struct option *const *const lists[] = { command ? command->options : NULL,
        command_format_options(command), global_options };
    for (size_t l = 0; l < sizeof(lists) / sizeof(lists[0]); l++) {
        for (const struct option *const *o = lists[l]; o && *o; o++) {
            if (!((*o)->flags & OPTION_HIDDEN) && !(*o)->unsupported) {
                offer(completer, arena_printf(arena, "--%s", (*o)->name), (*o)->help);
            }
        }
    }
}

static bool takes_value(const struct option *option)
{
    return option && (option->kind == OPTION_TEXT || option->kind == OPTION_LIST);
}

/* The option that the word before the cursor leaves without its value. */
static const struct option *option_waiting(const struct completer *completer, struct str word)
{
    const struct command *command = completer->partial.command;
    const struct option *option = NULL;
    if (str_starts_with(word, STR("--"))) {
        option = option_find(command, str_from_index(word, 2));
    } else if (word.len == 2 && word.ptr[0] == '-') {
        option = option_find_letter(command, word.ptr[1]);
    }
    return takes_value(option) ? option : NULL;
}

static void complete(struct completer *completer, struct str before)
{
    const struct option *option = option_waiting(completer, before);
    ptrdiff_t equals = str_find(completer->current, '=');
    if (!option && str_starts_with(completer->current, STR("--")) && equals > 0) {
        option = option_find(
                completer->partial.command, str_sub(completer->current, 2, (size_t)equals));
        completer->prefix = str_sub(completer->current, 0, (size_t)equals + 1);
        completer->current = str_from_index(completer->current, (size_t)equals + 1);
        option = takes_value(option) ? option : NULL;
    }
    if (option) {
        offer_value(completer, option);
    } else if (str_starts_with(completer->current, STR("-"))) {
        offer_options(completer);
    } else if (completer->partial.command) {
        size_t given = completer->partial.args.count;
        if (given == 0 || completer->partial.command->completion == COMPLETE_TOPIC) {
            offer_kind(completer, completer->partial.command->completion);
        }
    } else {
        offer_commands(completer);
    }
}

/* bash hands over "--stack", "=", "dev" for --stack=dev: as if they were written apart. */
static void join_equals(struct invocation *invocation)
{
    size_t count = invocation->rest.count;
    struct str *words = invocation->rest.items;
    if (count >= 1 && str_eq_cstr(words[count - 1], "=")) {
        words[count - 1] = STR_EMPTY;
    } else if (count >= 2 && str_eq_cstr(words[count - 2], "=")) {
        words[count - 2] = words[count - 1];
        invocation->rest.count--;
    }
}

int cmd_complete(struct invocation *invocation)
{
    struct run *run = invocation->run;
    join_equals(invocation);
    size_t count = invocation->rest.count;
    struct completer completer = { .invocation = invocation };
    completer.partial.run = run;
    completer.current = count > 0 ? invocation->rest.items[count - 1] : STR_EMPTY;
    const char **words = ARENA_ARRAY(run->arena, const char *, count + 1);
    for (size_t i = 0; i + 1 < count; i++) {
        words[i] = arena_cstr(run->arena, invocation->rest.items[i]);
    }
    size_t before = count > 0 ? count - 1 : 0;
    /* Half a command line is never right: whatever is wrong with it is not worth a word. */
    parse_arguments(&completer.partial, words, before);
    struct str folder = option_text(&completer.partial, "chdir");
    if (folder.len > 0 && chdir(arena_cstr(run->arena, folder)) == 0) {
        (void)folder_current(run->arena, &run->folder);
    }
    complete(&completer, before > 0 ? invocation->rest.items[before - 1] : STR_EMPTY);
    invocation->has_reported = true;
    return 0;
}
