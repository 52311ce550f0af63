"""MapStyles: the color maps and logarithmic scales that the user has chosen, from one start to the next."""

import json

from PySide6.QtCore import QObject, Slot

from wganstudio.figures.color_scales import ScaleStyle
from wganstudio.gui.settings import Settings
from wganstudio.gui.views.area import ViewArea

KEY = "map-styles"


class MapStyles(QObject):
    """Remembers the styles of the color scales of all views."""

    def __init__(self, area: ViewArea, settings: Settings) -> None:
        super().__init__()
        self._area = area
        self._settings = settings

    def restore(self) -> None:
        """Give the views their remembered styles, and remember what is chosen from now on."""
        styles = read_styles(self._settings.get(KEY, ""))
        for view in self._area.map_views():
            own = {key: style for key, style in styles.items() if key.partition(".")[0] == view.name}
            view.scale_settings.styles |= own
            view.styles_chosen.connect(self._save)

    @Slot()
    def _save(self) -> None:
        styles: dict[str, ScaleStyle] = {}
        for view in self._area.map_views():
            styles |= view.scale_settings.styles
        fields = {key: [style.color_map, style.is_log] for key, style in sorted(styles.items())}
        self._settings.put(KEY, json.dumps(fields))


def read_styles(text: str) -> dict[str, ScaleStyle]:
    """Return the remembered styles; what cannot be read is left out."""
    try:
        fields = json.loads(text or "{}")
        return {str(key): ScaleStyle(str(name), bool(is_log)) for key, (name, is_log) in fields.items()}
    except (ValueError, TypeError, AttributeError):
        return {}
