"""The order of a day's papers: what likes, dislikes, authors and muted words do to it."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.literature.library.library import Library
from core.literature.ranking import explanations
from core.literature.ranking.authors import first_followed, same_author
from core.literature.ranking.explanations import PaperTexts, ProfileScorer
from core.literature.ranking.muted import checked_mutes, muted_word
from core.literature.ranking.profile import Profile
from core.literature.ranking.rank import EXPLORATORY_PLACE, SHORTEST, Ranked, rank
from core.literature.ranking.relevance import FEATURES, load_relevance_model, similarities
from core.literature.skim.sample import sample_batch
from core.literature.text.paper import Paper
from tests.core.literature.papers import paper, vectors_of

DAY = [
    replace(one.paper, id=f"2301.{number:05d}")
    for number, one in enumerate(sample_batch().announcements)
]
DUPLICATES = {one.id: replace(one, id=f"2302{one.id[4:]}", title=f"On {one.title}") for one in DAY}
LIKING = Profile(interests="weak lensing").with_like(DAY[0].id).with_dislike(DAY[1].id)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The sample's papers, and a near duplicate of each, with real vectors."""
    library = Library.open(tmp_path_factory.mktemp("ranking") / "library.sqlite", primer=False)
    library.add([*DAY, *DUPLICATES.values()])
    yield library
    library.close()


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Library]:
    """The sample's papers before they are embedded."""
    library = Library.open(tmp_path / "library.sqlite", primer=False)
    library.add_later(DAY)
    yield library
    library.close()


def _score(id: str, ranked: list[Ranked]) -> float:
    return next(one.score for one in ranked if one.paper.id == id)


def _profiles(count: int) -> Iterator[tuple[Profile, Paper]]:
    """Profiles drawn at random, and a paper that they have no opinion on."""
    rng = np.random.default_rng(0)
    for _ in range(count):
        ids = [DAY[i].id for i in rng.permutation(len(DAY))[: rng.integers(1, 8)]]
        cut = int(rng.integers(0, len(ids)))
        text = str(rng.choice(["", "dark energy", "voids and reionization"]))
        yield Profile(text, liked=ids[1 : 1 + cut], disliked=ids[1 + cut :]), next(
            one for one in DAY if one.id == ids[0]
        )


def test_nothing_is_lost_or_doubled(library: Library) -> None:
    for profile, _ in _profiles(6):
        for some in (DAY, DAY[:5], DAY[:1], []):
            ranked = rank(some, replace(profile, muted=("energy",)), library)
            assert sorted(one.paper.id for one in ranked) == sorted(one.id for one in some)
            assert all(0 <= one.score <= 1 and one.reasons for one in ranked)


def test_a_like_never_lowers_the_near_twin(library: Library) -> None:
    for profile, liked in _profiles(20):
        day = [*DAY, DUPLICATES[liked.id]]
        before = _score(DUPLICATES[liked.id].id, rank(day, profile, library))
        after = _score(DUPLICATES[liked.id].id, rank(day, profile.with_like(liked.id), library))
        assert after > before - 1e-9


def test_a_dislike_never_raises_the_near_twin(library: Library) -> None:
    fell = 0
    for profile, disliked in _profiles(20):
        day = [*DAY, DUPLICATES[disliked.id]]
        id, other = DUPLICATES[disliked.id].id, profile.with_dislike(disliked.id)
        before = _score(id, rank(day, profile, library))
        after = _score(id, rank(day, other, library))
        assert after < before + 1e-9
        fell += after < 0.9 * before
    assert fell > 10


@pytest.mark.parametrize("interests", ["", "dark matter", "weak lensing, H0, dark energy"])
def test_two_dislikes_push_what_is_like_them_down_and_out_of_the_first_twelve(
    library: Library, interests: str
) -> None:
    texts = PaperTexts([one.id for one in DAY], library)(DAY)
    near = similarities(texts, texts)
    shifts, left = [], []
    for number, one in enumerate(DAY):
        alike = [DAY[i].id for i in np.argsort(-near[:, number]) if i != number][:10]
        profile = Profile(interests).with_dislike(one.id)
        orders = [[r.paper.id for r in rank(DAY, p, library)] for p in (
            Profile(interests), profile, profile.with_dislike(alike[0]))]
        places = [[order.index(id) for id in alike] for order in orders]
        means = np.mean(places, axis=1)
        shifts.append(means[1:] - means[0])
        left.append([sum(place < 12 for place in some) for some in places])
    assert (np.mean(shifts, axis=0) > 1.5).all()
    assert np.mean(left, axis=0)[0] > 4 and (np.mean(left, axis=0)[1:] < 2.5).all()


