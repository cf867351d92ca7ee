/* SPDX-License-Identifier: Apache-2.0 */
/* The public face of base/: everything below knows nothing of the project. */
#ifndef TFATMOS_BASE_BASE_H
#define TFATMOS_BASE_BASE_H

#include "arena.h"
#include "buf.h"
#include "diag.h"
#include "dynamic.h"
#include "err.h"
#include "file.h"
#include "file_tree.h"
#include "glob.h"
#include "hash.h"
#include "hex.h"
#include "instant.h"
#include "log.h"
#include "map.h"
#include "monotonic.h"
#include "path.h"
#include "proc.h"
#include "regex.h"
#include "str.h"
#include "str_hash.h"
#include "suggest.h"
#include "vec.h"
#include "words.h"

#endif
