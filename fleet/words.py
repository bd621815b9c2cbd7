"""Code lists of the register; the words are those of docs/glossary.md."""

from enum import StrEnum


class OrganisationKind(StrEnum):
    """What an organisation (机构) is."""

    BUREAU = "bureau"
    UNIT = "unit"
    SUPPLIER = "supplier"
    REPAIR_SHOP = "repair_shop"


class Category(StrEnum):
    """The five statutory kinds of vehicle (用途类别)."""

    CONFIDENTIAL_COURIER = "confidential_courier"
    EMERGENCY = "emergency"
    ENFORCEMENT = "enforcement"
    SPECIAL_TECHNICAL = "special_technical"
    OTHER_PRESCRIBED = "other_prescribed"


class Holding(StrEnum):
    """How a vehicle is held (保有方式)."""

    RETAINED = "retained"
    POOL = "pool"
    RENTAL = "rental"


class Energy(StrEnum):
    """What moves a vehicle."""

    PETROL = "petrol"
    DIESEL = "diesel"
    ELECTRIC = "electric"
    HYBRID = "hybrid"


class PlaceKind(StrEnum):
    """What a place is to the agency."""

    BASE = "base"
    OFFICE = "office"
    WATCHED = "watched_place"
    OTHER = "other"


class Protocol(StrEnum):
    """What a terminal speaks."""

    JT808 = "jt808"


class Role(StrEnum):
    """What a person is to an organisation, for a period."""

    APPLICANT = "applicant"
    UNIT_CLERK = "unit_clerk"
    UNIT_APPROVER = "unit_approver"
    AUTHORITY_APPROVER = "authority_approver"
    DISPATCHER = "dispatcher"
    DRIVER = "driver"
    FLEET_MANAGER = "fleet_manager"
    FINANCE = "finance"
    SUPERVISOR_OFFICER = "supervisor_officer"
    EXTERNAL_SUPERVISOR = "external_supervisor"
    SECRECY_REVIEWER = "secrecy_reviewer"
    SYSTEM_ADMINISTRATOR = "system_administrator"
    SECURITY_ADMINISTRATOR = "security_administrator"
    AUDIT_ADMINISTRATOR = "audit_administrator"


class Matter(StrEnum):
    """What a mandate (职权) is about."""

    APPROVE = "approve"
    DISPATCH = "dispatch"
    SUPERVISE = "supervise"
    MANAGE = "manage"


class Authentication(StrEnum):
    """How a terminal proves who it is."""

    TOKEN = "token"  # noqa: S105  (the word, not a token)
    NUMBER = "number"


class Purpose(StrEnum):
    """Why a vehicle is asked for (用车事由)."""

    INSPECTION = "inspection"
    MEETING = "meeting"
    RECEPTION = "reception"
    DOCUMENT = "document"
    EMERGENCY = "emergency"
    GROUP_ACTIVITY = "group_activity"
    OTHER = "other"
