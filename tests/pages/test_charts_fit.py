"""Charts in a real browser: every word stands inside its drawing, large enough, and on no other, however narrow."""

import pytest

from inroads.web.gallery_charts import charts

pytestmark = pytest.mark.browser
# Lines of words that leave their drawing, are smaller than 12 pixels, or lie on another line.
FAULTS = """() => {
  const found = [];
  for (const svg of document.querySelectorAll('.inroads-chart > svg')) {
    const chart = svg.querySelector('title').textContent;
    const frame = svg.getBoundingClientRect();
    const scale = svg.hasAttribute('viewBox') ? frame.width / svg.viewBox.baseVal.width : 1;
    const lines = [...svg.querySelectorAll('text')].flatMap(text => {
      const parts = [...text.querySelectorAll('tspan')];
      return parts.length ? parts : [text];
    }).map(line => [line, line.getBoundingClientRect()]);
    lines.forEach(([line, box], at) => {
      const size = parseFloat(getComputedStyle(line).fontSize) * scale;
      if (size < 12) found.push(`${chart}: ${size} pixels: ${line.textContent}`);
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1
          || box.bottom > frame.bottom + 1) found.push(`${chart}: cut off: ${line.textContent}`);
      for (const [other, under] of lines.slice(0, at)) {
        const across = Math.min(box.right, under.right) - Math.max(box.left, under.left);
        const down = Math.min(box.bottom, under.bottom) - Math.max(box.top, under.top);
        // The boxes of two lines, one below the other, touch; their letters do not.
        if (across > 1 && down > size / 4) found.push(`${chart}: ${line.textContent} lies on ${other.textContent}`);
      }
    });
  }
  return found;
}"""


@pytest.mark.parametrize(("width", "text"), [(320, "100%"), (1280, "100%"), (1280, "200%")])
def test_every_word_of_a_chart_can_be_read(server, open_page, width, text):
    page = open_page(width=width)
    page.goto(f"{server.address}/gallery/")
    page.evaluate("size => { document.documentElement.style.fontSize = size }", text)
    assert page.locator(".inroads-chart > svg").count() == len(charts())
    faults = page.evaluate(FAULTS)
    assert not faults, "\n".join(faults)


def test_charts_take_the_readers_own_colours(chrome, server):
    context = chrome.new_context(forced_colors="active")
    page = context.new_page()
    page.goto(f"{server.address}/gallery/")
    ink = page.evaluate("getComputedStyle(document.querySelector('.inroads-chart .filled')).fill")
    words = page.evaluate("getComputedStyle(document.querySelector('.inroads-chart text')).fill")
    paper = page.evaluate("getComputedStyle(document.querySelector('.inroads-chart .band')).fill")
    text = page.evaluate("getComputedStyle(document.querySelector('main p')).color")
    context.close()
    assert ink == words == text
    assert paper != ink
