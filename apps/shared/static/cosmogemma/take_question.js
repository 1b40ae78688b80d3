// The question at the moment of the press; its box is free for the next one at once, and what an
// earlier failure gave back is done with.
(typed) => [typed, "", ""]
