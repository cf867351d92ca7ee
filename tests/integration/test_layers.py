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


def test_variables_of_the_configuration_set_options(t):
    """ATMOS_ entries of `env` stand for variables the process does not have: of configuration keys, and of --stack, --format, --dry-run, --skip-init."""
    fake = "#!/bin/sh\necho ran \"$1\"\n"
    config = "env: { ATMOS_STACK: dev, ATMOS_FORMAT: json, ATMOS_SKIP_INIT: %s, ATMOS_DRY_RUN: %s, ATMOS_CHDIR: /nowhere }\n"

    def repo(skip_init="true", dry_run="false"):
        top = t.repo({"atmos.yaml": CONFIG + config % (skip_init, dry_run), "components/terraform/vpc/main.tf": "", "stacks/deploy/dev.yaml": DEV,
                      "stacks/deploy/prod.yaml": "vars: { stage: prod }\ncomponents: { terraform: { vpc: {} } }\n", "bin/tf": fake})
        (top / "bin/tf").chmod(0o755)
        return top

    top = repo()
    show = lambda *args, **env: t.run("describe", "component", "vpc", "--query", ".vars.stage", *args, cwd=top, env=env).ok().out
    t.equal(show(), '"dev"\n')
    t.equal(show(ATMOS_STACK="prod"), '"prod"\n', "a variable of the process counts more")
    t.equal(show("-s", "prod", ATMOS_STACK="dev"), '"prod"\n', "and an option more than that")
    t.equal(show("--format", "yaml"), "dev\n")
    t.equal(sorted(t.run("describe", "stacks", cwd=top).ok().json()), ["dev"])
    tf = {"ATMOS_COMPONENTS_TERRAFORM_COMMAND": str(top / "bin/tf")}
    t.run("terraform", "plan", "vpc", cwd=top, env=tf).ok().prints("ran plan").lacks("init")
    t.run("terraform", "plan", "vpc", "--no-skip-init", cwd=top, env=tf).ok().prints("ran init", "ran plan")
    dry = repo(dry_run="true")
    with t.writes_nothing(dry):
        t.run("terraform", "plan", "vpc", cwd=dry, env=tf).ok().says("would run").lacks("ran plan")
    r = t.run("terraform", "plan", "vpc", cwd=repo(skip_init="perhaps"), env=tf).fails(64)
    r.says("cli/bad-value", 'ATMOS_SKIP_INIT cannot be "perhaps"', "atmos.yaml:", "use true or false")
    t.run("version", cwd=repo(skip_init="perhaps")).ok()
