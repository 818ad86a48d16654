"""Files of the reader's that were written, or tampered with, to do harm: watchlists and litwatch.toml."""

from __future__ import annotations

from dataclasses import dataclass

from hostile_pages import Page

GOOD = 'question: "Can models plan?"\nclaims:\n  - They cannot.\ncategories: [cs.AI]\n'


def _list(name: str, text: str | bytes) -> Page:
    return Page(name=name, file="line.yaml", data=text if isinstance(text, bytes) else text.encode())


WATCHLISTS = (
    # YAML that grows, nests, or makes things
    _list("aliases of aliases", "a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\nquestion: *c\nclaims: [*c]\n"),
    _list("itself", "question: q\nclaims: &a\n  - *a\n"),
    _list("merged keys", GOOD + "<<: {about: x}\n"),
    _list("Python object", "question: !!python/object/apply:os.system ['touch pwned']\nclaims: [a]\n"),
    _list("Python module", "question: !!python/module:os\nclaims: [a]\n"),
    _list("tag of its own", "%TAG ! tag:evil.example,2000:\n---\nquestion: !x q\nclaims: [a]\n"),
    _list("set", "question: q\nclaims: !!set {a, b}\n"),
    _list("ordered map", "question: q\nclaims: !!omap [a: b]\n"),
    _list("bytes", "question: !!binary aGFsbG8=\nclaims: [a]\n"),
    _list("other version", "%YAML 9.9\n---\n" + GOOD),
    _list("several documents", GOOD + "---\n" + GOOD),
    _list("lists in lists", "question: " + "[" * 100_000),
    _list("maps in maps", "question: " + "{" * 100_000),
    _list("items in items", "question: q\nclaims:\n" + "- " * 200_000 + "x"),
    _list("keys that ask", "? " * 200_000),
    _list("blocks in blocks", "".join(" " * n + "a:\n" for n in range(900))),
    _list("200,000 entries", GOOD + "exclude: [" + "a," * 200_000 + "]\n"),
    _list("80,000 claims", "question: q\nclaims:\n" + "- abc\n" * 80_000),
    _list("one long text", GOOD + "about: " + "a" * 490_000),
    _list("one long quotation", GOOD + 'about: "' + "a\\n" * 160_000 + '"'),
    _list("too large", GOOD + "# " + "x" * 600_000),
    _list("marks upon marks", f'question: "a{chr(0x301) + chr(0x316)}"\nclaims:\n  - "b{"̖́" * 50_000}"\n'),
    _list("a question of marks", f'question: "a{"̖́" * 50_000}"\nclaims: [b]\n'),
    # characters
    _list("escapes", GOOD + 'about: "\\e[31m\\x9b\\u202e\\a\\b"\n'),
    _list("raw escapes", GOOD + "about: \x1b[31m\n"),
    _list("null", GOOD + 'about: "a\\0b"\n'),
    _list("half of a character", GOOD + 'about: "\\ud800"\n'),
    _list("beyond Unicode", GOOD + 'about: "\\UFFFFFFFF"\n'),
    _list("just beyond Unicode", GOOD + 'about: "\\U00110000"\n'),
    _list("no UTF-8", GOOD.encode() + b"about: \xff\xfe\n"),
    _list("line ends of Unicode", GOOD + "about: a\x85b\u2028c\u2029d\n"),
    _list("mark of byte order", GOOD + "about: a\ufeffb\n"),
    _list("tabs", "question: q\nclaims:\n\t- a\n"),
    _list("carriage returns", GOOD.replace("\n", "\r") + "about: x\r"),
    # values
    _list("a key that steers", f'"\\e[31m": x\n{GOOD}'),
    _list("a number for a key", GOOD + "1: 2\n"),
    _list("a list for a key", GOOD + "[a, b]: c\n"),
    _list("keys twice", GOOD + "question: other\n"),
    _list("a map for a text", "question: {a: b}\nclaims: [a]\n"),
    _list("an id with a path", GOOD.replace("- They cannot.", "- {id: ../../x, text: They cannot.}")),
    _list("an id that steers", GOOD.replace("- They cannot.", '- {id: "c1\\e[31m", text: They cannot.}')),
    _list("an id without an end", GOOD.replace("- They cannot.", f"- {{id: {'c' * 10_000}, text: They cannot.}}")),
    _list("a number without an end", GOOD.replace("- They cannot.", f"- {{id: c{'9' * 30}, text: They cannot.}}")),
    _list("a category with a path", GOOD.replace("cs.AI", "../../x")),
    _list("a category with a query", GOOD.replace("cs.AI", '"cs.AI OR all:x"')),
    _list("a category of another script", GOOD.replace("cs.AI", "сs.AI")),
    _list("a category without an end", GOOD.replace("cs.AI", "a" * 1000)),
    _list("an anchor elsewhere", GOOD + 'anchors: ["https://evil.example/abs/2511.00001"]\n'),
    _list("an anchor in other digits", GOOD + 'anchors: ["2511.0000１"]\n'),
    _list("an anchor with a script", GOOD + 'anchors: ["javascript:alert(1)//2511.00001"]\n'),
    _list("a far year", GOOD + "anchors: [{id: 2507.21919, year: 99999999999}]\n"),
    _list("a page of marks", GOOD + 'page: {_all: "\\e[31m", "\\e[32m": x}\n'),
    _list("nothing", ""),
    _list("nulls", b"\0" * 1000),
)

