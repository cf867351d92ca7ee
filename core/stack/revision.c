/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a commit and what changed since, by running git. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "changes.h"

enum {
    MAX_ARGS = 24,
    MAX_OUTPUT_BYTES = 256 * 1024 * 1024,
    MAX_MESSAGE_BYTES = 4096
};

struct git {
    struct run *run;
    struct str top; /* working folder of git */
    struct str index; /* used instead of that of the repository; may be empty */
    struct str message; /* what the last failing command said */
};

/* What of the caller's environment git may see: nothing that points it elsewhere, and no language. */
static bool is_kept(const char *variable)
{
    static const char *const kept[] = { "GIT_CONFIG_", "GIT_SSH", "GIT_ASKPASS" };
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
        if (strncmp(variable, kept[i], strlen(kept[i])) == 0) {
            return true;
        }
    }
    return strncmp(variable, "GIT_", 4) != 0 && strncmp(variable, "LC_", 3) != 0 &&
           strncmp(variable, "LANG", 4) != 0;
}

static const char *const *git_environment(const struct git *git)
{
    static const char *const set[] = { "LC_ALL=C", "GIT_TERMINAL_PROMPT=0",
        "GIT_OPTIONAL_LOCKS=0" };
    struct arena *arena = git->run->arena;
    VEC(const char *) env = { 0 };
    for (const char *const *item = git->run->env.items; item && *item; item++) {
        if (is_kept(*item)) {
            VEC_PUSH(arena, &env, *item);
        }
    }
    for (size_t i = 0; i < sizeof(set) / sizeof(set[0]); i++) {
        VEC_PUSH(arena, &env, set[i]);
    }
    if (git->index.len) {
        VEC_PUSH(arena, &env,
                arena_printf(arena, "GIT_INDEX_FILE=%.*s", STR_ARG(git->index)).ptr);
    }
    VEC_PUSH(arena, &env, NULL);
    return env.items;
}

static struct str read_message(struct arena *arena, int fd)
{
    char text[MAX_MESSAGE_BYTES];
    ssize_t got = fd < 0 ? 0 : pread(fd, text, sizeof(text), 0);
    return arena_dup(arena, str_trim((struct str){ text, got > 0 ? (size_t)got : 0 }));
}

/* Runs git with `args`, which end with NULL. ERR_UNAVAILABLE when it cannot be started, ERR_INVALID
 * when it fails; no finding. */
static int git_run(struct git *git, const char *const *args, struct str *ret_output)
{
    const char *argv[MAX_ARGS] = { "git", "--no-pager", "-c", "core.quotePath=false", "-c",
        "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null" };
    size_t count = 8;
    for (; *args; args++) {
        ENSURE(count < MAX_ARGS - 1);
        argv[count++] = *args;
    }
    AUTO_FD message = memfd_create("git", MFD_CLOEXEC);
    struct proc_options options = { .argv = argv,
        .env = git_environment(git),
        .folder = arena_cstr(git->run->arena, git->top),
        .stdin_fd = -1,
        .stdout_fd = -1,
        .stderr_fd = message };
    struct proc_status status = { 0 };
    struct str output = STR_EMPTY;
    int r = proc_capture(git->run->arena, &options, MAX_OUTPUT_BYTES, 0, &output, &status);
    git->message = read_message(git->run->arena, message);
    if (r == 0 && !status.is_signaled && status.code == 0) {
        *ret_output = output;
        return 0;
    }
    if (r) {
        git->message = r == ERR_NOT_FOUND ? STR("there is no program git in PATH")
                       : r == ERR_LIMIT   ? STR("its output is too large")
                                          : str_from(strerrordesc_np(errno));
        return ERR_UNAVAILABLE;
    }
    return ERR_INVALID;
}

static int say_failed(struct git *git, const char *what)
{
    struct diags *diags = &git->run->diags;
    struct diag *diag = diag_add(diags, &stack_diags[STACK_GIT], MARK_NONE,
            "git cannot %s in \"%.*s\"", what, STR_ARG(git->top));
    diag->detail = git->message;
    return ERR_UNAVAILABLE;
}

