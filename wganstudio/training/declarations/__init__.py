"""Declarations of topics and metrics, a module for each producer of the same name in `wganstudio.training`.

None of them imports torch: the window reads schemas and titles here without loading the producers.
"""
