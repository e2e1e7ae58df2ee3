"""Floor 2: measures, their figures through time, and honest comparison. No Django.

Others use: :mod:`redway.indicators.catalogue` (what is measured), :mod:`redway.indicators.store`
(the figures), :mod:`redway.indicators.comparison`, :mod:`redway.indicators.funnel`,
:mod:`redway.indicators.bands`, :mod:`redway.indicators.neighbours`, :mod:`redway.indicators.similar`,
:mod:`redway.indicators.chance` and :mod:`redway.indicators.findings`.
"""
