"""Secrets at rest: sealed by AES-256-GCM (NIST SP 800-38D) under a key that the database lacks.

A sealed value is `version (1 byte) | key id (4) | nonce (12) | ciphertext and tag`. Its context
says what it is and whose; a value that is moved to another row does not open there. Keys come
from `GONGCHE_SECRET_KEY`, or a file, one key in a line: the first seals, all of them open. To
rotate, put a new key in front and keep the old one until everything is sealed anew.
"""

import base64
import binascii
import hashlib
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kit.settings import Settings
from kit.trouble import Trouble

KEY_BYTES = 32

_VERSION = b"\x01"
_KEY_ID_BYTES, _NONCE_BYTES = 4, 12
_HEAD_BYTES = len(_VERSION) + _KEY_ID_BYTES
_KEY_FILE = "secret.key"


class SecretKeyUnfit(Trouble):
    """A secret key must be 32 random bytes in base64 (`openssl rand -base64 32`)."""


class SealBroken(Trouble):
    """A sealed value was changed, stands in another place, or was sealed by an unknown key."""


@dataclass(frozen=True, slots=True, repr=False)
class Sealer:
    """Seals and opens values; `keys` are of 32 bytes each, the first one seals."""

    keys: tuple[bytes, ...]

    def __post_init__(self) -> None:
        if not self.keys or any(len(key) != KEY_BYTES for key in self.keys):
            raise SecretKeyUnfit(SecretKeyUnfit.__doc__)

    def seal(self, value: bytes, *, context: str) -> bytes:
        """Return `value` sealed for `context`, such as `second_factor:<person id>`."""
        key = self.keys[0]
        head = _VERSION + _key_id(key)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = AESGCM(key).encrypt(nonce, value, head + context.encode())
        return head + nonce + sealed

    def open(self, sealed: bytes, *, context: str) -> bytes:
        """Return what was sealed for `context`. Raises SealBroken."""
        head, rest = sealed[:_HEAD_BYTES], sealed[_HEAD_BYTES:]
        nonce, body = rest[:_NONCE_BYTES], rest[_NONCE_BYTES:]
        for key in self.keys:
            if head == _VERSION + _key_id(key):
                # A value too short to hold a nonce is refused with ValueError.
                with suppress(InvalidTag, ValueError):
                    return AESGCM(key).decrypt(nonce, body, head + context.encode())
        raise SealBroken(SealBroken.__doc__)

    def needs_resealing(self, sealed: bytes) -> bool:
        """Return whether `sealed` stands under an older key than the one that seals now."""
        return sealed[:_HEAD_BYTES] != _VERSION + _key_id(self.keys[0])


def sealer_of(settings: Settings) -> Sealer:
    """Return the sealer of this installation.

    Without a setting the key stands in the data folder, made on first use, readable by its owner
    alone. Raises SecretKeyUnfit.
    """
    if settings.secret_key is not None:
        return Sealer(_keys_in(settings.secret_key))
    path = settings.secret_key_file or settings.data_dir / _KEY_FILE
    if settings.secret_key_file is None:
        _ensure_key_file(path)
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise SecretKeyUnfit(f"The secret key at {path} can't be read.") from error
    return Sealer(_keys_in(text))


def _keys_in(text: str) -> tuple[bytes, ...]:
    try:
        return tuple(
            base64.b64decode(word.translate(_STANDARD), validate=True) for word in text.split()
        )
    except (binascii.Error, ValueError) as error:
        raise SecretKeyUnfit(SecretKeyUnfit.__doc__) from error


# Both alphabets of RFC 4648 are in use.
_STANDARD = str.maketrans("-_", "+/")


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"gongche key id" + key).digest()[:_KEY_ID_BYTES]


def _ensure_key_file(path: Path) -> None:
    """Write a new key unless there is one; of several processes at once exactly one wins."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
