# SPDX-License-Identifier: Apache-2.0
"""Validating and generating depend on the repository alone: not on environment, locale, time zone or folder."""
import random
import shutil

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
