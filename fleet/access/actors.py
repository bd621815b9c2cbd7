"""Somebody who is logged in: role × organisations × objects, at one instant.

Fields are a matter of permissions of their own: whoever may read a person or a vehicle sees its
contact (PERSON_CONTACT_READ) or its price and papers (VEHICLE_ASSET_READ) by these alone.
"""

from collections.abc import Set
from dataclasses import dataclass, field, replace
from uuid import UUID

from fleet.permissions import ROLE_PERMISSIONS, Permission
from fleet.words import Role
from kit.errors import Forbidden, NotFound

# What a letter that names single vehicles opens: their tracks, and nothing of their units.
BY_VEHICLE = frozenset({Permission.TRACK_READ})


@dataclass(frozen=True, slots=True)
class Grant:
    """A role of a person in an organisation, and the organisations over which it works.

    organisation_no: for which the person acts; an external supervisor's own body
    giver_no: the person who lent the role by a delegation; None for a role of one's own
    letter: number of the letter under which an external supervisor acts
    vehicles: the only vehicles that the letter names; None when it names the organisations whole
    within: the permissions to which the bearer (an API token) is narrowed; None without limits
    """

    role: Role
    organisation_no: int
    scope: frozenset[int]
    giver_no: int | None = None
    letter: str | None = None
    vehicles: frozenset[int] | None = None
    within: frozenset[Permission] | None = None

    @property
    def permissions(self) -> frozenset[Permission]:
        """All that may be done by this grant."""
        full = ROLE_PERMISSIONS[self.role]
        if self.vehicles is not None:
            full &= BY_VEHICLE
        return full if self.within is None else full & self.within


@dataclass(frozen=True, slots=True)
class Reach:
    """Which vehicles a permission opens: all of `units`, and of `their_units` only `vehicles`."""

    units: frozenset[int]
    vehicles: frozenset[int] = frozenset()
    their_units: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Limits:
    """What an API token leaves of its person.

    organisations: the subtree that it may reach, None for all
    """

    organisations: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who is logged in, with everything that they are at this instant.

    bearer_id: the session or API token by which they act; None for what no request does
    limits: those of the API token by which they act; None in a session of their own
    automatic: whether the system itself acts, in this person's name and within their rights
    """

    person_no: int
    person_id: UUID
    username: str
    name: str
    grants: tuple[Grant, ...] = field(default=())
    bearer_id: UUID | None = None
    limits: Limits | None = None
    automatic: bool = False

    @property
    def permissions(self) -> frozenset[Permission]:
        """All that the actor may do somewhere."""
        return frozenset().union(*(g.permissions for g in self.grants))

    @property
    def roles(self) -> frozenset[Role]:
        """All that the actor is somewhere."""
        return frozenset(g.role for g in self.grants)

    @property
    def letters(self) -> tuple[str, ...]:
        """The numbers of the letters under which the actor supervises from outside, in order."""
        return tuple(sorted({g.letter for g in self.grants if g.letter is not None}))

    def letters_for(self, permission: Permission) -> tuple[str, ...]:
        """The numbers of those letters under which the actor has this permission, in order."""
        opening = (g for g in self.grants if permission in g.permissions)
        return tuple(sorted({g.letter for g in opening if g.letter is not None}))

    def under(self, letter: str | None) -> "Actor":
        """Return the actor as one letter lets them act; by their own roles where it is None."""
        return replace(self, grants=tuple(g for g in self.grants if g.letter == letter))

    def without_roles_of(self, person_nos: Set[int]) -> "Actor":
        """Return the actor without the roles that these people have lent them."""
        kept = (g for g in self.grants if g.giver_no is None or g.giver_no not in person_nos)
        return replace(self, grants=tuple(kept))

    def scope(self, permission: Permission) -> frozenset[int]:
        """Return the numbers of the organisations in which the actor has this permission.

        Organisations of which a letter opens single vehicles only are left out: see `reach`.
        """
        return frozenset().union(
            *(g.scope for g in self.grants if permission in g.permissions and g.vehicles is None)
        )

    def reach(self, permission: Permission) -> Reach:
        """Return which vehicles this permission opens, single ones included."""
        single = [g for g in self.grants if permission in g.permissions and g.vehicles is not None]
        return Reach(
            self.scope(permission),
            frozenset().union(*(g.vehicles or () for g in single)),
            frozenset().union(*(g.scope for g in single)),
        )

    def own_scope(self, *permissions: Permission) -> frozenset[int] | None:
        """Return the organisations in which what is the actor's own counts as theirs; None for all.

        In a session it does everywhere; by an API token only where that was made for one of these
        permissions, and in the organisations that it may reach.
        """
        if self.limits is None:
            return None
        if self.permissions.isdisjoint(permissions):
            return frozenset()
        return self.limits.organisations

    def owns_in(self, organisation_no: int, *permissions: Permission) -> bool:
        """Return whether what is the actor's own counts as theirs in an organisation."""
        scope = self.own_scope(*permissions)
        return scope is None or organisation_no in scope

    def home(self, permission: Permission) -> int:
        """Return the organisation for which the actor acts by this permission (the first).

        Raises Forbidden.
        """
        for grant in self.grants:
            if permission in grant.permissions and grant.vehicles is None:
                return grant.organisation_no
        raise Forbidden

    def require(self, permission: Permission, organisation_no: int | None) -> None:
        """Raise NotFound unless the actor has this permission in that organisation."""
        if organisation_no not in self.scope(permission):
            raise NotFound
