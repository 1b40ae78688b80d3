"""Sentences of abstracts."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from core.literature.skim.sample import sample_batch
from core.literature.text.tex import mathematics
from core.literature.text.text import clean, sentences

TRAINED_ON = Path(__file__).parents[4] / "training/literature/data"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (r"It costs \$3 million. The survey is public. We thank nobody.", 3),
        (r"We find $x = 3. 4$ in all. Then it ends.", 2),
        (r"A grant of \$5 and $z<3. 2$ hold. Then it ends.", 2),
        ("Cf. Fig. 2 of Smith et al. 2020. It is high!", 2),
    ],
)
def test_a_dollar_of_money_opens_no_formula(text: str, count: int) -> None:
    found = sentences(text)
    assert len(found) == count
    assert " ".join(found) == clean(text)


CASES = """
Methods. | Specifically, we count. | Results. | Nothing. | (abridged)
It is printed in Vol. 4. | The rest is in Vol. 5 of the series.
See Tab. 2 and Tabs. 3 to 5. | We stop here.
The U.S. Survey began in 1990. | It ended.
It was built in the U.S. | We find that it works.
The U.K. Infrared Telescope and the U.S. Naval Observatory agree.
Many live in the U.K. | However, few observe.
See Sect. 3, Sects. 4 and 5, Sec. 6 and Sec. IV. | We go on.
Eqs. (2) and (3), Eq. 4 and Eqn. (5) hold.
As Fig. 1, Figs. 2 and 3 and Fig. A1 show, it grows.
Small ones (i.e. Dwarfs) count. | Others (e.g. Ellipticals) do not.
Here, i.e., Virgo; cf. Smith and Jones, viz. Planck vs. ACT.
About ca. 10 and approx. 20 remain, resp. 30.
The map is No. 3 of Nos. 1 to 9.
Is it dark? | The answer is no. | We show why.
The answer is no. | Observations tell us.
The dome of St. John lies near Mt. Wilson.
Smith et al. (2020) and Doe et al. [3] agree with Roe et al. 2019.
We follow Smith et al. | The data are public.
It was shown by Smith et al. | In this work we go on.
Her Ph.D. Thesis was long. | She has a Ph.D. | The end.
The model of M. Smith and J. R. Doe holds.
Prof. Smith met Dr. Jones, Mrs. Roe and Ms. Poe.
Objects at z ~ 0.5. | We find more.
The value is 0.5. | It was 0.25 before.
For $x$. | We see $y$. | The end.
It holds for $z < 2.$ | We find more.
These are SNe Ia. | We fit them.
We had three of them (Paper I). | Now we add more.
They come from Population I. | Observations show it.
This is Paper II. | Paper III follows.
And so on ... | We stop.
We waited ... and saw it.
We waited . . . and saw it . . . | The end.
They wait… | The end.
He said "it is dark." | Then it was.
They call it “dark.” | We do not.
They are ``dark.'' | We are not.
In Obs. Run O3 they saw it.
As in Ref. [3] and Refs. [4,5], it is so.
The scale is 10 Mpc. | The rest is small.
It has 5 keV. | Most have 3 K. | Others take 30 s. | All take 2 h. | Then they stop.
It took 30 sec. | Then 5 min. | The end.
The error is 5%. | The bias is 3 per cent. | Good.
It is in Phys. Rev. Lett. 12 and in Mon. Not. R. Astron. Soc. 400.
It appeared in Astron. Astrophys. | We extend it.
The Univ. Observatory and the Dept. Library agree.
Clusters, groups, etc. | The rest is void.
Clusters, groups, etc. are counted.
A spectrum (H. Smith, in prep.) is shown. | The end.
On Nov. 3 and Sept. 14 it rained. | In Dec. we slept.
We map R.A. and Dec. | The field is wide.
We map it (see Smith et al.). | The field is wide.
It reaches 95% C.L. | The limit is new.
We obey w.r.t. the former a.k.a. the old one.
It was launched. | eROSITA has mapped it. | tSZ maps exist.
Our results are: 1. We see it. | 2. It is real.
1. We see it. | 2. It is real.
(a) We see it. | (b) It is real.
Does it grow? | It does! | We saw it.
The code (Yahoo! style) runs.
"Is it dark?" asks the title. | Yes.
We use the bands g, r and i. | The z band is left out.
We found planet b. | Planet c is not there.
It lies in Centaurus A. | Jets come from Cygnus X.
John F. Kennedy Jr. High has a dome. | It was given by J. Doe Jr. | The end.
The cost is 5 million. | In all, 6.
Distances are in Mpc. | Masses are in M$_\\odot$. | Times are in Gyr.
See p. 3 and pp. 4-5 of Ch. 2. | The end.
It has $H_0 = 70$ km s$^{-1}$ Mpc$^{-1}$. | $S_8$ is low.
The factor is 1.5 (Sect. 2.1). | $z$ is 3. | 15 of them are new.
Obs. of Type II. | Theory is Sect. 2.
They are in the sample of Abell et al. | Here we add 3.
The "final." sample is here.
We use v. 2 of the code, vers. 3 of the data and ver. 4 of the maps.
The jets of Sgr A. | The disc of M31.
A fractal of dimension D. | The relation holds. | [abridged]
"""


@pytest.mark.parametrize("line", CASES.strip().splitlines())
def test_sentences_end_where_a_reader_says(line: str) -> None:
    wanted = [part.strip() for part in line.split(" | ")]
    assert sentences(line.replace(" | ", " ")) == wanted


def test_there_are_many_such_cases() -> None:
    assert len(CASES.strip().splitlines()) >= 60


def abstracts() -> list[str]:
    found = [item.paper.abstract for item in sample_batch().announcements]
    found += [json.loads(line)["text"] for line in
              (TRAINED_ON / "measurement_labels.jsonl").read_text("utf-8").splitlines()
              if "text" in json.loads(line)]
    return found


def test_the_sentences_of_every_sample_are_its_whole_text_and_cut_no_formula() -> None:
    for abstract in abstracts():
        found = sentences(abstract)
        assert " ".join(found) == clean(abstract)
        assert sentences(" ".join(found)) == found
        whole = [clean(abstract)[a:b] for a, b in mathematics(clean(abstract))]
        assert [s[a:b] for s in found for a, b in mathematics(s)] == whole
        for sentence in found[:-1]:
            assert sentence[-1] in ".!?…\"')]”’$", sentence
        for sentence in found:
            assert not sentence[0].islower() or sentence[1:3] != sentence[1:3].lower(), sentence
            assert len(sentence) > 3, sentence


@pytest.mark.parametrize("piece", ["a. ", "A. ", ". ", "$. ", "No. 3", "(1. ", "et al. We ",
                                   "...", "!) ", "x.$ Y", "- ", "1. a. ", "'" * 9 + "."])
def test_linear_in_time(piece: str) -> None:
    started = time.thread_time()
    sentences(piece * 20_000)
    assert time.thread_time() - started < 4.0
