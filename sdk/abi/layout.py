#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The layout lock: offset, size and type of every field, every function type and every constant of the ABI.

    layout.py check  [--include DIR] [--lock FILE] [--cc CC]   headers against lock; exit 0 same, 1 grown, 2 broken
    layout.py update [--include DIR] [--lock FILE] [--cc CC]   adds lines for what has grown; refuses what is broken
    layout.py show   [--include DIR] [--cc CC]                 prints what the lock should say
    layout.py reach  [--include DIR] [--cc CC]                 prints a C file with a function for each struct, for
                                                               tools that compare debug information

The lock has one section per minor, holding what that minor added, so that a released section never changes and
the file is only ever appended to. A section is what the headers show at TFA_ABI_TARGET = that minor. The
compiler is asked twice: its preprocessor gives the declarations, a compiled probe gives offsets and sizes and
refuses to compile if a type is not what was read. Rule numbers are those of docs/sdk/growth-rules.md.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
NOT_ABI = {"tfa.h", "testkit.h", "testkit_cmocka.h"}  # helpers of the SDK, no contract between two binaries
INTEGERS = {"uint8_t": 1, "int8_t": 1, "uint16_t": 2, "int16_t": 2, "uint32_t": 4, "int32_t": 4, "uint64_t": 8,
            "int64_t": 8, "tfa_val": 8, "double": 8}
BY_VALUE = {"struct tfa_str": 16}  # the only struct that is passed and held by value (rule 6)
HEAD = """# Layout of the tf-atmos plugin ABI, major 1: written by sdk/abi/layout.py update, only ever appended to.
# field STRUCT OFFSET SIZE TYPE NAME    size STRUCT BYTES    const NAME VALUE    function NAME TYPE    type NAME TYPE
"""


class Broken(Exception):
    """The headers or the edit break a rule; the text says which."""


class Gone(Broken):
    """The compiler refused the headers."""


def run(argv, stdin=None):
    done = subprocess.run(argv, input=stdin, text=True, capture_output=True)
    if done.returncode != 0:
        raise Gone("the compiler refuses the headers:\n%s" % done.stderr.strip()[:3000])
    return done.stdout


class Headers:
    """The public headers as one compiler shows them at one target minor."""

    def __init__(self, include, cc, target):
        self.include, self.cc, self.target = pathlib.Path(include), cc, target
        names = sorted(p.name for p in (self.include / "tf-atmos").glob("*.h") if p.name not in NOT_ABI)
        if not names:
            raise Broken("no headers in %s" % self.include)
        self.source = "".join("#include <tf-atmos/%s>\n" % n for n in names)
        self.flags = ["-std=c11", "-I", str(self.include), "-DTFA_ABI_TARGET=%d" % target]

    def preprocess(self, *flags):
        return run([self.cc, *self.flags, *flags, "-E", "-x", "c", "-"], self.source)


def squeeze(text):
    """One form for every way to write a type."""
    text = re.sub(r"\s+", " ", text.strip())
    text = re.sub(r"\s*\*\s*", "*", text)
    text = re.sub(r"\s*,\s*", ", ", text)
    text = re.sub(r"\*(const|restrict|volatile)\b", r"*\1 ", text)
    return re.sub(r"(\w)\*", r"\1 *", text).strip()


def split_declaration(text, what):
    """("TYPE", "NAME") of one plain declaration: "const char *id"."""
    match = re.fullmatch(r"(.*?[\s*])(\w+)", text.strip(), re.S)
    if not match:
        raise Broken("%s: \"%s\" is not a regular declaration TYPE NAME" % (what, text.strip()))
    return squeeze(match.group(1)), match.group(2)


def function_type(ret, params, what):
    """"int32_t(struct tfa_call *, uint64_t)": names of parameters do not count."""
    if "..." in params:
        raise Broken("%s is variadic (rule 7)" % what)
    types = []
    for param in params.split(","):
        types.append("void" if param.strip() == "void" else split_declaration(param, what)[0])
    return "%s(%s)" % (squeeze(ret), ", ".join(types))


def read_field(text, struct):
    """(type, name) of one field, function pointers as "RET(*)(PARAMS)"."""
    match = re.fullmatch(r"\s*(.*?)\(\s*\*\s*(\w+)\s*\)\s*\((.*)\)\s*", text, re.S)
    if match:
        name = match.group(2)
        return function_type(match.group(1), match.group(3), "%s.%s" % (struct, name)).replace("(", "(*)(", 1), name
    if ":" in text or "[" in text:
        raise Broken("struct %s: \"%s\": bit-fields and arrays are not allowed (rule 5)" % (struct, text.strip()))
    return split_declaration(text, "struct %s" % struct)


def read_structs(text):
    """{name: [(type, field)]} of every struct tfa_... definition."""
    structs = {}
    for match in re.finditer(r"struct\s+(tfa_\w+)\s*\{([^{}]*)\}\s*;", text):
        fields = [read_field(part, match.group(1)) for part in match.group(2).split(";") if part.strip()]
        structs[match.group(1)] = fields
    for match in re.finditer(r"\b(enum|union)\s+tfa_\w+", text):
        raise Broken("%s: enums and unions are not allowed (rule 5)" % match.group(0))
    return structs


