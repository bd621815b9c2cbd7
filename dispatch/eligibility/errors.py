"""Why a vehicle that somebody chose by hand is refused."""

from kit.errors import Conflict


class OverrideNeedsReason(Conflict):
    """Rules speak against this choice: choose others, or override them (`override`) and say why."""

    def objections(self) -> list[dict[str, object]]:
        """Return each rule that speaks against it, with its sentence."""
        told = self.facts["objections"]
        assert isinstance(told, list)
        return told
