"""The live views of a run. They draw from its RunRecord, the same figures that export prints."""

from wganstudio.gui.views.accuracy import AccuracyView
from wganstudio.gui.views.base import View
from wganstudio.gui.views.cells import CellsView
from wganstudio.gui.views.congestion_theorem import CongestionTheoremView
from wganstudio.gui.views.costs import CostsView
from wganstudio.gui.views.gradient import GradientView
from wganstudio.gui.views.gradient_norms import GradientNormsView
from wganstudio.gui.views.landscape import LandscapeView
from wganstudio.gui.views.momentum import MomentumView
from wganstudio.gui.views.plan import PlanView
from wganstudio.gui.views.samples import SamplesView
from wganstudio.gui.views.sweep import SweepView
from wganstudio.gui.views.systems import SystemsView
from wganstudio.gui.views.theory_checks import TheoryChecksView
from wganstudio.gui.views.transport_map import MapView

VIEWS: tuple[type[View], ...] = (
    LandscapeView,
    GradientView,
    CostsView,
    CongestionTheoremView,
    MomentumView,
    GradientNormsView,
    SweepView,
    SamplesView,
    CellsView,
    PlanView,
    MapView,
    AccuracyView,
    TheoryChecksView,
    SystemsView,
)

__all__ = [
    "VIEWS",
    "AccuracyView",
    "CellsView",
    "CongestionTheoremView",
    "CostsView",
    "GradientNormsView",
    "GradientView",
    "LandscapeView",
    "MapView",
    "MomentumView",
    "PlanView",
    "SamplesView",
    "SweepView",
    "SystemsView",
    "TheoryChecksView",
    "View",
]