def read_functions(text):
    found = {}
    for match in re.finditer(r"([\w\s*]+?[\s*])(tfa_\w+)\s*\(([^()]*)\)\s*;", text):
        ret = re.sub(r"__attribute__.*", "", match.group(1))
        found[match.group(2)] = function_type(ret, match.group(3), match.group(2))
    return found


def read_types(text):
    return {m.group(2): squeeze(m.group(1)) for m in re.finditer(r"typedef\s+([\w\s*]+?[\s*])(tfa_\w+)\s*;", text)}


def read_constants(headers):
    """Constants as the preprocessor knows them: numbers and texts, not macros with arguments or layout aids."""
    found = {}
    for line in headers.preprocess("-dM").splitlines():
        match = re.fullmatch(r"#define (TFA_[A-Z0-9_]+) (.+)", line)
        if not match or match.group(1) in ("TFA_ABI_TARGET", "TFA_ABI_MINOR"):
            continue
        value = match.group(2).strip()
        if re.fullmatch(r'\(?-?\d+\)?|"[^"]*"|\(\(tfa_val\)\s*0\)', value):
            found[match.group(1)] = value.strip("()") if value[-1] != '"' and "tfa_val" not in value else value
    return found


def probe(headers, structs):
    """Offsets and sizes, measured; each type is compared with the declaration by the compiler."""
    lines = ["#include <stdio.h>", headers.source, "int main(void)\n{"]
    for struct, fields in structs.items():
        lines.append('printf("size %s %%zu\\n", sizeof(struct %s));' % (struct, struct))
        for kind, name in fields:
            member = "((struct %s *)0)->%s" % (struct, name)
            lines.append('_Static_assert(__builtin_types_compatible_p(__typeof__(%s), %s), "%s.%s");'
                         % (member, kind, struct, name))
            lines.append('printf("field %s %s %%zu %%zu\\n", offsetof(struct %s, %s), sizeof(%s));'
                         % (struct, name, struct, name, member))
    lines.append("return 0;\n}")
    with tempfile.TemporaryDirectory() as folder:
        source, program = os.path.join(folder, "probe.c"), os.path.join(folder, "probe")
        pathlib.Path(source).write_text("\n".join(lines))
        run([headers.cc, *headers.flags, "-o", program, source])
        out = run([program])
    measured = {}
    for line in out.splitlines():
        words = line.split()
        measured[tuple(words[1:-1]) if words[0] == "size" else tuple(words[1:3])] = [int(w) for w in words[3:]] or int(words[2])
    return measured


def kind_of(struct, fields):
    """table: functions only, immutable; growing: starts with struct_size; frozen: never changes."""
    if re.search(r"_v\d+$", struct):
        return "table"
    return "growing" if fields and fields[0] == ("uint32_t", "struct_size") else "frozen"


def check_rules(structs, measured):
    """The growth rules that can be seen in one version of the headers."""
    for struct, fields in structs.items():
        kind, end = kind_of(struct, fields), 0
        for typ, name in fields:
            offset, size = measured[(struct, name)]
            where = "struct %s, field %s" % (struct, name)
            is_function = "(*)" in typ
            if kind == "table" and not is_function:
                raise Broken("%s: tables hold functions only (rule 9)" % where)
            if not is_function and "*" not in typ and typ not in INTEGERS and typ not in BY_VALUE:
                raise Broken("%s: type %s is not allowed; fixed-width integers, pointers, double, struct tfa_str are "
                             "(rules 5, 6)" % (where, typ))
            if is_function:
                for part in re.split(r"\(\*\)\(|, |\)", typ):
                    if part and "*" not in part and part != "void" and part not in INTEGERS and part not in BY_VALUE:
                        raise Broken("%s: parameter or result of type %s is not allowed (rules 5, 6)" % (where, part))
            if offset != end:
                raise Broken("%s: %d bytes of padding before it; name them (rule 4)" % (where, offset - end))
            end = offset + size
        size = measured[(struct,)]
        if size != end or size % 8 != 0:
            raise Broken("struct %s: %d bytes, fields end at %d; both must be the same multiple of 8 (rule 4)"
                         % (struct, size, end))


def describe(include, cc, target):
    """The lines for one target, in a fixed order."""
    headers = Headers(include, cc, target)
    text = re.sub(r"__attribute__\s*\(\(.*?\)\)\)?", "", headers.preprocess("-P"))
    structs = read_structs(text)
    measured = probe(headers, structs)
    check_rules(structs, measured)
    lines = ["const %s %s" % item for item in sorted(read_constants(headers).items())]
    lines += ["type %s %s" % item for item in sorted(read_types(text).items())]
    for struct in sorted(structs):
        for typ, name in structs[struct]:
            offset, size = measured[(struct, name)]
            lines.append("field %s %d %d %s %s" % (struct, offset, size, typ, name))
        lines.append("size %s %d" % (struct, measured[(struct,)]))
    lines += ["function %s %s" % item for item in sorted(read_functions(text).items())]
    return lines