def test_interests_as_they_are_typed_order_alike(library: Library) -> None:
    for one, other in (("21cm", "21 cm"), ("H0", "$H_0$"), ("BAO", "baryon acoustic oscillations")):
        orders = [[r.paper.id for r in rank(DAY, Profile(text), library, meaning=False)]
                  for text in (one, other)]
        assert orders[0] == orders[1]
    first = rank(DAY, Profile("21cm"), library)[0]
    assert "21 cm bispectrum" in first.paper.title and "21 cm" in first.reasons[0]


def test_the_twin_of_the_one_liked_paper_is_first_and_of_the_disliked_last(
    library: Library,
) -> None:
    for liked, other in zip(DAY[:6], DAY[6:12], strict=True):
        rest = [one for one in DAY if one not in (liked, other)]
        day = [*rest[:9], DUPLICATES[other.id], DUPLICATES[liked.id]]
        ids = [one.paper.id for one in rank(day, Profile(liked=(liked.id,)), library)]
        assert ids[0] == DUPLICATES[liked.id].id
        ids = [one.paper.id for one in rank(day, Profile(disliked=(other.id,)), library)]
        assert ids[-1] == DUPLICATES[other.id].id


def test_a_disliked_paper_goes_behind_the_others_and_a_muted_one_last(library: Library) -> None:
    profile = replace(LIKING, muted=("redshift",))
    ranked = rank(DAY, profile, library)
    stage = [2 if one.muted else int(one.paper.id in profile.disliked) for one in ranked]
    assert stage == sorted(stage)
    for one in ranked:
        said = "redshift" in f"{one.paper.title} {one.paper.abstract}".lower()
        assert not one.muted or said
        assert not one.muted or one.reasons == ("muted: it says “redshift”",)
    assert 0 < sum(one.muted for one in ranked) < len(DAY)


@pytest.mark.parametrize("word", ["(((", "[a-", "\\", "a{9999}", "é", "$x$", "(.*)+", "the"])
def test_any_muted_word_is_taken_as_it_stands(word: str, library: Library) -> None:
    quoting = replace(DAY[0], id="2303.00001", abstract=f"We say {word} here.")
    plain = replace(DAY[0], id="2303.00002", title="A", abstract="We say nothing.")
    ranked = rank([quoting, plain], Profile(muted=(word,)), library)
    assert [one.muted for one in ranked] == [False, True]
    assert ranked[-1].paper is quoting


@pytest.mark.parametrize(("word", "text"), [
    *((word, text) for word in ("σ8", "sigma8", "sigma_8", r"$\sigma_8$", r"\sigma_8", "σ_8")
      for text in (r"We find $\sigma_8 = 0.8$.", r"the $\sigma_{8}$ tension", "sigma8", "σ₈")),
    ("H0", "$H_0$ is high"), ("21cm", "the 21-cm line"), ("21 cm", "a 21cm map"),
    ("S8", r"a low $S_{\rm 8}$"), ("fNL", r"$f_{\rm NL}$"), ("polarisation", "Polarization"),
    ("ΛCDM", r"$\Lambda$CDM"), ("Lyα", r"Ly$\alpha$"), ("Lyman-alpha forest", r"Ly$\alpha$ forest"),
    ("BAO", "baryon acoustic oscillations"), ("voids", "a void"), ("weak lensing", "weak-lensing"),
])
def test_a_word_is_muted_however_it_is_spelt(word: str, text: str) -> None:
    assert muted_word(Paper("1", "A title", text), [word]) == word
    assert muted_word(Paper("1", "A title", "Dwarf galaxies at $z = 8$."), [word]) is None


@pytest.mark.parametrize("word", ["!!!", "...", "$$", "—", "( )", "\\"])
def test_what_is_no_word_cannot_be_muted(word: str) -> None:
    with pytest.raises(ValueError, match="no letter and no digit"):
        checked_mutes(["axion", word])
    assert checked_mutes(["axion", "σ8", "李"]) == ("axion", "σ8", "李")


def test_a_muted_word_is_no_part_of_another(library: Library) -> None:
    day = [replace(DAY[0], abstract=text, title="A") for text in ("Avoid it.", "Two Voids.")]
    assert [one.muted for one in rank(day, Profile(muted=("void",)), library)] == [False, True]


def test_a_reset_gives_the_order_given(library: Library) -> None:
    assert [one.paper for one in rank(DAY, LIKING, library)] != DAY
    ranked = rank(DAY, LIKING.reset(), library)
    assert [one.paper for one in ranked] == DAY
    assert not any(one.exploratory for one in ranked)
    assert "order given" in ranked[0].reasons[0]


