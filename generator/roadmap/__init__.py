"""The road map: fourteen steps of a back-end developer, and what in the generated projects practises each.

:mod:`generator.roadmap.steps` reads what ``templates/roadmap.yml`` says, and :mod:`generator.roadmap.practice` finds
the files, cases and questions that it names in the templates themselves.
"""
