"""What the API speaks about imports."""

from uuid import UUID

from pydantic import BaseModel

from fleet.exchange.plan import Plan, Problem

MOST_PROBLEMS = 10_000
"""More problems than this are counted and not listed."""


class ProblemOut(BaseModel):
    """Why a row is not taken, by its cell (such as C7), in both languages.

    row: as the spreadsheet counts; null when the file as a whole is meant
    value: what stands in the cell; null where it must not be repeated
    """

    row: int | None
    cell: str | None
    column: str | None
    heading: str | None
    value: str | None
    code: str
    reason_zh: str
    reason_en: str


class DoubleOut(BaseModel):
    """A row that seems to be in the register under another name: offered for merging."""

    row: int
    kind: str
    same: str
    with_id: UUID
    with_name: str


class ImportReport(BaseModel):
    """What a file would do (dry run) or did (import).

    rows: those of the file that are neither blank nor an example
    problem_count: all problems; `problems` lists the first 10,000 of them, `cut` says if more
    warnings: what is doubtful, and taken all the same
    ignored_columns: headings that this list does not have
    """

    list_name: str
    rows: int
    add: int
    change: int
    unchanged: int
    problem_count: int
    cut: bool
    problems: list[ProblemOut]
    warnings: list[ProblemOut]
    doubles: list[DoubleOut]
    ignored_columns: list[str]
    example_rows: int


def report(name: str, plan: Plan) -> ImportReport:
    """Show a plan of the list `name`."""
    return ImportReport(
        list_name=name,
        rows=plan.rows,
        add=len(plan.additions),
        change=len(plan.alterations),
        unchanged=plan.unchanged,
        problem_count=len(plan.problems),
        cut=len(plan.problems) > MOST_PROBLEMS or len(plan.warnings) > MOST_PROBLEMS,
        problems=[_problem(one) for one in plan.problems[:MOST_PROBLEMS]],
        warnings=[_problem(one) for one in plan.warnings[:MOST_PROBLEMS]],
        doubles=[
            DoubleOut(
                row=one.row,
                kind=one.kind,
                same=one.same,
                with_id=one.with_id,
                with_name=one.with_name,
            )
            for one in plan.doubles
        ],
        ignored_columns=plan.ignored_columns,
        example_rows=plan.example_rows,
    )


def _problem(one: Problem) -> ProblemOut:
    return ProblemOut(
        row=one.row,
        cell=one.cell,
        column=one.column,
        heading=one.heading,
        value=one.value,
        code=one.reason.code,
        reason_zh=one.reason.zh,
        reason_en=one.reason.en,
    )
