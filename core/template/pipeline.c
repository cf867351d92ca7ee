/* SPDX-License-Identifier: Apache-2.0 */
/* Parses pipelines: variables, commands, their words. */
#include <string.h>

#include "parser.h"

VEC_TYPE(operands, struct operand);
VEC_TYPE(commands, struct command);
VEC_TYPE(field_keys, const struct key *);
VEC_TYPE(field_places, uint32_t);

/* ---- variables ---- */

static bool variable_find(const struct parser *p, struct str name, size_t *ret_slot)
{
    for (size_t i = p->variables.count; i > 0; i--) {
        if (str_eq(p->variables.items[i - 1], name)) {
            *ret_slot = i - 1;
            return true;
        }
    }
    return false;
}

static int say_undefined(struct parser *p, struct token token)
{
    int err = parser_fail(
            p, ERR_PARSE, token.at, "there is no variable \"%.*s\" here", STR_ARG(token.text));
    p->error->hint =
            suggest_hint(p->arena, token.text, p->variables.items + 1, p->variables.count - 1);
    return err;
}

static size_t variable_declare(struct parser *p, struct str name)
{
    VEC_PUSH(p->arena, &p->variables, name);
    if (p->variables.count > p->definition->slot_count) {
        p->definition->slot_count = p->variables.count;
    }
    return p->variables.count - 1;
}

/* "$x :=", "$x =", "$i, $x :=" at the beginning of a pipeline. */
struct setting {
    struct token names[2];
    size_t count;
    bool is_assignment;
};

static int parse_setting(
        struct parser *p, const char *where, size_t most, struct setting *setting)
{
    struct parser before = *p;
    *setting = (struct setting){ .count = 0 };
    while (parser_peek(p).kind == TOKEN_VARIABLE) {
        struct token name = parser_take(p);
        enum token_kind next = parser_peek(p).kind;
        if (next != TOKEN_DECLARE && next != TOKEN_ASSIGN && next != TOKEN_COMMA) {
            break;
        }
        struct token behind = parser_take(p);
        setting->names[setting->count++] = name;
        if (next != TOKEN_COMMA) {
            setting->is_assignment = next == TOKEN_ASSIGN;
            return 0;
        }
        if (setting->count == most) {
            return parser_fail(p, ERR_PARSE, behind.at, "%s sets at most %zu variable%s", where,
                    most, most == 1 ? "" : "s");
        }
    }
    if (setting->count > 0) {
        return parser_unexpected(p, parser_take(p), "the variables of a range");
    }
    *p = before;
    return 0;
}

/* When the pipeline is parsed: its own variables are not known inside of it. */
static int finish_setting(struct parser *p, const struct setting *setting, struct pipe *pipe)
{
    pipe->slot_count = setting->count;
    pipe->is_assignment = setting->is_assignment;
    for (size_t i = 0; i < setting->count; i++) {
        struct str name = setting->names[i].text;
        if (!setting->is_assignment) {
            pipe->slots[i] = variable_declare(p, name);
        } else if (!variable_find(p, name, &pipe->slots[i])) {
            return say_undefined(p, setting->names[i]);
        }
    }
    return 0;
}

/* ---- words ---- */

static bool is_keyword(struct str word)
{
    static const struct str keywords[] = { STR_INIT("if"), STR_INIT("with"), STR_INIT("range"),
        STR_INIT("else"), STR_INIT("end"), STR_INIT("define"), STR_INIT("block"),
        STR_INIT("template"), STR_INIT("break"), STR_INIT("continue") };
    return str_is_among(word, keywords, sizeof(keywords) / sizeof(keywords[0]));
}

