"""What the API speaks about inherited rules."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field, JsonValue

from fleet.inputs import Input, Name
from fleet.refs import Named
from fleet.rules.keys import RuleKey
from kit.web import InstantIn


class NewRuleValue(Input):
    """What a rule is to say for an organisation (default: the actor's own) and all below it.

    value: in the form of the rule; open_below: whether lower levels may say otherwise
    """

    value: JsonValue
    open_below: bool = False
    organisation_id: UUID | None = None
    start: InstantIn | None = None
    reason: Name | None = None


class RuleValueEnding(Input):
    """From when on an organisation (default: the actor's own) inherits again (default: now)."""

    organisation_id: UUID | None = None
    end: InstantIn | None = None
    reason: Name | None = None


class RuleValueOut(BaseModel):
    """What a rule says in an organisation, and who said it.

    said_by: null where nobody has spoken and the default holds; version: then 0
    default: what holds before anybody speaks
    may_change: whether the levels above leave the organisation a choice
    """

    key: RuleKey
    sentence: str
    unit: str | None
    value: JsonValue
    default: JsonValue
    said_by: Named | None
    version: int = Field(ge=0)
    open_below: bool
    may_change: bool


class RuleValueList(BaseModel):
    """What all rules say in an organisation at an instant; one page holds them all."""

    organisation: Named
    at: datetime
    items: list[RuleValueOut]
    next_cursor: str | None
