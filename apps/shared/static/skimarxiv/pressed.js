// What was pressed on a card, as "verb:id".
() => window.sk.opening
