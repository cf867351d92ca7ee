# SPDX-License-Identifier: Apache-2.0
# Writes OUTPUT with a digest of VERSION and the content of FILES, in the order of their names.
set(digests "${VERSION}")
list(SORT FILES)
foreach(file IN LISTS FILES)
    file(SHA256 "${file}" digest)
    string(APPEND digests "${digest}")
endforeach()
string(SHA256 digest "${digests}")
string(SUBSTRING "${digest}" 0 16 digest)
file(CONFIGURE OUTPUT "${OUTPUT}" CONTENT "/* SPDX-License-Identifier: Apache-2.0 */
/* Written by the build: see core/wire/build.cmake. */
#define WIRE_BUILD \"${digest}\"
")
