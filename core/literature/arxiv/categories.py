"""arXiv's categories, as its taxonomy lists them (arxiv.org/category_taxonomy).

Example:
    >>> known_category("astro-ph.co"), known_category("nonsense")
    ('astro-ph.CO', None)
"""

from __future__ import annotations

from collections.abc import Collection

__all__ = ["is_in", "known_category"]

_TABLE = """
astro-ph: CO EP GA HE IM SR
cond-mat: dis-nn mes-hall mtrl-sci other quant-gas soft stat-mech str-el supr-con
cs: AI AR CC CE CG CL CR CV CY DB DC DL DM DS ET FL GL GR GT HC IR IT LG LO MA MM MS NA NE NI OH
cs: OS PF PL RO SC SD SE SI SY
econ: EM GN TH
eess: AS IV SP SY
gr-qc:
hep-ex:
hep-lat:
hep-ph:
hep-th:
math: AC AG AP AT CA CO CT CV DG DS FA GM GN GR GT HO IT KT LO MG MP NA NT OA OC PR QA RA RT SG SP
math: ST
math-ph:
nlin: AO CD CG PS SI
nucl-ex:
nucl-th:
physics: acc-ph ao-ph app-ph atm-clus atom-ph bio-ph chem-ph class-ph comp-ph data-an ed-ph
physics: flu-dyn gen-ph geo-ph hist-ph ins-det med-ph optics plasm-ph pop-ph soc-ph space-ph
q-bio: BM CB GN MN NC OT PE QM SC TO
q-fin: CP EC GN MF PM PR RM ST TR
quant-ph:
stat: AP CO ME ML OT TH
"""


def _categories() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _TABLE.strip().splitlines():
        archive, names = line.split(":")
        for name in (archive, *(f"{archive}.{part}" for part in names.split())):
            found[name.lower()] = name
    return found


_KNOWN = _categories()


def known_category(text: str) -> str | None:
    """A category or a whole archive as arXiv writes it, in any capitals; None if there is none."""
    return _KNOWN.get(text.strip().lower())


def is_in(category: str, asked: Collection[str]) -> bool:
    """Whether a category is among those asked for, by itself or by its archive ("astro-ph")."""
    return category in asked or category.split(".")[0] in asked
