"""The demo: a real Home Assistant in which Evenload manages a simulated house, from one command.

Two processes do the work: the house (`evenload.simulate.house`) and Home Assistant, which has the
house's devices through an integration of its own (`demo/custom_components`) and Evenload on top.
This package only starts them, sets Evenload up through its own dialogues as a person would, and
cleans up. It never imports Home Assistant, and nothing it writes outlives it.
"""
