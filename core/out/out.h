/* SPDX-License-Identifier: Apache-2.0 */
/* The public face of out/: what users see, and the only place that writes to their terminal. */
#ifndef TFATMOS_OUT_OUT_H
#define TFATMOS_OUT_OUT_H

#include "columns.h"
#include "query.h"
#include "report.h"
#include "stream.h"
#include "table.h"
#include "term.h"
#include "text.h"
#include "tree.h"

#endif
