"""The sheet asks about what the abstracts say; BibTeX holds whatever the titles are."""

from __future__ import annotations

import re
from datetime import date

import pytest

from core.literature.arxiv.announcement import Announcement
from core.literature.skim.journal_club import bibtex, sheet
from core.literature.skim.sample import SAMPLE_SENTENCE, sample_batch
from core.literature.text.paper import Paper
from core.literature.text.text import sentences
from core.literature.tldr.tldr import Tldr

DAY = date(2026, 11, 23)
SAMPLE = sample_batch().announcements
HOSTILE = (
    "}} @article{evil, title={x", "@comment{x} % & # $ _ ^ ~", r"\input{/etc/passwd} \write18{rm}",
    r"$\input{x}$ and $\csname input\endcsname$", "{ unbalanced", "unbalanced }",
    "a\nb\n}\n\n@x{y,",
    '"quoted" and "more', r"ends with a backslash \\"[:-1], "$a%b$ $}{$ $^^5cinput$",
    "ünïcödé \u202e",
)  # fmt: skip


def announcement(
    title: str = "Voids", abstract: str = "They are empty.", id: str = "2301.01234",
    authors: tuple[str, ...] = ("Ada Lovelace",), **more: object,
) -> Announcement:  # fmt: skip
    paper = Paper(id, title, abstract, authors, DAY, ("astro-ph.CO",))
    return Announcement(paper, DAY, **more)  # type: ignore[arg-type]


def read_bibtex(text: str) -> dict[str, dict[str, str]]:
    """Entries as BibTeX reads them: braces count, escaped or not; anything odd is an error."""
    entries: dict[str, dict[str, str]] = {}
    position = 0
    while match := re.compile(r"\s*@(misc|article)\{([a-z0-9-]+),").match(text, position):
        assert match[2] not in entries
        fields = entries.setdefault(match[2], {})
        position = match.end()
        while field := re.compile(r"\s*([A-Za-z]+) = \{").match(text, position):
            depth, end = 1, field.end()
            while depth:
                depth += (text[end] == "{") - (text[end] == "}")
                end += 1
            assert field[1] not in fields
            fields[field[1]] = text[field.end() : end - 1]
            assert text[end] == ","
            position = end + 1
        closing = re.compile(r"\s*\}").match(text, position)
        assert closing
        position = closing.end()
    assert not text[position:].strip()
    return entries


# --- BibTeX ---------------------------------------------------------------------------------------


def test_an_entry_has_what_arxiv_papers_have() -> None:
    found = read_bibtex(bibtex([announcement()]))
    assert found == {
        "lovelace2026voids": {
            "author": "Ada Lovelace", "title": "{Voids}", "year": "2026", "eprint": "2301.01234",
            "archivePrefix": "arXiv", "primaryClass": "astro-ph.CO",
            "url": "https://arxiv.org/abs/2301.01234",
        }
    }  # fmt: skip


def test_a_published_paper_is_an_article() -> None:
    text = bibtex([announcement(journal="J. Examples & Co. 1, 2", doi="10.1000/xyz_(1)")])
    assert text.startswith("@article{")
    (entry,) = read_bibtex(text).values()
    assert entry["journal"] == r"J. Examples \& Co. 1, 2"
    assert entry["doi"] == "10.1000/xyz_(1)"


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_ends_an_entry_early_or_is_a_command(text: str) -> None:
    bad = announcement(text, authors=(text, "B. Other"), journal=text, doi=text)
    entries = read_bibtex(bibtex([bad, announcement(id="2301.09999")]))
    assert len(entries) == 2
    for fields in entries.values():
        assert set(fields) <= {
            "author", "title", "year", "journal", "eprint", "archivePrefix", "primaryClass", "url",
        }  # fmt: skip
        written = " ".join((fields["title"], fields["author"], fields.get("journal", "")))
        assert not re.search(r"\\(input|write|csname|def|catcode)", written)
        assert not re.search(r"(?<!\\)[%#&]", written)


