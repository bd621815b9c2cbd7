"""What a rule is: a small pure function with its sentence."""

from collections.abc import Callable

from dispatch.eligibility.choices import VehicleChoice
from dispatch.eligibility.need import At, Need

# Returns None, or the Chinese sentence that the dispatcher reads beside a vehicle left out.
# Sentences name figures, never people's whereabouts. The function's name is the rule's name. A new
# rule takes its place in RULES and READS, and VERSION is raised.
Rule = Callable[[VehicleChoice, Need, At], str | None]
