"""What the API speaks about log-in, sessions, second factors, links and tokens."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from fleet.identity.challenges import ChallengeKind
from fleet.inputs import Input, Name
from fleet.permissions import Permission
from fleet.refs import Named
from fleet.words import Role
from kit.web import InstantIn

Password = Annotated[str, Field(min_length=1, max_length=128)]
Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{20,200}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
AnyCode = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9A-Za-z -]{6,40}$"),
    Field(description="Six digits of the second factor, or a recovery code"),
]
Subject = Annotated[str, StringConstraints(pattern=r"^[!-~]([ -~]{0,253}[!-~])?$")]


class Credentials(Input):
    """Who logs in."""

    username: Annotated[str, Field(min_length=1, max_length=64)]
    password: Password


class Account(Named):
    """The person who is logged in."""

    username: str


class RoleOut(BaseModel):
    """What a person is, and where; who lent it (代理) when it is not their own role."""

    role: Role
    organisation: Named
    delegated_by: Named | None = None


class SessionOut(BaseModel):
    """A session and everything that its holder is and may do."""

    expires_at: datetime
    person: Account
    roles: list[RoleOut]
    permissions: list[Permission]


class NewSession(SessionOut):
    """A session that has just begun; the token is shown this once.

    recovery_codes: when the log-in has set up a second factor, shown this once
    """

    token: str
    recovery_codes: list[str] | None = None


class ChallengeOut(BaseModel):
    """What a log-in needs beyond the password; the challenge is the proof of the password."""

    challenge: str
    kind: ChallengeKind
    expires_at: datetime


class ChallengeIn(Input):
    """A challenge that was given."""

    challenge: Token


class AnswerIn(ChallengeIn):
    """The answer to a challenge: a code, or a new password, as its kind asks."""

    code: AnyCode | None = None
    new_password: Password | None = None


class EnrolmentOut(BaseModel):
    """A second factor that waits for its first code.

    secret: in base32; uri: the otpauth address of both; qr_svg: that address as an SVG element
    """

    secret: str
    uri: str
    qr_svg: str


class EnrolmentIn(Input):
    """The proof that it is still the holder of the session: their password, where they have one."""

    password: Password | None = None


class CodeIn(Input):
    """The first code of a second factor."""

    code: Code


class FactorProof(EnrolmentIn):
    """The proof for a change of the second factor in use."""

    code: AnyCode


class RecoveryCodesOut(BaseModel):
    """Codes that stand in for the second factor, each once; shown this once."""

    recovery_codes: list[str]


class SecondFactorOut(BaseModel):
    """The state of one's own second factor."""

    since: datetime | None
    demanded: bool
    recovery_codes_left: int


class PasswordIn(Input):
    """A change of one's own password; the current one where the account has any."""

    current_password: Password | None = None
    new_password: Password


class SetUpIn(Input):
    """The use of a set-up link."""

    token: Token
    password: Password


class SetUpOut(BaseModel):
    """Whose password a set-up link has set."""

    username: str


class SetUpLinkOut(BaseModel):
    """A set-up link, shown this once; the token stands in its fragment."""

    url: str
    expires_at: datetime


class OneSession(BaseModel):
    """A session in a list."""

    id: UUID
    began_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    second_factor: bool
    address: str | None
    agent: str | None
    current: bool


class SessionPage(BaseModel):
    """A page of sessions, newest first."""

    items: list[OneSession]
    next_cursor: str | None


class NewToken(Input):
    """An API token to make."""

    name: Name
    permissions: Annotated[list[Permission], Field(min_length=1, max_length=len(Permission))]
    organisation_id: UUID | None = None
    expires_at: InstantIn


class TokenOut(BaseModel):
    """An API token; what it is called, may do, and until when."""

    id: UUID
    name: str
    permissions: list[str]
    organisation: Named | None
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


class MadeTokenOut(TokenOut):
    """An API token that has just been made; the token is shown this once."""

    token: str


class TokenPage(BaseModel):
    """All of one's own tokens in force: 50 at most."""

    items: list[TokenOut]
    next_cursor: None = None


class OidcOut(BaseModel):
    """Whether log-in by a provider is set up, and what its button says."""

    enabled: bool
    label: str


class ExternalIdentityIn(Input):
    """The provider's unchanging name of a person (`sub`)."""

    subject: Subject


class ExternalIdentityOut(BaseModel):
    """The subject of the provider that is a person of ours."""

    issuer: str
    subject: str
    bound_at: datetime


Pages = Literal["console", "phone"]
