"""The report as JUnit XML, one suite a feature, for the test tabs of CI systems."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from generator.contract.report import FAILED, SKIPPED, CaseResult, Report
from generator.errors import DestinationError

# Everything that XML 1.0 does not allow as a character, even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def check_writable(path: Path) -> None:
    """Refuse a place that cannot be written before the cases are run for nothing.

    Raises:
        DestinationError: the file cannot be written.
    """
    new = not path.exists()
    try:
        with path.open("ab"):
            pass
        if new:
            path.unlink()
    except OSError as error:
        raise _unwritable(path, error) from error


def write_junit(report: Report, path: Path) -> None:
    """Write the report.

    Raises:
        DestinationError: the file cannot be written.
    """
    root = ElementTree.Element("testsuites", {"name": f"{report.idea} contract", **_counts(report.cases)})
    for feature, cases in report.features().items():
        suite = ElementTree.SubElement(root, "testsuite", {"name": feature, **_counts(cases)})
        for case in cases:
            suite.append(_case(report, case))
    if report.lost:
        # The cases that were left are only skipped, which alone would look like success.
        run = ElementTree.SubElement(root, "testsuite", {"name": "run", "tests": "1", "errors": "1"})
        whole = ElementTree.SubElement(run, "testcase", name="run", classname=f"{report.idea}.run")
        ElementTree.SubElement(whole, "error", message=_clean(report.lost), type="lost")
    ElementTree.indent(root)
    try:
        ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> DestinationError:
    return DestinationError(f"{path} cannot be written: {error.strerror}", "Name another file with --junit.")


def _case(report: Report, case: CaseResult) -> ElementTree.Element:
    element = ElementTree.Element(
        "testcase", name=case.id, classname=f"{report.idea}.{case.feature}", time=f"{case.seconds:.3f}"
    )
    if case.outcome == FAILED:
        failure = ElementTree.SubElement(element, "failure", message=_clean(case.reason), type="failed")
        failure.text = _clean(f"{case.message}\n({case.note})" if case.note else case.message)
    elif case.outcome == SKIPPED:
        ElementTree.SubElement(element, "skipped", message=_clean(case.reason))
    elif case.note:
        ElementTree.SubElement(element, "system-out").text = _clean(case.note)
    return element


def _counts(cases: Sequence[CaseResult]) -> dict[str, str]:
    return {
        "tests": str(len(cases)),
        "failures": str(sum(case.outcome == FAILED for case in cases)),
        "errors": "0",
        "skipped": str(sum(case.outcome == SKIPPED for case in cases)),
        "time": f"{sum(case.seconds for case in cases):.3f}",
    }


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
