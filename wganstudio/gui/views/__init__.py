"""The live views of a run. They draw from its RunRecord, the same figures that export prints."""

from wganstudio.gui.views.accuracy import AccuracyView
from wganstudio.gui.views.base import View
from wganstudio.gui.views.cells import CellsView
from wganstudio.gui.views.costs import CostsView
from wganstudio.gui.views.gradient import GradientView
from wganstudio.gui.views.landscape import LandscapeView
from wganstudio.gui.views.law import LawView
from wganstudio.gui.views.momentum import MomentumView
from wganstudio.gui.views.plan import PlanView
from wganstudio.gui.views.promises import PromisesView
from wganstudio.gui.views.samples import SamplesView
from wganstudio.gui.views.slope import SlopeView
from wganstudio.gui.views.sweep import SweepView
from wganstudio.gui.views.systems import SystemsView
from wganstudio.gui.views.transport_map import MapView

VIEWS: tuple[type[View], ...] = (
    LandscapeView,
    GradientView,
    CostsView,
    LawView,
    MomentumView,
    SlopeView,
    SweepView,
    SamplesView,
    CellsView,
    PlanView,
    MapView,
    AccuracyView,
    PromisesView,
    SystemsView,
)

__all__ = [
    "VIEWS",
    "AccuracyView",
    "CellsView",
    "CostsView",
    "GradientView",
    "LandscapeView",
    "LawView",
    "MapView",
    "MomentumView",
    "PlanView",
    "PromisesView",
    "SamplesView",
    "SlopeView",
    "SweepView",
    "SystemsView",
    "View",
]
