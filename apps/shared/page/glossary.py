"""Terms of the field in a sentence each, folded away at the top of a page that uses them."""

from __future__ import annotations

from apps.shared.static_files import Html, joined, markup

__all__ = ["TERMS", "terms"]

TERMS = {
    "Ωₘ and σ₈": "The matter density of the Universe in units of the critical density, and the rms "
    "fluctuation of matter in spheres of 8 Mpc/h, which sets how strongly it is clustered.",
    "68% interval": "The central range that holds 68% of the posterior probability. If the "
    "posterior is calibrated, the true value lies inside it in 68% of cases.",
    "posterior": "The probability density of the parameters given the data and the prior.",
    "flagged": "A separate check found the input unlike the training data; what the network infers "
    "from it is then not reliable.",
    "seed": "The number that starts the random generator: the same seed and settings give the same "
    "result.",
    "P(k)": "The power spectrum: the variance of the field at each wavenumber k, that is, at each "
    "length scale 2π/k.",
    "phases": "The positions of the crests of the Fourier modes. P(k) does not depend on them, but "
    "the shapes of structures do.",
    "neutral fraction": "The mean fraction of hydrogen that is neutral, x̄_HI: 1 before "
    "reionization and 0 after it.",
    "AA* and AA4": "Two construction stages of the SKA-Low telescope: AA4 is the full design, AA* "
    "has fewer stations and so more noise.",
    "foreground wedge": "The Fourier modes that emission from our Galaxy and other foregrounds "
    "contaminates. Removing them is safe, but loses signal.",
    "AGN": "Active galactic nuclei: accreting black holes, whose radiation ionizes larger bubbles "
    "than that of galaxies.",
    "optical depth τ": "How strongly free electrons scatter the cosmic microwave background on its "
    "way to us: the earlier reionization, the larger τ.",
    "reliability": "Among held-out images given a similar probability, the fraction for which the "
    "classification was true.",
}
"""What each means."""


def terms(*names: str) -> Html:
    """An explanation of some of :data:`TERMS` that opens by click, touch or key, and is in nobody's
    way until then.

    Raises:
        KeyError: for a term without an explanation.
    """
    listed = joined(
        markup("<dt>$name</dt><dd>$meaning</dd>", name=name, meaning=TERMS[name]) for name in names
    )
    return markup(
        '<details class="cd-terms"><summary>Terms used here</summary><dl>$listed</dl></details>',
        listed=listed,
    )