def test_keys_are_unique_and_plain() -> None:
    many = [announcement(id=f"2301.{i:05d}", authors=("Éva Ødegård-Ünal",)) for i in range(30)]
    entries = read_bibtex(bibtex(many))
    assert len(entries) == 30
    assert all(re.fullmatch(r"[a-z0-9-]+", key) for key in entries)
    assert len(read_bibtex(bibtex([*many, *many]))) == 30
    assert read_bibtex(bibtex([announcement("", authors=())])).keys() == {"anonymous2026"}
    assert bibtex([]) == ""


def test_collaborations_and_names_with_and_stay_one_author() -> None:
    (entry,) = read_bibtex(
        bibtex([announcement(authors=("DESI Collaboration", "X and Y", "Ada Lovelace"))])
    ).values()
    assert entry["author"] == "{DESI Collaboration} and {X and Y} and Ada Lovelace"


def test_known_mathematics_in_a_title_is_unchanged() -> None:
    title = r"The bias at $0<z<2$ of $10^{13}\,h^{-1}\,M_\odot$ haloes"
    (entry,) = read_bibtex(bibtex([announcement(title)])).values()
    assert entry["title"] == f"{{{title}}}"
    (entry,) = read_bibtex(bibtex([announcement(r"Haloes of $10^{12}\Msun$")])).values()
    assert r"M_\odot" in entry["title"] and "Msun" not in entry["title"]


def test_the_sample_is_no_eprint() -> None:
    entries = read_bibtex(bibtex(SAMPLE))
    assert len(entries) == len(SAMPLE)
    for fields in entries.values():
        assert fields["note"] == SAMPLE_SENTENCE
        assert not {"eprint", "url", "doi", "archivePrefix"} & set(fields)


# --- the sheet ------------------------------------------------------------------------------------


def of(id: str) -> Announcement:
    return next(a for a in SAMPLE if a.paper.id == id)


def test_a_value_in_tension_is_asked_about() -> None:
    text = sheet([(of("sample.0001"), None, "")])
    assert re.search(r"1\. .*H₀ = 73\.4 ± 1\.1.* lies 4\.9σ from Planck 2018", text)


def test_the_readers_reference_counts() -> None:
    text = sheet([(of("sample.0001"), None, "")], {"H0": (73.0, 1.0)})
    assert " lies " not in text and "from Planck" not in text
    text = sheet([(of("sample.0001"), None, "")], {"H0": (68.0, 1.0)})
    assert "σ from your reference" in text


def test_a_limit_a_simulation_and_a_new_version_are_asked_about() -> None:
    assert "How much of the limit" in sheet([(of("sample.0005"), None, "")])
    assert "simulations other than" in sheet([(of("sample.0024"), None, "")])
    assert "This is version 2" in sheet([(of("sample.0011"), None, "")])


def test_every_paper_has_sentence_questions_and_room_for_notes() -> None:
    first, second = SAMPLE[2], SAMPLE[3]
    tldr = Tldr(5, sentences(first.paper.abstract)[5], 0.5, ())
    text = sheet([(first, tldr, ""), (second, None, "Ask *Bob*\n\n<b>now</b>")])
    assert text.count("**To discuss:**") == text.count("**Notes:**") == 2
    assert text.count("**In a sentence:**") == 1
    assert tldr.text in text
    assert "> Ask \\*Bob\\*" in text and "> \\<b>now\\</b>" in text
    assert SAMPLE_SENTENCE in text and "Thank you to arXiv" in text
    assert "arxiv.org" not in text


def test_a_plain_paper_still_has_questions() -> None:
    text = sheet([(announcement(), None, "")])
    assert len(re.findall(r"^\d\. .*\?$", text, re.M)) >= 2
    assert "[arXiv:2301.01234](https://arxiv.org/abs/2301.01234)" in text
    assert SAMPLE_SENTENCE not in text


