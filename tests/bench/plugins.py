#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What plugins cost: `plugin list` with 0 and with N plugins, the start of a worker, and callbacks in it.

    plugins.py [--build build/release] [--count 200] [--rounds 30]

Needs a build with its tests (the test plugins). Prints the best and the median of the rounds, warm; on a
shared machine look at the CPU time.
"""
import argparse
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import tempfile
import time

ATMOS = 'base_path: "."\ncomponents: { terraform: { base_path: components/terraform } }\n' \
        'stacks: { base_path: stacks, included_paths: ["**/*"], name_pattern: "{stage}" }\n'


def measure(argv, folder, rounds):
    """Wall and CPU time of each round in milliseconds."""
    wall, cpu = [], []
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    for _ in range(rounds + 2):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.perf_counter()
        subprocess.run(argv, cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        wall.append((time.perf_counter() - started) * 1000)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu.append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000)
    return min(wall[2:]), statistics.median(wall[2:]), statistics.median(cpu[2:])


def worker_starts(build, probe, rounds):
    """Milliseconds from starting a worker to its first frame: the best and the median."""
    driver = build / "drivers/driver_worker_start"
    out = subprocess.run([driver, probe, str(rounds)], stdout=subprocess.PIPE, text=True, check=True).stdout
    took = [int(line) / 1000 for line in out.split()]
    return min(took), statistics.median(took)


def callbacks(build, top, rounds):
    """One row per size of the settings: a callback inside the program, in a worker, and the difference."""
    folder = top / "bundled"
    folder.mkdir()
    shutil.copyfile(build / "test-plugins/good/probe.so", folder / "probe.so")
    os.chmod(folder / "probe.so", 0o644)
    for kilobytes in (1, 10, 100):
        out = subprocess.run([str(build / "drivers/driver_plugin_calls"), str(folder), "probe", str(kilobytes), str(rounds)],
                             stdout=subprocess.PIPE, text=True, check=True).stdout
        here, there = [[float(word) for word in line.split()[1:]] for line in out.splitlines()]
        yield kilobytes, here, there


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=30)
    args = parser.parse_args()
    build = pathlib.Path(args.build).resolve()
    program, probe = str(build / "tf-atmos"), build / "test-plugins/good/probe.so"
    with tempfile.TemporaryDirectory() as top:
        top = pathlib.Path(top)
        (top / "stacks").mkdir()
        (top / "components/terraform").mkdir(parents=True)
        (top / "plugins.d").mkdir()
        (top / "atmos.yaml").write_text(ATMOS)
        rows = [("start of the program (version)", [program, "version"])]
        listed = [program, "plugin", "list", "--format", "json"]
        calls = list(callbacks(build, top, 500))
        results = [(name, measure(argv, top, args.rounds)) for name, argv in rows]
        results.append(("plugin list, no third-party plugin", measure(listed, top, args.rounds)))
        for i in range(args.count):
            target = top / "plugins.d" / ("probe-%03d.so" % i)
            shutil.copyfile(probe, target)
            os.chmod(target, 0o644)
        results.append(("plugin list, %d plugins of %d KB" % (args.count, probe.stat().st_size // 1024),
                        measure(listed, top, args.rounds)))
    for name, (best, median, cpu) in results:
        print("%-45s wall best %6.2f ms, median %6.2f ms; CPU median %6.2f ms" % (name, best, median, cpu))
    print("%-45s wall best %6.2f ms;                   CPU median %6.2f ms" % (
        "of that for the plugins", results[2][1][0] - results[1][1][0], results[2][1][2] - results[1][1][2]))
    print("%-45s wall best %6.2f ms, median %6.2f ms" % (
        "worker: start, sandbox, load, first frame", *worker_starts(build, probe, args.rounds * 10)))
    for kilobytes, here, there in calls:
        print("callback, settings of %3d KB: inside the program %6.1f us, in a worker %6.1f us, more by %6.1f us (medians; best %.1f)" % (
            kilobytes, here[1], there[1], there[1] - here[1], there[0] - here[0]))


if __name__ == "__main__":
    main()
