# SPDX-License-Identifier: Apache-2.0
"""What keeps foreign plugins in, seen through the program, on kernels that have it and on kernels that do not."""
import ctypes
import errno
import os
import platform
import shutil
import struct
import subprocess

import harness

# Numbers of system calls that kernels may lack.
CALLS = {"x86_64": {"landlock_create_ruleset": 444, "seccomp": 317, "memfd_create": 319},
         "aarch64": {"landlock_create_ruleset": 444, "seccomp": 277, "memfd_create": 279}}
ATMOS = harness.atmos_yaml(included="**/*")


def lacking(t, call, error):
    """Options of `run` for a kernel that refuses one system call."""
    number = CALLS.get(platform.machine(), {}).get(call) or t.skip("no numbers for this machine")
    libc = ctypes.CDLL(None, use_errno=True)
    steps = [(0x20, 0, 0, 0), (0x15, 0, 1, number), (0x06, 0, 0, 0x00050000 | error), (0x06, 0, 0, 0x7FFF0000)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("<HBBI", *s) for s in steps))
    program = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(code)))

    def enter(_alive=code):
        if libc.prctl(38, 1, 0, 0, 0) != 0 or libc.prctl(22, 2, program, 0, 0) != 0:
            os._exit(99)

    return {"preexec_fn": enter}


def walls(t, repo, *more, **how):
    """The rows of doctor about the sandbox: area -> (state, finding)."""
    found = t.run("doctor", "--format", "json", *more, cwd=repo, **how)
    wanted = ("sandbox", "landlock", "seccomp", "memory files")
    return {r["area"]: (r["state"], r["finding"], r["fix"]) for r in found.json()["items"] if r["area"] in wanted}


def test_doctor_says_what_the_kernel_offers(t):
    repo = t.repo({"atmos.yaml": ATMOS, "stacks": None})
    whole = walls(t, repo)
    t.equal(whole["sandbox"][0], "ok", "sandbox")
    t.contains(whole["sandbox"][1], "tf-atmos-worker")
    for call, error, area, words in (("landlock_create_ruleset", errno.ENOSYS, "landlock", "can read the files"),
                                     ("seccomp", errno.ENOSYS, "seccomp", "can use the network"),
                                     ("memfd_create", errno.EACCES, "memory files", "private copy on disk")):
        rows = walls(t, repo, **lacking(t, call, error))
        t.equal(rows["sandbox"][0], "ok", "the worker without " + call)
        t.equal(rows[area][0], "warning", area)
        t.contains(rows[area][1], words)
        t.contains(rows[area][2], "--strict")
        for other in set(whole) - {area}:
            t.equal(rows[other], whole[other], other)


def test_doctor_without_a_worker(t):
    repo = t.repo({"atmos.yaml": ATMOS, "stacks": None})
    alone = t.tmp / "bin" / "tf-atmos"
    alone.parent.mkdir()
    shutil.copy2(t.binary, alone)
    row = walls(t, repo, program=alone)["sandbox"]
    t.equal(row[0], "failed", "sandbox")
    t.contains(row[1], "libexec/tf-atmos-worker` cannot be started: No such file")


def test_the_worker_starts_for_anybody(t):
    repo = t.repo({"atmos.yaml": ATMOS, "stacks": None})
    t.equal(walls(t, repo, **t.nobody())["sandbox"][0], "ok", "sandbox of another user")


def needed_libraries(t, worker):
    if not shutil.which("readelf"):
        t.skip("no readelf")
    listed = subprocess.run(["readelf", "-d", worker], capture_output=True, text=True, check=True).stdout
    needed = [line.split("[")[1].split("]")[0] for line in listed.splitlines() if "(NEEDED)" in line]
    if any("san.so" in name for name in needed):
        t.skip("built with a sanitizer")
    return [name for name in needed if not name.startswith("ld-linux")]


def test_the_worker_needs_libc_alone(t):
    worker = os.path.join(os.path.dirname(os.path.realpath(t.binary)), "tf-atmos-worker")
    t.equal(needed_libraries(t, worker), ["libc.so.6"], "needed libraries")


def test_the_worker_for_aarch64(t):
    """Emulated, hence without Landlock and seccomp; it starts, closes itself in as far as it can, and ends in order."""
    worker, libraries = harness.ROOT / "build/aarch64/tf-atmos-worker", "/usr/aarch64-linux-gnu"
    emulator = shutil.which("qemu-aarch64") or t.skip("no qemu-aarch64")
    if not (worker.exists() and os.path.isdir(libraries)):
        t.skip("not built; `./test static` does it where gcc-aarch64-linux-gnu and libc6-dev-arm64-cross are installed")
    t.equal(needed_libraries(t, worker), ["libc.so.6"], "needed libraries")
    repo = t.repo({"atmos.yaml": ATMOS, "stacks": None})
    start = "#!/bin/sh\nexec %s -L %%s %s\n" % (emulator, worker)
    for sysroot, state in ((libraries, "ok"), (t.tmp / "nowhere", "failed")):
        t.write(t.tmp / "bin", {"tf-atmos-worker": start % sysroot})
        shutil.copy2(t.binary, t.tmp / "bin/tf-atmos")
        os.chmod(t.tmp / "bin/tf-atmos-worker", 0o755)
        row = walls(t, repo, program=t.tmp / "bin/tf-atmos")["sandbox"]
        t.equal(row[0], state, row)
