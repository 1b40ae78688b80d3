// The question at the moment of the press, and what an earlier failure gave back is done with. It
// stays in its box until it stands in the chat.
(typed) => [typed, ""]
