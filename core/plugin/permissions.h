/* SPDX-License-Identifier: Apache-2.0 */
/* What plugins may ask AWS, as documents IAM takes. */
#ifndef TFATMOS_PLUGIN_PERMISSIONS_H
#define TFATMOS_PLUGIN_PERMISSIONS_H

#include "plugin_identity.h"
#include "run.h"

struct plugin;

enum {
    PERMISSIONS_MAX_CHARACTERS = 6144 /* of a managed policy, white space not counted */
};

/* The actions of these plugins, each once, in byte order. */
struct str_list permissions_of(
        struct run *run, const struct plugin *const *plugins, size_t count);

/*
 * Policy documents that allow exactly these actions, as few as IAM's limit lets them be, none for no
 * action. An action longer than a document can hold does not exist: notes are smaller.
 */
const struct value *const *permissions_documents(
        struct run *run, const struct str_list *actions, size_t *ret_count);

#endif