/* The commit that a name means. */
static int find_commit(struct git *git, struct str name, struct str *ret_commit)
{
    struct run *run = git->run;
    struct str commit = STR_EMPTY;
    const char *args[] = { "rev-parse", "--verify",
        arena_printf(run->arena, "%.*s^{commit}", STR_ARG(name)).ptr, NULL };
    /* A name that begins with a dash would be an option. */
    int r = name.len == 0 || name.ptr[0] == '-' ? ERR_INVALID : git_run(git, args, &commit);
    if (r == ERR_UNAVAILABLE) {
        return say_failed(git, "be run");
    }
    if (r == 0) {
        *ret_commit = arena_dup(run->arena, str_trim(commit));
        return 0;
    }
    struct str ignored;
    if (git_run(git, (const char *[]){ "rev-parse", "--git-dir", NULL }, &ignored) != 0) {
        return say_failed(git, "find a repository");
    }
    struct diag *diag = diag_add(&run->diags, &stack_diags[STACK_UNKNOWN_REVISION], MARK_NONE,
            "there is no commit \"%.*s\" to compare with", STR_ARG(name));
    diag->hint = str_eq_cstr(name, "refs/remotes/origin/HEAD")
                         ? diag_text(&run->diags, "name a reference with --base, or run `git "
                                                  "remote set-head origin --auto`")
                         : diag_text(&run->diags, "in a shallow clone, fetch it first");
    return ERR_NOT_FOUND;
}

static int make_scratch(struct run *run, struct str *ret_folder)
{
    struct str folder = temporary_folder(&run->env);
    char *path =
            arena_cstr(run->arena, path_join(run->arena, folder, STR("tf-atmos-base-XXXXXX")));
    if (!mkdtemp(path)) {
        struct diag *diag = diag_add(&run->diags, &stack_diags[STACK_SCRATCH], MARK_NONE,
                "cannot make a scratch folder in \"%.*s\"", STR_ARG(folder));
        diag->detail = str_from(strerrordesc_np(errno));
        return ERR_IO;
    }
    *ret_folder = str_from(path);
    return 0;
}

void revision_close(struct revision *revision)
{
    if (revision->folder.len) {
        folder_remove(revision->folder);
    }
    revision->folder = STR_EMPTY;
}

int revision_open(
        struct run *run, struct str repository, struct str name, struct revision *ret_revision)
{
    struct revision revision = { 0 };
    struct git git = { .run = run, .top = repository };
    int r = find_commit(&git, name, &revision.commit);
    if (r == 0) {
        r = make_scratch(run, &revision.folder);
    }
    if (r) {
        return r;
    }
    /* An index of its own: the user's stays as it is. Files come out as a checkout would make them,
     * with the same line ends as in the work tree. */
    git.index = path_join(run->arena, revision.folder, STR(".index"));
    struct str tree = path_join(run->arena, revision.folder, STR("tree"));
    struct str prefix = arena_printf(run->arena, "--prefix=%.*s/", STR_ARG(tree));
    struct str ignored;
    const char *read[] = { "read-tree", revision.commit.ptr, NULL };
    const char *checkout[] = { "checkout-index", "--all", "--force", "--quiet", prefix.ptr,
        NULL };
    if (folder_create(tree, 0700) != 0 || git_run(&git, read, &ignored) != 0 ||
            git_run(&git, checkout, &ignored) != 0) {
        r = say_failed(&git, "lay out the files of the base");
        revision_close(&revision);
        return r;
    }
    *ret_revision = revision;
    return 0;
}

struct str revision_tree(struct arena *arena, const struct revision *revision)
{
    return path_join(arena, revision->folder, STR("tree"));
}

int revision_changes(struct run *run, struct str repository, const struct revision *revision,
        struct str *ret_paths)
{
    struct git git = { .run = run, .top = repository };
    struct str tracked;
    struct str new;
    const char *diff[] = { "diff", "--name-only", "-z", "--no-renames", "--no-ext-diff",
        "--no-textconv", "--no-relative", "--ignore-submodules=none", revision->commit.ptr,
        "--", NULL };
    const char *others[] = { "ls-files", "-z", "--others", "--exclude-standard", NULL };
    if (git_run(&git, diff, &tracked) != 0 || git_run(&git, others, &new) != 0) {
        return say_failed(&git, "compare the work tree with the base");
    }
    *ret_paths = arena_join(run->arena, (struct str[]){ tracked, new }, 2, STR_EMPTY);
    return 0;
}

int revision_files(struct run *run, struct str repository, struct str *ret_paths)
{
    struct git git = { .run = run, .top = repository };
    const char *args[] = { "ls-files", "-z", "--cached", "--others", "--exclude-standard",
        NULL };
    if (file_kind_of(path_join(run->arena, repository, STR(".git"))) == FILE_MISSING ||
            git_run(&git, args, ret_paths) != 0) {
        return ERR_UNAVAILABLE;
    }
    return 0;
}
