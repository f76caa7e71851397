"""Builds a message's bytes, so that data stay data.

The header classes of the standard library are used only to encode: what they are given is one line
of printable text, and a text that could be read as an encoded word (`=?utf-8?q?…?=`) is itself
encoded, so that the receiver sees the characters that were in the data.
"""

import re
from datetime import UTC, datetime
from email.charset import QP, Charset
from email.generator import BytesGenerator
from email.header import Header
from email.message import Message
from email.policy import compat32
from email.utils import format_datetime, formataddr, parseaddr
from hashlib import sha256
from io import BytesIO

import attrs

SUBJECT_LENGTH_MAX = 250
MESSAGE_ID_LENGTH_MAX = 180
PLAIN_SUBJECT = re.compile(r"[\x20-\x7e]{1,66}")
ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?=.{1,253}\Z)[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?"
)
LINE_BREAK = re.compile("\r\n?|[\n\x0b\x0c\x85\u2028\u2029]")
FORBIDDEN_IN_BODY = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


class AddressRefused(Exception):  # noqa: N818 - it names what happened
    """An address cannot be used; the message says why."""


@attrs.frozen(kw_only=True)
class Letter:
    """A mail before it is encoded. `sender` may hold a name; `now` is epoch seconds."""

    sender: str
    to: tuple[str, ...]
    subject: str
    body: str
    key: str
    now: int


def build_message(letter: Letter) -> bytes:
    """The message with CRLF line ends. Raises `AddressRefused`."""
    name, address = read_sender(letter.sender)
    message: Message[str, str] = Message(policy=compat32)
    message["Date"] = format_datetime(datetime.fromtimestamp(letter.now, UTC))
    message["Message-ID"] = build_message_id(letter.key, address)
    message["From"] = formataddr((name, address), charset="utf-8")
    message["To"] = ", ".join(letter.to)
    message["Subject"] = encode_subject(letter.subject)
    message["Auto-Submitted"] = "auto-generated"
    charset = Charset("utf-8")
    charset.body_encoding = QP
    message["MIME-Version"] = "1.0"
    message.set_payload(clean_body(letter.body), charset)
    buffer = BytesIO()
    policy = compat32.clone(linesep="\r\n")
    BytesGenerator(buffer, mangle_from_=False, policy=policy).flatten(message)
    return buffer.getvalue()


def build_message_id(key: str, sender: str) -> str:
    """`<run.step.group@domain>`: the same for every attempt with one key."""
    local = re.sub(r"[^A-Za-z0-9._-]", lambda each: _escaped(each.group()), key.replace(":", "."))
    if len(local) > MESSAGE_ID_LENGTH_MAX:
        local = sha256(key.encode()).hexdigest()
    return f"<{local}@{sender.rpartition('@')[2]}>"


def _escaped(character: str) -> str:
    return "".join(f"={byte:02X}" for byte in character.encode("utf-8", "replace"))


def encode_subject(text: str) -> str:
    """The subject as a header value: plain where that is safe, else encoded words."""
    line = one_line(text)
    if PLAIN_SUBJECT.fullmatch(line) and "=?" not in line:
        return line
    return Header(line, charset="utf-8", header_name="Subject").encode(linesep="\n")


def one_line(text: str) -> str:
    """The text as one line: whatever cannot be printed is a space; cut when it is too long."""
    printable = "".join(each if each.isprintable() else " " for each in text)
    line = " ".join(printable.split())
    return line if len(line) <= SUBJECT_LENGTH_MAX else f"{line[: SUBJECT_LENGTH_MAX - 1]}…"


def clean_body(text: str) -> str:
    """The text with line feeds only, without control characters, with a final line end."""
    lines = LINE_BREAK.sub("\n", text)
    sound = FORBIDDEN_IN_BODY.sub("", lines).encode("utf-8", "replace").decode("utf-8")
    return sound.rstrip("\n") + "\n"


def read_sender(text: str) -> tuple[str, str]:
    """Name and address of `Billing <billing@acme.example>`. Raises `AddressRefused`."""
    name, address = parseaddr(text)
    return one_line(name), check_address(address or text)


def check_address(address: str) -> str:
    """The address as it goes over the wire. Raises `AddressRefused`.

    A domain in another script is encoded; a local part in one would need SMTPUTF8, which few
    servers offer.
    """
    local, at, domain = address.rpartition("@")
    if at and local and not local.isascii():
        raise AddressRefused(f"`{one_line(address)}` needs a server with SMTPUTF8")
    if at and not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError as error:
            raise AddressRefused(f"`{one_line(address)}` is no mail address") from error
    wire = f"{local}{at}{domain}"
    if len(local) > 64 or ".." in domain or not ADDRESS.fullmatch(wire):
        raise AddressRefused(f"`{one_line(address)}` is no mail address")
    return wire
