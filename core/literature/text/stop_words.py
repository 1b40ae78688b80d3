"""Words that tell nothing of a text's subject."""

__all__ = ["STOP_WORDS"]

_STOP_WORDS = """
    a about above after again against all also although am among an and any are as at be because
    been before being below between both but by can cannot could did do does doing done down due
    during each either etc even few find found for from further get give given had has have having
    he her here him his how however i if in into is it its itself just less let like many may me
    might more most much must my near no non nor not now of off often on once one only onto or other
    our out over own per perhaps rather same shall she should show shown shows since so some still
    such than that the their them then there therefore these they this those though through thus to
    too two under until up upon us use used using very via was we well were what when where whether
    which while who whom whose why will with within without would yes yet you your
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
