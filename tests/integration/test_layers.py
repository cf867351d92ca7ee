# SPDX-License-Identifier: Apache-2.0
"""What the configuration lays below the values of manifests."""
from harness import atmos_yaml

CONFIG = atmos_yaml()
DEV = """\
vars: { stage: dev }
settings: { integrations: { github: { gitops: { region: eu }, runs: [b] } } }
components: { terraform: { vpc: {}, app: { settings: { integrations: { github: { gitops: { role: own } } } } } } }
"""


def settings(t, config, dev=DEV):
    top = t.repo({"atmos.yaml": CONFIG + config, "components/terraform/vpc/main.tf": "", "stacks/deploy/dev.yaml": dev})
    found = t.run("describe", "stacks", "--format", "json", cwd=top).ok().json()["dev"]["components"]["terraform"]
    for name, one in found.items():
        alone = t.run("describe", "component", name, "-s", "dev", "--format", "json", cwd=top).ok().json()
        t.equal(alone["settings"], one["settings"])
    return {name: one["settings"] for name, one in found.items()}


def test_integrations_of_github_lie_below_the_settings(t):
    github = "integrations: { github: { gitops: { region: us, role: all }, runs: [a] }, other: { x: 1 } }\n"
    found = settings(t, github)
    t.equal(found["vpc"], {"integrations": {"github": {"gitops": {"region": "eu", "role": "all"}, "runs": ["b"]}}})
    t.equal(found["app"], {"integrations": {"github": {"gitops": {"region": "eu", "role": "own"}, "runs": ["b"]}}})
    plain = "vars: { stage: dev }\ncomponents: { terraform: { vpc: {} } }\n"
    t.equal(settings(t, github, plain)["vpc"], {"integrations": {"github": {"gitops": {"region": "us", "role": "all"}, "runs": ["a"]}}})
    t.equal(settings(t, "integrations: { github: {}, other: { x: 1 } }\n", plain)["vpc"], {})


MOUNT = 'mount --bind "$1" /usr/local/etc && shift && exec "$@"'


def test_configuration_of_the_system(t):
    """/usr/local/etc/atmos is the lowest layer; its imports and the drop-ins beside it are not read."""
    etc = t.repo({"atmos/atmos.yaml": "import: [more]\nenv: { S: system, H: system, R: system }\n", "atmos/more.yaml": "env: { M: more }\n",
                  "atmos/atmos.d/d.yaml": "env: { D: drop-in }\n"}, "etc")
    if t.run("-rm", "sh", "-c", MOUNT, "sh", etc, "true", program="unshare").code != 0:
        t.skip("no mounts in a name space of one's own here")
    t.write(t.home, {".atmos/atmos.yaml": "env: { H: home, R: home }\n"})
    top = t.repo({"atmos.yaml": CONFIG + "env: { R: repository }\n", "stacks/deploy/dev.yaml": DEV})
    show = lambda *args: t.run("-rm", "sh", "-c", MOUNT, "sh", etc, t.binary, "describe", "config", "-f", "json", "--query", ".env", *args, cwd=top, program="unshare").ok().json()
    t.equal(show(), {"S": "system", "H": "home", "R": "repository"})
    t.equal(show("--config", "atmos.yaml"), {"R": "repository"}, "the search is replaced")
