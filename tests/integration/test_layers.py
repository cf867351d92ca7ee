# SPDX-License-Identifier: Apache-2.0
"""What the configuration lays below the values of manifests."""

CONFIG = """\
base_path: "."
stacks: { base_path: stacks, included_paths: ["deploy/**/*"], name_pattern: "{stage}" }
components: { terraform: { base_path: components/terraform } }
"""
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
