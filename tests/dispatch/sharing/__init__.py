"""The sharing kernel, judged by a checker that shares no code with it."""