NAMES = (
    *("a\x1b[31mb", "a\nb", "a\rb", "a\u202eb", "a\u200bb", "a\u2028b", "a\ufeffb", "a\x7fb", "a\x9bb", "\udcffa"),
    *(
        "a" * 65,
        "a" * 200,
        "..a",
        "-rf",
        "a b",
        "a'b\"c",
        "$(id)",
        "`id`",
        "<b>",
        "[red]a[",
        "con",
        "a;b",
        "%s",
        "{{a}}",
    ),
    *("\u0430b", "\u05d0\u05d1", "a\u0301" * 20, "~", "*", "?", "a|b", "a&b", "#a", "@a", "\U0001f600"),
)
"""Of watchlist files."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    name: str
    toml: bytes


def _toml(name: str, text: str | bytes) -> Setting:
    return Setting(name=name, toml=text if isinstance(text, bytes) else text.encode())


SETTINGS = (
    _toml("lists in lists", "a = " + "[" * 50_000),
    _toml("maps in maps", "a = " + "{a=" * 50_000),
    _toml("keys in keys", "[" + "a." * 20_000 + "a]\n"),
    _toml("a number without an end", "[rank]\ntop = " + "9" * 10_000),
    _toml("a large number", "[rank]\ntop = " + "9" * 400),
    _toml("a large fraction", "[rank]\nfloor = " + "9" * 400 + ".0"),
    _toml("no number", "[rank]\nfloor = nan"),
    _toml("no end", "[arxiv]\ntimeout_seconds = inf"),
    _toml("no day", "[rank]\ntop = 0000-01-01"),
    _toml("half of a character", b"a='\xed\xa0\x80'"),
    _toml("two bytes a character", "[rank]\n".encode("utf-16")),
    _toml("null in the store's path", '[store]\nurl = "sqlite:///a\\u0000b"'),
    _toml("escape in the store's path", '[store]\nurl = "sqlite:///a\\u001b[31mb"'),
    _toml("no database", '[store]\nurl = "evil://x\\u202e"'),
    _toml("options of a database", '[store]\nurl = "sqlite:///x.db?mode=\\u001b[31m&uri=true"'),
    _toml("null in a folder", '[watchlists]\npath = "a\\u0000b"'),
    _toml("a folder without an end", f'[watchlists]\npath = "{"a/" * 5000}"'),
    _toml("a name without an end", f'[watchlists]\npath = "{"a" * 5000}"'),
    _toml("a channel that steers", "[channels.\"a\\u001b[31m\"]\nurl='x'"),
    _toml("a channel with a path", "[channels.\"../../x\"]\nurl='x'"),
    _toml("a channel with a header", "[channels.\"a\\r\\nBcc: b\"]\nurl='x'"),
    _toml("a channel without an end", f"[channels.{'a' * 5000}]\nurl='x'"),
    _toml("a key that steers", '"\\u001b[31m" = 1'),
    _toml("a key of marks", f'"a{"̖́" * 20_000}" = 1'),
    _toml("a key without an end", f"{'a' * 100_000} = 1"),
    _toml("a schedule of marks", '[arxiv]\npoll = "\\u202e\\u001b[31m"'),
    _toml("a schedule without an end", f'[arxiv]\npoll = "{"mon " * 100_000}"'),
    _toml("a schedule that never comes", '[arxiv]\npoll = "0 0 31 2 *"'),
    _toml("a zone with a path", '[arxiv]\npoll = "mon 08:00 ../../etc/passwd"'),
    _toml("a step of nothing", '[arxiv]\npoll = "*/0 * * * *"'),
    _toml("an address that steers", '[arxiv]\napi_url = "https://a\\u001b[31m/"'),
    _toml("an address without a host", '[arxiv]\napi_url = "https://[::1"'),
    _toml("an address of a file", '[arxiv]\napi_url = "file:///etc/passwd"'),
    _toml("a contact with a header", '[arxiv]\ncontact = "a\\r\\nX: b"'),
    _toml("open to all", '[service]\nlisten = "0.0.0.0:9477"'),
    _toml("open by a name", '[service]\nlisten = "evil.example:9477"'),
    _toml("a backup's folder", '[backup]\npath = "a\\u0000b"'),
)
"""Each is wrong, or leads nowhere."""

URLS = (
    "mailto://a:b@localhost:25?to=me@example.org%0d%0aBcc:evil@example.org",
    "mailto://a:b@localhost:25?to=me@example.org&name=x%0d%0aBcc:%20evil@example.org",
    "mailto://a:b@localhost:25?to=me@example.org&from=x%0d%0aBcc:%20evil@example.org",
    "mailto://a:b@localhost:25?to=me@example.org&+X-A=b%0d%0aBcc:%20evil@example.org",
    "mailto://a:b@localhost:25?to=me@example.org&+X%0d%0aBcc=evil@example.org",
    "mailto://a:b@localhost:25?to=me@example.org&reply=x%0d%0aBcc:%20evil@example.org",
    "mailto://a:b@localhost:25?to=me@example.org&cc=x%0d%0aBcc:%20evil@example.org",
    "mailto://a:b@localhost:25?to=me@example.org&name=%1b%5b31m%e2%80%ae",
    "mailto://a:b@[::1:25?to=me@example.org",
    "mailto://a:b@localhost:99999999?to=me@example.org",
    "mailto://a:b@localhost:25?to=me@example.org&smtp=%00",
    "slack://%1b[31m/%00/%0a/#papers",
    "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7C/#%0d%0a",
    "json://localhost:9/%0d%0aX-A:%20b",
    "\u202emailto://x",
    "file:///etc/passwd",
    "x" * 100_000,
    "",
)
"""Of channels."""
