"""Formulas that would break a page, wherever KaTeX draws what came from outside, in Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from apps.shared.page.untrusted import LATEX, math_html, safe_markdown
from apps.skimarxiv import marks
from tests.apps.accessibility.axe import DESKTOP, PHONE
from tests.apps.served import served
from tests.apps.visit import WAIT

pytestmark = pytest.mark.browser

FORMULAS = {
    "row length": r"x \\[500em] y", "row length, spaced": r"x \\ * [ 500 em ] y",
    "row length in an array": r"\begin{array}{c}x\\[500em]y\end{array}",
    "row length by cr": r"\begin{array}{c}x\cr[500em]y\end{array}", "newline": r"x\newline[500em]y",
    "rule": r"\rule{900em}{900em}", "rule, raised": r"x\rule[900em]{1em}{1em}",
    "hspace": r"x\hspace{900em}y", "hspace star": r"x\hspace*{900em}y", "kern": r"x\kern 900em y",
    "kern without a space": r"x\kern900em y", "mkern": r"x\mkern9000mu y",
    "hskip": r"x\hskip 900em y", "raisebox": r"\raisebox{900em}{x}", "Huge": r"\Huge x",
    "phantom": r"\phantom{x}\vphantom{\rule{1em}{900em}}", "color": r"\color{white}x",
    "textcolor": r"\textcolor{#ffffff}{x}", "colorbox": r"\colorbox{red}{x}",
    "href": r"\href{https://evil.example/}{x}", "url": r"\url{https://evil.example/}",
    "picture": r"\includegraphics[height=900em]{https://evil.example/x.png}",
    "style": r"\htmlStyle{position:fixed;inset:0;font-size:900px}{x}",
    "class": r"\htmlClass{cd-note}{x}", "id": r"\htmlId{cd-main}{x}", "tag": r"x\tag{900}",
    "macro": r"\def\a{\b\b}\def\b{\c\c}\def\c{\rule{9em}{900em}}\a",
    "macros, exponential": "".join(
        rf"\def\{chr(98 + i)}{{\{chr(97 + i)}\{chr(97 + i)}}}" for i in range(20)) + r"\u",
    "new command": r"\newcommand{\x}{\kern900em}\x",
    "global let": r"\global\let\x=\rule \x{9em}{900em}",
    "braces": "{" * 2000 + "x" + "}" * 2000, "open braces": "{" * 2000 + "x",
    "closing braces": "x" + "}" * 2000, "powers": "x^{" * 2000 + "x" + "}" * 2000,
    "fractions": r"\frac{1}{" * 2000 + "x" + "}" * 2000, "left": r"\left(" * 1500 + "x",
    "roots": r"\sqrt{" * 800 + "x" + "}" * 800, "chain": r"\mathrm" * 3000 + "x",
    "rows": r"\begin{matrix}" + r"x\\ " * 1500 + r"\end{matrix}",
    "long": "x" * 20_000, "long sum": "x+" * 5000 + "x", "unbalanced": r"\frac{1}{2",
    "unknown": r"\nope{x}",
    "over and over": r"\overset{x}{" * 300 + "x" + "}" * 300,
    "stack": r"\substack{" + r"x\\" * 900 + "}",
    "made by taking out": r"\ru\rule{1em}{1em}le{900em}{900em}",
    "length of lengths": r"\kern\kern 3em 900em x", "genfrac": r"\genfrac{}{}{900em}{}{x}{y}",
    "above": r"{x \above 900em y}",
    "array stretch": r"\def\arraystretch{900}\begin{matrix}x\\y\end{matrix}",
}  # fmt: skip


def build() -> Any:
    import gradio as gr

    from apps.shared.page.frame import frame

    with frame("Formulas", "# Formulas", "", "fo") as page:
        gr.Markdown(elem_id="fo-here", latex_delimiters=LATEX)
        text = gr.Textbox(elem_id="fo-text", visible="hidden")
        gr.Markdown("".join(
            f'<div class="fo-one" data-name="{i}"><h3>{math_html(f"A title ${body}$ end")}</h3>'
            f'<p>{marks.shown(f"An abstract ${body}$ and $${body}$$ end")}</p></div>'
            for i, body in enumerate(FORMULAS.values())
        ), latex_delimiters=LATEX, elem_id="fo-cards")
        for left, right in (("$", "$"), ("$$", "$$"), (r"\(", r"\)"), (r"\[", r"\]")):
            chat = [{"role": "user", "content": safe_markdown(f"said {left}{body}{right} end")}
                    for body in FORMULAS.values()]
            gr.Chatbot(chat, latex_delimiters=LATEX, allow_tags=False, height=None,
                       group_consecutive_messages=False, elem_classes="fo-chat")
        text.change(fn=None, js="() => {}", api_visibility="private")
    return page.demo


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(build) as found:
        yield found


@pytest.fixture(scope="module", params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    page = browser.new_page(viewport=request.param)
    page.set_default_timeout(WAIT)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    page.on("request", lambda r: faults.append(r.url) if "evil" in r.url else None)
    page.goto(address)
    page.wait_for_selector("#fo-cards .fo-one:last-child .katex, #fo-cards .fo-one:last-child code")
    page.wait_for_selector(".fo-chat")
    page.wait_for_timeout(1500)
    yield page
    assert faults == []
    page.close()


LARGE = """all => all.map((one) => [one.scrollHeight, one.scrollWidth - one.clientWidth])"""


def test_no_card_is_made_tall_or_wide(page: Page) -> None:
    sizes = page.eval_on_selector_all(".fo-one", LARGE)
    assert len(sizes) == len(FORMULAS)
    for name, (height, too_wide) in zip(FORMULAS, sizes, strict=True):
        assert height < 1100 and too_wide <= 1, (name, height, too_wide)


def test_no_message_is_made_tall_or_wide(page: Page) -> None:
    sizes = page.eval_on_selector_all(".fo-chat [data-testid=user]", LARGE)
    assert len(sizes) == 4 * len(FORMULAS)
    for index, (height, too_wide) in enumerate(sizes):
        name = list(FORMULAS)[index % len(FORMULAS)]
        assert height < 1100 and too_wide <= 1, (name, height, too_wide)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_nothing_leaves_its_place_or_its_colour_and_nothing_is_a_link(page: Page) -> None:
    assert page.locator(".fo-one a, .fo-chat .message a, .fo-one img, .fo-one iframe").count() == 0
    assert page.locator("#cd-main").count() == 1
    found = page.eval_on_selector_all(".katex *", """all => all.filter((one) => {
      const style = getComputedStyle(one);
      return style.position === "fixed" || style.color === "rgb(255, 255, 255)"
        || style.backgroundColor === "rgb(255, 0, 0)" || parseFloat(style.fontSize) > 40;
    }).length""")
    assert found == 0


def test_what_cannot_be_drawn_stands_there_as_it_was_written(page: Page) -> None:
    for name in ("braces", "macro", "rows", "unbalanced", "long"):
        one = page.locator(".fo-one").nth(list(FORMULAS).index(name))
        source = one.locator("h3 code").inner_text()
        assert source.replace(" ", "")[:5] == FORMULAS[name].replace(" ", "")[:5]
    for one in page.locator(".fo-one").all():  # and what stands after it is still there
        assert one.locator("h3").inner_text().rstrip().endswith("end")
