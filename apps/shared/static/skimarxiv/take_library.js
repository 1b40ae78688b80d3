// One press is enough: the file that was just made is taken at once.
(file) => {
  const take = () => document.querySelector("#sk-library-file")?.click();
  if (file) requestAnimationFrame(() => requestAnimationFrame(take));
}