/* A name, perhaps one with dots: `fields` are taken when they belong to it. */
static int parse_function(struct parser *p, struct token word, struct operand *operand)
{
    struct str text = p->input->text;
    operand->kind = OPERAND_FUNCTION;
    operand->function = str_eq(word.text, STR("and"))  ? &function_and
                        : str_eq(word.text, STR("or")) ? &function_or
                                                       : NULL;
    if (operand->function) {
        return 0;
    }
    struct str name = word.text;
    struct parser before = *p;
    while (parser_peek(p).kind == TOKEN_FIELD && !parser_peek(p).is_apart) {
        (void)parser_take(p);
        name = str_sub(text, word.at, p->end);
        operand->function = function_find(p->input->functions, name);
        if (operand->function) {
            return 0;
        }
    }
    *p = before;
    operand->function = function_find(p->input->functions, word.text);
    operand->function =
            operand->function ? operand->function : function_find(&go_functions, word.text);
    if (operand->function) {
        return 0;
    }
    struct str message;
    struct str hint;
    int err = function_unknown(p->arena, p->input->functions, name, &message, &hint);
    (void)parser_fail(p, err, word.at, "%.*s", STR_ARG(message));
    p->error->hint = hint;
    return err;
}

static int parse_word(struct parser *p, struct token word, struct operand *operand)
{
    bool is_true = str_eq(word.text, STR("true"));
    if (is_true || str_eq(word.text, STR("false"))) {
        operand->kind = OPERAND_CONSTANT;
        operand->constant = datum_bool(is_true);
        return 0;
    }
    if (str_eq(word.text, STR("nil"))) {
        operand->kind = OPERAND_NIL;
        return 0;
    }
    return is_keyword(word.text) ? parser_unexpected(p, word, "a pipeline")
                                 : parse_function(p, word, operand);
}

static void add_field(struct parser *p, struct token token, struct field_keys *keys,
        struct field_places *places)
{
    VEC_PUSH(p->arena, keys, key_of(p->input->keys, token.text));
    VEC_PUSH(p->arena, places, (uint32_t)token.at);
}

static int parse_constant(struct parser *p, struct token token, struct operand *operand)
{
    operand->kind = OPERAND_CONSTANT;
    if (token.kind == TOKEN_NUMBER) {
        return parse_number(p, token, &operand->constant);
    }
    return token.kind == TOKEN_CHARACTER ? parse_character(p, token, &operand->constant)
                                         : parse_string(p, token, &operand->constant);
}

/* What an operand begins with. False in *ret_found: nothing that can. */
static int parse_head(struct parser *p, struct operand *operand, bool *ret_found)
{
    struct token token = parser_peek(p);
    enum token_kind kind = token.kind;
    *ret_found = true;
    operand->kind = OPERAND_DOT;
    if (kind == TOKEN_FIELD) {
        return 0; /* of the dot; taken with the others */
    }
    if (kind == TOKEN_DOT) {
        (void)parser_take(p);
        return 0;
    }
    if (kind == TOKEN_VARIABLE) {
        operand->kind = OPERAND_VARIABLE;
        (void)parser_take(p);
        return variable_find(p, token.text, &operand->slot) ? 0 : say_undefined(p, token);
    }
    if (kind == TOKEN_WORD) {
        return parse_word(p, parser_take(p), operand);
    }
    if (kind == TOKEN_LEFT) {
        operand->kind = OPERAND_PIPE;
        (void)parser_take(p);
        return parse_pipe(p, "parentheses", TOKEN_RIGHT, 1, &operand->pipe);
    }
    *ret_found = kind == TOKEN_NUMBER || kind == TOKEN_CHARACTER || kind == TOKEN_STRING ||
                 kind == TOKEN_RAW;
    return *ret_found ? parse_constant(p, parser_take(p), operand) : 0;
}

