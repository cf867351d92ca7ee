/* SPDX-License-Identifier: Apache-2.0 */
/* The typing table of unquoted YAML text, as the reference's reader has it. */
#include "yaml_scalar.h"

#include <string.h>

#include "number.h"

static bool is_word(struct str text, const char *const *words)
{
    for (; *words; words++) {
        if (str_eq_cstr(text, *words)) {
            return true;
        }
    }
    return false;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

bool yaml_is_account_id(struct str text)
{
    if (text.len != 12 || text.ptr[0] != '0') {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (!is_digit(text.ptr[i])) {
            return false;
        }
    }
    return true;
}

/* An optional sign and decimal digits without a leading zero, of any length; '_' counts nothing. */
static bool is_decimal_integer(struct str text)
{
    size_t at = text.ptr[0] == '-' || text.ptr[0] == '+';
    bool has_digit = false;
    for (; at < text.len; at++) {
        if (text.ptr[at] == '_') {
            continue;
        }
        if (!is_digit(text.ptr[at]) || (!has_digit && text.ptr[at] == '0')) {
            return false;
        }
        has_digit = true;
    }
    return has_digit;
}

static enum value_kind number_kind(struct str text)
{
    struct integer integer;
    double number = 0;
    if (integer_is_plain(text) || is_decimal_integer(text)) {
        return VALUE_INT;
    }
    if (yaml_is_account_id(text)) {
        return VALUE_STRING;
    }
    if (integer_read(text, &integer) &&
            (!integer.is_negative || integer.magnitude <= (uint64_t)INT64_MAX + 1)) {
        return VALUE_INT;
    }
    /* Here land 089, and octal digits beyond 64 bits; larger than any double: text. */
    return decimal_read(text, &number) ? VALUE_FLOAT : VALUE_STRING;
}

enum value_kind yaml_plain_kind(struct str text)
{
    static const char *const nulls[] = { "null", "Null", "NULL", NULL };
    static const char *const bools[] = { "true", "True", "TRUE", "false", "False", "FALSE",
        NULL };
    double number = 0;
    if (text.len == 0) {
        return VALUE_NULL;
    }
    switch (text.ptr[0]) {
    case '~':
        return text.len == 1 ? VALUE_NULL : VALUE_STRING;
    case 'n':
    case 'N':
        return is_word(text, nulls) ? VALUE_NULL : VALUE_STRING;
    case 't':
    case 'T':
    case 'f':
    case 'F':
        return is_word(text, bools) ? VALUE_BOOL : VALUE_STRING;
    case '.':
        /* No separators here: ._5 and .5_0 are text. */
        return str_find(text, '_') < 0 && decimal_read(text, &number) ? VALUE_FLOAT
                                                                      : VALUE_STRING;
    case '-':
    case '+':
        return text.len > 1 ? number_kind(text) : VALUE_STRING;
    default:
        return is_digit(text.ptr[0]) ? number_kind(text) : VALUE_STRING;
    }
}

/* Cuts one or two digits off; -1 when there is none. */
static int cut_number(struct str *text)
{
    int number = -1;
    for (int i = 0; i < 2 && text->len > 0 && is_digit(text->ptr[0]); i++) {
        number = (number < 0 ? 0 : number * 10) + (text->ptr[0] - '0');
        *text = str_from_index(*text, 1);
    }
    return number;
}

static bool cut_byte(struct str *text, char byte)
{
    if (text->len == 0 || text->ptr[0] != byte) {
        return false;
    }
    *text = str_from_index(*text, 1);
    return true;
}

static bool is_day(int year, int month, int day)
{
    static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (month < 1 || month > 12 || day < 1 || day > days[month - 1]) {
        return false;
    }
    return month != 2 || day < 29 || is_leap;
}

static bool cut_time(struct str *text)
{
    int hour = cut_number(text);
    int minute = cut_byte(text, ':') ? cut_number(text) : -1;
    int second = cut_byte(text, ':') ? cut_number(text) : -1;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
        return false;
    }
    if (text->len > 1 && (text->ptr[0] == '.' || text->ptr[0] == ',') &&
            is_digit(text->ptr[1])) {
        do {
            *text = str_from_index(*text, 1);
        } while (text->len > 0 && is_digit(text->ptr[0]));
    }
    return true;
}

static bool is_zone(struct str text)
{
    if (str_eq(text, STR("Z"))) {
        return true;
    }
    return text.len == 6 && (text.ptr[0] == '+' || text.ptr[0] == '-') &&
           is_digit(text.ptr[1]) && is_digit(text.ptr[2]) && text.ptr[3] == ':' &&
           is_digit(text.ptr[4]) && is_digit(text.ptr[5]);
}

/* 2026-01-31, and with a time behind T, t or a blank. */
static bool is_timestamp(struct str text)
{
    if (text.len < 8 || text.ptr[4] != '-') {
        return false;
    }
    int year = 0;
    for (size_t i = 0; i < 4; i++) {
        if (!is_digit(text.ptr[i])) {
            return false;
        }
        year = year * 10 + (text.ptr[i] - '0');
    }
    text = str_from_index(text, 5);
    int month = cut_number(&text);
    int day = cut_byte(&text, '-') ? cut_number(&text) : -1;
    if (!is_day(year, month, day)) {
        return false;
    }
    if (text.len == 0) {
        return true;
    }
    char between = text.ptr[0];
    text = str_from_index(text, 1);
    if (between == ' ') {
        return cut_time(&text) && text.len == 0;
    }
    return (between == 'T' || between == 't') && cut_time(&text) && is_zone(text);
}

/* 12:30:45 and the like: a number to base 60 in YAML 1.1. */
static bool is_base60(struct str text)
{
    size_t at = text.ptr[0] == '-' || text.ptr[0] == '+';
    size_t parts = 0;
    if (at >= text.len || !is_digit(text.ptr[at])) {
        return false;
    }
    while (at < text.len && (is_digit(text.ptr[at]) || text.ptr[at] == '_')) {
        at++;
    }
    while (at + 1 < text.len && text.ptr[at] == ':' && is_digit(text.ptr[at + 1])) {
        bool is_double = at + 2 < text.len && is_digit(text.ptr[at + 2]);
        if (is_double && text.ptr[at + 1] > '5') {
            return false;
        }
        at += is_double ? 3 : 2;
        parts++;
    }
    if (parts > 0 && at < text.len && text.ptr[at] == '.') {
        do {
            at++;
        } while (at < text.len && (is_digit(text.ptr[at]) || text.ptr[at] == '_'));
    }
    return parts > 0 && at == text.len;
}

bool yaml_is_ambiguous(struct str text)
{
    static const char *const old_bools[] = { "y", "Y", "yes", "Yes", "YES", "on", "On", "ON",
        "n", "N", "no", "No", "NO", "off", "Off", "OFF", NULL };
    if (text.len == 0) {
        return true;
    }
    if (text.len <= 3 && is_word(text, old_bools)) {
        return true;
    }
    char first = text.ptr[0];
    if (!is_digit(first) && first != '-' && first != '+') {
        return false;
    }
    return yaml_is_account_id(text) || is_timestamp(text) || is_base60(text);
}
