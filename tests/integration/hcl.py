# SPDX-License-Identifier: Apache-2.0
"""Reads the structure of Terraform files: blocks, their labels, and the names of their arguments.

Expressions are kept as text. Enough to compare a module with a provider schema, no more: it accepts some text that
terraform refuses, so `terraform fmt` and `validate` stay the judges of syntax.
"""
import pathlib
import re

WORD = re.compile(r"[A-Za-z_][\w-]*")


class Block:
    """`type "label" ... { }`: args maps names to expression texts, blocks lists the inner blocks."""

    def __init__(self, kind, labels, line):
        self.kind, self.labels, self.line = kind, labels, line
        self.args, self.blocks = {}, []

    def all(self, kind):
        return [b for b in self.blocks if b.kind == kind]

    def inner(self):
        """(name, block) of each nested block; a dynamic one counts as what it makes."""
        for block in self.blocks:
            if block.kind == "dynamic":
                yield block.labels[0], block.all("content")[0]
            else:
                yield block.kind, block


class Reader:
    def __init__(self, text, name):
        self.text, self.pos, self.name = text, 0, name

    def line(self):
        return self.text.count("\n", 0, self.pos) + 1

    def fail(self, what):
        raise ValueError("%s:%d: %s" % (self.name, self.line(), what))

    def space(self, newlines=True):
        """Past blanks and comments."""
        while self.pos < len(self.text):
            rest = self.text[self.pos:]
            if rest[0] in (" \t\r\n" if newlines else " \t\r"):
                self.pos += 1
            elif rest[0] == "#" or rest.startswith("//"):
                end = self.text.find("\n", self.pos)
                self.pos = len(self.text) if end < 0 else end
            elif rest.startswith("/*"):
                self.pos = self.text.index("*/", self.pos) + 2
            else:
                return

    def peek(self):
        return self.text[self.pos] if self.pos < len(self.text) else ""

    def word(self):
        match = WORD.match(self.text, self.pos)
        if not match:
            self.fail("expected a name, found %r" % self.text[self.pos:self.pos + 20])
        self.pos = match.end()
        return match.group()

    def string(self):
        """Past a quoted template, with the templates inside it."""
        start = self.pos
        self.pos += 1
        while self.peek() != '"':
            if self.peek() in ("", "\n"):
                self.fail("text is not closed")
            if self.peek() == "\\":
                self.pos += 2
            elif self.text[self.pos:self.pos + 2] in ("${", "%{") and self.text[self.pos - 1:self.pos] not in ("$", "%"):
                self.pos += 2
                self.until("}")
                self.pos += 1
            else:
                self.pos += 1
        self.pos += 1
        return self.text[start:self.pos]

    def heredoc(self):
        match = re.compile(r"<<-?(\w+)\n").match(self.text, self.pos)
        end = re.compile(r"^[ \t]*%s$" % match.group(1), re.M).search(self.text, match.end())
        if not end:
            self.fail("heredoc is not closed")
        self.pos = end.end()

    def until(self, stop):
        """Past an expression, up to one of these characters outside of all brackets; not past it."""
        closing = {"(": ")", "[": "]", "{": "}"}
        depth = []
        while self.pos < len(self.text):
            char = self.peek()
            if not depth and char in stop:
                return
            if char == '"':
                self.string()
            elif self.text.startswith("<<", self.pos) and re.match(r"<<-?\w+\n", self.text[self.pos:]):
                self.heredoc()
            elif char == "#" or self.text.startswith("//", self.pos) or self.text.startswith("/*", self.pos):
                self.space(newlines=False)
            else:
                if char in closing:
                    depth.append(closing[char])
                elif char in ")]}":
                    if not depth or depth.pop() != char:
                        self.fail("unexpected %r" % char)
                self.pos += 1
        if "\n" not in stop or depth:
            self.fail("expression does not end")

    def body(self, block, last=""):
        while True:
            self.space()
            if self.peek() == last:
                self.pos += len(last)
                return block
            line, name, labels = self.line(), self.word(), []
            self.space(newlines=False)
            if self.peek() == "=":
                self.pos += 1
                start = self.pos
                self.until("\n" if not last else "\n}")
                if name in block.args:
                    self.fail("argument %s stands there twice" % name)
                block.args[name] = self.text[start:self.pos].strip()
                continue
            while self.peek() == '"':
                labels.append(self.string()[1:-1])
                self.space(newlines=False)
            if self.peek() != "{":
                self.fail("expected = or { behind %s" % name)
            self.pos += 1
            block.blocks.append(self.body(Block(name, labels, line), "}"))


def read(path):
    path = pathlib.Path(path)
    return Reader(path.read_text(), path.name).body(Block("file", [path.name], 1))


def read_module(folder):
    """All blocks of a module's files, each with `file` set."""
    blocks = []
    for path in sorted(pathlib.Path(folder).glob("*.tf")):
        for block in read(path).blocks:
            block.file = path.name
            blocks.append(block)
    return blocks
