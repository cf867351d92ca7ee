#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the integration tests: tests/integration/test_<area>.py, each in a process of its own.

    run.py [-k TEXT]... [-j N] [--bin PATH] [--junit FILE] [--list] [-v] [module...]

-k keeps the tests whose "module.test" contains one of the texts. Prints one line per test and at the end
`N passed, N failed, N skipped`; exit status 1 if a test failed.
"""
import argparse
import concurrent.futures
import importlib.util
import inspect
import json
import os
import pathlib
import re
import subprocess
import sys
import time
import traceback
import xml.sax.saxutils as xs

HERE = pathlib.Path(__file__).resolve().parent
MODULE_TIMEOUT_S = 600


def load(path):
    sys.path.insert(0, str(HERE))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tests_of(module):
    """(name, function) of each test in the order in which they stand in the file."""
    found = []
    for name, thing in vars(module).items():
        if getattr(thing, "__module__", None) != module.__name__:
            continue
        if name.startswith("test_") and inspect.isfunction(thing):
            found.append((name, thing))
        elif name.startswith("Test") and inspect.isclass(thing):
            group = thing()
            found += [("%s.%s" % (name, n), getattr(group, n)) for n in vars(thing) if n.startswith("test_")]
    return found


def run_module(path, keep, list_only):
    """In the child: one JSON line per test on stdout."""
    import harness
    report = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    os.umask(0o022)
    for name, function in tests_of(load(path)):
        full = "%s.%s" % (path.stem, name)
        if keep and not any(k in full for k in keep):
            continue
        record = {"name": full, "verdict": "pass", "text": "", "seconds": 0}
        if not list_only:
            started = time.monotonic()
            case = harness.Case(full)
            try:
                function(case)
            except harness.Skipped as why:
                record.update(verdict="skip", text=str(why))
            except harness.Failed as why:
                where = [f for f in traceback.extract_tb(why.__traceback__) if f.filename == str(path)]
                record.update(verdict="fail", text="%s:%d: %s" % (path.name, where[-1].lineno if where else 0, why))
            except BaseException:
                record.update(verdict="fail", text=traceback.format_exc())
            finally:
                case.close()
            record["seconds"] = time.monotonic() - started
        report.write(json.dumps(record) + "\n")
        report.flush()


def start_module(path, opts):
    """In the parent: the records of one module; a module that breaks off is a failure of its own."""
    argv = [sys.executable, str(HERE / "run.py"), "--child", path.stem]
    argv += [a for k in opts.k or [] for a in ("-k", k)] + (["--list"] if opts.list else [])
    try:
        proc = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=MODULE_TIMEOUT_S)
        out, err, code = proc.stdout, proc.stderr, proc.returncode
    except subprocess.TimeoutExpired as stop:
        out, err, code = stop.stdout or b"", stop.stderr or b"", "time-out"
    records = [json.loads(line) for line in out.decode("utf-8", "replace").splitlines() if line.startswith("{")]
    if code != 0:
        records.append({"name": path.stem, "verdict": "fail", "seconds": 0,
                        "text": "the module broke off (%s)\n%s" % (code, err.decode("utf-8", "replace")[-4000:])})
    return records


def write_junit(file, records):
    clean = lambda text: xs.escape(re.sub(r"[^\x09\x0a\x20-\ud7ff\ue000-\ufffd]", "?", text))
    with open(file, "w", encoding="utf-8") as out:
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="integration" tests="%d">\n' % len(records))
        for r in records:
            module, _, name = r["name"].partition(".")
            out.write('<testcase classname="%s" name="%s" time="%.3f">' % (module, name, r["seconds"]))
            out.write({"fail": "<failure>%s</failure>", "skip": "<skipped>%s</skipped>"}.get(r["verdict"], "%.0s") % clean(r["text"]))
            out.write("</testcase>\n")
        out.write("</testsuite>\n")


def main():
    ap = argparse.ArgumentParser(description="run the integration tests")
    ap.add_argument("modules", nargs="*", help="modules to run, for example test_validate (default: all)")
    ap.add_argument("-k", action="append", metavar="TEXT", help="only tests whose name contains this")
    ap.add_argument("-j", type=int, default=1, metavar="N", help="modules at a time")
    ap.add_argument("--bin", help="the tf-atmos to test (default: $TF_ATMOS_BIN, then build/dev/tf-atmos)")
    ap.add_argument("--junit", metavar="FILE")
    ap.add_argument("--list", action="store_true", help="only print the names")
    ap.add_argument("-v", action="store_true", help="also print the time of each test")
    ap.add_argument("--child", help=argparse.SUPPRESS)
    opts = ap.parse_args()
    if opts.bin:
        os.environ["TF_ATMOS_BIN"] = os.path.abspath(opts.bin)
    if opts.child:
        sys.path.insert(0, str(HERE))
        run_module(HERE / (opts.child + ".py"), opts.k, opts.list)
        return 0

    wanted = {pathlib.Path(m).stem for m in opts.modules}
    paths = [p for p in sorted(HERE.glob("test_*.py")) if not wanted or p.stem in wanted]
    missing = wanted - {p.stem for p in paths}
    if missing:
        sys.exit("no such module: %s" % ", ".join(sorted(missing)))
    records = []
    with concurrent.futures.ThreadPoolExecutor(max(1, opts.j)) as pool:
        for found in pool.map(lambda p: start_module(p, opts), paths):
            for r in found:
                records.append(r)
                if opts.list:
                    print(r["name"])
                    continue
                word = {"pass": "ok  ", "fail": "FAIL", "skip": "SKIPPED:"}[r["verdict"]]
                tail = ": " + r["text"] if r["verdict"] == "skip" else " (%.2f s)" % r["seconds"] if opts.v else ""
                print("%s %s%s" % (word, r["name"], tail))
                if r["verdict"] == "fail":
                    print("     " + r["text"].rstrip().replace("\n", "\n     "))
                sys.stdout.flush()
    if opts.list:
        return 0
    if opts.junit:
        write_junit(opts.junit, records)
    count = lambda verdict: sum(r["verdict"] == verdict for r in records)
    print("%d passed, %d failed, %d skipped" % (count("pass"), count("fail"), count("skip")))
    return 1 if count("fail") else 0


if __name__ == "__main__":
    sys.exit(main())
