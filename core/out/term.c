/* SPDX-License-Identifier: Apache-2.0 */
/* Terminal detection and the style table. */
#include "term.h"

#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
    WIDTH_UNKNOWN = 80,
    WIDTH_LEAST = 20,
    WIDTH_MOST = 1000
};

/* 16 colors only, so that the user's theme decides what they look like. */
static const char *const sequences[STYLE__COUNT] = {
    [STYLE_PLAIN] = "",
    [STYLE_STRONG] = "\x1b[1m",
    [STYLE_DIM] = "\x1b[2m",
    [STYLE_OK] = "\x1b[32m",
    [STYLE_WARNING] = "\x1b[1;33m",
    [STYLE_ERROR] = "\x1b[1;31m",
    [STYLE_INFO] = "\x1b[1;36m",
    [STYLE_KEY] = "\x1b[36m",
    [STYLE_LINK] = "\x1b[4;34m",
};

static bool is_set(const char *value)
{
    return value && *value;
}

/* Set to something that does not say no. */
static bool is_yes(const char *value)
{
    return is_set(value) && strcasecmp(value, "0") != 0 && strcasecmp(value, "false") != 0;
}

static bool decide_color(
        const struct environment *env, enum color_mode mode, bool is_tty, const char **ret_rule)
{
    const char *force = environment_get(env, "FORCE_COLOR");
    const char *term = environment_get(env, "TERM");
    const char *color = environment_get(env, "CLICOLOR");

    const struct {
        bool applies;
        bool result;
        const char *rule;
    } rules[] = {
        { mode == COLOR_ALWAYS, true, "--color always" },
        { mode == COLOR_NEVER, false, "--color never" },
        { is_set(environment_get(env, "NO_COLOR")), false, "NO_COLOR is set" },
        { is_set(environment_get(env, "TF_ATMOS_NO_COLOR")), false,
                "TF_ATMOS_NO_COLOR is set" },
        { is_yes(environment_get(env, "CLICOLOR_FORCE")), true, "CLICOLOR_FORCE is set" },
        { is_yes(force), true, "FORCE_COLOR is set" },
        { is_set(force), false, "FORCE_COLOR says no" },
        { is_set(color) && !is_yes(color), false, "CLICOLOR is 0" },
        { !is_tty, false, "not a terminal" },
        { !is_set(term) || strcasecmp(term, "dumb") == 0, false, "TERM is dumb or not set" },
    };

    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (rules[i].applies) {
            *ret_rule = rules[i].rule;
            return rules[i].result;
        }
    }
    *ret_rule = "a terminal with color";
    return true;
}

static bool width_from(const char *text, unsigned *ret_width)
{
    uint64_t number;
    if (!text || !str_to_u64(str_from(text), &number) || number < WIDTH_LEAST) {
        return false;
    }
    *ret_width = number > WIDTH_MOST ? WIDTH_MOST : (unsigned)number;
    return true;
}

static void decide_width(const struct environment *env, int fd, struct term *term)
{
    struct winsize size = { 0 };
    term->width = WIDTH_UNKNOWN;
    if (width_from(environment_get(env, "TF_ATMOS_FORCE_TTY"), &term->width)) {
        term->width_rule = "TF_ATMOS_FORCE_TTY";
    } else if (term->is_tty && ioctl(fd, TIOCGWINSZ, &size) == 0 &&
               size.ws_col >= WIDTH_LEAST) {
        term->width = size.ws_col > WIDTH_MOST ? WIDTH_MOST : size.ws_col;
        term->width_rule = "the terminal";
    } else if (width_from(environment_get(env, "COLUMNS"), &term->width)) {
        term->width_rule = "COLUMNS";
    } else {
        term->width_rule = "the default";
    }
}

/* The character type locale as POSIX finds it; no locale is ever installed in this program. */
static bool is_utf8_locale(const struct environment *env)
{
    static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *value = environment_get(env, names[i]);
        if (is_set(value)) {
            const char *dot = value;
            while (*dot && *dot != '.') {
                dot++;
            }
            return strncasecmp(dot, ".utf-8", 6) == 0 || strncasecmp(dot, ".utf8", 5) == 0;
        }
    }
    return false;
}

void term_detect(
        const struct environment *env, int fd, enum color_mode mode, struct term *ret_term)
{
    struct term term = { 0 };
    term.is_tty = is_yes(environment_get(env, "TF_ATMOS_FORCE_TTY")) || isatty(fd) == 1;
    term.is_utf8 = is_utf8_locale(env);
    term.has_color = decide_color(env, mode, term.is_tty, &term.color_rule);
    decide_width(env, fd, &term);
    *ret_term = term;
}

bool term_can_read(int fd)
{
    return isatty(fd) == 1;
}

bool color_mode_from(struct str name, enum color_mode *ret_mode)
{
    static const char *const names[] = { "auto", "always", "never" };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (str_eq_cstr(name, names[i])) {
            *ret_mode = (enum color_mode)i;
            return true;
        }
    }
    return false;
}

const char *term_style(const struct term *term, enum style style)
{
    return term->has_color ? sequences[style] : "";
}

const char *term_style_end(const struct term *term)
{
    return term->has_color ? "\x1b[0m" : "";
}
