// What the link asks. Whoever typed in the meantime was quicker: the link then asks nothing.
(linked, typed) => typed ? "" : linked
