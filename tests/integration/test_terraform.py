# SPDX-License-Identifier: Apache-2.0
"""Running terraform on one instance: real terraform on built-in resources, and a stand-in for what it was asked."""
import os
import signal
import stat

from harness import atmos_yaml, wait_until

CONFIG = atmos_yaml(included="*", terraform="auto_generate_backend_file: true")

STACK = """\
vars:
  stage: dev
terraform:
  backend_type: local
  backend:
    local: { path: state.tfstate }
components:
  terraform:
    base:
      vars:
        greeting: hello
      env:
        SHOWN: "yes"
    second:
      metadata: { component: base }
      vars:
        greeting: "<second & last>"
    off:
      metadata: { component: base, enabled: false }
    held:
      metadata: { component: base, locked: true }
    idea:
      metadata: { component: base, type: abstract }
"""

MAIN = """\
variable "stage" { type = string }
variable "greeting" { type = string }
resource "terraform_data" "greeting" { input = "${var.greeting} from ${var.stage}" }
output "greeting" { value = terraform_data.greeting.output }
"""


def repository(t, config=CONFIG):
    return t.repo({"atmos.yaml": config, "stacks/dev.yaml": STACK, "components/terraform/base/main.tf": MAIN})


def real(t):
    return {"ATMOS_COMPONENTS_TERRAFORM_COMMAND": t.terraform()}


def test_plan_apply_output_destroy(t):
    repo, env = repository(t), real(t)
    folder = repo / "components/terraform/base"

    def run(*args):
        return t.run("terraform", args[0], "-s", "dev", *args[1:], cwd=repo, env=env)

    run("plan", "base").ok().prints("1 to add").lacks("\x1b[")
    plan = folder / "dev-base.planfile"
    t.equal(stat.S_IMODE(plan.stat().st_mode), 0o600, "mode of the plan file")
    t.equal(stat.S_IMODE((folder / "dev-base.terraform.tfvars.json").stat().st_mode), 0o600, "mode of the variables")
    t.equal(stat.S_IMODE((folder / "backend.tf.json").stat().st_mode), 0o600, "mode of the backend")
    run("apply", "base", "--from-plan").ok().prints("1 added")
    t.check(not plan.exists(), "the plan is still there after it was applied")
    run("output", "base", "--", "-raw", "greeting").ok().prints("hello from dev")
    r = run("plan", "base", "--", "-detailed-exitcode")
    r.exits(0)
    # Another instance of the same component: its own workspace, data folder and variables.
    run("apply", "second", "-auto-approve").ok().prints("1 added")
    run("output", "second", "--", "-raw", "greeting").ok().prints("<second & last> from dev")
    run("output", "base", "--", "-raw", "greeting").ok().prints("hello from dev")
    run("show", "base").ok().prints("hello from dev")
    t.run("terraform", "state", "list", "base", "-s", "dev", cwd=repo, env=env).ok().prints("terraform_data.greeting")
    run("destroy", "base", "-auto-approve").ok().prints("1 destroyed")
    run("output", "second", "--", "-raw", "greeting").ok().prints("<second & last> from dev")


def test_exit_code_2_means_changes(t):
    repo, env = repository(t), real(t)
    r = t.run("terraform", "plan", "base", "-s", "dev", "--", "-detailed-exitcode", cwd=repo, env=env)
    r.exits(2).lacks("terraform/failed")


def test_failure_of_terraform_is_passed_on(t):
    repo, env = repository(t), real(t)
    (repo / "components/terraform/base/main.tf").write_text(MAIN + 'output "x" { value = var.none }\n')
    t.run("terraform", "plan", "base", "-s", "dev", cwd=repo, env=env).exits(1).says("undeclared", "ended with exit code 1")


