"""Finds the mutation sites of a C++ file, by its syntax tree (libclang).

README.md lists the operators and says what is left out.
"""

import re
from dataclasses import dataclass, field

from clang import cindex

K = cindex.CursorKind
T = cindex.TypeKind

NAMESPACE = "::wavetank::mutation::"

# Enumerators that are not exchanged: which version has a behaviour is asked by calls that are
# themselves conditions (mutants `true` and `false`), and several behaviours came with one version.
KEPT_ENUMS = {"Behavior"}

COMPARISONS = {
    "<": ("less", "<="),
    "<=": ("less_or_equal", "<"),
    ">": ("greater", ">="),
    ">=": ("greater_or_equal", ">"),
}
ARITHMETIC = {"+": ("add", "-"), "-": ("subtract", "+")}
LOGIC = {"&&": "||", "||": "&&"}
QUANTIFIERS = {
    "std::all_of": ("all_of", "std::any_of"),
    "std::any_of": ("any_of", "std::all_of"),
    "std::none_of": ("none_of", "!std::all_of"),
    "std::min": ("min", "std::max"),
    "std::max": ("max", "std::min"),
}
INTEGERS = {
    T.INT, T.UINT, T.LONG, T.ULONG, T.LONGLONG, T.ULONGLONG, T.SHORT, T.USHORT,
}
FUNCTIONS = {
    K.FUNCTION_DECL, K.CXX_METHOD, K.CONSTRUCTOR, K.DESTRUCTOR, K.FUNCTION_TEMPLATE,
    K.CONVERSION_FUNCTION,
}
JUMPS = {K.RETURN_STMT, K.BREAK_STMT, K.CONTINUE_STMT}


@dataclass
class Site:
    """One mutant: the text in [begin, end) becomes `new`."""

    file: str
    begin: int
    end: int
    operator: str
    new: str
    function: str = ""
    head: tuple = None  # what a report shows in place of the text, with `new` behind it
    line: int = 0
    column: int = 0
    before: str = ""
    after: str = ""
    number: int = 0


@dataclass
class Guard:
    """An instrumentation; `{0}` in its texts is the number of its mutant."""

    begin: int
    end: int
    opening: str
    closing: str
    site: Site
    replaced: list = field(default_factory=list)  # (begin, end, text) of single tokens


class Failure(Exception):
    pass


def statement_end(text, end):
    """The offset behind the semicolon of a statement that ends at `end`."""
    match = re.compile(r"\s*;").match(text, end)
    return match.end() if match else end


