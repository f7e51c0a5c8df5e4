"""Lines of a page that tell nothing: cookie notices, buttons, copyright, bylines, links, code, rows of tables."""

from __future__ import annotations

import re

from extractors.words import word_set

_LINE = re.compile(r"[^\n]+")
_SHARING = (
    "this|on|via|us|to|by|now|it|article|story|post|facebook|twitter|google\\+?|pinterest|linkedin|whatsapp|email|print"
    "|share|tweet|newsletter|comments?|save"
)
_CREDITS = (
    "written by|reporting by|editing by|additional reporting by|edited by|posted by|photo(?:graph)?s?(?: by)?:?"
    "|image(?: (?:source|credit|copyright|caption))?:?|picture:|video:|file photo:?|getty images:?|source:|credits?:"
)
_KINDS = (
    r"(?:read|see|watch|learn) (?:more|also|next|now)\b.{0,160}",
    r"(?:related|recommended|trending|most (?:read|popular)|also (?:read|see)|more)(?: (?:stories|articles|content|news"
    r"|coverage|from|links|topics|videos?)\b.{0,80}|:.{0,160})?",
    rf"(?:share|tweet|email|print|save|comments?|follow|subscribe|like)(?:\W+(?:{_SHARING})\b)*\W*\d*",
    r"(?:sign up|subscribe|log in|register) (?:to|for|now|here|today|with)\b.{0,160}",
    r"(?:click|tap) (?:here|to|on|through)\b.{0,160}",
    r"(?:please )?(?:enable|turn on) (?:javascript|cookies)\b.{0,200}",
    r".{0,60}\b(?:enter (?:your|a valid) email|email address is invalid|thank you for subscribing)\b.{0,300}",
    r".{0,120}\b(?:uses?|use of|accept|our) cookies\b.{0,300}",
    r"(?:copyright\b|©|\(c\) ?\d{4}).{0,200}",
    r".{0,120}\ball rights reserved\b.{0,200}",
    r".{0,80}\bthis (?:material|article|story|video) (?:may not be|was originally|has been updated)\b.{0,200}",
    rf"(?:by|from|{_CREDITS}) (?-i:[A-Z(]).{{0,120}}",
    r"(?:(?:first )?(?:published|posted)|(?:last )?(?:updated|modified))(?: (?:on|at))?:? .{0,60}\d.{0,40}",
    r"(?:advertisement|sponsored|back to top|hide caption|toggle caption|play video|close|menu|search|loading)\W*",
    r"(?:story continues below|continue reading|skip to|media playback|read or share)\b.{0,120}",
    r"external links are provided\b.{0,160}|.{0,40} is not responsible for the content of\b.{0,100}",
    r"(?:chat with us|find us|join us|like us)\b.{0,120}",
    r".{0,60}\| *(?:updated|published|posted):.{0,80}",
    r"(?:we welcome your|got a (?:tip|story)|have (?:a )?(?:tip|question)|send (?:us|your)|email (?:us|the))\b.{0,200}",
    r"contact (?:us|the (?:author|writer|reporter))\b.{0,200}",
    r"follow .{1,40} on (?:twitter|facebook|instagram)\b.{0,200}",
    r"(?:terms of (?:use|service)|privacy policy)\b.{0,120}",
    r"(?:accept|allow|reject|manage|change)(?: all| your| my)* (?:cookies|preferences|settings|consent)\b.{0,60}",
    r"select (?:a |your )?(?:theme|language|edition|country|region)\b.{0,40}",
    r"(?:correction|clarification|editor['’]s note) ?(?::|—|–|-) ?.{0,400}",
    r"\W*this (?:article|story|piece) was (?:amended|corrected|updated) on\b.{0,400}",
    r"(?:show|view|load|hide) (?:more|less|all|comments?|gallery|captions?|photos|transcript|results)\b.{0,60}",
    r"(?:log|sign) ?(?:in|out|up)(?: (?:or|/|to) (?:register|sign up|subscribe|comment).{0,40})?|register|my account",
    r"(?:create (?:an )?account|forgot (?:your )?password|reuse this content|story highlights|topics|tags)\W*",
    r"enlarge(?: (?:this )?(?:image|photo|picture))?\b.{0,60}",
    r"download (?:our|the) (?:\w+ ){0,3}app\b.{0,60}",
    r"(?:just watched|must watch|replay|more videos?|scroll down for (?:videos?|more))\b.{0,60}",
    r"for more .{1,40} coverage\b.{0,160}|information from: .{0,120}|filed under:? .{0,120}",
    r"(?:photos?|videos?|gallery|pictures?|images?)\W*(?:\d+(?: (?:of|/) \d+)?)?|\d+ (?:of|/) \d+",
)
_WITHIN = re.compile(
    r"Advertisement Continue reading the main story|Continue reading the main story|Read or Share this story:? \S*"
    r"|Hide Caption \d+ of \d+|JUST WATCHED|MUST WATCH|Replay More Videos \.\.\.|Scroll down for video\b"
    r"|\((?:Additional )?(?:Reporting|Writing|Editing) by [^()\n]{0,200}\)|Image (?:copyright|caption)\b"
    r"|\{[a-z]+\}|[\[(](?:laughter|applause|music|inaudible|crosstalk|cheering)[\])]"
    r"|Newsletter Sign Up\b|Please verify you['’]re not a robot by clicking the box\.|Invalid email address\."
    r"|Please re-enter\.|You must select a newsletter to subscribe to\."
    r"|(?:Sign Up )?You agree to receive occasional updates[^.\n]{0,160}\."
    r"|Click to share on [\w ]{2,20} \(Opens in new window\)|Get (?:\w+ ){0,3}updates directly to your inbox"
    r"|\+ Subscribe\b|Thank you for subscribing!|Could not subscribe, try again later\b"
    r"|Please try again later\."
    r"|https?://\S+|\(?pic\.twitter\.com/\S+"
)
_DATELINE = re.compile(
    r"^[ \t]*(?:[A-Z][\w.'’,/ -]{1,50})?\((?:AP|CNN|Reuters|REUTERS|AFP|BBC|UPI|Xinhua|IANS|PTI)[^()\n]{0,20}\)"
    r"[ \t]*(?:--?|—|–|:)?[ \t]*"
    r"|^[ \t]*[A-Z][A-Z.'’-]{2,}[A-Z., '’-]{0,40}(?:,? [A-Z][\w.]{1,12}){0,3}[ \t]*(?:--|—|–)[ \t]*",
    re.MULTILINE,
)
_CREDITED = re.compile(
    r"^[ \t]*(?:(?:AP:Associated Press|Getty(?: Images)?(?: ?[-:–] ?(?:Contributor|Getty|AFP))?|Handout ?[-–] ?Getty"
    r"|Splash News|Alamy(?: Stock Photo)?|Rex(?: Features|/Shutterstock)?|AFP/Getty(?: Images)?|PA:Press Association"
    r"|Reuters Pictures|SWNS(?::[\w. ]{2,24})?)[ \t]+(?=[A-Z“‘\"'])"
    r"|(?:EPA|AP|AFP|PA|Reuters)[ \t]+(?=(?:The|A|An|This|In|On|At|It|He|She|They) [a-z]"
    r"|[A-Z]\w+ (?:said|says|has|was|is) ))",
    re.MULTILINE,
)
_WHOLE = re.compile(rf"^\W*(?:{'|'.join(_KINDS)})\W*$", re.IGNORECASE)
_CODE = re.compile(
    r"^\s*(?:(?:def|class|function|return|import|from|const|let|var|if|for|while|print|public|static|else|elif|try|except)"
    r"\b.*(?:[{;:]|\w\(.*\))|.*[{}]|.*\w\((?:[^()\s]|, )*\)[;{:]?|.*\w\s?=\s?[\w\"'\[({].*;?)\s*$"
)
_ROW = re.compile(r"[^\t|]*(?:[\t|][^\t|]*){2,}$")
_VERB = re.compile(r"\b(?:said|says|told|was|were|has|had|have|is|are|will|announced|killed)\b", re.IGNORECASE)
_MAY_OPEN_SENTENCE = word_set("by from follow like save print search close more share comment see watch read")
_ENDS = re.compile(r"[\w)\"”][.!?][\"”)]?\s*$")
_LONGEST = 400


def boilerplate_spans(text: str) -> list[tuple[int, int]]:
    """Character spans of a text that are boilerplate, in order: whole lines, datelines, and addresses within lines.

    >>> boilerplate_spans("Fire hits Derby.\\nShare on Facebook\\nTwo men died.")
    [(17, 34)]
    """
    spans = [match.span() for pattern in (_WITHIN, _DATELINE, _CREDITED) for match in pattern.finditer(text)]
    for match in _LINE.finditer(text):
        line = match.group()
        if len(line) <= _LONGEST and (
            (_WHOLE.match(line) and not _is_sentence(line))
            or (_CODE.match(line) and not _ENDS.search(line))
            or (_ROW.match(line) and not _VERB.search(line))
        ):
            spans.append(match.span())
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        elif end > start:
            joined.append((start, end))
    return joined


def _is_sentence(line: str) -> bool:
    """A real sentence may begin like a byline ("By Monday the fire had spread …")."""
    return line.split(maxsplit=1)[0].lower() in _MAY_OPEN_SENTENCE and bool(_VERB.search(line))
