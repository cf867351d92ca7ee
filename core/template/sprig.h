/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of sprig's functions, and what they share. */
#ifndef TFATMOS_TEMPLATE_SPRIG_H
#define TFATMOS_TEMPLATE_SPRIG_H

#include "evaluate.h"

extern const struct template_functions text_functions; /* text_functions.c */
extern const struct template_functions regex_functions; /* regex_functions.c */
extern const struct template_functions list_functions; /* list_functions.c */
extern const struct template_functions dict_functions; /* dict_functions.c */
extern const struct template_functions number_functions; /* number_functions.c */
extern const struct template_functions logic_functions; /* logic_functions.c */

#define SPRIG_ARGS                                                                             \
    struct template_call *call, const struct datum *args, size_t count, struct datum *ret

/* Gives the buffer unless there was an error; frees it in any case. */
int sprig_finish(struct template_call *call, int err, struct buf *out, struct datum *ret);
/* The texts of a list, or of what is to be a list of one; without what is null. 0 or ERR_LIMIT. */
int sprig_texts(struct template_call *call, struct datum from, struct str **ret_texts,
        size_t *ret_count);
/* A list of texts that live on. 0 or ERR_LIMIT. */
int sprig_list(
        struct template_call *call, const struct str *texts, size_t count, struct datum *ret);
#endif