class Finder:
    """Walks the functions of one file."""

    def __init__(self, name, text):
        self.name = name
        self.text = text
        self.guards = []
        self.left_out = []  # (line, why)
        self.inside = ""  # the function being walked
        self.returns_reference = False
        self.checks = [
            (m.start(), self.closing_parenthesis(m.end()))
            for m in re.finditer(r"\bWAVETANK_CHECK\(", text)
        ]

    def closing_parenthesis(self, at):
        depth = 1
        while depth and at < len(self.text):
            depth += {"(": 1, ")": -1}.get(self.text[at], 0)
            at += 1
        return at

    # The tree.

    def span(self, cursor):
        extent = cursor.extent
        return extent.start.offset, extent.end.offset

    def source(self, cursor):
        begin, end = self.span(cursor)
        return self.text[begin:end]

    def children(self, cursor):
        """The children in the source, without what the compiler adds to them."""
        begin, end = self.span(cursor)
        found = []
        for child in cursor.get_children():
            first, last = self.span(child)
            if first < begin or last > end or first == last:
                continue
            if any(a <= first and last <= b for a, b in map(self.span, found)):
                continue
            found.append(child)
        return found

    def peel(self, cursor):
        """Through conversions, copies and other nodes that are no text of their own."""
        while cursor.kind in (K.UNEXPOSED_EXPR, K.CALL_EXPR):
            inner = next(cursor.get_children(), None)
            if inner is None:
                break
            if self.span(inner) == self.span(cursor):
                cursor = inner
                continue
            if cursor.kind == K.UNEXPOSED_EXPR and self.source(inner).startswith("!="):
                rewritten = next(inner.get_children(), None)  # `a != b` as !(a == b)
                if rewritten is not None and self.span(rewritten) == self.span(cursor):
                    cursor = rewritten
                    continue
            break
        return cursor

    def infix(self, cursor):
        """(left, operator, begin of the operator, right) of a binary operator, else nothing."""
        if cursor.kind == K.CALL_EXPR and not cursor.spelling.startswith("operator"):
            return None
        if cursor.kind not in (
            K.BINARY_OPERATOR, K.COMPOUND_ASSIGNMENT_OPERATOR, K.CALL_EXPR, K.UNEXPOSED_EXPR,
        ):
            return None
        parts = sorted(self.children(cursor), key=self.span)
        if len(parts) < 2:
            return None
        left, right = parts[0], parts[-1]
        begin, end = self.span(cursor)
        if self.span(left)[0] != begin or self.span(right)[1] != end:
            return None
        gap = self.text[self.span(left)[1]:self.span(right)[0]]
        operator = gap.strip()
        if not re.fullmatch(r"[-+*/%<>=!&|^]+", operator):
            return None
        return left, operator, self.span(left)[1] + gap.index(operator), right

    def is_bool(self, cursor):
        return cursor.type.get_canonical().kind == T.BOOL

    def is_integer(self, cursor):
        return cursor.type.get_canonical().kind in INTEGERS

    # What is found.

    def site(self, begin, end, operator, new):
        return Site(self.name, begin, end, operator, new, self.inside)

    def add(self, begin, end, opening, closing, site, replaced=()):
        if any(a <= begin and end <= b for a, b in self.checks):
            return
        self.guards.append(Guard(begin, end, opening, closing, site, list(replaced)))

    def leave_out(self, cursor, why):
        self.left_out.append((cursor.extent.start.line, why))

    # Declarations.

    def walk(self, cursor, is_constexpr=False):
        for child in cursor.get_children():
            if child.location.file is None or child.location.file.name != self.name:
                continue
            if child.kind in FUNCTIONS:
                self.function(child)
            elif child.kind == K.VAR_DECL:
                self.leave_out(child, "a constant at namespace level")
            elif child.kind == K.FIELD_DECL:
                if any(each.kind.is_expression() for each in child.get_children()):
                    self.leave_out(child, "a default member initialiser")
            else:
                self.walk(child)

    def function(self, cursor):
        if not cursor.is_definition():
            return
        head = self.text[self.span(cursor)[0]:]
        head = head[:head.index("{")] if "{" in head else head
        if re.search(r"\b(constexpr|consteval)\b", head):
            self.leave_out(cursor, "a constexpr function")
            return
        parts = self.children(cursor)
        body = next((p for p in parts if self.body_of(p) is not None), None)
        if body is None:
            return
        self.inside = cursor.spelling.split("<")[0]
        self.returns_reference = cursor.result_type.kind == T.LVALUEREFERENCE
        if cursor.kind == K.CONSTRUCTOR:
            for part in parts:
                if part.kind.is_expression():
                    self.expression(part)
        self.block(self.body_of(body), lambda_depth=0, is_body=True)

    def body_of(self, cursor):
        """The block of a function, also of a coroutine."""
        if cursor.kind == K.COMPOUND_STMT:
            return cursor
        if cursor.kind == K.UNEXPOSED_STMT:
            inner = next(cursor.get_children(), None)
            if inner is not None and inner.kind == K.COMPOUND_STMT:
                return inner
        return None

    # Statements.

    def block(self, cursor, lambda_depth, is_body=False, only=False):
        parts = self.children(cursor)
        for i, part in enumerate(parts):
            self.statement(
                part,
                lambda_depth,
                only=only and len(parts) == 1,
                last=is_body and i + 1 == len(parts),
            )

    def statement(self, cursor, depth, only=False, last=False):
        """`only`: leaving it out equals a mutant of what it stands in. `last`: of a function."""
        kind = cursor.kind
        if any(a <= self.span(cursor)[0] < b for a, b in self.checks):
            self.leave_out(cursor, "a check of our own")
        elif kind == K.COMPOUND_STMT:
            self.block(cursor, depth, only=only)
        elif kind == K.IF_STMT:
            self.if_statement(cursor, depth)
        elif kind in (K.FOR_STMT, K.CXX_FOR_RANGE_STMT, K.WHILE_STMT, K.DO_STMT):
            self.loop(cursor, depth)
        elif kind == K.SWITCH_STMT:
            self.switch(cursor, depth)
        elif kind == K.DECL_STMT:
            for declaration in cursor.get_children():
                self.variable(declaration, depth)
        elif kind == K.RETURN_STMT or self.is_co_return(cursor):
            self.return_statement(cursor, depth, only or last)
        elif kind in (K.CONTINUE_STMT, K.BREAK_STMT):
            if not only:
                self.delete(cursor)
        elif kind.is_expression():
            if not only:
                self.delete(cursor)
            self.expression(cursor, depth=depth)

    def is_co_return(self, cursor):
        return cursor.kind == K.UNEXPOSED_STMT and self.source(cursor).startswith("co_return")

    def delete(self, cursor):
        begin, end = self.span(cursor)
        end = statement_end(self.text, end)
        self.add(
            begin, end, "{{ if (!%sactive({0})) {{ " % NAMESPACE, " }} }}",
            self.site(begin, end, "statement", ""),
        )

    def if_statement(self, cursor, depth):
        parts = self.children(cursor)
        then = self.head_end(cursor)
        condition, branches = None, []
        for part in parts:
            begin = self.span(part)[0]
            if begin > then:
                branches.append(part)
            elif part.kind.is_expression():
                condition = part
            elif part.kind == K.DECL_STMT:
                for declaration in part.get_children():
                    self.variable(declaration, depth)
            elif part.kind == K.VAR_DECL:
                self.variable(part, depth)
        if condition is not None:
            self.expression(condition, "condition", depth)
        for branch in branches:
            self.statement(branch, depth, only=len(branches) == 1)

    def head_end(self, cursor):
        """The offset of the parenthesis that closes the head of an if, while, for or switch."""
        begin = self.text.index("(", self.span(cursor)[0]) + 1
        return self.closing_parenthesis(begin) - 1

    def loop(self, cursor, depth):
        parts = self.children(cursor)
        body = parts[-1]
        head = self.head_end(cursor)
        statements = self.children(body) if body.kind == K.COMPOUND_STMT else [body]
        self.delete(cursor)
        for part in parts[:-1]:
            begin, end = self.span(part)
            if end > head:
                continue
            if part.kind in (K.DECL_STMT, K.VAR_DECL):
                if cursor.kind == K.FOR_STMT:
                    for declaration in part.get_children():
                        self.variable(declaration, depth, is_loop=True)
            elif part.kind.is_expression():
                if self.peel(part).kind != K.UNARY_OPERATOR or self.is_bool(part):
                    self.expression(part, depth=depth)
        if statements and statements[-1].kind not in JUMPS and not self.is_co_return(statements[-1]):
            begin, end = self.span(body)
            if body.kind == K.COMPOUND_STMT:
                at = end - 1
                stop = "if (%sactive({0})) break; " % NAMESPACE
                site = self.site(at, at, "loop", "... break; }")
                site.head = (self.span(cursor)[0], begin + 1)
                self.add(at, at, stop, "", site)
        self.statement(body, depth, only=len(statements) == 1)

    def switch(self, cursor, depth):
        parts = self.children(cursor)
        if parts[0].kind.is_expression():
            self.expression(parts[0], depth=depth)
        flat = []  # the statements, each with what stands behind the label
        for part in self.children(parts[-1]):
            while part.kind in (K.CASE_STMT, K.DEFAULT_STMT):
                part = self.children(part)[-1]
            flat.append(part)
        for i, part in enumerate(flat):
            # Falling through to a `break`, or out of the switch, is no change.
            ends = i + 1 == len(flat) or flat[i + 1].kind == K.BREAK_STMT
            jumps = part.kind == K.RETURN_STMT or self.is_co_return(part)
            self.statement(part, depth, only=jumps or (ends and part.kind == K.BREAK_STMT))

    def variable(self, cursor, depth, is_loop=False):
        if cursor.kind != K.VAR_DECL:
            return
        begin, end = self.span(cursor)
        declared = self.text[begin:end]
        if re.match(r"(static\s+)?constexpr\b", declared):
            self.leave_out(cursor, "a constexpr variable")
            return
        parts = [c for c in self.children(cursor) if c.kind.is_expression()]
        if not parts or self.span(parts[-1])[1] - self.span(parts[-1])[0] <= 0:
            return
        value = parts[-1]
        if not re.search(r"[={(]\s*$", self.text[begin:self.span(value)[0]]):
            return  # a default constructor, written as the name of the variable
        role = "bool" if self.is_bool(cursor) else ("" if is_loop else "value")
        self.expression(value, role, depth)

    def return_statement(self, cursor, depth, only):
        begin, end = self.span(cursor)
        keyword = "co_return" if self.is_co_return(cursor) else "return"
        end = statement_end(self.text, end)
        values = [c for c in self.children(cursor) if self.span(c)[0] > begin]
        if not only:
            self.delete(cursor)
        if not values:
            return
        value = self.peel(values[0])
        if self.is_bool(values[0]):
            self.expression(values[0], "bool", depth)
            return
        is_plain = (
            value.kind in (K.STRING_LITERAL, K.INTEGER_LITERAL, K.INIT_LIST_EXPR, K.LAMBDA_EXPR)
            or self.is_enumerator(value)
            or re.fullmatch(r"[\w:]*(\{\}|kEmptySymbol|nullopt)", self.source(value))
        )
        # To go on with no coroutine is undefined: the compiler may take it that it never happens.
        is_handle = "coroutine_handle" in value.type.get_canonical().spelling
        if not is_plain and not is_handle and depth == 0 and not self.returns_reference:
            again = "{{ if (%sactive({0})) %s {{}}; " % (NAMESPACE, keyword)
            self.add(begin, end, again, " }}", self.site(begin, end, "result", keyword + " {};"))
        self.expression(values[0], "value", depth)

    # Expressions.

    def is_enumerator(self, cursor):
        return (
            cursor.kind == K.DECL_REF_EXPR
            and cursor.referenced is not None
            and cursor.referenced.kind == K.ENUM_CONSTANT_DECL
        )

    def expression(self, cursor, role="", depth=0):
        """`role`: what the value is for. condition or bool: it decides something; operand: of a
        logical operator that has a mutant for it; value: it is stored or returned; field: the
        same, in a struct; format: a text with placeholders."""
        if "format_string" in cursor.type.get_canonical().spelling:
            role = "format"  # checked while compiling, unless wrapped in fmt::runtime
        cursor = self.peel(cursor)
        begin, end = self.span(cursor)
        if any(a <= begin < b for a, b in self.checks):
            return
        kind = cursor.kind
        if role in ("condition", "bool") and kind != K.CXX_BOOL_LITERAL_EXPR:
            self.decision(cursor)
        if kind in (K.CXX_BOOL_LITERAL_EXPR, K.INTEGER_LITERAL, K.STRING_LITERAL,
                    K.CHARACTER_LITERAL):
            self.literal(cursor, role)
            return
        if self.is_enumerator(cursor):
            self.enumerator(cursor)
            return
        if kind == K.LAMBDA_EXPR:
            for part in self.children(cursor):
                if part.kind == K.COMPOUND_STMT:
                    self.block(part, depth + 1, is_body=True)
            return
        if kind == K.CONDITIONAL_OPERATOR:
            parts = self.children(cursor)
            self.expression(parts[0], "condition", depth)
            for part in parts[1:]:
                self.expression(part, "format" if role == "format" else "", depth)
            return
        if kind == K.PAREN_EXPR:
            for part in self.children(cursor):
                self.expression(part, "operand" if role == "operand" else "", depth)
            return
        infix = self.infix(cursor)
        if infix is not None:
            self.binary(cursor, infix, role, depth)
            return
        if role in ("value", "field"):
            self.stored(cursor, role)
        if kind == K.UNARY_OPERATOR and self.text[begin] == "!":
            if role not in ("condition", "bool", "operand"):
                self.flip(begin, end)
        elif kind == K.CALL_EXPR:
            self.call(cursor, depth)
            return
        elif kind == K.INIT_LIST_EXPR:
            self.fields(cursor, depth)
            return
        for part in self.children(cursor):
            if part.kind.is_expression():
                self.expression(part, "", depth)

    def decision(self, cursor):
        """Always true and always false. Without the one that equals `a && b` with `a` left out, or
        is killed by whatever kills that; likewise for `a || b`."""
        begin, end = self.span(cursor)
        infix = self.infix(cursor)
        operator = infix[1] if infix is not None else ""
        if operator != "&&":
            self.add(
                begin, end, "(%sactive({0}) || static_cast<bool>(" % NAMESPACE, "))",
                self.site(begin, end, "true", "true"),
            )
        if operator != "||":
            self.add(
                begin, end, "(!%sactive({0}) && static_cast<bool>(" % NAMESPACE, "))",
                self.site(begin, end, "false", "false"),
            )

    def flip(self, begin, end):
        text = self.text[begin:end]
        opposite = {"true": "false", "false": "true"}.get(text)
        if opposite is None:
            opposite = text[1:] if text.startswith("!") else "!(%s)" % text
        self.add(
            begin, end, "(%sactive({0}) != static_cast<bool>(" % NAMESPACE, "))",
            self.site(begin, end, "flip", opposite),
        )

    def stored(self, cursor, role):
        begin, end = self.span(cursor)
        text = self.text[begin:end]
        if cursor.kind in (K.INIT_LIST_EXPR, K.LAMBDA_EXPR) or re.fullmatch(
            r"[\w:]*(\{\}|kEmptySymbol|nullptr|nullopt)", text
        ):
            return
        if role == "field":
            self.add(
                begin, end, "%skept({0}, " % NAMESPACE, ")", self.site(begin, end, "field", "{}")
            )
        if self.is_integer(cursor):
            self.add(
                begin, end, "%sone_more({0}, " % NAMESPACE, ")",
                self.site(begin, end, "one-more", text + " + 1"),
            )

    def literal(self, cursor, role):
        begin, end = self.span(cursor)
        text = self.text[begin:end]
        if cursor.kind == K.CXX_BOOL_LITERAL_EXPR:
            self.flip(begin, end)
        elif cursor.kind == K.INTEGER_LITERAL:
            match = re.fullmatch(r"(\d+)([uUlL]*)", text)
            if match is None:
                return
            value, suffix = int(match.group(1)), match.group(2)
            for other in [value + 1] + ([value - 1] if value > 0 else []):
                new = "%d%s" % (other, suffix)
                self.add(
                    begin, end, "(%sactive({0}) ? %s : " % (NAMESPACE, new), ")",
                    self.site(begin, end, "number", new),
                )
        else:
            quote = "'" if cursor.kind == K.CHARACTER_LITERAL else '"'
            if text[0] != quote:
                return
            new = "'~'" if quote == "'" else '"~' + text[1:]
            opening, closing = "(%sactive({0}) ? %s : " % (NAMESPACE, self.escaped(new)), ")"
            if role == "format":
                opening, closing = "fmt::runtime" + opening, closing
            self.add(begin, end, opening, closing, self.site(begin, end, "text", new))

    def escaped(self, text):
        return text.replace("{", "{{").replace("}", "}}")

    def enumerator(self, cursor):
        constant = cursor.referenced
        enum = constant.semantic_parent
        if enum.spelling in KEPT_ENUMS:
            return
        names = [c.spelling for c in enum.get_children() if c.kind == K.ENUM_CONSTANT_DECL]
        other = names[(names.index(constant.spelling) + 1) % len(names)]
        begin, end = self.span(cursor)
        text = self.text[begin:end]
        new = text[:len(text) - len(constant.spelling)] + other
        self.add(
            begin, end, "(%sactive({0}) ? %s : " % (NAMESPACE, new), ")",
            self.site(begin, end, "enumerator", new),
        )

    def binary(self, cursor, infix, role, depth):
        left, operator, at, right = infix
        begin, end = self.span(cursor)
        after = at + len(operator)
        parts = {}
        if operator in LOGIC:
            m = "%sactive({0})" % NAMESPACE
            self.add(
                begin, end,
                "(%s != ((%s != static_cast<bool>(" % (m, m), "))))",
                self.site(at, after, "and-or", LOGIC[operator]),
                replaced=[(at, after, ")) %s (%s != static_cast<bool>(" % (operator, m))],
            )
            for part in (left, right):
                inner = self.infix(self.peel(part))
                if inner is not None and inner[1] == operator:
                    continue
                first, last = self.span(part)
                word = "true" if operator == "&&" else "false"
                guard = "%sactive({0}) || " if operator == "&&" else "!%sactive({0}) && "
                self.add(
                    first, last, "(%sstatic_cast<bool>(" % (guard % NAMESPACE), "))",
                    self.site(first, last, "operand", word),
                )
            parts = {0: "operand", 1: "operand"}
        elif operator in COMPARISONS:
            name, other = COMPARISONS[operator]
            self.swap(begin, end, at, after, name, "boundary", other)
        elif operator in ("==", "!="):
            if role not in ("condition", "bool", "operand"):
                self.add(
                    begin, end, "(%sactive({0}) != static_cast<bool>(" % NAMESPACE, "))",
                    self.site(at, after, "compare", "!=" if operator == "==" else "=="),
                )
        elif operator in ARITHMETIC:
            if self.is_integer(left) and self.is_integer(right):
                name, other = ARITHMETIC[operator]
                self.swap(begin, end, at, after, name, "arithmetic", other)
            elif role == "field":
                self.stored(cursor, role)
        elif operator == "=":
            parts = {1: "bool" if self.is_bool(left) else "value"}
        for i, part in enumerate((left, right)):
            self.expression(part, parts.get(i, ""), depth)

    def swap(self, begin, end, at, after, name, operator, other):
        self.add(
            begin, end, "%s%s({0}, " % (NAMESPACE, name), ")",
            self.site(at, after, operator, other), replaced=[(at, after, ",")],
        )

    def call(self, cursor, depth):
        parts = self.children(cursor)
        if not parts:
            return
        callee = self.source(parts[0])
        begin, end = self.span(parts[0])
        if callee in QUANTIFIERS and self.text[end] == "(":
            name, other = QUANTIFIERS[callee]
            self.add(
                begin, end + 1, "", "", self.site(begin, end, "quantifier", other),
                replaced=[(begin, end + 1, "%s%s({0}, " % (NAMESPACE, name))],
            )
        self.expression(parts[0], "", depth)
        for part in parts[1:]:
            self.expression(part, "", depth)

    def fields(self, cursor, depth):
        for part in self.children(cursor):
            if not part.kind.is_expression():
                continue
            if not self.source(part).startswith("."):
                self.expression(part, "", depth)
                continue
            values = [c for c in self.children(part) if c.kind.is_expression()]
            if values:
                is_bool = self.is_bool(values[-1])
                self.expression(values[-1], "bool" if is_bool else "field", depth)


