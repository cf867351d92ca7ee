/* SPDX-License-Identifier: Apache-2.0 */
/* One fixture for all tests of a program. */
#ifndef TFATMOS_TESTS_AWS_GROUP_H
#define TFATMOS_TESTS_AWS_GROUP_H

#include "aws_fixture.h"

static struct fixture fixture;

static inline int group_start(void **state)
{
    (void)state;
    fixture_start(&fixture, NULL);
    return 0;
}

static inline int group_stop(void **state)
{
    (void)state;
    fixture_stop(&fixture);
    return 0;
}

#define RUN_GROUP(tests) cmocka_run_group_tests(tests, group_start, group_stop)

#endif
