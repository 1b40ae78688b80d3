// The examples name the address that the page was opened at.
{
  const written = document.currentScript.dataset.address;
  for (const code of document.querySelectorAll("pre code")) {
    code.textContent = code.textContent.replaceAll(written, location.origin);
  }
}