static int parse_operand(struct parser *p, struct operand *operand, bool *ret_found)
{
    struct token first = parser_peek(p);
    struct field_keys keys = { 0 };
    struct field_places places = { 0 };
    *operand = (struct operand){ .at = (uint32_t)first.at };
    int err = parse_head(p, operand, ret_found);
    if (err || !*ret_found) {
        return err;
    }
    bool has_fields = operand->kind != OPERAND_CONSTANT && operand->kind != OPERAND_NIL &&
                      first.kind != TOKEN_DOT;
    while (parser_peek(p).kind == TOKEN_FIELD &&
            (!parser_peek(p).is_apart || (first.kind == TOKEN_FIELD && keys.count == 0))) {
        if (!has_fields) {
            return parser_fail(p, ERR_PARSE, parser_peek(p).at,
                    "what stands before this field has no fields");
        }
        add_field(p, parser_take(p), &keys, &places);
    }
    operand->fields = keys.items;
    operand->field_at = places.items;
    operand->field_count = keys.count;
    operand->written = str_sub(p->input->text, first.at, p->end);
    return 0;
}

/* ---- commands ---- */

static bool ends_command(enum token_kind kind)
{
    return kind == TOKEN_CLOSE || kind == TOKEN_RIGHT || kind == TOKEN_PIPE;
}

static int parse_command(struct parser *p, const char *where, struct command *command)
{
    struct operands operands = { 0 };
    command->at = (uint32_t)parser_peek(p).at;
    while (!ends_command(parser_peek(p).kind)) {
        struct operand operand;
        bool is_found = false;
        struct token token = parser_peek(p);
        if (operands.count > 0 && !token.is_apart) {
            return parser_unexpected(p, token, "a word: a blank is missing, perhaps");
        }
        int err = parse_operand(p, &operand, &is_found);
        if (err) {
            return err;
        }
        if (!is_found) {
            return parser_unexpected(p, token, where);
        }
        VEC_PUSH(p->arena, &operands, operand);
    }
    command->operands = operands.items;
    command->count = operands.count;
    return 0;
}

static int check_command(struct parser *p, const char *where, const struct commands *commands)
{
    const struct command *last = &commands->items[commands->count - 1];
    if (last->count == 0) {
        return parser_fail(p, ERR_PARSE, last->at, "%s: a value is missing here", where);
    }
    const struct operand *first = &last->operands[0];
    bool is_value = first->kind == OPERAND_CONSTANT || first->kind == OPERAND_NIL ||
                    (first->kind == OPERAND_DOT && first->field_count == 0);
    if (commands->count > 1 && is_value) {
        return parser_fail(
                p, ERR_PARSE, last->at, "what stands behind \"|\" must be a function");
    }
    return 0;
}

static int parse_commands(
        struct parser *p, const char *where, enum token_kind end, struct commands *commands)
{
    for (;;) {
        struct command command;
        int err = parse_command(p, where, &command);
        if (err) {
            return err;
        }
        VEC_PUSH(p->arena, commands, command);
        err = check_command(p, where, commands);
        if (err) {
            return err;
        }
        struct token token = parser_take(p);
        if (token.kind == end) {
            return 0;
        }
        if (token.kind != TOKEN_PIPE) {
            return token.kind == TOKEN_RIGHT
                           ? parser_fail(p, ERR_PARSE, token.at, "\")\" without \"(\"")
                           : parser_fail(p, ERR_PARSE, token.at,
                                     "\")\" is missing before the end of the action");
        }
    }
}

int parse_pipe(struct parser *p, const char *where, enum token_kind end, size_t most,
        const struct pipe **ret_pipe)
{
    struct pipe *pipe = ARENA_NEW(p->arena, struct pipe);
    struct commands commands = { 0 };
    struct setting setting;
    pipe->at = (uint32_t)parser_peek(p).at;
    int err = parser_enter(p, pipe->at);
    err = err ? err : parse_setting(p, where, most, &setting);
    err = err ? err : parse_commands(p, where, end, &commands);
    err = err ? err : finish_setting(p, &setting, pipe);
    parser_leave(p);
    pipe->commands = commands.items;
    pipe->count = commands.count;
    *ret_pipe = pipe;
    return err;
}