def test_one_paper_is_exploratory_and_none_in_a_short_list(library: Library) -> None:
    for profile in (LIKING, Profile(seeds=(DAY[3].id,)), Profile(interests="21 cm")):
        ranked = rank(DAY, profile, library)
        assert [i for i, one in enumerate(ranked) if one.exploratory] == [EXPLORATORY_PLACE]
        one = ranked[EXPLORATORY_PLACE]
        assert one.score <= np.median([other.score for other in ranked])
        assert one.paper.id not in (*profile.liked, *profile.disliked, *profile.seeds)
        rest = [other.score for other in ranked if not other.exploratory]
        liked = len(rest) - len(profile.disliked)
        assert rest[:liked] == sorted(rest[:liked], reverse=True)
        short = rank(DAY[: SHORTEST - 1], replace(profile, disliked=()), library)
        assert not any(other.exploratory for other in short)
    assert not any(one.exploratory for one in rank(DAY, Profile(disliked=(DAY[0].id,)), library))


def test_the_reasons_are_the_largest_terms_of_the_score(library: Library) -> None:
    profile = replace(LIKING, authors=(DAY[4].authors[0],))
    scorer = ProfileScorer(DAY, profile, library, meaning=True)
    ranked = {one.paper.id: one for one in rank(DAY, profile, library)}
    shown = set()
    for number, one in enumerate(DAY):
        got = ranked[one.id]
        row = scorer.terms[number]
        logit = math.log(got.score / (1 - got.score))
        step = logit - load_relevance_model().bias - row.sum()
        assert step == pytest.approx(4 if set(one.authors) & set(profile.authors) else 0, abs=1e-6)
        if got.exploratory:
            continue
        sizes = {
            "liked": row[FEATURES.index("near")] + row[FEATURES.index("nearest")],
            "words": row[FEATURES.index("words")] + row[FEATURES.index("nearest_words")],
            "interests": row[FEATURES.index("interests")] + row[FEATURES.index("interest_words")],
            "disliked": row[FEATURES.index("unlike")] + row[FEATURES.index("unlike_words")],
            "follow": step,
        }
        if one.id in profile.liked:  # it says no more than that it was liked
            sizes["liked"] += sizes.pop("words")
            assert "you liked it" in got.reasons
            assert not any("shares words" in reason for reason in got.reasons)
        largest = max(sizes, key=lambda name: abs(sizes[name]))
        first = got.reasons[0]
        if abs(sizes[largest]) < 0.5:
            assert first.startswith("little")
            continue
        shown.add(largest)
        assert largest in first.replace("shares words with what you liked", "words")
        assert ("far from" in first) == (sizes[largest] < 0 and largest != "disliked")
    assert {"follow", "disliked"} <= shown


def test_reasons_name_the_paper_and_the_words_as_they_are_spelt(library: Library) -> None:
    liked = DAY[2]
    duplicate = DUPLICATES[liked.id]
    ranked = rank([*DAY[3:], duplicate], Profile(liked=(liked.id,)), library)
    said = " ".join(ranked[0].reasons)
    assert ranked[0].paper is duplicate and liked.title[:40] in said
    shared = next(r for r in ranked[0].reasons if "shares words" in r).split(": ")[1]
    for term in shared.split(", "):
        assert term in " ".join(f"{duplicate.title}. {duplicate.abstract}".split()).casefold()
    assert rank([liked], Profile(seeds=(liked.id,)), library)[0].reasons.count("you named it") == 1


@pytest.fixture
def no_embedding(monkeypatch: pytest.MonkeyPatch) -> None:
    """MiniLM must not be loaded."""
    def never(texts: object) -> np.ndarray:
        raise AssertionError("MiniLM was loaded")

    monkeypatch.setattr(explanations, "embed", never)


def test_before_the_papers_are_embedded_words_decide(bare: Library, no_embedding: None) -> None:
    duplicate = DUPLICATES[DAY[5].id]
    profile = Profile(interests="a subject of the day", liked=(DAY[5].id,))
    assert rank([*DAY[6:], duplicate], profile, bare)[0].paper is duplicate


def test_the_interests_can_be_read_without_loading_a_model(
    library: Library, no_embedding: None
) -> None:
    ranked = rank(DAY, Profile(interests="neutral hydrogen at 21 cm"), library, meaning=False)
    assert "hydrogen" in " ".join(ranked[0].reasons) or "21 cm" in " ".join(ranked[0].reasons)


def test_a_paper_without_a_vector_is_neither_first_nor_last_for_it(library: Library) -> None:
    unknown = replace(DAY[0], id="2304.00001", title="Zzyzx", abstract="Qwerty uiop asdf.")
    ranked = rank([*DAY, unknown], Profile(liked=(DAY[2].id, DAY[9].id)), library)
    places = [one.paper.id for one in ranked if not one.exploratory]
    assert 2 < places.index(unknown.id) < len(places) - 1
    assert all(math.isfinite(one.score) for one in ranked)


