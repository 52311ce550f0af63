"""Reports: one HTML file that stands alone, for a run, for several runs that are compared, or for a suite."""

from wganstudio.export.report.page import ReportTable, render_report, write_report

__all__ = ["ReportTable", "render_report", "write_report"]
