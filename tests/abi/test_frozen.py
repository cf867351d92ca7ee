# SPDX-License-Identifier: Apache-2.0
"""Plugins and hosts of released versions (tests/abi/frozen/, made by tools/freeze-abi) meet those of today."""
import hashlib
import json
import os
import pathlib
import platform
import shutil
import subprocess
import tempfile
import unittest

import test_contract

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("TFA_BUILD_DIR", ROOT / "build/dev"))
FROZEN = ROOT / "tests/abi/frozen"
HERE = sorted(FROZEN.glob("*/" + platform.machine()))
PLUGINS = ("tag-policy", "contract")
REPOSITORY = {
    "atmos.yaml": "base_path: .\ncomponents: { terraform: { base_path: modules } }\n"
                  "stacks: { base_path: stacks, included_paths: [\"**/*\"], name_pattern: \"{stage}\" }\n",
    "modules/app/main.tf": "variable \"tags\" {}\n",
    "stacks/dev.yaml": "vars: { stage: dev, region: eu-west-1 }\ncomponents:\n  terraform:\n    app:\n"
                       "      settings: { tag-policy: { owner: %s, cost_center: cc-1 } }\n"}


def meet(host, plugin, frozen, name):
    done = subprocess.run([host, plugin, frozen / (name + ".manifest.json"), frozen / (name + ".intent.yaml")],
                          text=True, capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, ""), "%s in %s: exit %s\n%s" % (plugin, host, done.returncode, done.stderr)
    return done.stdout


class Files(unittest.TestCase):
    """What holds on every machine."""

    def test_something_is_frozen(self):
        self.assertTrue(list(FROZEN.glob("*/*/SHA256SUMS")))

    def test_frozen_files_are_what_they_were(self):
        for sums in FROZEN.glob("*/*/SHA256SUMS"):
            listed = dict(reversed(line.split("  ")) for line in sums.read_text().splitlines())
            self.assertEqual(set(listed), {p.name for p in sums.parent.iterdir()} - {"SHA256SUMS"}, sums.parent)
            for name, digest in listed.items():
                self.assertEqual(hashlib.sha256((sums.parent / name).read_bytes()).hexdigest(), digest, sums.parent / name)

    def test_freezing_again_is_refused(self):
        for folder in HERE:
            done = subprocess.run([ROOT / "tools/freeze-abi", folder.parent.name, BUILD], text=True, capture_output=True)
            self.assertEqual(done.returncode, 1)
            self.assertIn("is never made again", done.stderr)


@unittest.skipUnless(HERE, "nothing is frozen for this machine")
class Frozen(unittest.TestCase):
    maxDiff = 4000

    def each(self):
        return [(folder, name) for folder in HERE for name in PLUGINS]

    def test_frozen_plugins_in_the_host_of_today(self):
        for folder, name in self.each():
            said = meet(BUILD / "tests/abi_host", folder / (name + ".so"), folder, name)
            self.assertEqual(said, (folder / (name + ".golden")).read_text())

    def test_plugins_of_today_in_the_frozen_host(self):
        for folder, name in self.each():
            plugin = BUILD / "tests/plugins" / (name + ".so")
            self.assertEqual(meet(folder / "abi_host", plugin, folder, name), meet(BUILD / "tests/abi_host", plugin, folder, name))

    def test_frozen_plugins_in_the_frozen_host(self):
        """Else the two tests above would prove nothing about a machine on which neither runs."""
        for folder, name in self.each():
            said = meet(folder / "abi_host", folder / (name + ".so"), folder, name)
            self.assertEqual(said, (folder / (name + ".golden")).read_text())
            self.assertGreater(said.count("\n"), 3)

    def test_frozen_plugin_in_the_program(self):
        """In a worker and inside the program: the same values and findings as on the frozen host."""
        for folder in HERE:
            golden = [line.split("\t") for line in (folder / "contract.golden").read_text().splitlines()]
            variables, found = test_contract.in_program((folder / "contract.intent.yaml").read_text(), folder / "contract.so")
            wanted = [line[1] for line in golden if line[0] == "variables"][0]
            wanted = json.loads(wanted, parse_float=str, parse_int=str)
            self.assertEqual(sorted(variables["seen"]), sorted(wanted["seen"]))
            for part in ("seen", "equal", "built", "parsed"):
                self.assertEqual(variables[part], wanted[part], part)
            self.assertEqual(sorted(found), sorted(line[1:] for line in golden if line[0] == "finding"))

    def test_frozen_template_plugin_in_the_program(self):
        for folder in HERE:
            with tempfile.TemporaryDirectory(prefix="tf-atmos-frozen-") as top:
                repo = pathlib.Path(os.path.realpath(top))
                for owner, code, finding in (("nobody", 1, True), ("team@example.com", 0, False)):
                    for path, text in REPOSITORY.items():
                        (repo / path).parent.mkdir(parents=True, exist_ok=True)
                        (repo / path).write_text(text % owner if "%s" in text else text)
                    (repo / "plugins.d").mkdir(mode=0o755, exist_ok=True)
                    shutil.copy(folder / "tag-policy.so", repo / "plugins.d/tag-policy.so")
                    os.chmod(repo / "plugins.d/tag-policy.so", 0o644)
                    env = {"PATH": os.environ["PATH"], "HOME": str(repo), "LC_ALL": "C.UTF-8"}
                    tell = lambda *argv: subprocess.run([BUILD / "tf-atmos", *argv], cwd=repo, env=env, text=True, capture_output=True, timeout=60)
                    enabled = tell("plugin", "enable", "com.example.tag-policy")
                    self.assertEqual(enabled.returncode, 0, enabled.stderr)
                    done = tell("validate", "--format", "json")
                    self.assertEqual((done.returncode, "TAG0001" in done.stdout), (code, finding), done.stdout + done.stderr)


if __name__ == "__main__":
    if not HERE:
        print("SKIPPED: nothing is frozen for this machine (%s), old plugins and hosts were not tried\n[  SKIPPED ] Frozen" % platform.machine())
    unittest.main()