@pytest.mark.parametrize(
    "bad", ["<script>x</script>", "![i](http://e/x.png)", "# H\n\n# H", "$<img src=x>$", "](x)"]
)
def test_hostile_text_is_only_text(bad: str) -> None:
    item = announcement(bad, f"{bad} {bad}. We find {bad}.", authors=(bad,))
    text = sheet([(item, Tldr(0, bad, 0.5, ()), bad)])
    assert not re.search(r"(?<!\\)<[A-Za-z/!?]", text)
    assert len(re.findall(r"^#", text, re.M)) == 2
    assert re.findall(r"(?<!\\)\]\(([^)]*)\)", text) == [
        "https://arxiv.org/abs/2301.01234", "https://arxiv.org/pdf/2301.01234",
    ]  # fmt: skip


# --- what fits the paper --------------------------------------------------------------------------


def questions_of(text: str) -> list[list[str]]:
    parts = re.split(r"^## ", text, flags=re.M)[1:]
    return [re.findall(r"^\d\. (.*)$", part, re.M) for part in parts]


def test_notes_are_in_the_file_as_they_were_typed() -> None:
    note = "A & B: 1 < 2, cost $5 or $6, <i>x</i> &amp; &copy;"
    text = sheet([(announcement(), None, note)])
    (kept,) = re.findall(r"^> (.*?) *$", text, re.M)
    assert re.sub(r"\\([^\w\s])", r"\1", kept) == note
    assert "&lt;" not in kept and not re.search(r"(?<!\\)(?:<[a-z/]|&\w+;)", kept)


def test_a_survey_that_is_only_named_is_not_asked_about() -> None:
    named = (
        "We find voids in 40 deg$^2$ of images. No data of Planck are used.",
        "We measure lensing without Planck maps.",
        "We find a value of 0.8, in tension with Planck.",
        "We forecast what Euclid will see.",
    )
    for abstract in named:
        assert "other than those of" not in sheet([(announcement("Voids", abstract), None, "")])
    used = "We stack the maps of Planck around 900 voids."
    assert "other than those of Planck" in sheet([(announcement("Voids", used), None, "")])


def test_what_the_abstract_says_of_its_error_is_not_asked_for() -> None:
    said = ("We measure $H_0 = 70 \\pm 2$ km/s/Mpc from 40 lenses. {} We discuss this.")
    for words in ("The largest systematic error is the calibration.",
                  "The uncertainty is dominated by cosmic variance.",
                  "Our precision is limited by shot noise."):
        text = sheet([(announcement("Lenses", said.format(words)), None, "")])
        assert "What dominates" not in text and words in text
    assert "What dominates" in sheet([(announcement("Lenses", said.format("It rains.")), None, "")])


def test_no_question_stands_under_every_paper() -> None:
    asked = questions_of(sheet([(a, None, "") for a in SAMPLE]))
    assert all(asked) and len(asked) == len(SAMPLE)
    for question in {q for each in asked for q in each}:
        assert sum(question in each for each in asked) <= len(asked) // 3, question
    first = questions_of(sheet([(a, None, "") for a in SAMPLE[:5]]))
    general = [each[-1] for each in first]
    assert len(set(general)) == len(general)


def test_an_instrument_is_asked_about_as_one() -> None:
    (asked,) = questions_of(sheet([(of("sample.0013"), None, "")]))
    assert not any("Rubin" in q or "truth" in q or "null hypothesis" in q for q in asked)
    assert any("requirements" in q for q in asked)


def test_numbers_and_kinds_are_written_as_on_the_page() -> None:
    text = sheet([(of("sample.0022"), None, "")])
    assert "Ωm = 0.28 ± 0.03" in text and "Omega" not in text and "sigma" not in text
    assert "new and" not in text and " · new · " in text
    assert "(from mocks)" in text