def newest_minor(include, cc):
    text = Headers(include, cc, 0).preprocess("-dM")
    return int(re.search(r"#define TFA_ABI_MINOR (\d+)", text).group(1))


def fields_of(lines):
    """{struct: [its field lines]}"""
    structs = {}
    for line in lines:
        if line.startswith("field "):
            structs.setdefault(line.split()[1], []).append(line)
    return structs


def check_step(old, new, minor):
    """What one minor may do to the one before: append to growing structs, add whatever is new."""
    then, now = fields_of(old), fields_of(new)
    kinds = {}
    for struct, fields in then.items():
        first = fields[0].split()
        kinds[struct] = kind_of(struct, [(first[4], first[-1])])
    for struct in sorted(then, key=lambda name: kinds[name] == "growing"):  # one cause before its effects
        fields, found = then[struct], now.get(struct, [])
        if kinds[struct] != "growing" and found != fields:
            raise Broken("struct %s is a %s: it never changes, minor %d needs a new revision of it (rules 8, 9)\n%s"
                         % (struct, "table" if kinds[struct] == "table" else "frozen struct", minor,
                            "\n".join(line for line in found if line not in fields)))
        if found[:len(fields)] != fields:
            raise Broken("struct %s: minor %d hides or moves what minor %d has:\n%s" % (
                struct, minor, minor - 1, "\n".join(line for line in fields if line not in found)))
    lost = [line for line in old if line not in new and line.split()[0] not in ("field", "size")]
    if lost:
        raise Broken("minor %d hides what minor %d has:\n%s" % (minor, minor - 1, "\n".join(lost)))


def sections_of(include, cc):
    """[lines that minor n added], n from 0."""
    sections, known = [], []
    for minor in range(newest_minor(include, cc) + 1):
        lines = describe(include, cc, minor)
        check_step(known, lines, minor)
        sections.append([line for line in lines if line not in known])
        known = lines
    return sections


def render(sections):
    text = HEAD
    for minor, lines in enumerate(sections):
        text += "\nminor %d\n" % minor + "".join(line + "\n" for line in lines)
    return text


def read_lock(path):
    sections = []
    for line in pathlib.Path(path).read_text().splitlines():
        if line.startswith("minor "):
            sections.append([])
        elif line and not line.startswith("#"):
            sections[-1].append(line)
    return sections


def index(lines):
    """{what a line speaks of: line}"""
    found = {}
    for line in lines:
        words = line.split()
        found[("field", words[1], words[-1]) if words[0] == "field" else tuple(words[:2])] = line
    return found


def explain(locked, now, minor):
    """Why the lines of a released minor are not what they were."""
    old, new, said = index(locked), index(now), []
    for key, line in old.items():
        if key not in new:
            said.append("gone: %s" % line)
        elif new[key] != line:
            said.append("changed: %s\n      to: %s" % (line, new[key]))
    for key, line in new.items():
        if key not in old:
            said.append("new in minor %d, which is locked: %s" % (minor, line))
    return said


def compare(lock, include, cc):
    """(0 | 1, sections of the headers); raises Broken."""
    locked = read_lock(lock)
    now = sections_of(include, cc)
    said = []
    for minor, lines in enumerate(locked):
        if minor >= len(now):
            raise Broken("minor %d is locked, the headers only know %d" % (minor, len(now) - 1))
        if lines != now[minor]:
            said += explain(lines, now[minor], minor) or ["order changed in minor %d" % minor]
    if said:
        raise Broken("\n".join(said))
    return (1 if len(now) > len(locked) else 0), now


def reach(include, cc):
    """A C file whose debug information holds every struct of minor 0."""
    structs = [line.split()[1] for line in describe(include, cc, 0) if line.startswith("size ")]
    return Headers(include, cc, 0).source + "\n" + "".join(
        "const struct %s *reach_%s(const struct %s *p);\nconst struct %s *reach_%s(const struct %s *p)\n{\n    return p;\n}\n"
        % ((name,) * 6) for name in structs)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("check", "update", "show", "reach"))
    parser.add_argument("--include", default=str(HERE.parent / "include"))
    parser.add_argument("--lock", default=str(HERE / "layout.lock"))
    parser.add_argument("--cc", default=os.environ.get("CC", "cc"))
    opts = parser.parse_args()
    try:
        if opts.command == "reach":
            sys.stdout.write(reach(opts.include, opts.cc))
            return 0
        if opts.command == "show" or (opts.command == "update" and not os.path.exists(opts.lock)):
            text = render(sections_of(opts.include, opts.cc))
            if opts.command == "show":
                sys.stdout.write(text)
            else:
                pathlib.Path(opts.lock).write_text(text)
            return 0
        grown, now = compare(opts.lock, opts.include, opts.cc)
        if opts.command == "update" and grown:
            pathlib.Path(opts.lock).write_text(render(now))
            return 0
    except Broken as broken:
        print("layout: the ABI is broken:\n%s" % broken, file=sys.stderr)
        return 2
    if grown:
        print("layout: the headers have grown; run sdk/abi/layout.py update and commit the lock", file=sys.stderr)
    return grown if opts.command == "check" else 0


if __name__ == "__main__":
    sys.exit(main())
