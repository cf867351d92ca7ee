/* SPDX-License-Identifier: Apache-2.0 */
/* The table of reads that are sent by POST. */
#ifndef TFATMOS_PLUGIN_AWS_READS_H
#define TFATMOS_PLUGIN_AWS_READS_H

#include <stddef.h>

struct aws_post_read {
    const char *service;
    const char *operation;
    const char *path; /* with {} for labels */
};

extern const struct aws_post_read aws_post_reads[];
extern const size_t aws_post_read_count;

#endif
