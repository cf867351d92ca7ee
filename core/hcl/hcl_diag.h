/* SPDX-License-Identifier: Apache-2.0 */
/* Every diagnostic of hcl/. */
#ifndef TFATMOS_HCL_HCL_DIAG_H
#define TFATMOS_HCL_HCL_DIAG_H

#include "base/base.h"

/* X(name, id, severity, exit code, title, cause, fix) */
#define HCL_DIAGS(X)                                                                           \
    X(HCL_SYNTAX, "hcl/syntax", DIAG_ERROR, EXIT_DATA, "a Terraform file is not valid HCL",    \
            "The text cannot be read as blocks and attributes at the place shown; often a "    \
            "bracket or a quote is missing shortly before.",                                   \
            "Correct the file; `terraform fmt` finds the same mistakes.")                      \
    X(HCL_NOT_TEXT, "hcl/not-text", DIAG_ERROR, EXIT_DATA,                                     \
            "a Terraform file is not UTF-8 text",                                              \
            "The file holds NUL bytes or bytes that are not UTF-8: it is damaged, binary, or " \
            "in another encoding.",                                                            \
            "Save the file as UTF-8.")                                                         \
    X(HCL_LIMIT, "hcl/limit", DIAG_ERROR, EXIT_DATA,                                           \
            "a Terraform file is too large or too deep",                                       \
            "Files of more than 16 MiB, and blocks or expressions nested more than 100 times " \
            "are not read.",                                                                   \
            "Split the file.")                                                                 \
    X(HCL_JSON_SHAPE, "hcl/json-shape", DIAG_ERROR, EXIT_DATA,                                 \
            "a .tf.json file has the wrong shape",                                             \
            "In Terraform's JSON syntax blocks are objects, one level per label; several "     \
            "blocks with the same labels are a list of objects.",                              \
            "Compare with Terraform's documentation of the JSON syntax.")                      \
    X(HCL_UNREADABLE, "hcl/unreadable", DIAG_ERROR, EXIT_IO,                                   \
            "a Terraform file cannot be read",                                                 \
            "The system refused to read the file or the folder, or it is no regular file.",    \
            "Check owner and mode of the file named.")

enum hcl_diag {
    HCL_DIAGS(DIAG_KIND_ENUM) HCL_DIAG__COUNT
};
extern const struct diag_kind hcl_diags[HCL_DIAG__COUNT];

#endif
