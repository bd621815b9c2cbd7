"""A text that somebody wrote can be read."""

from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError

from kit.texts import Written

SHORT: TypeAdapter[str] = TypeAdapter(Annotated[str, Written(5)])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "\u200b",
        "\u200b \u2060",
        "\ufeff\t",
        "\x07",
        "\u3164\u2800",
        "\u0301",
        "\u202e文",
        "六个字这么长",
    ],
)
def test_what_is_empty_to_the_eye_turned_round_or_too_long_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        SHORT.validate_python(text)


@pytest.mark.parametrize("text", ["会议", "a", "…", "👍🏽", "a\u200db"])
def test_what_can_be_seen_is_kept_as_it_is(text: str) -> None:
    assert SHORT.validate_python(f" {text} ") == text


def test_the_bounds_stand_in_the_schema() -> None:
    assert SHORT.json_schema() == {"type": "string", "minLength": 1, "maxLength": 5}