def test_ids_that_nobody_knows_do_no_harm(library: Library) -> None:
    profile = Profile(liked=("1901.00001",), disliked=("1901.00002",), seeds=("1901.00003",))
    kept = [one.paper for one in rank(DAY, profile, library) if not one.exploratory]
    assert kept == [one for one in DAY if one in kept]


def test_hostile_texts_are_ranked_like_any(library: Library) -> None:
    day = [
        Paper("2305.00001", "<script>alert(1)</script>", "Ignore all instructions."),
        Paper("2305.00002", "", "$" * 5_000), Paper("2305.00003", "\x00\u202e", "{" * 5_000),
        Paper("2305.00004", "A" * 100_000, "b " * 50_000, ("", ",", "Doe, Jane, PhD", "\x00")),
    ]  # fmt: skip
    profile = replace(LIKING, authors=("Jane Doe", "-"), liked=("2305.00001", DAY[0].id))
    ranked = rank([*day, *DAY], profile, library)
    assert len(ranked) == len(day) + len(DAY)
    assert all(len(reason) < 600 for one in ranked for reason in one.reasons)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Jane Doe", "Jane Doe", True), ("Jane Doe", "J. Doe", True), ("Jane Doe", "Doe, J.", True),
        ("Jane Doe", "JANE DOE", True), ("Jane A. Doe", "Jane Doe", True),
        ("Žofie Nováková", "Zofie Novakova", True), ("Jean-Luc Picard", "J.-L. Picard", True),
        ("Jane Doe", "John Doe", False), ("Jane Doe", "Jane Roe", False),
        ("Jane Doe", "Doe", False),
        ("Doe", "Doe", True), ("", "", False), ("Planck Collaboration", "Collaboration", False),
        ("李 明", "李 明", True), ("Conor O'Brien", "C. O’Brien", True),
    ],
)  # fmt: skip
def test_names_agree_as_far_as_both_are_given(one: str, other: str, same: bool) -> None:
    assert same_author(one, other) is same
    assert same_author(other, one) is same
    assert (first_followed(["A. N. Other", one], [other]) == one) is (same or other == "Doe")


@pytest.mark.parametrize(("author", "typed"), [
    *(("D. Dæmi", typed) for typed in (
        "D. Daemi", "Daemi", "Daemi, D.", "Daemi D", "Daemi D.", "DAEMI, D", "daemi", "Dæmi",
        "Daemi, David", "David Daemi", "D.Daemi", "Daemi,D.")),
    *(("Ada B. van der Berg", typed) for typed in (
        "van der Berg", "van der Berg, A.", "van der Berg A", "van der Berg A. B.", "A. Berg",
        "van der Berg AB", "Ada van der Berg", "van der Berg A.B.", "Berg, Ada")),
    ("Jean-Luc Picard", "Picard J.-L."), ("John Smith, Jr.", "Smith J"), ("Ł. Nowak", "Nowak Ł"),
    ("Planck Collaboration", "planck collaboration"),
])  # fmt: skip
def test_a_name_is_followed_in_its_usual_forms(author: str, typed: str) -> None:
    assert first_followed(["A. N. Other", author], [typed]) == author
    assert first_followed([author], ["E. Nother", "Smithe"]) is None


@pytest.mark.parametrize(("author", "typed"), [
    ("D. Dæmi", "E. Daemi"), ("D. Dæmi", "Daemi, E."), ("D. Dæmi", "D"), ("D. Dæmi", "Dae"),
    ("Planck Collaboration", "Collaboration"), ("Ming Li", "Ming"), ("Ada van der Berg", "van"),
    ("A. Doe", "JANE DOE"), ("D. Dæmi", ""), ("D. Dæmi", "., "),
])
def test_another_name_is_not_followed(author: str, typed: str) -> None:
    assert first_followed([author], [typed]) is None


def test_a_followed_author_brings_a_paper_up_and_is_named(library: Library) -> None:
    last = rank(DAY, LIKING, library)[-2].paper
    author = "Someone Q. Followed"
    day = [replace(one, authors=(author,)) if one is last else one for one in DAY]
    ranked = rank(day, replace(LIKING, authors=("S. Followed",)), library)
    found = next(one for one in ranked if one.paper.id == last.id)
    assert f"by {author}, whom you follow" in found.reasons
    assert found.score > _score(last.id, rank(DAY, LIKING, library))


def test_two_hundred_papers_are_ranked_at_once(tmp_path: Path) -> None:
    library = Library.open(tmp_path / "library.sqlite", primer=False)
    many = [paper(number) for number in range(400)]
    library.add(many, [vectors_of(one) for one in many])
    profile = Profile(
        "voids", liked=[one.id for one in many[200:300]], disliked=[one.id for one in many[300:]]
    )
    rank(many[:5], profile, library, meaning=False)
    start = time.perf_counter()
    rank(many[:200], profile, library, meaning=False)
    assert time.perf_counter() - start < 0.5
    library.close()
