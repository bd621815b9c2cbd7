"""The slip as a page that prints on one sheet of A4: no script, nothing from elsewhere."""

from jinja2 import Environment, PackageLoader, StrictUndefined

from dispatch.slips.content import BY_HAND, beijing
from dispatch.slips.schemas import SlipOut

_WIDE = frozenset(
    {
        "purpose",
        "route_planned",
        "times_planned",
        "approvals",
        "times_actual",
        "odometer",
        "route_driven",
    }
)
_HEADING = frozenset({"number_text", "signatures"})


class SlipPrinter:
    """Renders slips from the room's template; every value is escaped."""

    def __init__(self) -> None:
        environment = Environment(
            loader=PackageLoader("dispatch"), autoescape=True, undefined=StrictUndefined
        )
        environment.filters["beijing"] = beijing
        self._template = environment.get_template("slip.html")

    def page(self, slip: SlipOut) -> str:
        """Return the HTML page of a slip."""
        items = [item for item in slip.items if item.key not in _HEADING]
        return self._template.render(slip=slip, items=items, wide=_WIDE, by_hand=BY_HAND)
