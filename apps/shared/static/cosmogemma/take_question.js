// The question at the moment of the press, whatever is typed by the time that Gradio asks for it; and
// what an earlier failure gave back is done with. It stays in its box until it stands in the chat.
(typed) => [window.cgPress?.words(typed) ?? typed, ""]
