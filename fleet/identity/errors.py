"""Why log-in and what surrounds it refuse something."""

from kit.errors import BadRequest, Conflict, Forbidden, NotFound, NotLoggedIn, Unavailable


class ChallengeFailed(NotLoggedIn):
    """The code is wrong, was used before, or comes too late."""


class WrongPassword(Forbidden):
    """The current password is wrong."""


class WrongCode(Forbidden):
    """The code is wrong or was used before."""


class PasswordRefused(BadRequest):
    """The policy refuses this password."""


class SetUpLinkUseless(BadRequest):
    """This link was used, has ended, or never was; ask for another."""


class SecondFactorThere(Conflict):
    """A second factor is in use; remove it first."""


class NoSecondFactor(Conflict):
    """No second factor is in use, or none was begun."""


class TokenNotEnough(Forbidden):
    """An API token can't do this; log in."""


class BeyondOwnPermissions(Forbidden):
    """A token can't do more than you may."""


class TwoAdministrators(Conflict):
    """System, security and audit administrator (三员) are three different people."""


class OidcOff(NotFound):
    """No OpenID Connect provider is set up."""


class OidcRefused(NotLoggedIn):
    """The provider's answer can't be trusted, or came too late; log in again."""


class NobodyBound(NotLoggedIn):
    """The provider knows you, but no account here is bound to you."""


class AlreadyBound(Conflict):
    """This subject of the provider is bound to another account."""


class ProviderAway(Unavailable):
    """The OpenID Connect provider does not answer as it should."""


class LogInTooOld(Forbidden):
    """Log in at the provider again first: this account has no password that could be asked for."""