def test_init_runs_only_when_something_changed(t):
    repo, env = repository(t), real(t)

    def plan():
        return t.run("terraform", "plan", "base", "-s", "dev", cwd=repo, env=env).ok()

    plan().says("running: terraform init" if t.terraform().endswith("terraform") else "init")
    second = plan()
    t.check(" init" not in second.err, second)
    module = repo / "components/terraform/base/more"
    module.mkdir()
    (module / "main.tf").write_text('output "x" { value = 1 }\n')
    (repo / "components/terraform/base/more.tf").write_text('module "more" { source = "./more" }\n')
    plan().says(" init")
    third = plan()
    t.check(" init" not in third.err, third)
    (module / "main.tf").write_text('output "x" { value = 2 }\n')
    plan().says(" init")


def test_refusals(t):
    repo = repository(t)
    env = stand_in(t, "#!/bin/sh\necho terraform was run >&2\nexit 9\n")
    with t.writes_nothing(repo):
        t.run("terraform", "plan", "idea", "-s", "dev", cwd=repo, env=env).fails(1).says("abstract", "stacks/dev.yaml")
        t.run("terraform", "apply", "held", "-s", "dev", cwd=repo, env=env).fails(1).says("locked")
        t.run("terraform", "plan", "off", "-s", "dev", cwd=repo, env=env).ok().says("disabled")
        t.run("terraform", "plan", "base", cwd=repo, env=env).fails(64).says("stack")
        t.run("terraform", "apply", "base", "-s", "dev", "--from-plan", cwd=repo, env=env).fails(64).says("no plan")


def test_disabled_without_a_folder(t):
    repo = repository(t)
    env = stand_in(t, "#!/bin/sh\necho terraform was run >&2\nexit 9\n")
    stack = STACK.replace("{ component: base, enabled: false }", "{ component: gone, enabled: false }")
    (repo / "stacks/dev.yaml").write_text(stack)
    with t.writes_nothing(repo):
        for command in ("plan", "apply", "deploy", "destroy"):
            t.run("terraform", command, "off", "-s", "dev", cwd=repo, env=env).ok().says("disabled").lacks("was run")


def test_components_of_other_types_are_not_run(t):
    repo = t.repo({"atmos.yaml": atmos_yaml(included="*", terraform="auto_generate_backend_file: true", components="helmfile: { base_path: components/helmfile }"),
                   "stacks/dev.yaml": STACK + "  helmfile:\n    chart: {}\n    base: { vars: { chart: 1 } }\n",
                   "components/terraform/base/main.tf": MAIN,
                   "components/helmfile/chart/helmfile.yaml": "", "components/helmfile/base/helmfile.yaml": ""})
    env = stand_in(t, "#!/bin/sh\necho ran in $PWD\n")
    with t.writes_nothing(repo):
        for command in (["plan"], ["generate", "varfile"], ["generate", "backend"], ["generate", "files"]):
            t.run("terraform", *command, "chart", "-s", "dev", cwd=repo, env=env).fails(64).says(
                "stack/unknown-component", "no terraform component", "is of type helmfile", "stacks/dev.yaml:")
        # A path says the type, here of a component whose name a terraform one has, too.
        r = t.run("describe", "component", "components/helmfile/base", "-s", "dev", "--json", cwd=repo, env=env).ok()
        t.equal(r.json()["vars"], {"stage": "dev", "chart": 1})
        r = t.run("describe", "component", ".", "-s", "dev", "--json", cwd=repo / "components/helmfile/base", env=env)
        t.equal(r.ok().json()["vars"], {"stage": "dev", "chart": 1})
    t.run("terraform", "validate", "base", "-s", "dev", cwd=repo, env=env).ok().prints("components/terraform/base")


STAND_IN = """\
#!/bin/sh
echo "$*" >> {log}
[ "$1" = apply ] || exit 0
trap 'echo interrupt >> {log}' INT
touch {ready}
i=0; while [ $i -lt 600 ] && ! grep -qs interrupt {log}; do sleep 0.1; i=$((i+1)); done
# Here a second one would come.
sleep 1
exit 1
"""


def stand_in(t, text):
    tools = t.repo({"terraform": text}, "tools")
    os.chmod(tools / "terraform", 0o755)
    return {"PATH": "%s:%s" % (tools, os.environ["PATH"])}


