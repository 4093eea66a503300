"""The example's audits, polls, Core Groups and file checks: what people found and said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kqi_workbook.making.dice import Dice
from kqi_workbook.making.figures import AREAS, MONTHS, QUARTER, QUARTERS, TEAMS
from kqi_workbook.making.records import Rows, sentences, workday
from kqi_workbook.scorecard.quarters import Quarter

# Audited each month, four cases with a CP plan and four of looked after children.
CP_CASES, LAC_CASES, CASES = (1, 2, 5, 6, 7), (2, 3, 5, 6, 7), 4
# Of the cases audited for a KQI in a quarter, the share good or better: first, and by now.
GOOD_SHARE: Mapping[int, tuple[float, float]] = {
    1: (0.60, 0.68),
    2: (0.60, 0.71),
    3: (0.60, 0.68),
    5: (0.66, 0.66),
    6: (0.50, 0.71),
    7: (0.66, 0.66),
}
EXTERNAL_CASES = 6
SUPERVISION_AUDITED = 12


def audits(dice: Dice) -> Rows:
    """Routine audits each month; external and supervision audits each quarter."""
    case = 0
    for at, quarter in enumerate(QUARTERS):
        routine = _Grades(dice, at, CASES * 3)
        for month in quarter.months:
            for kqis in (CP_CASES, LAC_CASES):
                for _ in range(CASES):
                    case += 1
                    day, team = workday(dice, month), dice.pick(AREAS)
                    for kqi in kqis:
                        grade, precis = routine.next(kqi)
                        ref = f"CASE-{5000 + case}"
                        yield day, "Routine case audit", ref, team, kqi, grade, False, precis
        yield from _external(dice, at, quarter)
        yield from _supervision_audit(dice, at, quarter)


class _Grades:
    """A quarter's grades for each KQI, whose good ones come out at its share."""

    def __init__(self, dice: Dice, at: int, each: int) -> None:
        self._dice = dice
        self._good: dict[int, Iterator[bool]] = {}
        for kqi, (first, now) in GOOD_SHARE.items():
            count = each * ((kqi in CP_CASES) + (kqi in LAC_CASES))
            share = first + (now - first) * at / (len(QUARTERS) - 1)
            self._good[kqi] = iter(dice.quota(round(share * count), count))

    def next(self, kqi: int) -> tuple[str, str]:
        """The next grade for a KQI, and its précis."""
        good = next(self._good[kqi])
        if good:
            grade = "Outstanding" if self._dice.whole(1, 12) == 1 else "Good"
        else:
            grade = "Inadequate" if self._dice.whole(1, 10) == 1 else "Requires improvement"
        return grade, self._dice.pick(sentences(f"audit {kqi} {'good' if good else 'poor'}"))


def _external(dice: Dice, at: int, quarter: Quarter) -> Rows:
    grades = _Grades(dice, at, EXTERNAL_CASES)
    urgent = 1 if quarter == QUARTER else 2
    for number in range(2 * EXTERNAL_CASES):
        kqis = CP_CASES if number < EXTERNAL_CASES else LAC_CASES
        day, team = workday(dice, quarter.months[1]), dice.pick(AREAS)
        for kqi in kqis:
            grade, precis = grades.next(kqi)
            now = kqi == 1 and number < urgent
            if now:
                grade, precis = "Inadequate", sentences("audit urgent")[0]
            ref = f"CASE-{7000 + 100 * at + number}"
            yield day, "External audit", ref, team, kqi, grade, now, precis


def _supervision_audit(dice: Dice, at: int, quarter: Quarter) -> Rows:
    good = dice.quota(8, SUPERVISION_AUDITED)
    for number, well in enumerate(good):
        day, team = workday(dice, quarter.months[2]), TEAMS[number % len(TEAMS)]
        grade = "Good" if well else "Requires improvement"
        precis = dice.pick(sentences(f"audit 7 {'good' if well else 'poor'}"))
        ref = f"SUP-{100 * at + number:03}"
        yield day, "Supervision audit", ref, team, 7, grade, False, precis


