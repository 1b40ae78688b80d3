// What the link asks, and the box of the question. Whoever typed in the meantime was quicker: the
// link then asks nothing. Where FILLS is true the box is to hold what the link asks.
(linked, typed) => {
  if (!linked || typed) return ["", typed];
  return [linked, FILLS ? linked : typed];
}
