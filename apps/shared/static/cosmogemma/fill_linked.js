// The box of the question holds what the link asks, unless something stands there by now.
(linked, typed) => typed || linked