# Survey, asked of, question, how many answer in a month, how many in a hundred answer well.
POLLS: Sequence[tuple[str, str, str, int, int]] = (
    ("Straw poll: CP plans", "Parents", "Do you know what has to change?", 14, 77),
    ("Straw poll: CP plans", "Parents", "Is the plan fair to your family?", 14, 71),
    ("Straw poll: visits", "Parents (CP)", "Does your social worker come when agreed?", 12, 86),
    ("Straw poll: visits", "Parents (CP)", "Are you kept informed?", 12, 62),
    ("Straw poll: visits", "Parents (LAC)", "Does your social worker come when agreed?", 10, 84),
    ("Straw poll: visits", "Parents (LAC)", "Are you kept informed?", 10, 64),
    ("Straw poll: assessments", "Families", "Was the assessment explained to you?", 13, 80),
    ("Straw poll: assessments", "Families", "Were you kept informed?", 13, 68),
)
LAC_QUESTIONS = (
    ("Do you know how to reach your social worker?", 88),
    ("Does your social worker listen to you?", 83),
    ("Do you have a say in your plan?", 76),
)


def surveys(dice: Dice) -> Rows:
    """Straw polls each month, the LAC survey each quarter."""
    for month in MONTHS:
        for survey, asked, question, usual, well in POLLS:
            answers = usual + dice.whole(-2, 3)
            yield month, survey, asked, question, _positive(dice, answers, well), answers
        if month.month % 3 == 0:
            answers = 38 + dice.whole(-4, 4)
            for question, well in LAC_QUESTIONS:
                positive = _positive(dice, answers, well)
                yield month, "LAC survey", "Looked after children", question, positive, answers


def _positive(dice: Dice, answers: int, well: int) -> int:
    return min(answers, round(answers * (well + dice.whole(-4, 4)) / 100))


CORE_GROUPS = 12  # a month; of the 36 in each quarter:
FOUND_SMART = (19, 20, 19, 21, 20, 21, 21, 22)
PARENTS_KNOW = (25, 24, 26, 25, 25, 26, 26, 27)


def core_groups(dice: Dice) -> Rows:
    """Feedback from Core Groups: still too few SMART plans."""
    for quarter, smart_plans, told_parents in zip(QUARTERS, FOUND_SMART, PARENTS_KNOW, strict=True):
        smart = iter(dice.quota(smart_plans, 3 * CORE_GROUPS))
        know = iter(dice.quota(told_parents, 3 * CORE_GROUPS))
        for month in quarter.months:
            for _ in range(CORE_GROUPS):
                good, told = next(smart), next(know)
                feedback = dice.pick(sentences(f"core group {'smart' if good else 'vague'}"))
                yield workday(dice, month), dice.pick(AREAS), good, told, feedback


SAMPLE = 10  # a month; of the 30 case files in each quarter:
SHOW_LIVED_EXPERIENCE = (20, 21, 20, 22, 21, 22, 22, 23)
STAFF_CRITERIA = ("Supervision agreement signed and in date", "Training record up to date")


def file_checks(dice: Dice) -> Rows:
    """The monthly samples of 10 case files and 10 staff files, over all teams."""
    for quarter, shown_on in zip(QUARTERS, SHOW_LIVED_EXPERIENCE, strict=True):
        lived = iter(dice.quota(shown_on, 3 * SAMPLE))
        staff = [iter(dice.quota(25 + number, 3 * SAMPLE)) for number in range(2)]
        for month in quarter.months:
            label = f"{month:%y%m}"
            for number in range(SAMPLE):
                team, ref = TEAMS[number % len(TEAMS)], f"FILE-{label}{number:02}"
                shown = "The file shows the child's lived experience"
                yield month, "Case files", ref, team, shown, next(lived)
            for number in range(SAMPLE):
                team, ref = TEAMS[(number + 3) % len(TEAMS)], f"STAFF-{label}{number:02}"
                for criterion, met in zip(STAFF_CRITERIA, staff, strict=True):
                    yield month, "Staff files", ref, team, criterion, next(met)
