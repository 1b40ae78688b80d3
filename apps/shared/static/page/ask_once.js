// Asks for the first drawing of the tab TAB, by a number that changes. A tab with a query of its own
// was drawn before, and the one that the link opened draws itself; nothing is ready before that.
(own, ready, opened, asked) => own || !ready || opened === "TAB" ? asked : asked + 1
