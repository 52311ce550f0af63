"""The gallery of presets."""
