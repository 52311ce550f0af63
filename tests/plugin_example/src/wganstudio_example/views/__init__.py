"""The views of the plugin, which need Qt: the window alone imports them."""