def describe(text, site):
    """Fills in the place and the two lines of a report."""
    if site.head is not None:
        site.line = text.count("\n", 0, site.head[0]) + 1
        site.column = site.head[0] - text.rfind("\n", 0, site.head[0])
        site.before = shortened(text[site.head[0]:site.head[1]])
        site.after = site.before + " " + site.new
        return
    site.line = text.count("\n", 0, site.begin) + 1
    first = text.rfind("\n", 0, site.begin) + 1
    site.column = site.begin - first + 1
    last = text.find("\n", site.end)
    last = len(text) if last < 0 else last
    site.before = shortened(text[first:last])
    site.after = shortened(text[first:site.begin] + site.new + text[site.end:last])


def shortened(text, limit=200):
    text = re.sub(r"\s+", " ", re.sub(r"//[^\n]*", "", text)).strip()
    return text if len(text) <= limit else text[:limit] + " ..."


def find(path, name, arguments):
    """The guards of a file and what was left out. `name` is the path in reports."""
    with open(path, encoding="latin-1") as file:
        text = file.read()
    unit = cindex.Index.create().parse(path, ["-x", "c++", "-std=c++20", *arguments])
    errors = [d for d in unit.diagnostics if d.severity >= cindex.Diagnostic.Error]
    if errors:
        raise Failure("%s does not parse: %s" % (name, errors[0]))
    finder = Finder(path, text)
    finder.walk(unit.cursor)
    for guard in finder.guards:
        guard.site.file = name
        describe(text, guard.site)
    return text, finder.guards, [(name, line, why) for line, why in finder.left_out]
