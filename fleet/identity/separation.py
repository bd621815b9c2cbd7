"""三员分立: system, security and audit administrator are three different people.

Source: GB/T 22239-2019, level 3, 8.1.5.1 to 8.1.5.3 (系统管理, 审计管理, 安全管理).
"""

from collections.abc import Iterable

from fleet.identity.errors import TwoAdministrators
from fleet.words import Role

ADMINISTRATORS = frozenset(
    {Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR}
)


def refuse_two_administrators(roles: Iterable[Role]) -> None:
    """Raise TwoAdministrators when one person would hold two of the three, wherever."""
    held = ADMINISTRATORS.intersection(roles)
    if len(held) > 1:
        raise TwoAdministrators(roles=sorted(held))
