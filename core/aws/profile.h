/* SPDX-License-Identifier: Apache-2.0 */
/* The two shared AWS files, seen as profiles and their settings. */
#ifndef TFATMOS_AWS_PROFILE_H
#define TFATMOS_AWS_PROFILE_H

#include "fault.h"
#include "ini.h"

/* One of the files. */
struct profile_file {
    struct str path; /* empty: there is none, because HOME is not set */
    struct str content; /* wiped by profiles_clear */
    struct ini ini;
    bool is_config; /* sections are called `profile x` */
    bool is_there;
};

/*
 * ~/.aws/credentials and ~/.aws/config, or the files AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE
 * name. Settings in the first one win. Sections of one name count as one, later settings win;
 * `[profile default]` wins over `[default]`.
 */
struct profiles {
    struct arena *arena; /* of its own; holds no secret */
    struct profile_file files[2];
};

/* One setting and where it stands. */
struct setting {
    struct str
            value; /* a view into the file's content: may be secret, dies with profiles_clear */
    struct str place; /* "/home/me/.aws/config:7", in the profiles' arena */
    bool is_continued;
};

/*
 * Reads both files; a missing one is fine. A fault (in `run->arena`) when one cannot be read or parsed:
 * ERR_IO or ERR_PARSE.
 */
int profiles_load(
        struct run *run, struct profiles *ret_profiles, const struct aws_fault **ret_fault);
/* Wipes and forgets. */
void profiles_clear(struct profiles *profiles);

bool profiles_has(const struct profiles *profiles, struct str profile);
/* All names, each once, for suggestions and lists; in the profiles' arena. */
size_t profiles_names(const struct profiles *profiles, struct str **ret_names);
/* A setting with a value; false when the profile has none, or an empty one. */
bool profiles_get(const struct profiles *profiles, struct str profile, const char *name,
        struct setting *ret_setting);
/* The setting `name` below `parent` in the section `[services <services>]` of the config file. */
bool profiles_get_service(const struct profiles *profiles, struct str services,
        struct str parent, const char *name, struct setting *ret_setting);
/* "`/home/me/.aws/credentials` (not there) and `/home/me/.aws/config`" */
struct str profiles_paths(const struct profiles *profiles, struct arena *arena);

#endif