def test_ctrl_c_reaches_terraform_once(t):
    repo, log, ready = repository(t), t.tmp / "log", t.tmp / "ready"
    env = stand_in(t, STAND_IN.format(log=log, ready=ready))
    proc = t.start("terraform", "apply", "base", "-s", "dev", "-auto-approve", cwd=repo, env=env)
    wait_until(ready.exists, "terraform is run")
    # As the terminal does it: the whole foreground group gets the signal.
    os.killpg(proc.pid, signal.SIGINT)
    out, err = proc.communicate(timeout=60)
    t.equal(proc.returncode, 130, "exit code\n" + out + err)
    t.equal(log.read_text().splitlines().count("interrupt"), 1, "interrupts")
    t.contains(err, "waiting for terraform")


DEAF = """\
#!/bin/sh
[ "$1" = apply ] || exit 0
trap 'echo interrupt >> {log}' INT
sleep 600 &
echo $! > {child}
touch {ready}
while :; do wait; done
"""


def test_a_third_interrupt_kills_terraform(t):
    """The first two are terraform's to handle; the third ends it and what it has started."""
    repo, log, ready, child = repository(t), t.tmp / "log", t.tmp / "ready", t.tmp / "child"
    env = stand_in(t, DEAF.format(log=log, ready=ready, child=child))
    proc = t.start("terraform", "apply", "base", "-s", "dev", "-auto-approve", cwd=repo, env=env)
    wait_until(ready.exists, "terraform is run")
    for number in (1, 2):
        os.kill(proc.pid, signal.SIGINT)
        wait_until(lambda: log.exists() and log.read_text().count("interrupt") == number, "interrupt %d arrives" % number)
        t.check(proc.poll() is None, "it ended after interrupt %d" % number)
    os.kill(proc.pid, signal.SIGINT)
    out, err = proc.communicate(timeout=60)
    t.equal(proc.returncode, 130, "exit code\n" + out + err)
    for text in ("once more to hurry it", "terraform stops now; once more to kill it", "killing terraform; the state may be behind"):
        t.contains(err, text)
    t.equal(log.read_text().count("interrupt"), 2, "interrupts")

    def is_gone():
        try:
            return ") Z" in open("/proc/%s/stat" % child.read_text().strip()).read()
        except OSError:
            return True

    wait_until(is_gone, "what terraform has started ends")


def test_terraform_outlives_a_reader_that_went_away(t):
    """`tf-atmos terraform apply | head -1` must not kill terraform in the middle of an apply."""
    repo, log, gone = repository(t), t.tmp / "log", t.tmp / "gone"
    # It goes on only when the reader has gone.
    env = stand_in(t, "#!/bin/sh\n[ $1 = apply ] || exit 0\necho line 0\ni=0\nwhile [ $i -lt 600 ] && [ ! -e %s ]; do sleep 0.1; i=$((i+1)); done\n"
                      "i=0\nwhile [ $i -lt 30 ]; do echo line $i; i=$((i+1)); done\necho finished >> %s\n" % (gone, log))
    proc = t.start("terraform", "apply", "base", "-s", "dev", "-auto-approve", cwd=repo, env=env)
    proc.stdout.readline()
    proc.stdout.close()
    proc.stdout = None
    gone.touch()
    proc.wait(60)
    t.equal(log.read_text(), "finished\n")


def test_dry_run_writes_nothing(t):
    repo = repository(t)
    env = stand_in(t, "#!/bin/sh\ntouch %s/was-run\n" % t.tmp)
    with t.writes_nothing(repo):
        t.run("terraform", "apply", "base", "-s", "dev", "--dry-run", cwd=repo, env=env).ok().says("would run: terraform apply")
    t.check(not (t.tmp / "was-run").exists(), "terraform was run")


def test_inherited_variables_are_named(t):
    repo = repository(t)
    env = stand_in(t, "#!/bin/sh\nexit 0\n")
    env["TF_VAR_greeting"] = "other"
    t.run("terraform", "plan", "base", "-s", "dev", cwd=repo, env=env).ok().says("TF_VAR_greeting")
