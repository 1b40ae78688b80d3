// What the files of the saved papers are made of.
(stored) => {
  try {
    const {saved, notes, reference} = JSON.parse(stored);
    return JSON.stringify([saved, notes, reference]);
  } catch {
    return String(stored);  // the page says that it cannot be read
  }
}
