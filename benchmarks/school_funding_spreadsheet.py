"""The same formula as a workbook recalculated by LibreOffice; run by school_funding.py, with UNO.

    python3 school_funding_spreadsheet.py WORKBOOK.xlsx ROUNDS

Opens the workbook in a LibreOffice of its own, types three basic rates into their cells again and again (each
time the sheet recalculates what depends on them), and prints JSON with the seconds of each and the totals.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue

PORT = 2917


def _opened(workbook: Path, profile: str) -> tuple[object, subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [
            "soffice",
            "--headless",
            "--norestore",
            f"-env:UserInstallation=file://{profile}",
            f"--accept=socket,host=localhost,port={PORT};urp;",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(120):
        try:
            context = resolver.resolve(
                f"uno:socket,host=localhost,port={PORT};urp;StarOffice.ComponentContext"
            )
            break
        except Exception:
            time.sleep(0.5)
    else:
        raise SystemExit("LibreOffice did not start.")
    desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    hidden = PropertyValue()
    hidden.Name, hidden.Value = "Hidden", True
    return desktop.loadComponentFromURL(workbook.as_uri(), "_blank", 0, (hidden,)), process


def main(workbook: Path, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as profile:
        document, process = _opened(workbook, profile)
        try:
            rates, schools = document.Sheets.getByName("Rates"), document.Sheets.getByName("Schools")
            step = rates.getCellRangeByName("D1")
            count = int(rates.getCellRangeByName("F1").Value)
            column = int(rates.getCellRangeByName("G1").Value)
            totals = schools.getCellRangeByPosition(column, 1, column, count)
            document.calculateAll()
            seconds = []
            for turn in range(rounds):
                # One cell moves the three basic rates by so many pence: one typing, one recalculation.
                # What recalculates is asked for: LibreOffice leaves it undone until somebody looks.
                started = time.perf_counter()
                step.Value = (turn % 7 + 1) / 100
                document.calculate()
                totals.getDataArray()
                seconds.append(time.perf_counter() - started)
            step.Value = 1.0
            document.calculate()
            print(json.dumps({"three": seconds, "totals": [row[0] for row in totals.getDataArray()]}))
        finally:
            document.close(True)
            process.terminate()
            process.wait(timeout=30)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
