/* SPDX-License-Identifier: Apache-2.0 */
/* Findings on the screen, as a compiler shows them, and as JSON. */
#ifndef TFATMOS_OUT_REPORT_H
#define TFATMOS_OUT_REPORT_H

#include "stream.h"

enum report_format {
    REPORT_FULL, /* with the source line, why and what to do */
    REPORT_CONCISE, /* path:line:column: severity id message, for editors */
    REPORT_JSON /* one document */
};

/* False for anything but full, concise, json. */
bool report_format_from(struct str name, enum report_format *ret_format);

struct report_counts {
    size_t errors;
    size_t warnings;
    size_t passed;
    size_t failed;
    size_t pending;
    size_t skipped;
    size_t unknown;
};

/* Check results count as checks only, whatever their severity. */
struct report_counts report_count(const struct diags *diags);

struct report_options {
    enum report_format format;
    bool want_summary; /* the last line with the counts */
    bool want_passed; /* show checks that passed one by one */
    const char *nothing; /* said instead of a summary when there is nothing to count, or NULL */
};

/*
 * Writes the findings in the order of the list (diags_sort first for order by place). From the
 * eleventh finding of one kind on, REPORT_FULL gives one line each, at most ten more, then a count.
 * Source lines are read from the files at sources_root; a file that cannot be read any more only
 * loses its lines.
 */
void report_write(struct run *run, struct stream *out, const struct report_options *options);

/* The JSON document of REPORT_JSON as a value: format_version, diagnostics, summary. */
const struct value *report_value(struct run *run);

/* Stable name of a finding across edits: hash of id, file, subject and pointer, not of lines. */
struct str report_fingerprint(struct run *run, const struct diag *diag);

/* "error", "warning", ... and "pass", "fail", ... (empty for DIAG_NO_CHECK). */
const char *severity_name(enum diag_severity severity);
const char *check_name(enum diag_check check);

#endif
