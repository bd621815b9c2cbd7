"""The second factor: time-based one-time passwords (RFC 6238), and codes for a lost phone."""

import base64
import hmac
import io
import secrets
from datetime import datetime

import pyotp
import segno

STEP_S = 30
RECOVERY_CODES = 10

_SECRET_BYTES = 20  # as long as the output of HMAC-SHA-1 (RFC 4226 section 4, R6)
_RECOVERY_BYTES = 15  # 120 bits, so that a plain digest keeps them (ASVS 5.0, 6.5.2)
_ISSUER = "公务用车"


def new_secret() -> bytes:
    """Return a random secret of 160 bits."""
    return secrets.token_bytes(_SECRET_BYTES)


def in_base32(secret: bytes) -> str:
    """Return a secret as authenticator apps take it by hand."""
    return base64.b32encode(secret).decode()


def step_of(now: datetime) -> int:
    """Return the number of the time step of `now`, T in RFC 6238 section 4.2."""
    return int(now.timestamp()) // STEP_S


def accepted_step(secret: bytes, code: str, now: datetime, last_step: int | None) -> int | None:
    """Return the step of which `code` is, or None when it is wrong or was used before.

    One step before and after is accepted for clocks that differ (RFC 6238 section 5.2), none up
    to `last_step`: a code counts once.
    """
    totp = pyotp.TOTP(in_base32(secret), interval=STEP_S)
    for step in (step_of(now), step_of(now) - 1, step_of(now) + 1):
        fresh = last_step is None or step > last_step
        if fresh and hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            return step
    return None


def provisioning_uri(secret: bytes, username: str) -> str:
    """Return the `otpauth:` address that an authenticator app reads."""
    return pyotp.TOTP(in_base32(secret)).provisioning_uri(name=username, issuer_name=_ISSUER)


def qr_svg(text: str) -> str:
    """Return a QR code (ISO/IEC 18004) as an SVG element, black on white."""
    target = io.BytesIO()
    segno.make(text, error="m").save(
        target, kind="svg", scale=4, border=4, light="#fff", xmldecl=False, svgns=True
    )
    return target.getvalue().decode()


def new_recovery_codes() -> list[str]:
    """Return codes such as ABCD-EFGH-…, each good once."""
    return [_in_fours(secrets.token_bytes(_RECOVERY_BYTES)) for _ in range(RECOVERY_CODES)]


def plain_recovery_code(typed: str) -> str:
    """Return a recovery code as it is digested, however it was typed."""
    return "".join(c for c in typed.upper() if c.isalnum())


def _in_fours(value: bytes) -> str:
    text = base64.b32encode(value).decode()
    return "-".join(text[n : n + 4] for n in range(0, len(text), 4))
