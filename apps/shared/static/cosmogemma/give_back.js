// A question that could not be asked goes back into its box, unless something stands there by now.
(back, typed) => typed || back
