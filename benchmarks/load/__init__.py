"""A host of readyhost's making under load, beside one with its distribution's defaults."""
