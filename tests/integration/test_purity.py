# SPDX-License-Identifier: Apache-2.0
"""What is put out depends on the repository alone: not on environment, locale, time zone, folder or the seed of hashes."""
import os
import random
import shutil
import sys

RUNS = 100
LOCALES = ["C", "C.UTF-8", "POSIX", "de_DE.UTF-8", "tr_TR.UTF-8", "nonsense"]
ZONES = ["UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati", ":/nowhere", ""]


def surroundings(t, repo, chance, number):
    """A copy of the repository in another place, and another environment in another order."""
    place = t.tmp / ("place-%d" % number) / ("x" * chance.randint(1, 40))
    place.parent.mkdir()
    shutil.copytree(repo, place)
    extra = {"LC_ALL": chance.choice(LOCALES), "LANG": chance.choice(LOCALES), "TZ": chance.choice(ZONES),
             "TERM": chance.choice(["dumb", "xterm-256color"]), "USER": "user%d" % number,
             "COLUMNS": str(chance.randint(20, 200))}
    for _ in range(chance.randint(0, 8)):
        extra["NOISE_%d" % chance.randint(0, 99)] = str(chance.random())
    names = list(extra)
    chance.shuffle(names)
    return place, {name: extra[name] for name in names}


def test_same_input_gives_the_same_bytes(t):
    chance = random.Random(1)
    repo = t.copy("examples/quickstart")
    seen = {}
    for number in range(RUNS):
        place, env = surroundings(t, repo, chance, number)
        made = t.run("terraform", "generate", "varfile", "guardduty", "-s", "security-ew1", "-f", "-", cwd=place, env=env).ok()
        t.contains(made.out, '"finding_publishing_frequency": "FIFTEEN_MINUTES"')
        intent = place / "stacks/catalog/guardduty.yaml"
        intent.write_text(intent.read_text() + "          export: { bucket_arn: 'arn:aws:s3:::findings' }\n")
        said = t.run("validate", "--format", "json", cwd=place, env=env).exits(1)
        t.contains(said.out, "GD0020")
        seen.setdefault((made.out_bytes, said.out_bytes), []).append(number)
        shutil.rmtree(place.parent)
    t.equal(len(seen), 1, "different outputs of %d runs" % RUNS)


# Stands before the C library and says what the kernel gave the process as random bytes; writes down that it was asked.
GIVEN_SEED = """
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <fcntl.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/auxv.h>
    #include <unistd.h>

    static char bytes[16];

    unsigned long getauxval(unsigned long type)
    {
        const char *seed = getenv("GIVEN_SEED");
        if (type != AT_RANDOM || !seed) {
            unsigned long (*next)(unsigned long) = (unsigned long (*)(unsigned long))dlsym(RTLD_NEXT, "getauxval");
            return next(type);
        }
        memset(bytes, atoi(seed), sizeof(bytes));
        close(open(getenv("WAS_ASKED"), O_CREAT | O_WRONLY, 0600));
        return (unsigned long)bytes;
    }
    """


def seeded(t, library, seed):
    """Environment in which hashes have this seed."""
    env = {"LD_PRELOAD": library, "GIVEN_SEED": seed, "WAS_ASKED": t.tmp / "asked"}
    if "ASAN_OPTIONS" in os.environ:
        env["ASAN_OPTIONS"] = os.environ["ASAN_OPTIONS"] + ":verify_asan_link_order=0"
    return env


def big_repository(t):
    """Maps of all sizes, many imports, and a second time with many findings: (good, bad)."""
    top = t.tmp / "generated"
    t.run(t.root / "tests/bench/genrepo.py", "--scale", "0.03", "--templates", "0", "--yaml-functions", "0", "--locals", "0",
          "--out", top, program=sys.executable).ok()
    keys = "".join("        k%d: { a: %d }\n" % (n * 7919 % 1000, n) for n in range(1000))
    t.write(top, {"stacks/orgs/odd.yaml": "vars: { namespace: n, tenant: odd, environment: x, stage: y }\n"
                  "components:\n  terraform:\n    odd:\n      vars:\n" + keys})
    bad = t.tmp / "bad"
    shutil.copytree(top, bad)
    t.write(bad, {"stacks/orgs/wrong.yaml": "components: { terraform: { x: { %s } } }\n" % ", ".join("w%d: 1" % n for n in range(30))})
    return top, bad


def test_no_output_depends_on_the_seed_of_hashes(t):
    if not shutil.which("gcc"):
        t.skip("no gcc")
    t.write(t.tmp, {"seed.c": GIVEN_SEED})
    library = t.tmp / "seed.so"
    t.run("-shared", "-fPIC", "-o", library, t.tmp / "seed.c", "-ldl", program=shutil.which("gcc")).ok()
    (generated, bad), quickstart = big_repository(t), t.copy("examples/quickstart")
    commands = [(generated, args.split()) for args in (
        "describe stacks --format json", "describe stacks --format yaml", "list instances", "list instances --format json", "list stacks",
        "list components --format json", "list vars odd", "describe component odd -s n-odd-x-y --format json", "describe config",
        "describe component odd -s n-odd-x-y --format yaml --provenance",
        "describe stacks --format json --query keys")]
    commands += [(bad, args.split()) for args in ("validate --format json", "validate stacks", "describe stacks", "list stacks")]
    commands += [(quickstart, args.split()) for args in (
        "describe stacks", "validate --format json", "list instances", "describe dependents guardduty -s security-ew1 --format json",
        "terraform generate varfile guardduty -s security-ew1 -f -", "check guardduty --format json", "plugin list --format json")]
    sizes = 0
    for repo, args in commands:
        seen = set()
        for seed in (1, 2, 77, None):
            (t.tmp / "asked").unlink(missing_ok=True)
            r = t.run(*args, cwd=repo, env=seeded(t, library, seed) if seed else {})
            t.equal((t.tmp / "asked").exists(), seed is not None, "the seed was given")
            seen.add((r.code, r.out_bytes, r.err_bytes))
        t.equal(len(seen), 1, "outputs of %s:\n%s" % (" ".join(args), "\n----\n".join(str(s)[:2000] for s in seen)))
        sizes += len(r.out_bytes + r.err_bytes)
        t.check(repo == bad or r.code in (0, 77), r)
    t.check(sizes > 1000000, "%d bytes were compared" % sizes)
